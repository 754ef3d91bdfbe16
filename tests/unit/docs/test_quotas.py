"""The numbers of docs/quotas-and-cost.md: counted from the templates, and computed from the environment's price."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from lake.config import Config, load_config
from lake.config_file import ROOT
from lake.environment import load_environment
from tests.unit.stacks.synthesis import Json, synthesize

PAGE: Final = ROOT / "docs" / "quotas-and-cost.md"
UPDATE: Final = "UPDATE_SNAPSHOTS"
SIZES: Final = (10, 200, 1_000)

# Defaults, for an account and region; the page names the sources.
QUOTAS: Final = {
    "AWS::IAM::Role": ("IAM roles", 1_000),
    "AWS::IAM::ManagedPolicy": ("IAM managed policies", 1_500),
    "AWS::Glue::Trigger": ("Glue triggers", 1_000),
    "AWS::Glue::Workflow": ("Glue workflows", 1_000),
    "AWS::Glue::Crawler": ("Glue crawlers", 1_000),
    "AWS::Glue::Job": ("Glue jobs", 2_000),
    "AWS::Glue::SecurityConfiguration": ("Glue security configurations", 250),
    "AWS::Glue::Database": ("Glue databases", 10_000),
    "AWS::Events::Rule": ("EventBridge rules of a bus", 300),
    "AWS::Scheduler::Schedule": ("EventBridge schedules", 1_000_000),
    "AWS::S3::Bucket": ("S3 buckets", 10_000),
    "AWS::KMS::Key": ("KMS keys", 100_000),
    "AWS::Logs::LogGroup": ("log groups", 1_000_000),
    "stack": ("CloudFormation stacks", 2_000),
}
MAX_RESOURCES_A_DATASET: Final = 25
MAX_RESOURCES_A_STACK: Final = 500

# What a short daily run takes: minutes of the job with its workers, and of the crawl, which is billed for ten at least.
JOB_MINUTES: Final = 3
WORKERS: Final = 2
CRAWL_MINUTES: Final = 10
DAYS: Final = 30


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Counter[str], Counter[str]]:
    """Resources by type: of the lake's stack, and the most that a dataset's has."""
    config: Config = load_config("prod")
    templates = synthesize(config, tmp_path_factory.mktemp("quotas") / "cdk.out")
    of_lake, of_dataset = Counter({"stack": 1}), Counter({"stack": 1})
    for name, template in templates.items():
        found = by_type(template)
        assert found.total() < MAX_RESOURCES_A_STACK
        if name == "lake-prod":
            of_lake += found
        else:
            assert found.total() <= MAX_RESOURCES_A_DATASET
            of_dataset |= found
    return of_lake, of_dataset


def by_type(template: Json) -> Counter[str]:
    return Counter(resource["Type"] for resource in template["Resources"].values())


def quotas(of_lake: Counter[str], of_dataset: Counter[str]) -> str:
    """The table, what is hit first at its head."""
    rows = []
    for kind, (label, quota) in QUOTAS.items():
        lake, each = of_lake[kind], of_dataset[kind]
        if not lake and not each:
            continue
        fit = (quota - lake) // each if each else None
        sizes = " | ".join(
            f"**{lake + size * each:,}**" if lake + size * each > quota else f"{lake + size * each:,}" for size in SIZES
        )
        last = f"{fit:,}" if fit is not None else "any number"
        rows.append((fit or 10**9, f"| {label} | {lake} | {each} | {quota:,} | {sizes} | {last} |"))
    head = "| | of the lake | of a dataset | quota | " + " | ".join(f"{size:,} datasets" for size in SIZES)
    lines = [f"{head} | datasets that fit |", "|---|" + "---:|" * (4 + len(SIZES))]
    return "\n".join([*lines, *(row for _, row in sorted(rows, key=lambda each: each[0]))])


def costs(price: float) -> str:
    """The table of a month's cost by datasets and runs a day."""

    def dollars(minutes: float, dpus: int, runs: int) -> float:
        return minutes / 60 * dpus * price * runs * DAYS

    lines = [
        f"| a dataset that runs | job ({WORKERS} workers, {JOB_MINUTES} minutes) "
        f"| crawl ({CRAWL_MINUTES} minutes, 1 DPU) | together | of 200 datasets |",
        "|---|---:|---:|---:|---:|",
    ]
    for label, runs in (("not at all", 0), ("once a day", 1), ("each hour", 24)):
        job, crawl = dollars(JOB_MINUTES, WORKERS, runs), dollars(CRAWL_MINUTES, 1, runs)
        lines.append(f"| {label} | {job:.2f} | {crawl:.2f} | {job + crawl:.2f} | {200 * (job + crawl):,.0f} |")
    return "\n".join(lines)


def held(name: str, text: str, page: Path = PAGE) -> str:
    """What the page has between a table's marks; with UPDATE_SNAPSHOTS set, `text` is put there first."""
    found = page.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- {name} -->\n)(.*?)(\n?<!-- /{name} -->)", re.DOTALL)
    if os.environ.get(UPDATE):
        found = marks.sub(lambda match: f"{match[1]}{text}\n<!-- /{name} -->", found)
        page.write_text(found, encoding="utf-8")
    match = marks.search(found)
    assert match is not None
    return match[2]


def test_resources_are_counted_from_the_templates(counts: tuple[Counter[str], Counter[str]]) -> None:
    table = quotas(*counts)
    assert held("quotas", table) == table


def test_costs_are_computed_from_the_environments_price() -> None:
    table = costs(load_environment("prod").price_per_dpu_hour)
    assert held("costs", table) == table


def test_what_is_hit_first_is_at_the_head() -> None:
    lake, dataset = Counter({"AWS::Glue::Database": 3}), Counter({"AWS::Glue::Job": 1, "AWS::IAM::Role": 2})
    rows = quotas(lake, dataset).splitlines()[2:]
    assert rows[0] == "| IAM roles | 0 | 2 | 1,000 | 20 | 400 | **2,000** | 500 |"
    assert [row.split(" | ")[0] for row in rows] == ["| IAM roles", "| Glue jobs", "| Glue databases"]

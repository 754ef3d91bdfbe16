"""The GitHub workflows: pinned, with least permissions, and their commands are ones that there are.

actionlint has not looked at them (see docs/pull-requests.md): these tests hold what matters most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from lake.config_file import ROOT
from lake.environment import environment_names

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
WORKFLOWS: dict[str, Any] = {path.stem: yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader) for path in FILES}
TARGETS = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")
NEEDS_APPROVAL = "prod"


def jobs() -> Iterator[tuple[str, str, Any]]:
    for workflow, held in WORKFLOWS.items():
        for name, job in held["jobs"].items():
            yield workflow, name, job


def steps() -> Iterator[tuple[str, Any]]:
    for workflow, name, job in jobs():
        for step in job.get("steps", ()):
            yield f"{workflow}/{name}", step


def test_there_are_workflows_for_checks_diff_and_deployment() -> None:
    assert set(WORKFLOWS) == {"checks", "diff", "deploy", "deploy-environment"}
    for held in WORKFLOWS.values():
        assert set(held) <= {"name", "on", "permissions", "concurrency", "jobs"}


def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it() -> None:
    for path in FILES:
        for line in path.read_text(encoding="utf-8").splitlines():
            if "uses:" in line and "./" not in line:
                assert re.search(rf"uses: {PINNED.pattern} # v\d+\.\d+\.\d+$", line), line
    assert all(PINNED.fullmatch(step["uses"]) for _, step in steps() if "uses" in step)


def test_one_action_has_one_version() -> None:
    used = {step["uses"] for _, step in steps() if "uses" in step}
    assert len({each.split("@")[0] for each in used}) == len(used)


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_permissions_are_given_and_few(workflow: str) -> None:
    held = WORKFLOWS[workflow]
    assert held["permissions"] in ({}, "", {"contents": "read"})
    for name, job in held["jobs"].items():
        given = job.get("permissions", {})
        writes = {right for right, level in given.items() if level == "write"}
        assert writes <= {"id-token", "pull-requests"}, name
        assert len(writes) <= 1, f"{name}: who gets credentials does not write, and who writes gets none"


def test_only_a_job_with_an_environment_gets_credentials() -> None:
    for workflow, name, job in jobs():
        if job.get("permissions", {}).get("id-token") == "write" and "uses" not in job:
            assert "environment" in job, f"{workflow}/{name}"
            assert any("configure-aws-credentials" in step.get("uses", "") for step in job["steps"])


def test_packages_are_installed_before_there_are_credentials() -> None:
    for _, _, job in jobs():
        told = [step.get("run") or step["uses"] for step in job.get("steps", ())]
        credentials = [at for at, text in enumerate(told) if "configure-aws-credentials" in text]
        if credentials:
            assert "make setup" in told[: credentials[0]]


def test_commands_are_ones_that_there_are() -> None:
    named = set()
    for _, step in steps():
        for target in re.findall(r"\bmake (?:--silent )?([a-z]+)", step.get("run", "")):
            assert target in TARGETS
            named.add(target)
        for module in re.findall(r"python -m ([\w.]+)", step.get("run", "")):
            assert (ROOT / Path(*module.split("."))).with_suffix(".py").exists()
    assert {"check", "test", "setup", "diff", "deploy"} == named


def test_no_expression_stands_in_a_script() -> None:
    for where, step in steps():
        assert "${{" not in step.get("run", ""), f"{where}: what a contributor wrote could become a command"


def test_environments_are_deployed_in_order_and_every_one_is_compared() -> None:
    deploy = WORKFLOWS["deploy"]["jobs"]
    assert [(job["with"]["env"], job.get("needs")) for job in deploy.values()] == [
        ("dev", None),
        ("staging", "dev"),
        (NEEDS_APPROVAL, "staging"),
    ]
    assert WORKFLOWS["deploy-environment"]["jobs"]["deploy"]["environment"] == "${{ inputs.env }}"
    compared = WORKFLOWS["diff"]["jobs"]["diff"]["strategy"]["matrix"]["env"]
    assert compared == list(deploy)
    assert {*compared, "local"} == set(environment_names())
    script = WORKFLOWS["diff"]["jobs"]["comment"]["steps"][-1]["run"]
    assert [f"told/{env}.md" for env in compared] == re.findall(r"told/[a-z]+\.md", script)


def test_the_code_that_writes_the_comment_is_the_bases() -> None:
    [checkout] = [step for step in WORKFLOWS["diff"]["jobs"]["comment"]["steps"] if "checkout" in step.get("uses", "")]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"


def test_every_job_ends_and_runs_on_a_named_system() -> None:
    for workflow, name, job in jobs():
        if "uses" in job:
            assert (ROOT / job["uses"]).exists()
            continue
        assert job["runs-on"] == "ubuntu-24.04", f"{workflow}/{name}"
        assert int(job["timeout-minutes"]) <= 60

"""Whatever valid datasets and environment there are: they synthesize, and AWS takes their names and policies."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any, Final, get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lake.column import COLUMN_NAME
from lake.column_type import SIMPLE_TYPES
from lake.config import Config
from lake.dataset import Dataset, WorkerType, overlaps
from lake.environment import Environment, RetentionDays
from lake.names import DATASET_PATTERN, ENVIRONMENT_PATTERN, RESERVED_DATASETS
from lake.review.grants import grants
from lake.review.template import Json, readable, resources
from tests.unit.stacks.synthesis import synthesize

# Each takes about a third of a second.
EXAMPLES: Final = 12

# Longest name, and what stands in it: of each property of the templates that is a name of our own. Sources:
# Glue: botocore's model, Create calls (255). IAM: 'IAM and AWS STS quotas' (role 64, policy 128).
# KMS: CreateAlias (256). CloudWatch Logs: CreateLogGroup (512). EventBridge: PutRule (64).
# Scheduler: CreateSchedule (64). SNS: CreateTopic (256). SQS: CreateQueue (80).
# CloudWatch: PutMetricAlarm (255), PutDashboard (255). Athena: CreateWorkGroup, CreateNamedQuery (128).
NAME_LIMITS: Final[dict[tuple[str, str], tuple[int, str]]] = {
    ("AWS::IAM::Role", "RoleName"): (64, r"[\w+=,.@-]+"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"): (128, r"[\w+=,.@-]+"),
    ("AWS::KMS::Alias", "AliasName"): (256, r"alias/[a-zA-Z0-9/_-]+"),
    ("AWS::Logs::LogGroup", "LogGroupName"): (512, r"[.\-_/#A-Za-z0-9]+"),
    ("AWS::Glue::Crawler", "Name"): (255, r"[a-z0-9-]+"),
    ("AWS::Glue::Job", "Name"): (255, r"[a-z0-9-]+"),
    ("AWS::Glue::Workflow", "Name"): (255, r"[a-z0-9-]+"),
    ("AWS::Glue::Trigger", "Name"): (255, r"[a-z0-9-]+"),
    ("AWS::Glue::SecurityConfiguration", "Name"): (255, r"[a-z0-9-]+"),
    ("AWS::Events::Rule", "Name"): (64, r"[.\-_A-Za-z0-9]+"),
    ("AWS::Scheduler::Schedule", "Name"): (64, r"[.\-_A-Za-z0-9]+"),
    ("AWS::Scheduler::ScheduleGroup", "Name"): (64, r"[.\-_A-Za-z0-9]+"),
    ("AWS::SNS::Topic", "TopicName"): (256, r"[\w-]+"),
    ("AWS::SQS::Queue", "QueueName"): (80, r"[\w-]+"),
    ("AWS::CloudWatch::Alarm", "AlarmName"): (255, r"[^\x00-\x1f]+"),
    ("AWS::CloudWatch::Dashboard", "DashboardName"): (255, r"[\w-]+"),
    ("AWS::Athena::WorkGroup", "Name"): (128, r"[a-zA-Z0-9._-]+"),
    ("AWS::Athena::NamedQuery", "Name"): (128, r"[^\x00-\x1f]+"),
}
ENDINGS: Final = ("Name", "RoleName", "GroupName", "AliasName", "TopicName", "AlarmName", "QueueName")
# CloudFormation: 'CreateStack'.
MAX_STACK_NAME: Final = 128
# 'IAM and AWS STS quotas': the inline policies of a role together, without white space.
MAX_INLINE_POLICIES: Final = 10_240

# Actions that may stand on '*' in a role's own policy, each with its reason. Everything else names what it is for.
ON_EVERYTHING: Final = {
    "cloudwatch:putmetricdata": "takes no resource; a condition holds it to one namespace",
}
# Resource types whose policy is about themselves: '*' there is that resource.
OF_ITSELF: Final = ("AWS::KMS::Key",)

FORMATS: Final = ("csv", "json", "parquet")
names = st.from_regex(DATASET_PATTERN, fullmatch=True).filter(lambda name: name not in RESERVED_DATASETS)
columns = st.lists(st.from_regex(COLUMN_NAME, fullmatch=True), min_size=1, max_size=6, unique=True)
tags = st.dictionaries(
    st.from_regex(r"[a-z][a-z_-]{0,20}", fullmatch=True), st.text("abc 1+-=._:/@", max_size=20), max_size=3
)


@st.composite
def datasets(draw: st.DrawFn, name: str) -> Dataset:
    """One valid dataset of that name; the longest name and the fewest fields are tried first where something fails."""
    found = draw(columns)
    types = draw(st.lists(st.sampled_from(SIMPLE_TYPES), min_size=len(found), max_size=len(found)))
    key = draw(st.lists(st.sampled_from(found), max_size=3, unique=True))
    given: dict[str, Any] = {
        "name": name,
        "description": draw(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=200)),
        "source": {
            "prefix": draw(st.sampled_from(["raw/", "in/deep/er/", ""])) + f"{name}/",
            "format": draw(st.sampled_from(FORMATS)),
        },
        "columns": [{"name": column, "type": kind} for column, kind in zip(found, types, strict=True)],
        "key": key,
        "partition_by": draw(st.lists(st.sampled_from(key or found), max_size=2, unique=True)),
        "max_quarantined": draw(st.floats(0, 1)),
        "workers": {"type": draw(st.sampled_from(get_args(WorkerType))), "count": draw(st.integers(2, 1000))},
        "timeout_minutes": draw(st.integers(1, 10_080)),
    }
    return Dataset.model_validate(given)


@st.composite
def configs(draw: st.DrawFn) -> Config:
    """One to three datasets in an environment of any name, with an account or without."""
    chosen = draw(st.lists(names, min_size=1, max_size=3, unique_by=lambda name: name.replace("_", "-")))
    account = draw(st.sampled_from([None, "111122223333"]))
    environment = Environment(
        name=draw(st.from_regex(ENVIRONMENT_PATTERN, fullmatch=True)),
        account=account,
        region=draw(st.sampled_from(["eu-central-1", "us-gov-west-1", "ap-southeast-2"])) if account else None,
        removal_policy=draw(st.sampled_from(["retain", "destroy"])),
        log_retention_days=draw(st.sampled_from(get_args(RetentionDays))),
        max_workers=1000,
        default_pipeline=chosen[0],
        tags=draw(tags),
    )
    found = tuple(draw(datasets(name)) for name in chosen)
    return Config(environment, () if overlaps(found) else found)


def check(config: Config) -> None:
    """Synthesize, and hold names, policies and sizes of every template against AWS's limits."""
    with tempfile.TemporaryDirectory() as folder:
        templates = synthesize(config, Path(folder) / "cdk.out")
    assert len(templates) == 1 + len(config.datasets)
    for stack, template in templates.items():
        assert re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]*", stack)
        assert len(stack) <= MAX_STACK_NAME
        for logical_id, resource in resources(template).items():
            check_name(stack, resource)
            check_policies(f"{stack} {logical_id}", resource)


def check_name(stack: str, resource: Json) -> None:
    for (resource_type, name), (longest, pattern) in NAME_LIMITS.items():
        if resource["Type"] == resource_type and (given := resource["Properties"].get(name)) is not None:
            assert len(given) <= longest, f"{stack}: {resource_type} {given}"
            assert re.fullmatch(pattern, given), f"{stack}: {resource_type} {given}"


def check_policies(where: str, resource: Json) -> None:
    inline = resource["Properties"].get("Policies", [])
    size = sum(len(re.sub(r"\s", "", json.dumps(readable(each["PolicyDocument"])))) for each in inline)
    assert size <= MAX_INLINE_POLICIES, where
    for grant in grants(resource):
        if grant.effect == "Deny" or resource["Type"] in OF_ITSELF:
            continue
        action = grant.action.lower()
        assert "*" not in action, f"{where}: {grant}"
        assert grant.resource != "*" or action in ON_EVERYTHING, f"{where}: {grant}"


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(configs())
def test_any_valid_datasets_in_any_valid_environment_synthesize_within_awss_limits(config: Config) -> None:
    check(config)


def test_the_longest_names_are_within_awss_limits() -> None:
    name = "d" * 20 + "_" * 20
    dataset = Dataset.model_validate({"name": name, "source": {"prefix": f"raw/{name}/", "format": "json"}})
    assert DATASET_PATTERN.fullmatch(f"{name}x") is None
    environment = Environment(name="e" * 10, account="111122223333", region="us-gov-west-1", default_pipeline=name)
    check(Config(environment, (dataset,)))


def test_every_name_in_the_real_templates_is_held_against_a_limit(prod_templates: dict[str, Json]) -> None:
    named = {
        (resource["Type"], part)
        for template in prod_templates.values()
        for resource in template["Resources"].values()
        for part in resource["Properties"]
        if part == "Name"
        or part.endswith(("RoleName", "GroupName", "AliasName", "TopicName", "AlarmName", "QueueName"))
    }
    assert named <= set(NAME_LIMITS)


def test_adding_a_dataset_changes_no_other_datasets_stack(tmp_path: Path) -> None:
    def dataset(name: str) -> Dataset:
        return Dataset.model_validate({"name": name, "source": {"prefix": f"raw/{name}/", "format": "parquet"}})

    environment = Environment(name="dev", default_pipeline="trips")
    before = synthesize(Config(environment, (dataset("trips"),)), tmp_path / "one")
    after = synthesize(Config(environment, (dataset("a_new_one"), dataset("trips"))), tmp_path / "two")
    assert set(after) - set(before) == {"lake-dev-a-new-one"}
    assert {name: after[name] for name in before} == before

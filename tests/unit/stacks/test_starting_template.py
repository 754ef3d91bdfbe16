import json
from pathlib import Path

from lake.config import Config
from tests.unit.stacks.synthesis import (
    Json,
    Policy,
    config_of,
    only,
    policy_of,
    policy_under,
    resources,
    synthesize,
    text,
)

GLUE = "arn:{AWS::Partition}:glue:{AWS::Region}:{AWS::AccountId}"
SCHEDULE = "AWS::Scheduler::Schedule"
RULE = "AWS::Events::Rule"


def trust(template: Json, service: str) -> Json:
    found: Json
    (found,) = (
        statement
        for role in resources(template, "AWS::IAM::Role")
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": f"{service}.amazonaws.com"}
    )
    return found


def actions(policy: Policy) -> set[tuple[str, str]]:
    def listed(value: str | list[str]) -> list[str]:
        return value if isinstance(value, list) else [value]

    return {
        (action, resource)
        for statement in policy.statements
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def test_a_dataset_with_neither_schedule_nor_arrivals_starts_on_demand_only(flights: Json, lake: Json) -> None:
    for template in (flights, lake):
        assert not resources(template, SCHEDULE)
    assert not resources(flights, RULE)
    assert len(resources(flights, "AWS::Glue::Workflow")) == 1


def test_a_schedule_starts_the_workflow_of_its_dataset_at_the_minute_on_the_clock_of_its_place(whole: Json) -> None:
    schedule = text(only(whole, SCHEDULE))
    assert schedule["Name"] == "lake-whole-every"
    assert (schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]) == (
        "cron(0 6 * * ? *)",
        "America/New_York",
    )
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["Target"]["Arn"] == "arn:{AWS::Partition}:scheduler:::aws-sdk:glue:startWorkflowRun"
    assert json.loads(schedule["Target"]["Input"]) == {"Name": "lake-whole-every"}


def test_the_schedules_role_starts_that_workflow_and_does_nothing_else(whole: Json) -> None:
    policy = policy_under(whole, "ScheduleRole")
    assert actions(policy) == {("glue:StartWorkflowRun", f"{GLUE}:workflow/lake-whole-every")}
    assert trust(whole, "scheduler")["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_objects_under_the_prefix_reach_the_arrivals_workflow_and_no_others_do(whole: Json) -> None:
    rule = text(only(whole, RULE))
    detail = rule["EventPattern"]["detail"]
    assert rule["EventPattern"]["source"] == ["aws.s3"]
    assert rule["EventPattern"]["detail-type"] == ["Object Created"]
    assert detail["object"] == {"key": [{"prefix": "raw/every/"}]}
    assert detail["bucket"] == {"name": ["landing-zone"]}
    (target,) = rule["Targets"]
    assert target["Arn"] == f"{GLUE}:workflow/lake-whole-every-arrivals"


def test_the_rules_role_notifies_the_arrivals_workflow_and_does_nothing_else(whole: Json) -> None:
    policy = policy_under(whole, "ArrivalsRole")
    assert actions(policy) == {("glue:notifyEvent", f"{GLUE}:workflow/lake-whole-every-arrivals")}
    assert trust(whole, "events")["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_the_arrivals_workflow_starts_the_job_itself_a_batch_at_a_time(whole: Json) -> None:
    (trigger,) = (found for found in resources(whole, "AWS::Glue::Trigger") if found["Type"] == "EVENT")
    assert trigger["EventBatchingCondition"] == {"BatchSize": 10, "BatchWindow": 300}
    (action,) = trigger["Actions"]
    assert set(action) == {"JobName"}
    (arrivals,) = (found for found in resources(whole, "AWS::Glue::Workflow") if found["Name"].endswith("-arrivals"))
    assert "MaxConcurrentRuns" not in arrivals  # Glue drops the events above it


def test_the_job_reads_the_run_properties_of_both_of_its_workflows(whole: Json) -> None:
    job = policy_of(whole, "lake-whole-every-job")
    for workflow in ("lake-whole-every", "lake-whole-every-arrivals"):
        assert job.allows("glue:GetWorkflowRunProperties", f"{GLUE}:workflow/{workflow}")


def test_the_raw_bucket_tells_of_its_objects_and_the_others_do_not(lake: Json) -> None:
    telling = [
        found["NotificationConfiguration"]
        for found in resources(lake, "AWS::S3::Bucket")
        if "NotificationConfiguration" in found
    ]
    assert telling == [{"EventBridgeConfiguration": {"EventBridgeEnabled": True}}]
    assert not [kind for kind in (found["Type"] for found in lake["Resources"].values()) if "Custom" in kind]


def test_where_the_environment_has_schedules_off_nothing_starts_by_itself(whole: Json, tmp_path: Path) -> None:
    on = config_of("whole")
    assert on.environment.schedules
    off = Config(environment=on.environment.model_copy(update={"schedules": False}), datasets=on.datasets)
    template = synthesize(off, tmp_path / "off")["lake-whole-every"]
    for kind in (SCHEDULE, RULE):
        assert only(whole, kind)["State"] == "ENABLED"
        assert only(template, kind)["State"] == "DISABLED"

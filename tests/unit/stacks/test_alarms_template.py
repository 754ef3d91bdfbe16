import json
from typing import Any

import pytest

from stacks.alarms import TOLD
from tests.unit.stacks.synthesis import Json, only, resources, text

RULE = "AWS::Events::Rule"
TOPIC = "arn:aws:sns:us-east-1:000000000000:lake-local"


def rules(lake: Json) -> dict[str, Json]:
    return {rule["Name"].removeprefix("lake-local-"): text(rule) for rule in resources(lake, RULE)}


def said(rule: Json) -> str:
    (target,) = rule["Targets"]
    assert target["Arn"] == TOPIC
    return str(target["InputTransformer"]["InputTemplate"])


def test_every_bad_end_of_a_run_or_a_crawl_is_told(lake: Json) -> None:
    told = {name: rule["EventPattern"]["detail"]["state"] for name, rule in rules(lake).items()}
    assert told == {
        "Failed": ["FAILED"],
        "Refused": ["FAILED"],
        "TimedOut": ["TIMEOUT"],
        "Stopped": ["STOPPED"],
        "CrawlFailed": ["Failed"],
    }


def test_only_failures_say_failed(lake: Json) -> None:
    assert {name for name, rule in rules(lake).items() if "fail" in said(rule).lower()} == {"Failed", "CrawlFailed"}


def test_what_is_told_names_the_pipeline_and_what_it_ended_with(lake: Json) -> None:
    for rule in rules(lake).values():
        (target,) = rule["Targets"]
        paths = target["InputTransformer"]["InputPathsMap"]
        assert {"pipeline", "message"} <= set(paths)
        assert all(f"<{name}>" in said(rule) for name in paths)


def test_no_rule_hears_of_another_environments_pipelines(lake: Json) -> None:
    for rule in rules(lake).values():
        detail = rule["EventPattern"]["detail"]
        (name,) = detail.keys() & {"jobName", "crawlerName"}
        assert detail[name] == [{"prefix": "lake-local-"}]


def test_the_topic_is_encrypted_and_takes_messages_from_this_environments_rules_and_alarms_alone(lake: Json) -> None:
    assert text(only(lake, "AWS::SNS::Topic")["KmsMasterKeyId"]).startswith("{EncryptionKey")
    statements = text(only(lake, "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"])
    allowed = {each["Principal"]["Service"]: each["Condition"] for each in statements if each["Effect"] == "Allow"}
    account = {"aws:SourceAccount": "000000000000"}
    assert allowed == {
        "events.amazonaws.com": {
            "StringEquals": account,
            "ArnLike": {"aws:SourceArn": "arn:aws:events:us-east-1:000000000000:rule/lake-local-*"},
        },
        "cloudwatch.amazonaws.com": {
            "StringEquals": account,
            "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:lake-local-*"},
        },
    }
    (denied,) = (each for each in statements if each["Effect"] == "Deny")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_key_is_used_for_alarms_of_this_account_alone(lake: Json) -> None:
    statements = text(only(lake, "AWS::KMS::Key")["KeyPolicy"]["Statement"])
    (publishing,) = (each for each in statements if each.get("Sid") == "PublishAlarms")
    assert sorted(publishing["Principal"]["Service"]) == ["cloudwatch.amazonaws.com", "events.amazonaws.com"]
    assert publishing["Condition"] == {"StringEquals": {"aws:SourceAccount": "000000000000"}}


def test_each_address_is_subscribed(lake: Json, whole_templates: dict[str, Json]) -> None:
    assert not resources(lake, "AWS::SNS::Subscription")
    found = resources(whole_templates["lake-whole"], "AWS::SNS::Subscription")
    assert [(each["Protocol"], each["Endpoint"]) for each in found] == [
        ("email", "lake@example.com"),
        ("email", "data@example.com"),
    ]


def test_silence_is_no_published_run_for_the_datasets_age_and_no_word_is_silence(whole: Json) -> None:
    alarm = text(only(whole, "AWS::CloudWatch::Alarm"))
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("lake-whole-every", "RunsPublished", "Sum")
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 36 * 3600
    assert alarm["DatapointsToAlarm"] == alarm["EvaluationPeriods"]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["ActionsEnabled"] is True
    assert alarm["AlarmActions"] == ["arn:{AWS::Partition}:sns:{AWS::Region}:{AWS::AccountId}:lake-whole"]


def test_a_dataset_without_an_age_has_no_alarm(flights: Json) -> None:
    assert not resources(flights, "AWS::CloudWatch::Alarm")


def widgets(template: Json) -> list[Any]:
    body = text(only(template, "AWS::CloudWatch::Dashboard")["DashboardBody"])
    return list(json.loads(body)["widgets"])


def test_a_dashboard_shows_rows_quarantine_duration_cost_and_age(whole: Json) -> None:
    titles = [widget["properties"]["title"] for widget in widgets(whole)]
    for about in ("Rows", "Quarantined", "Duration", "Cost", "Published in the last 36h"):
        assert any(title.startswith(about) for title in titles), about


def test_a_dashboard_shows_no_metric_that_the_job_does_not_publish(whole: Json) -> None:
    from lib import metrics

    from tests.unit.glue_scripts.records import a_record

    published = {datum["MetricName"] for datum in metrics.metrics(a_record())}
    shown = {
        metric[1]
        for widget in widgets(whole)
        for metric in widget["properties"].get("metrics", [])
        if metric[0] == "lake-whole-every"
    }
    assert shown == published


@pytest.mark.parametrize("name", TOLD)
def test_a_rule_is_named_after_what_it_tells(lake: Json, name: str) -> None:
    assert name in rules(lake)

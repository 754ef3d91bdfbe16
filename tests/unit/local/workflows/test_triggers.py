from typing import Any

import pytest

from local.glue.errors import AlreadyExists, EntityNotFound, InvalidInput
from tests.unit.local.workflows.world import World

ACTION: dict[str, Any] = {"JobName": "job"}


def state(world: World, name: str) -> str:
    return str(world("GetTrigger", Name=name)["Trigger"]["State"])


@pytest.mark.shows("trigger-on-demand-alone", "trigger-on-demand-created")
def test_an_on_demand_trigger_fires_when_started_and_stays_created_for_ever(world: World) -> None:
    world.trigger("now", "ON_DEMAND", "job", workflow=None)

    world("StartTrigger", Name="now")
    world("StartTrigger", Name="now")

    assert world.running() == ["job", "job"]
    assert state(world, "now") == "CREATED"
    with pytest.raises(InvalidInput, match="ON_DEMAND"):
        world("StopTrigger", Name="now")
    assert state(world, "now") == "CREATED"


@pytest.mark.shows("trigger-start-stop", "trigger-start-on-creation")
@pytest.mark.parametrize("kind", ["CONDITIONAL", "SCHEDULED"])
def test_a_trigger_is_created_activated_and_deactivated(world: World, kind: str) -> None:
    condition = {"LogicalOperator": "EQUALS", "JobName": "other", "State": "SUCCEEDED"}
    members: dict[str, Any] = {
        "Schedule": "cron(0 6 * * ? *)",
        "Predicate": {"Conditions": [condition]},
        "workflow": None,
    }
    world.trigger("idle", kind, "job", StartOnCreation=False, **members)
    world.trigger("active", kind, "job", StartOnCreation=True, **members)
    assert (state(world, "idle"), state(world, "active")) == ("CREATED", "ACTIVATED")

    world("StartTrigger", Name="idle")
    world("StopTrigger", Name="active")
    assert (state(world, "idle"), state(world, "active")) == ("ACTIVATED", "DEACTIVATED")
    assert world.running() == []

    world("StartTrigger", Name="active")
    assert state(world, "active") == "ACTIVATED"


def test_an_update_overwrites_the_definition_completely_and_leaves_type_workflow_and_state(world: World) -> None:
    world.workflow("w")
    world.after("next", {"first": "SUCCEEDED"}, "job", Description="old")
    predicate = world("GetTrigger", Name="next")["Trigger"]["Predicate"]

    update = {"Actions": [{"CrawlerName": "crawler"}], "Predicate": predicate}
    updated = world("UpdateTrigger", Name="next", TriggerUpdate=update)["Trigger"]

    assert updated == world("GetTrigger", Name="next")["Trigger"]
    assert "Description" not in updated
    assert updated["Actions"] == [{"CrawlerName": "crawler"}]
    assert (updated["Type"], updated["WorkflowName"], updated["State"]) == ("CONDITIONAL", "w", "ACTIVATED")
    with pytest.raises(InvalidInput, match="give them again"):
        world("UpdateTrigger", Name="next", TriggerUpdate={"Predicate": predicate})
    with pytest.raises(InvalidInput, match="1 to 500 conditions"):
        world("UpdateTrigger", Name="next", TriggerUpdate={"Actions": [ACTION]})


def test_triggers_are_got_many_at_a_time_and_those_that_are_not_there_are_named(world: World) -> None:
    world.trigger("a", "ON_DEMAND", "job", workflow=None)
    world.trigger("b", "ON_DEMAND", "job", workflow=None)

    answer = world("BatchGetTriggers", TriggerNames=["b", "c", "a"])

    assert [trigger["Name"] for trigger in answer["Triggers"]] == ["b", "a"]
    assert answer["TriggersNotFound"] == ["c"]


def test_triggers_are_listed_in_pages(world: World) -> None:
    for name in "abc":
        world.trigger(name, "ON_DEMAND", "job", workflow=None)

    first = world("ListTriggers", MaxResults=2)
    assert first["TriggerNames"] == ["a", "b"]
    last = world("ListTriggers", MaxResults=2, NextToken=first["NextToken"])
    assert last == {"TriggerNames": ["c"]}


def test_triggers_are_listed_by_the_job_that_they_start_else_all_of_them(world: World) -> None:
    world.trigger("a", "ON_DEMAND", "one", workflow=None)
    world.trigger("b", "ON_DEMAND", "two", "one", workflow=None)
    world.trigger("c", "ON_DEMAND", "two", workflow=None)

    assert world("ListTriggers", DependentJobName="one")["TriggerNames"] == ["a", "b"]
    assert [one["Name"] for one in world("GetTriggers", DependentJobName="two")["Triggers"]] == ["b", "c"]
    # As the API says of DependentJobName: where no trigger starts it, all are returned.
    assert world("ListTriggers", DependentJobName="none")["TriggerNames"] == ["a", "b", "c"]


def test_triggers_are_listed_by_their_tags(world: World) -> None:
    world.trigger("a", "ON_DEMAND", "job", workflow=None)
    world.trigger("b", "ON_DEMAND", "job", workflow=None)
    world.tags = {"a": {"team": "data", "tier": "1"}, "b": {"team": "other"}}

    assert world("ListTriggers", Tags={"team": "data"})["TriggerNames"] == ["a"]
    assert world("ListTriggers", Tags={"team": "data", "tier": "2"})["TriggerNames"] == []


@pytest.mark.shows("trigger-delete-silent")
def test_deleting_a_trigger_that_is_not_there_is_no_error(world: World) -> None:
    assert world("DeleteTrigger", Name="nobody") == {"Name": "nobody"}
    for action in ("GetTrigger", "StartTrigger", "StopTrigger"):
        with pytest.raises(EntityNotFound, match="nobody"):
            world(action, Name="nobody")


def test_a_name_is_taken_once_and_a_workflow_must_be_there(world: World) -> None:
    world.trigger("a", "ON_DEMAND", "job", workflow=None)
    with pytest.raises(AlreadyExists):
        world.trigger("a", "ON_DEMAND", "job", workflow=None)
    with pytest.raises(EntityNotFound, match="workflow w"):
        world.trigger("b", "ON_DEMAND", "job", workflow="w")


@pytest.mark.shows("workflow-one-start")
@pytest.mark.parametrize("kind", ["ON_DEMAND", "SCHEDULED", "EVENT"])
def test_a_workflow_has_one_start_trigger(world: World, kind: str) -> None:
    world.workflow("w")
    world.trigger("first", "ON_DEMAND", "job")
    members = {"Schedule": "cron(0 6 * * ? *)"} if kind == "SCHEDULED" else {}
    with pytest.raises(InvalidInput, match="start trigger already"):
        world.trigger("second", kind, "job", **members)
    world("DeleteTrigger", Name="first")
    world.trigger("second", kind, "job", **members)


@pytest.mark.shows(
    "trigger-two-crawlers", "trigger-fifty-jobs", "trigger-schedule-interval", "trigger-start-on-creation-on-demand"
)
@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"Type": "HOURLY"}, "Type must be one of ON_DEMAND, SCHEDULED, CONDITIONAL, EVENT"),
        ({"StartOnCreation": True}, "StartOnCreation is not supported for ON_DEMAND"),
        ({"Actions": [{"CrawlerName": "c"}] * 3}, "at most 2 crawlers"),
        ({"Actions": [ACTION] * 51}, "at most 50 jobs"),
        ({"Actions": [{**ACTION, "CrawlerName": "c"}]}, "one job or one crawler"),
        ({"Actions": [{**ACTION, "Timeout": 10_081}]}, "at most 10080 minutes"),
        ({"Type": "CONDITIONAL"}, "1 to 500 conditions"),
        ({"Type": "SCHEDULED"}, "needs a Schedule"),
        ({"Type": "SCHEDULED", "Schedule": "rate(1 day)"}, "needs a Schedule such as cron"),
        ({"Type": "SCHEDULED", "Schedule": "cron(61 6 * * ? *)"}, "Schedule: "),
        ({"Type": "SCHEDULED", "Schedule": "cron(0 6 * * *)"}, "Schedule: "),
        ({"Type": "SCHEDULED", "Schedule": "cron(0/4 * * * ? *)"}, "more often than every 5 minutes"),
        ({"Type": "SCHEDULED", "Schedule": "cron(0,58 6,7 * * ? *)"}, "more often than every 5 minutes"),
    ],
)
def test_a_definition_that_glue_does_not_take_is_refused(world: World, members: dict[str, Any], said: str) -> None:
    request = {"Name": "t", "Type": "ON_DEMAND", "Actions": [ACTION], **members}
    with pytest.raises(InvalidInput, match=said):
        world("CreateTrigger", **request)
    assert world("ListTriggers")["TriggerNames"] == []


@pytest.mark.shows("trigger-two-crawlers", "trigger-fifty-jobs", "trigger-schedule-interval")
def test_a_definition_at_glues_limits_is_taken(world: World) -> None:
    conditions = [{"LogicalOperator": "EQUALS", "JobName": f"j{n}", "State": "SUCCEEDED"} for n in range(500)]
    world.trigger(
        "most", "CONDITIONAL", workflow=None, Actions=[ACTION] * 50 + [{"CrawlerName": "c"}] * 2,
        Predicate={"Logical": "AND", "Conditions": conditions},
    )  # fmt: skip
    world.trigger("often", "SCHEDULED", "job", workflow=None, Schedule="cron(0/5 * * * ? *)")
    assert world("ListTriggers")["TriggerNames"] == ["most", "often"]


def conditions(*states: tuple[str, str], **predicate: str) -> dict[str, Any]:
    found = []
    for name, expected in states:
        kind = "Crawler" if name.startswith("crawler") else "Job"
        member = "CrawlState" if kind == "Crawler" else "State"
        found.append({"LogicalOperator": "EQUALS", f"{kind}Name": name, member: expected})
    return {"Conditions": found, **predicate}


@pytest.mark.shows("trigger-logical-required", "trigger-unwatchable")
@pytest.mark.parametrize(
    ("predicate", "said"),
    [
        (conditions(*[(f"j{n}", "FAILED") for n in range(501)], Logical="AND"), "not 501"),
        (conditions(("a", "FAILED"), ("b", "FAILED")), "needs Logical"),
        (conditions(("a", "FAILED"), ("b", "FAILED"), Logical="OR"), "AND or ANY"),
        (conditions(("a", "ERROR")), "SUCCEEDED, STOPPED, FAILED, TIMEOUT"),
        (conditions(("a", "EXPIRED")), "SUCCEEDED, STOPPED, FAILED, TIMEOUT"),
        (conditions(("a", "RUNNING")), "SUCCEEDED, STOPPED, FAILED, TIMEOUT"),
        (conditions(("crawler", "ERROR")), "SUCCEEDED, FAILED, CANCELLED"),
        (conditions(("crawler", "STOPPED")), "SUCCEEDED, FAILED, CANCELLED"),
        ({"Conditions": [{"LogicalOperator": "EQUALS", "State": "FAILED"}]}, "one job or one crawler"),
    ],
)
def test_a_predicate_that_glue_does_not_take_is_refused(world: World, predicate: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        world.trigger("t", "CONDITIONAL", "job", workflow=None, Predicate=predicate)


@pytest.mark.shows("trigger-action-arguments")
def test_an_action_hands_on_what_it_says_of_the_run(world: World) -> None:
    action = {
        "JobName": "job",
        "Arguments": {"--day": "monday"},
        "Timeout": 7,
        "SecurityConfiguration": "secure",
        "NotificationProperty": {"NotifyDelayAfter": 3},
    }
    world.trigger("now", "ON_DEMAND", workflow=None, Actions=[action])
    world("StartTrigger", Name="now")
    assert [run.request for run in world.jobs.started] == [action]

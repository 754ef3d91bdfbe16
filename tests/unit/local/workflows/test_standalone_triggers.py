import pytest

from tests.unit.local.workflows.world import World


@pytest.mark.shows("trigger-conditional", "trigger-and")
def test_a_chain_outside_workflows_goes_on_when_what_a_trigger_started_has_ended(world: World) -> None:
    world.trigger("now", "ON_DEMAND", "first", "crawler", workflow=None)
    world.after("both", {"first": "SUCCEEDED", "crawler": "SUCCEEDED"}, "second", workflow=None)
    world.after("last", {"second": "FAILED"}, "cleanup", workflow=None)

    world("StartTrigger", Name="now")
    assert world.running() == ["first", "crawler"]
    world.end("first")
    assert world.running() == ["crawler"]
    world.end("crawler")
    assert world.running() == ["second"]
    world.end("second", "FAILED")
    assert world.running() == ["cleanup"]
    assert [run.origin.trigger for run in world.jobs.started] == ["now", "both", "last"]
    assert {(run.origin.workflow, run.origin.workflow_run_id) for run in world.jobs.started} == {(None, None)}


def test_a_schedule_starts_a_chain(world: World) -> None:
    world.trigger("daily", "SCHEDULED", "first", workflow=None, Schedule="cron(0 13 * * ? *)")
    world.after("then", {"first": "SUCCEEDED"}, "second", workflow=None)
    world.clock.forward(3600)
    world.end("first")
    assert world.running() == ["second"]


def test_each_start_is_a_chain_of_its_own(world: World) -> None:
    world.trigger("a", "ON_DEMAND", "first", workflow=None)
    world.trigger("b", "ON_DEMAND", "second", workflow=None)
    world.after("both", {"first": "SUCCEEDED", "second": "SUCCEEDED"}, "never", workflow=None)
    world.after("again", {"first": "SUCCEEDED"}, "third", workflow=None)

    world("StartTrigger", Name="a")
    world("StartTrigger", Name="b")
    world.end("first")
    world.end("second")
    assert world.running() == ["third"]

    world("StartTrigger", Name="a")
    world.end("first")
    assert world.running() == ["third", "third"]


def test_a_trigger_outside_workflows_is_as_it_is_now_not_as_at_the_start(world: World) -> None:
    world.trigger("now", "ON_DEMAND", "first", workflow=None)
    world.after("then", {"first": "SUCCEEDED"}, "second", workflow=None)
    world("StartTrigger", Name="now")
    world("StopTrigger", Name="then")
    world.end("first")
    assert world.running() == []


@pytest.mark.shows("workflow-isolation")
@pytest.mark.parametrize("inside", [True, False])
def test_what_happens_in_a_workflow_wakes_only_its_own_triggers(world: World, inside: bool) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "first")
    world.after("inner", {"first": "SUCCEEDED"}, "in-the-workflow")
    world.trigger("now", "ON_DEMAND", "first", workflow=None)
    world.after("outer", {"first": "SUCCEEDED"}, "outside", workflow=None)

    world("StartTrigger", Name="start" if inside else "now")
    world.end("first")

    assert world.running() == (["in-the-workflow"] if inside else ["outside"])
    assert len(world.runs()) == (1 if inside else 0)


def test_a_job_that_was_deleted_ends_in_error_and_wakes_nobody(world: World) -> None:
    world.jobs.missing = {"gone"}
    world.trigger("now", "ON_DEMAND", "gone", workflow=None)
    world.after("then", {"gone": "FAILED"}, "second", workflow=None)
    world("StartTrigger", Name="now")
    assert [run.state for run in world.jobs.started] == ["ERROR"]

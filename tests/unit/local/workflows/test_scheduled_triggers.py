import pytest

from tests.unit.local.workflows.world import World

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def scheduled(world: World, expression: str = "cron(0 13 * * ? *)", workflow: str | None = None) -> None:
    world.trigger("daily", "SCHEDULED", "job", workflow=workflow, Schedule=expression)


def started(world: World) -> int:
    return len(world.jobs.started)


@pytest.mark.shows("trigger-scheduled")
def test_a_schedule_fires_at_its_minute_in_utc_and_again_the_next_day(world: World) -> None:
    scheduled(world)
    world.clock.forward(HOUR - 1)
    assert started(world) == 0
    world.clock.forward(1)
    assert started(world) == 1
    world.clock.forward(DAY - 1)
    assert started(world) == 1
    world.clock.forward(1)
    assert started(world) == 2


@pytest.mark.shows("trigger-scheduled")
def test_a_schedule_of_weekdays_fires_on_these_only(world: World) -> None:
    scheduled(world, "cron(0 18 ? * MON-FRI *)")
    world.clock.forward(7 * DAY)
    assert started(world) == 5


@pytest.mark.shows("trigger-schedule-inactive")
def test_a_schedule_fires_only_while_its_trigger_is_activated(world: World) -> None:
    world.trigger("daily", "SCHEDULED", "job", workflow=None, Schedule="cron(0 13 * * ? *)", StartOnCreation=False)
    world.clock.forward(DAY)
    assert started(world) == 0

    world("StartTrigger", Name="daily")
    assert started(world) == 0
    world.clock.forward(DAY)
    assert started(world) == 1

    world("StopTrigger", Name="daily")
    world.clock.forward(3 * DAY)
    assert started(world) == 1


def test_a_deleted_trigger_fires_no_more(world: World) -> None:
    scheduled(world)
    world("DeleteTrigger", Name="daily")
    world.clock.forward(2 * DAY)
    assert started(world) == 0
    assert world.clock.calls == []


def test_a_changed_schedule_takes_the_place_of_the_old_one(world: World) -> None:
    scheduled(world)
    update = {"Schedule": "cron(0 15 * * ? *)", "Actions": [{"JobName": "job"}]}
    world("UpdateTrigger", Name="daily", TriggerUpdate=update)
    world.clock.forward(2 * HOUR)
    assert started(world) == 0
    world.clock.forward(HOUR)
    assert started(world) == 1


def test_a_changed_schedule_with_the_same_next_time_goes_on_as_the_new_one(world: World) -> None:
    scheduled(world)
    update = {"Schedule": "cron(0 13 ? * MON *)", "Actions": [{"JobName": "job"}]}
    world("UpdateTrigger", Name="daily", TriggerUpdate=update)
    world.clock.forward(7 * DAY - HOUR)
    assert started(world) == 1


def test_a_schedule_whose_times_are_over_never_fires(world: World) -> None:
    scheduled(world, "cron(0 13 * * ? 2020)")
    world.clock.forward(400 * DAY)
    assert started(world) == 0
    assert world("GetTrigger", Name="daily")["Trigger"]["State"] == "ACTIVATED"


def test_times_that_passed_while_the_machine_slept_are_not_made_up_for(world: World) -> None:
    scheduled(world, "cron(0/5 * * * ? *)")
    world.clock.time += DAY
    world.clock.forward(0)
    assert started(world) == 1
    world.clock.forward(5 * MINUTE)
    assert started(world) == 2


@pytest.mark.shows("trigger-scheduled")
def test_a_schedule_starts_a_run_of_its_workflow(world: World) -> None:
    world.workflow("w", DefaultRunProperties={"mode": "nightly"})
    scheduled(world, workflow="w")
    world.clock.forward(HOUR)
    (run,) = world.runs()
    assert run["WorkflowRunProperties"] == {"mode": "nightly"}
    assert run["Graph"]["Nodes"][1]["JobDetails"]["JobRuns"][0]["TriggerName"] == "daily"


@pytest.mark.shows("workflow-limit-dropped")
def test_a_scheduled_start_over_the_workflows_limit_is_dropped_and_not_tried_again(world: World) -> None:
    world.workflow("w", MaxConcurrentRuns=1)
    scheduled(world, "cron(0 * * * ? *)", workflow="w")

    world.clock.forward(2 * HOUR)

    assert [run["Status"] for run in world.runs()] == ["RUNNING", "ERROR"]
    dropped = world.runs()[-1]
    assert dropped["ErrorMessage"] == "Concurrent runs exceeded for workflow: w."
    assert dropped["StartedOn"] == dropped["CompletedOn"]
    assert dropped["Statistics"]["TotalActions"] == 1
    assert sum(dropped["Statistics"].values()) == 1

    world.end("job")
    world.clock.forward(30 * MINUTE)
    assert world.running() == []
    world.clock.forward(30 * MINUTE)
    assert world.running() == ["job"]


def test_a_schedule_of_a_workflow_that_was_deleted_starts_nothing(world: World) -> None:
    world.workflow("w")
    scheduled(world, workflow="w")
    world("DeleteWorkflow", Name="w")
    world.clock.forward(DAY)
    assert started(world) == 0

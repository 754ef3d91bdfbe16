from typing import Any

import pytest

from local.glue.errors import EntityNotFound, InvalidInput
from tests.unit.local.workflows.world import World


def batched(world: World, *, size: int, window: int | None = None, **members: Any) -> None:
    """Workflow `w`, which events start in batches."""
    condition = {"BatchSize": size} if window is None else {"BatchSize": size, "BatchWindow": window}
    world.workflow("w", **members)
    world.trigger("events", "EVENT", "job", EventBatchingCondition=condition)


def notify(world: World, *event_ids: str) -> None:
    for event_id in event_ids:
        world.workflows.notify_event("w", event_id)


@pytest.mark.shows("trigger-event", "trigger-batch-size", "workflow-event-ids")
def test_without_a_condition_each_event_starts_a_run(world: World) -> None:
    world.workflow("w")
    world.trigger("events", "EVENT", "job")

    notify(world, "e1", "e2")

    properties = [run["WorkflowRunProperties"] for run in world.runs()]
    assert properties == [{"aws:eventIds": "[e1]"}, {"aws:eventIds": "[e2]"}]
    assert [run["StartingEventBatchCondition"] for run in world.runs()] == [{"BatchSize": 1, "BatchWindow": 0}] * 2
    assert world.running() == ["job", "job"]


@pytest.mark.shows("trigger-batch-size", "workflow-event-ids")
def test_as_many_events_as_the_batch_size_start_one_run_that_knows_them_all(world: World) -> None:
    batched(world, size=3, window=60, DefaultRunProperties={"kept": "yes"})

    notify(world, "e1", "e2")
    assert world.runs() == []
    notify(world, "e3")

    (run,) = world.runs()
    assert run["WorkflowRunProperties"] == {"aws:eventIds": "[e1, e2, e3]", "kept": "yes"}
    assert run["StartingEventBatchCondition"] == {"BatchSize": 3, "BatchWindow": 0}


@pytest.mark.shows("trigger-batch-window", "workflow-event-ids")
def test_the_window_opens_at_the_first_event_and_starts_a_run_with_those_that_came(world: World) -> None:
    batched(world, size=10, window=60)
    world.clock.forward(500)

    notify(world, "e1")
    world.clock.forward(59)
    notify(world, "e2")
    assert world.runs() == []
    world.clock.forward(1)

    (run,) = world.runs()
    assert run["WorkflowRunProperties"]["aws:eventIds"] == "[e1, e2]"
    assert run["StartingEventBatchCondition"] == {"BatchSize": 0, "BatchWindow": 60}


@pytest.mark.shows("trigger-batch-window")
def test_the_window_is_900_seconds_where_none_is_given(world: World) -> None:
    batched(world, size=2)
    notify(world, "e1")
    world.clock.forward(899)
    assert world.runs() == []
    world.clock.forward(1)
    assert [run["StartingEventBatchCondition"]["BatchWindow"] for run in world.runs()] == [900]


@pytest.mark.shows("trigger-batch-reset")
def test_whichever_limit_is_reached_first_both_begin_anew(world: World) -> None:
    batched(world, size=2, window=60)
    notify(world, "e1", "e2")
    world.clock.forward(30)

    notify(world, "e3")
    world.clock.forward(59)
    assert len(world.runs()) == 1
    world.clock.forward(1)
    notify(world, "e4")
    world.clock.forward(59)

    assert [run["WorkflowRunProperties"]["aws:eventIds"] for run in world.runs()] == ["[e1, e2]", "[e3]"]
    notify(world, "e5")
    assert world.runs()[-1]["WorkflowRunProperties"]["aws:eventIds"] == "[e4, e5]"


def test_no_event_and_no_run(world: World) -> None:
    batched(world, size=2, window=60)
    world.clock.forward(10_000)
    assert world.runs() == []


def test_an_event_trigger_listens_from_its_creation_until_it_is_stopped(world: World) -> None:
    world.workflow("w")
    world.trigger("events", "EVENT", "job", StartOnCreation=True)
    assert world("GetTrigger", Name="events")["Trigger"]["State"] == "CREATED"

    world("StopTrigger", Name="events")
    notify(world, "lost")
    assert world.runs() == []

    world("StartTrigger", Name="events")
    notify(world, "e1")
    assert len(world.runs()) == 1


def test_an_event_that_comes_while_the_trigger_is_stopped_does_not_count(world: World) -> None:
    batched(world, size=2, window=60)
    world("StopTrigger", Name="events")
    notify(world, "lost")
    world("StartTrigger", Name="events")
    notify(world, "e1")
    assert world.runs() == []
    notify(world, "e2")
    assert world.runs()[0]["WorkflowRunProperties"]["aws:eventIds"] == "[e1, e2]"


@pytest.mark.parametrize("ended", ["StopTrigger", "DeleteTrigger"])
def test_a_batch_whose_trigger_is_stopped_or_deleted_is_lost(world: World, ended: str) -> None:
    batched(world, size=10, window=60)
    notify(world, "e1")
    world(ended, Name="events")
    world.clock.forward(60)
    assert world.runs() == []


@pytest.mark.shows("workflow-limit-dropped")
def test_a_batch_over_the_workflows_limit_is_dropped_and_not_tried_again(world: World) -> None:
    batched(world, size=1, MaxConcurrentRuns=1)
    notify(world, "e1", "e2")

    dropped = world.runs()[-1]
    assert (dropped["Status"], dropped["ErrorMessage"]) == ("ERROR", "Concurrent runs exceeded for workflow: w.")
    assert world.running() == ["job"]
    world.end("job")
    world.clock.forward(10_000)
    assert world.running() == []

    notify(world, "e3")
    assert world.running() == ["job"]


def test_events_for_what_no_event_starts_are_refused(world: World) -> None:
    with pytest.raises(EntityNotFound, match="workflow w"):
        notify(world, "e1")
    world.workflow("w")
    with pytest.raises(InvalidInput, match="no EVENT trigger"):
        notify(world, "e1")
    world.trigger("start", "ON_DEMAND", "job")
    with pytest.raises(InvalidInput, match="no EVENT trigger"):
        notify(world, "e1")


@pytest.mark.shows("trigger-batch-range")
@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"BatchSize": 0}, "BatchSize must be from 1 to 100"),
        ({"BatchSize": 101}, "BatchSize must be from 1 to 100"),
        ({"BatchSize": 1, "BatchWindow": 0}, "BatchWindow must be from 1 to 900"),
        ({"BatchSize": 1, "BatchWindow": 901}, "BatchWindow must be from 1 to 900"),
    ],
)
def test_a_batching_condition_out_of_bounds_is_refused(world: World, condition: dict[str, int], said: str) -> None:
    world.workflow("w")
    with pytest.raises(InvalidInput, match=said):
        world.trigger("events", "EVENT", "job", EventBatchingCondition=condition)


@pytest.mark.shows("trigger-batch-range")
@pytest.mark.parametrize("condition", [{"BatchSize": 100, "BatchWindow": 900}, {"BatchSize": 1, "BatchWindow": 1}])
def test_a_batching_condition_at_its_bounds_is_taken(world: World, condition: dict[str, int]) -> None:
    world.workflow("w")
    world.trigger("events", "EVENT", "job", EventBatchingCondition=condition)
    assert world("GetTrigger", Name="events")["Trigger"]["EventBatchingCondition"] == condition


def test_a_batching_condition_of_another_type_has_no_effect(world: World) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "job", EventBatchingCondition={"BatchSize": 2})
    world("StartTrigger", Name="start")
    assert world.running() == ["job"]


def test_an_event_trigger_needs_a_workflow(world: World) -> None:
    with pytest.raises(InvalidInput, match="needs WorkflowName"):
        world.trigger("events", "EVENT", "job", workflow=None)

import pytest

from local.glue.errors import (
    AlreadyExists,
    ConcurrentRunsExceeded,
    EntityNotFound,
    IllegalWorkflowState,
    InvalidInput,
)
from tests.unit.local.workflows.world import World

DAY = 24 * 3600


def start(world: World, **properties: str) -> str:
    return str(world("StartWorkflowRun", Name="w", RunProperties=properties)["RunId"])


def diamond(world: World) -> None:
    """Workflow `w`: top, then left and right, then bottom when both have succeeded."""
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "top")
    world.after("split", {"top": "SUCCEEDED"}, "left", "right")
    world.after("join", {"left": "SUCCEEDED", "right": "SUCCEEDED"}, "bottom")


@pytest.mark.shows("workflow-run-id")
def test_a_run_id_is_wr_and_64_hexadecimal_digits(world: World) -> None:
    diamond(world)
    first, second = start(world), start(world)
    assert first != second
    assert len(first) == len("wr_") + 64
    assert int(first.removeprefix("wr_"), 16) >= 0


@pytest.mark.shows("trigger-and", "workflow-statistics")
def test_and_waits_for_all_of_its_conditions(world: World) -> None:
    diamond(world)
    start(world)
    world.end("top")
    assert world.running() == ["left", "right"]
    world.end("right")
    assert world.running() == ["left"]
    world.end("left")
    assert world.running() == ["bottom"]
    world.end("bottom")
    (run,) = world.runs()
    assert run["Status"] == "COMPLETED"
    assert run["Statistics"] == {
        "TotalActions": 4, "SucceededActions": 4, "FailedActions": 0, "StoppedActions": 0, "TimeoutActions": 0,
        "RunningActions": 0, "ErroredActions": 0, "WaitingActions": 0,
    }  # fmt: skip


@pytest.mark.shows("trigger-any", "trigger-any-once")
def test_any_fires_at_the_first_match_and_once_in_a_run(world: World) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "a", "b")
    world.after("either", {"a": "SUCCEEDED", "b": "FAILED"}, "c", logical="ANY")
    start(world)
    world.end("b", "FAILED")
    assert world.running() == ["a", "c"]
    world.end("a")
    assert world.running() == ["c"]


@pytest.mark.shows("trigger-watches-job", "trigger-watches-failure")
@pytest.mark.parametrize("state", ["SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT"])
def test_each_state_of_a_job_that_can_be_watched_fires_its_trigger_and_no_other(world: World, state: str) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "job")
    for watched in ("SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT"):
        world.after(f"on-{watched}", {"job": watched}, f"after-{watched}")
    start(world)
    world.end("job", state)
    assert world.running() == [f"after-{state}"]


@pytest.mark.shows("trigger-watches-crawl", "trigger-watches-crawl-end")
@pytest.mark.parametrize("state", ["SUCCEEDED", "FAILED", "CANCELLED"])
def test_each_state_of_a_crawl_that_can_be_watched_fires_its_trigger_and_no_other(world: World, state: str) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "crawler")
    for watched in ("SUCCEEDED", "FAILED", "CANCELLED"):
        world.after(f"on-{watched}", {"crawler": watched}, f"after-{watched}")
    start(world)
    world.end("crawler", state)
    assert world.running() == [f"after-{state}"]


@pytest.mark.shows("workflow-completed", "workflow-end", "workflow-statistics", "workflow-graph-details")
def test_a_run_is_completed_even_where_nodes_failed_or_never_ran(world: World) -> None:
    diamond(world)
    start(world)
    world.end("top")
    world.end("left", "FAILED")
    assert world.runs()[0]["Status"] == "RUNNING"
    world.end("right", "TIMEOUT")
    (run,) = world.runs()
    assert run["Status"] == "COMPLETED"
    assert world.states(run) == {"top": "SUCCEEDED", "left": "FAILED", "right": "TIMEOUT", "bottom": None}
    assert "JobDetails" not in next(node for node in run["Graph"]["Nodes"] if node["Name"] == "bottom")
    counted = {name: count for name, count in run["Statistics"].items() if count}
    # The total counts what never started too.
    assert counted == {"TotalActions": 4, "SucceededActions": 1, "FailedActions": 1, "TimeoutActions": 1}


@pytest.mark.shows("workflow-live-nodes")
@pytest.mark.parametrize(
    ("state", "statistic"),
    [
        ("WAITING", "WaitingActions"),
        ("STARTING", "RunningActions"),
        ("RUNNING", "RunningActions"),
        ("STOPPING", "RunningActions"),
    ],
)
def test_a_run_goes_on_while_a_node_is_live(world: World, state: str, statistic: str) -> None:
    diamond(world)
    start(world)
    world.jobs.started[0].state = state
    (run,) = world.runs()
    assert run["Status"] == "RUNNING"
    assert "CompletedOn" not in run
    assert run["Statistics"][statistic] == 1


@pytest.mark.shows("trigger-last-attempt")
def test_only_the_last_attempt_of_a_node_is_judged(world: World) -> None:
    diamond(world)
    world.after("on-failure", {"top": "FAILED"}, "cleanup")
    start(world)

    world.jobs.retry("top")
    assert world.running() == ["top"]
    assert world.runs()[0]["Statistics"]["RunningActions"] == 1
    world.end("top")

    assert world.running() == ["left", "right"]
    attempts = next(node for node in world.runs()[0]["Graph"]["Nodes"] if node["Name"] == "top")["JobDetails"]
    assert [run["JobRunState"] for run in attempts["JobRuns"]] == ["FAILED", "SUCCEEDED"]


def test_a_failure_that_is_about_to_be_tried_again_is_none_yet(world: World) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "tried", "other")
    world.after("on-failure", {"tried": "FAILED"}, "cleanup")
    start(world)
    tried = world.jobs.started[0]
    tried.state, tried.is_retried = "FAILED", True
    world.end("other")
    assert world.running() == []
    assert world.runs()[0]["Status"] == "RUNNING"


@pytest.mark.shows("workflow-end")
def test_a_run_waits_for_every_run_of_a_job_that_two_triggers_start(world: World) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "a", "b")
    world.after("after-a", {"a": "SUCCEEDED"}, "shared")
    world.after("after-b", {"b": "SUCCEEDED"}, "shared")
    start(world)
    world.end("a")
    world.end("b")
    earlier, later = (run for run in world.jobs.started if run.job == "shared")
    later.state = "SUCCEEDED"
    later.ended(later.as_run)
    assert world.runs()[0]["Status"] == "RUNNING"
    earlier.state = "SUCCEEDED"
    earlier.ended(earlier.as_run)
    assert world.runs()[0]["Status"] == "COMPLETED"


def test_a_deleted_job_ends_its_node_in_error_and_the_run_goes_on(world: World) -> None:
    diamond(world)
    world.jobs.missing = {"left"}
    start(world)
    world.end("top")
    world.end("right")
    (run,) = world.runs()
    assert run["Status"] == "COMPLETED"
    assert world.states(run)["left"] == "ERROR"
    assert run["Statistics"]["ErroredActions"] == 1


@pytest.mark.shows("workflow-frozen-triggers")
def test_triggers_are_frozen_at_the_start_of_a_run(world: World) -> None:
    diamond(world)
    start(world)
    update = {**world("GetTrigger", Name="split")["Trigger"], "Actions": [{"JobName": "other"}]}
    world("UpdateTrigger", Name="split", TriggerUpdate=update)
    world("DeleteTrigger", Name="join")
    world.after("late", {"top": "SUCCEEDED"}, "too-late")

    world.end("top")
    assert world.running() == ["left", "right"]
    world.end("left")
    world.end("right")
    assert world.running() == ["bottom"]
    assert "late" not in [node["Name"] for node in world.runs()[0]["Graph"]["Nodes"]]

    world.end("bottom")
    start(world)
    world.end("top")
    assert world.running() == ["other", "too-late"]


def test_a_trigger_that_is_deactivated_at_the_start_of_a_run_does_not_fire_in_it(world: World) -> None:
    diamond(world)
    world("StopTrigger", Name="split")
    start(world)
    world("StartTrigger", Name="split")
    world.end("top")
    assert world.running() == []
    assert world.runs()[0]["Status"] == "COMPLETED"


@pytest.mark.shows("workflow-graph", "workflow-node-ids")
def test_the_graph_leads_from_triggers_to_what_they_start_and_from_what_they_watch(world: World) -> None:
    diamond(world)
    run_id = start(world)

    def edges(graph: dict[str, list[dict[str, str]]]) -> set[tuple[str, str]]:
        names = {node["UniqueId"]: node["Name"] for node in graph["Nodes"]}
        return {(names[edge["SourceId"]], names[edge["DestinationId"]]) for edge in graph["Edges"]}

    expected = {
        ("start", "top"), ("top", "split"), ("split", "left"), ("split", "right"),
        ("left", "join"), ("right", "join"), ("join", "bottom"),
    }  # fmt: skip
    run = world("GetWorkflowRun", Name="w", RunId=run_id, IncludeGraph=True)["Run"]
    workflow = world("GetWorkflow", Name="w", IncludeGraph=True)["Workflow"]
    assert edges(run["Graph"]) == edges(workflow["Graph"]) == expected
    types = {node["Name"]: node["Type"] for node in run["Graph"]["Nodes"]}
    assert types == {
        "start": "TRIGGER", "split": "TRIGGER", "join": "TRIGGER",
        "top": "JOB", "left": "JOB", "right": "JOB", "bottom": "JOB",
    }  # fmt: skip
    assert all(len(node["UniqueId"]) == len("wnode_") + 64 for node in run["Graph"]["Nodes"])
    details = next(node for node in run["Graph"]["Nodes"] if node["Name"] == "split")["TriggerDetails"]["Trigger"]
    assert details == world("GetTrigger", Name="split")["Trigger"]
    assert not any("JobDetails" in node for node in workflow["Graph"]["Nodes"])
    assert workflow["LastRun"]["WorkflowRunId"] == run_id


def test_the_graph_is_there_only_where_it_is_asked_for(world: World) -> None:
    diamond(world)
    run_id = start(world)
    assert "Graph" not in world("GetWorkflowRun", Name="w", RunId=run_id)["Run"]
    assert "Graph" not in world("GetWorkflowRuns", Name="w")["Runs"][0]
    assert "Graph" not in world("GetWorkflow", Name="w")["Workflow"]
    assert "Graph" not in world("GetWorkflow", Name="w")["Workflow"]["LastRun"]


def test_a_workflow_that_never_ran_has_no_last_run(world: World) -> None:
    diamond(world)
    assert "LastRun" not in world("GetWorkflow", Name="w")["Workflow"]


@pytest.mark.shows("workflow-run-properties-merge", "workflow-put-properties")
def test_run_properties_go_over_the_defaults_key_by_key_and_belong_to_the_run(world: World) -> None:
    world.workflow("w", DefaultRunProperties={"mode": "full", "kept": "yes"})
    world.trigger("start", "ON_DEMAND", "job")
    run_id = start(world, mode="part")
    world("PutWorkflowRunProperties", Name="w", RunId=run_id, RunProperties={"kept": "no", "new": "1"})

    properties = world("GetWorkflowRunProperties", Name="w", RunId=run_id)["RunProperties"]
    assert properties == {"mode": "part", "kept": "no", "new": "1"}
    other = start(world)
    assert world("GetWorkflowRunProperties", Name="w", RunId=other)["RunProperties"] == {"mode": "full", "kept": "yes"}
    assert world("GetWorkflow", Name="w")["Workflow"]["DefaultRunProperties"] == {"mode": "full", "kept": "yes"}


@pytest.mark.shows("workflow-limit")
def test_a_start_over_the_limit_is_refused_and_leaves_no_run(world: World) -> None:
    world.workflow("w", MaxConcurrentRuns=2)
    world.trigger("start", "ON_DEMAND", "job")
    start(world)
    world("StartTrigger", Name="start")
    with pytest.raises(ConcurrentRunsExceeded, match=r"Concurrent runs exceeded for workflow: w\."):
        start(world)
    with pytest.raises(ConcurrentRunsExceeded):
        world("StartTrigger", Name="start")
    assert len(world.runs()) == 2
    world.end("job")
    start(world)


@pytest.mark.shows("workflow-many")
def test_without_a_limit_there_is_none(world: World) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "job")
    for _ in range(50):
        start(world)
    assert len(world.running()) == 50


@pytest.mark.shows("workflow-start-by-hand")
@pytest.mark.parametrize("kind", ["SCHEDULED", "EVENT"])
def test_a_workflow_that_starts_by_itself_can_be_started_too(world: World, kind: str) -> None:
    world.workflow("w")
    world.trigger("start", kind, "job", **({"Schedule": "cron(0 6 * * ? *)"} if kind == "SCHEDULED" else {}))
    start(world)
    assert world.running() == ["job"]
    assert "StartingEventBatchCondition" not in world.runs()[0]


def test_a_workflow_without_a_start_trigger_cannot_start(world: World) -> None:
    world.workflow("w")
    world.after("next", {"a": "SUCCEEDED"}, "b")
    with pytest.raises(InvalidInput, match="no start trigger"):
        start(world)


@pytest.mark.shows("workflow-stop")
def test_a_stopped_run_ends_what_runs_starts_no_more_and_is_stopped_when_all_has_ended(world: World) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "job", "crawler")
    world.after("then", {"job": "STOPPED"}, "never")
    run_id = start(world)

    world("StopWorkflowRun", Name="w", RunId=run_id)

    assert world.runs()[0]["Status"] == "STOPPING"
    assert world.states(world.runs()[0]) == {"job": "STOPPING", "crawler": "CANCELLING", "never": None}
    world.end("job", "STOPPED")
    assert world.runs()[0]["Status"] == "STOPPING"
    world.end("crawler", "CANCELLED")
    (run,) = world.runs()
    assert run["Status"] == "STOPPED"
    assert run["Statistics"]["StoppedActions"] == 2
    assert world.running() == []


def test_an_attempt_that_begins_while_its_run_stops_is_stopped_too(world: World) -> None:
    diamond(world)
    run_id = start(world)
    world("StopWorkflowRun", Name="w", RunId=run_id)
    attempt = world.jobs.retry("top")
    assert attempt.state == "STOPPING"
    world.end("top", "STOPPED")
    assert world.runs()[0]["Status"] == "STOPPED"


@pytest.mark.shows("workflow-stop-ended")
@pytest.mark.parametrize("status", ["STOPPING", "STOPPED", "COMPLETED", "ERROR"])
def test_only_a_running_run_can_be_stopped(world: World, status: str) -> None:
    world.workflow("w", MaxConcurrentRuns=1)
    world.trigger("start", "EVENT", "job")
    run_id = start(world)
    if status in ("STOPPING", "STOPPED"):
        world("StopWorkflowRun", Name="w", RunId=run_id)
    if status == "ERROR":
        world.workflows.notify_event("w", "dropped")
        run_id = world.runs()[-1]["WorkflowRunId"]
    if status in ("STOPPED", "COMPLETED"):
        world.end("job", {"STOPPED": "STOPPED", "COMPLETED": "FAILED"}[status])
    assert world("GetWorkflowRun", Name="w", RunId=run_id)["Run"]["Status"] == status
    with pytest.raises(IllegalWorkflowState, match=status):
        world("StopWorkflowRun", Name="w", RunId=run_id)


@pytest.mark.shows("workflow-history")
def test_runs_are_got_newest_first_in_pages(world: World) -> None:
    diamond(world)
    ids = [start(world) for _ in range(3)]
    first = world("GetWorkflowRuns", Name="w", MaxResults=2)
    assert [run["WorkflowRunId"] for run in first["Runs"]] == [ids[2], ids[1]]
    last = world("GetWorkflowRuns", Name="w", MaxResults=2, NextToken=first["NextToken"])
    assert [run["WorkflowRunId"] for run in last["Runs"]] == [ids[0]]
    assert "NextToken" not in last


@pytest.mark.shows("workflow-history-days")
def test_runs_are_remembered_for_90_days(world: World) -> None:
    diamond(world)
    ended = start(world)
    world.end("top", "FAILED")
    live = start(world)

    world.clock.forward(90 * DAY)
    assert len(world.runs()) == 2
    world.clock.forward(1)

    assert [run["WorkflowRunId"] for run in world.runs()] == [live]
    with pytest.raises(EntityNotFound):
        world("GetWorkflowRun", Name="w", RunId=ended)


@pytest.mark.shows("workflow-batch-get")
def test_workflows_are_listed_in_pages_of_at_most_25_and_got_many_at_a_time(world: World) -> None:
    for number in range(26):
        world.workflow(f"w{number}")
    first = world("ListWorkflows")
    assert len(first["Workflows"]) == 25
    assert world("ListWorkflows", NextToken=first["NextToken"]) == {"Workflows": ["w25"]}

    answer = world("BatchGetWorkflows", Names=["w1", "none", "w0"], IncludeGraph=True)
    assert [(one["Name"], "Graph" in one) for one in answer["Workflows"]] == [("w1", True), ("w0", True)]
    assert answer["MissingWorkflows"] == ["none"]


@pytest.mark.shows("workflow-size")
def test_a_workflow_of_more_than_100_nodes_runs_but_can_be_neither_stopped_nor_resumed(world: World) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", *(f"a{number}" for number in range(50)))
    world.after("then", {"a0": "SUCCEEDED"}, *(f"b{number}" for number in range(48)))
    world("StopWorkflowRun", Name="w", RunId=start(world))
    world.after("one more", {"a1": "SUCCEEDED"}, "b0")

    run_id = start(world)
    with pytest.raises(InvalidInput, match="101 jobs, crawlers and triggers"):
        world("StopWorkflowRun", Name="w", RunId=run_id)
    for run in [run for run in world.jobs.started if run.origin.workflow_run_id == run_id]:
        run.state = "FAILED"
        run.ended(run.as_run)
    run = world.runs()[-1]
    assert run["Status"] == "COMPLETED"
    with pytest.raises(InvalidInput, match="101 jobs, crawlers and triggers"):
        world("ResumeWorkflowRun", Name="w", RunId=run_id, NodeIds=[world.node_id(run, "a0")])


@pytest.mark.shows("workflow-exists", "workflow-unknown")
def test_what_is_not_there_is_named_and_a_name_is_taken_once(world: World) -> None:
    world.workflow("w")
    with pytest.raises(AlreadyExists):
        world.workflow("w")
    with pytest.raises(EntityNotFound, match="wr_none of workflow w"):
        world("GetWorkflowRun", Name="w", RunId="wr_none")
    for action in ("GetWorkflow", "StartWorkflowRun", "UpdateWorkflow"):
        with pytest.raises(EntityNotFound, match="workflow nobody"):
            world(action, Name="nobody")
    assert world("DeleteWorkflow", Name="nobody") == {"Name": "nobody"}


def test_a_job_at_its_limit_fails_at_once_and_what_waits_for_the_failure_starts(world: World) -> None:
    world.jobs.full = {"job"}
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "job")
    world.after("on-failure", {"job": "FAILED"}, "cleanup")
    start(world)
    assert world.running() == ["cleanup"]

from typing import Any

import pytest

from local.glue.errors import ConcurrentRunsExceeded, IllegalWorkflowState, InvalidInput
from tests.unit.local.workflows.world import World


def partly_run(world: World, **members: Any) -> Any:
    """The guide's example: T1 starts J1, which leads to J2 and J3; both fail, so that J4 and J5 never run."""
    world.workflow("w", **members)
    world.trigger("T1", "ON_DEMAND", "J1")
    world.after("T2", {"J1": "SUCCEEDED"}, "J2")
    world.after("T3", {"J1": "SUCCEEDED"}, "J3")
    world.after("T4", {"J2": "SUCCEEDED"}, "J4")
    world.after("T5", {"J3": "SUCCEEDED"}, "J5")
    world("StartWorkflowRun", Name="w", RunProperties={"day": "monday"})
    world.end("J1")
    world.end("J2", "FAILED")
    world.end("J3", "FAILED")
    return world.runs()[-1]


def resume(world: World, run: Any, *names: str) -> Any:
    ids = [world.node_id(run, name) for name in names]
    return world("ResumeWorkflowRun", Name="w", RunId=run["WorkflowRunId"], NodeIds=ids)


@pytest.mark.shows("workflow-resume", "workflow-resume-nodes")
def test_the_nodes_and_all_below_them_run_in_a_new_run_and_the_others_are_as_they_were(world: World) -> None:
    run = partly_run(world)

    answer = resume(world, run, "J2", "J3")

    resumed = world.runs()[-1]
    assert resumed["WorkflowRunId"] == answer["RunId"] != run["WorkflowRunId"]
    assert resumed["PreviousRunId"] == run["WorkflowRunId"]
    assert resumed["WorkflowRunProperties"] == {"day": "monday"}
    assert answer["NodeIds"] == [world.node_id(run, "J2"), world.node_id(run, "J3")]
    assert world.running() == ["J2", "J3"]
    world.end("J2")
    world.end("J3")
    assert world.running() == ["J4", "J5"]
    world.end("J4")
    world.end("J5")
    resumed = world.runs()[-1]
    assert resumed["Status"] == "COMPLETED"
    assert resumed["Statistics"]["SucceededActions"] == resumed["Statistics"]["TotalActions"] == 5
    before, after = ({node["Name"]: node for node in one["Graph"]["Nodes"]} for one in (run, resumed))
    assert after["J1"] == before["J1"]
    assert [one["TriggerName"] for one in after["J2"]["JobDetails"]["JobRuns"]] == ["T2"]
    assert after["J2"]["JobDetails"] != before["J2"]["JobDetails"]
    assert world.states(world.runs()[0]) == {"J1": "SUCCEEDED", "J2": "FAILED", "J3": "FAILED", "J4": None, "J5": None}


def test_a_node_that_succeeded_can_run_again_and_what_is_below_waits_for_it(world: World) -> None:
    run = partly_run(world)
    resume(world, run, "J1")
    assert world.running() == ["J1"]
    assert world.states(world.runs()[-1]) == dict.fromkeys(("J2", "J3", "J4", "J5")) | {"J1": "STARTING"}
    world.end("J1")
    assert world.running() == ["J2", "J3"]


@pytest.mark.shows("workflow-resume-nodes")
def test_a_node_below_another_is_left_out_because_it_runs_anyway(world: World) -> None:
    run = partly_run(world)
    answer = resume(world, run, "J3", "J1", "J2", "J1")
    assert answer["NodeIds"] == [world.node_id(run, "J1")]
    assert world.running() == ["J1"]


def test_of_nodes_that_lead_to_each_other_the_first_is_restarted(world: World) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "a")
    world.after("forth", {"a": "FAILED"}, "b")
    world.after("back", {"b": "FAILED"}, "a")
    world("StartWorkflowRun", Name="w")
    for name in ("a", "b", "a"):
        world.end(name, "FAILED")
    run = world.runs()[-1]
    assert run["Status"] == "COMPLETED"
    assert resume(world, run, "b", "a")["NodeIds"] == [world.node_id(run, "b")]


def test_a_trigger_that_waits_for_a_node_above_and_one_beside_fires_when_both_have_succeeded(world: World) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "good", "bad", "crawler")
    world.after("join", {"good": "SUCCEEDED", "bad": "SUCCEEDED", "crawler": "SUCCEEDED"}, "last")
    world("StartWorkflowRun", Name="w")
    world.end("good")
    world.end("crawler")
    world.end("bad", "FAILED")

    resume(world, world.runs()[-1], "bad")

    assert world.running() == ["bad"]
    world.end("bad")
    assert world.running() == ["last"]


def test_a_crawler_is_a_node_to_resume_from(world: World) -> None:
    world.workflow("w")
    world.trigger("start", "ON_DEMAND", "crawler")
    world.after("then", {"crawler": "SUCCEEDED"}, "job")
    world("StartWorkflowRun", Name="w")
    world.end("crawler", "FAILED")
    resume(world, world.runs()[-1], "crawler")
    world.end("crawler")
    assert world.running() == ["job"]


def test_a_resumed_run_keeps_the_triggers_of_the_run_that_it_resumes(world: World) -> None:
    run = partly_run(world)
    world("DeleteTrigger", Name="T4")
    resume(world, run, "J2")
    world.end("J2")
    assert world.running() == ["J4"]


def test_a_run_can_be_resumed_many_times_and_a_resumed_one_too(world: World) -> None:
    run = partly_run(world)
    resume(world, run, "J2")
    world.end("J2", "FAILED")
    again = world.runs()[-1]
    resume(world, again, "J2")
    assert world.runs()[-1]["PreviousRunId"] == again["WorkflowRunId"]
    resume(world, run, "J3")
    assert world.runs()[-1]["PreviousRunId"] == run["WorkflowRunId"]
    assert world.running() == ["J2", "J3"]


@pytest.mark.shows("workflow-resume-completed")
def test_only_a_completed_run_can_be_resumed(world: World) -> None:
    run = partly_run(world)
    world("StartWorkflowRun", Name="w")
    running = world.runs()[-1]
    with pytest.raises(IllegalWorkflowState, match="is RUNNING"):
        resume(world, running, "J1")
    world("StopWorkflowRun", Name="w", RunId=running["WorkflowRunId"])
    with pytest.raises(IllegalWorkflowState, match="is STOPPING"):
        resume(world, running, "J1")
    world.end("J1", "STOPPED")
    with pytest.raises(IllegalWorkflowState, match="is STOPPED"):
        resume(world, running, "J1")
    assert len(world.runs()) == 2
    resume(world, run, "J2")


@pytest.mark.shows("workflow-resume-attempted")
def test_only_crawlers_and_jobs_that_were_started_can_be_restarted(world: World) -> None:
    run = partly_run(world)
    with pytest.raises(InvalidInput, match="was not started"):
        resume(world, run, "J4")
    with pytest.raises(InvalidInput, match="no crawler or job"):
        resume(world, run, "T2")
    with pytest.raises(InvalidInput, match="no crawler or job"):
        world("ResumeWorkflowRun", Name="w", RunId=run["WorkflowRunId"], NodeIds=["wnode_none"])
    with pytest.raises(InvalidInput, match="no node"):
        resume(world, run)
    assert len(world.runs()) == 1


def test_a_resumed_run_counts_towards_the_workflows_limit(world: World) -> None:
    run = partly_run(world, MaxConcurrentRuns=1)
    world("StartWorkflowRun", Name="w")
    with pytest.raises(ConcurrentRunsExceeded):
        resume(world, run, "J2")
    world.end("J1", "FAILED")
    resume(world, run, "J2")
    with pytest.raises(ConcurrentRunsExceeded):
        world("StartWorkflowRun", Name="w")

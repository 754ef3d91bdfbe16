"""Resuming: a new run that goes on where an earlier one did not succeed.

Source: 'Repairing and resuming a workflow run', AWS Glue developer guide.
"""

from collections.abc import Iterable, Iterator

from local.glue.errors import IllegalWorkflowState, InvalidInput
from local.glue.requests import Request
from local.glue.triggers.trigger import Trigger
from local.glue.workflows.chain import Node, downstream, node_of
from local.glue.workflows.graph import unique_id
from local.glue.workflows.run import WorkflowRun


def restarted_nodes(run: WorkflowRun, node_ids: Iterable[str]) -> list[Node]:
    """The nodes of `run` that are to be started again: those asked for that no other one of them leads to.

    Raises IllegalWorkflowState where the run is not COMPLETED, InvalidInput for what is no crawler or job of the run,
    or was never started in it.
    """
    if run.status != "COMPLETED":
        raise IllegalWorkflowState(f"Workflow run {run.id} is {run.status}: only a COMPLETED run can be resumed.")
    known = {unique_id(run.workflow, node): node for node in run.nodes()}
    asked: list[Node] = []
    for node_id in dict.fromkeys(node_ids):
        if node_id not in known:
            raise InvalidInput(f"Node {node_id} is no crawler or job of workflow run {run.id}.")
        if run.state_of(known[node_id]) is None:
            raise InvalidInput(f"Node {node_id} was not started in workflow run {run.id}, so it cannot be restarted.")
        asked.append(known[node_id])
    if not asked:
        raise InvalidInput("NodeIds names no node to restart.")
    return _first_of(run.triggers, asked)


def _first_of(triggers: list[Trigger], asked: list[Node]) -> list[Node]:
    """Those of `asked` that no other one leads to; of nodes that lead to each other, the first."""
    found: list[Node] = []
    left = asked
    while left:
        heads = [node for node in left if node not in downstream(triggers, set(left) - {node})[0]]
        first = (heads or left)[0]
        found.append(first)
        after = downstream(triggers, [first])[0]
        left = [node for node in left if node != first and node not in after]
    return found


def resumed(run: WorkflowRun, nodes: Iterable[Node]) -> WorkflowRun:
    """A run in which `nodes` and all that comes after them has yet to happen, and the rest is as it was in `run`."""
    nodes = set(nodes)
    below, triggers_below = downstream(run.triggers, nodes)
    again = nodes | below
    return WorkflowRun(
        workflow=run.workflow,
        properties=dict(run.properties),
        triggers=run.triggers,
        previous_id=run.id,
        crawls={name: list(them) for name, them in run.crawls.items() if ("CRAWLER", name) not in again},
        job_runs={name: list(them) for name, them in run.job_runs.items() if ("JOB", name) not in again},
        fired=run.fired - triggers_below,
    )


def actions_of(run: WorkflowRun, nodes: Iterable[Node]) -> Iterator[tuple[Trigger, Request]]:
    """What starts each of `nodes` again: the action of the trigger that started it in `run`."""
    for node in nodes:
        starting = [
            (trigger, action)
            for trigger in run.triggers
            for action in trigger.request["Actions"]
            if node_of(action) == node
        ]
        yield next((one for one in starting if one[0].name in run.fired), starting[0])

"""A workflow, or a run of it, as a graph: nodes and edges."""

import hashlib
from collections.abc import Iterable
from typing import Any

from local.glue.requests import Response
from local.glue.triggers.trigger import Trigger
from local.glue.workflows.chain import Chain, Node, started_by, watched_by


def unique_id(workflow: str, node: Node) -> str:
    """`wnode_` and 64 hexadecimal digits: the same in every run of a workflow."""
    kind, name = node
    return f"wnode_{hashlib.sha256(f'{workflow}/{kind}/{name}'.encode()).hexdigest()}"


def describe_graph(workflow: str, triggers: Iterable[Trigger], chain: Chain | None) -> Response:
    """Nodes and edges: from a trigger to what it starts, from what a trigger watches to the trigger.

    With a `chain`, crawlers and jobs have the attempts that it made; what was not started has no details.
    """
    nodes: dict[str, dict[str, Any]] = {}
    edges: list[dict[str, str]] = []

    def add(node: Node, **details: Any) -> str:
        identity = unique_id(workflow, node)
        nodes.setdefault(identity, {"Type": node[0], "Name": node[1], "UniqueId": identity, **details})
        return identity

    for trigger in triggers:
        source = add(("TRIGGER", trigger.name), TriggerDetails={"Trigger": trigger.describe()})
        for node in started_by(trigger):
            edges.append({"SourceId": source, "DestinationId": add(node, **_attempts(chain, node))})
        for node in watched_by(trigger):
            edges.append({"SourceId": add(node, **_attempts(chain, node)), "DestinationId": source})
    return {"Nodes": list(nodes.values()), "Edges": edges}


def _attempts(chain: Chain | None, node: Node) -> dict[str, Any]:
    kind, name = node
    if chain is not None and kind == "JOB" and name in chain.job_runs:
        return {"JobDetails": {"JobRuns": [run.describe() for run in chain.job_runs[name]]}}
    if chain is not None and kind == "CRAWLER" and name in chain.crawls:
        return {"CrawlerDetails": {"Crawls": [crawl.node() for crawl in chain.crawls[name]]}}
    return {}

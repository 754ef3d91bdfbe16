from __future__ import annotations

from collections.abc import Mapping

import botocore.session
import pytest

from runner.states import (
    CRAWL_STATES,
    CRAWLER_STATES,
    GRAVEST_FIRST,
    JOB_RUN_STATES,
    LAST_CRAWL_STATUSES,
    WORKFLOW_RUN_STATES,
    Phase,
    phase_of,
)


@pytest.mark.parametrize(
    ("shape", "states"),
    [
        ("JobRunState", JOB_RUN_STATES),
        ("CrawlState", CRAWL_STATES),
        ("CrawlerState", CRAWLER_STATES),
        ("LastCrawlStatus", LAST_CRAWL_STATUSES),
        ("WorkflowRunStatus", WORKFLOW_RUN_STATES),
    ],
)
def test_table_has_every_state_of_the_glue_model(shape: str, states: Mapping[str, Phase]) -> None:
    model = botocore.session.get_session().get_service_model("glue")
    assert set(states) == set(model.shape_for(shape).enum)  # type: ignore[attr-defined]  # a string shape's


@pytest.mark.parametrize("states", [JOB_RUN_STATES, CRAWL_STATES, WORKFLOW_RUN_STATES])
def test_unknown_state_counts_as_going_on(states: Mapping[str, Phase]) -> None:
    assert phase_of(states, "HIBERNATING") is Phase.LIVE


@pytest.mark.parametrize("states", [JOB_RUN_STATES, CRAWL_STATES])
def test_only_succeeded_is_a_success(states: Mapping[str, Phase]) -> None:
    assert [state for state, phase in states.items() if phase is Phase.SUCCEEDED] == ["SUCCEEDED"]


def test_no_state_of_a_workflow_run_or_crawler_is_a_success_by_itself() -> None:
    assert Phase.SUCCEEDED not in {*WORKFLOW_RUN_STATES.values(), *CRAWLER_STATES.values()}


def test_every_phase_of_a_node_has_its_gravity() -> None:
    assert set(GRAVEST_FIRST) == set(JOB_RUN_STATES.values()) | set(CRAWL_STATES.values())

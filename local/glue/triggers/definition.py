"""What a trigger may be: Glue's rules for its type, its actions and what it waits for.

Source: 'AWS Glue triggers' and 'CreateTrigger' of the AWS Glue developer guide and API, AWS General Reference (quotas).
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from lake import schedule
from local.glue.errors import InvalidInput
from local.glue.requests import Request

TYPES = ("ON_DEMAND", "SCHEDULED", "CONDITIONAL", "EVENT")
# The types that StartOnCreation activates. ON_DEMAND refuses it; an EVENT trigger listens without it.
ACTIVATED_TYPES = ("SCHEDULED", "CONDITIONAL")
# The states that a condition may watch for, by the member that names them.
WATCHABLE = {
    "State": ("SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT"),
    "CrawlState": ("SUCCEEDED", "FAILED", "CANCELLED"),
}
CRAWLERS_A_TRIGGER = 2
JOBS_A_TRIGGER = 50
CONDITIONS_A_TRIGGER = 500
MOST_EVENTS_A_BATCH = 100
LONGEST_WINDOW_SECONDS = 900
LONGEST_TIMEOUT_MINUTES = 10_080
# 'Time-based schedules for jobs and crawlers': schedules that fire more often are not supported.
SHORTEST_INTERVAL = timedelta(minutes=5)
# As many firings as there are minutes in an hour, and one more, show every interval that the minutes make.
FIRINGS_LOOKED_AT = 61


def check(request: Request) -> None:
    """Raise InvalidInput for a definition that Glue refuses."""
    kind = request["Type"]
    if kind not in TYPES:
        raise InvalidInput(f"Type must be one of {', '.join(TYPES)}, not {kind}.")
    if request.get("StartOnCreation") and kind == "ON_DEMAND":
        raise InvalidInput("StartOnCreation is not supported for ON_DEMAND triggers.")
    _check_actions(request.get("Actions"))
    if kind == "SCHEDULED":
        scheduled(request)
    if kind == "CONDITIONAL":
        _check_predicate(request.get("Predicate", {}))
    if kind == "EVENT" and not request.get("WorkflowName"):
        raise InvalidInput("A trigger of type EVENT starts a workflow: it needs WorkflowName.")
    if "EventBatchingCondition" in request:
        _check_batching(request["EventBatchingCondition"])


def scheduled(request: Request) -> schedule.Schedule:
    """When a SCHEDULED trigger fires. Raises InvalidInput for what is no schedule of Glue's."""
    expression = request.get("Schedule", "")
    if not expression.startswith("cron("):
        raise InvalidInput(
            f"A SCHEDULED trigger needs a Schedule such as cron(15 12 * * ? *), in UTC; this is {expression!r}."
        )
    try:
        parsed = schedule.parse(expression)
    except ValueError as problem:
        raise InvalidInput(f"Schedule: {problem}") from problem
    if any(later - earlier < SHORTEST_INTERVAL for earlier, later in pairwise(_firings(parsed))):
        raise InvalidInput(f"Schedule {expression} fires more often than every 5 minutes, which Glue does not support.")
    return parsed


def _firings(parsed: schedule.Schedule) -> list[datetime]:
    found: list[datetime] = []
    moment = parsed.next(datetime.now(UTC))
    while moment is not None and len(found) < FIRINGS_LOOKED_AT:
        found.append(moment)
        moment = parsed.next(moment)
    return found


def _check_actions(actions: list[Request] | None) -> None:
    if actions is None:
        raise InvalidInput("A trigger needs Actions; an update overwrites the whole definition, so give them again.")
    for action in actions:
        if ("JobName" in action) == ("CrawlerName" in action):
            raise InvalidInput("An action names one job or one crawler.")
        if action.get("Timeout", 1) > LONGEST_TIMEOUT_MINUTES:
            raise InvalidInput(f"The Timeout of an action is at most {LONGEST_TIMEOUT_MINUTES} minutes.")
    crawlers = sum("CrawlerName" in action for action in actions)
    if crawlers > CRAWLERS_A_TRIGGER:
        raise InvalidInput(f"A trigger starts at most {CRAWLERS_A_TRIGGER} crawlers; this one has {crawlers}.")
    if len(actions) - crawlers > JOBS_A_TRIGGER:
        raise InvalidInput(f"A trigger starts at most {JOBS_A_TRIGGER} jobs; this one has {len(actions) - crawlers}.")


def _check_predicate(predicate: Request) -> None:
    conditions = predicate.get("Conditions", [])
    if not 1 <= len(conditions) <= CONDITIONS_A_TRIGGER:
        raise InvalidInput(f"A CONDITIONAL trigger has 1 to {CONDITIONS_A_TRIGGER} conditions, not {len(conditions)}.")
    if predicate.get("Logical", "AND") not in ("AND", "ANY"):
        raise InvalidInput(f"Logical of a predicate must be AND or ANY, not {predicate['Logical']}.")
    if len(conditions) > 1 and "Logical" not in predicate:
        raise InvalidInput("A predicate of more than one condition needs Logical: AND or ANY.")
    for condition in conditions:
        if ("JobName" in condition) == ("CrawlerName" in condition):
            raise InvalidInput("A condition names one job or one crawler.")
        if condition.get("LogicalOperator", "EQUALS") != "EQUALS":
            raise InvalidInput(f"LogicalOperator of a condition must be EQUALS, not {condition['LogicalOperator']}.")
        member = "State" if "JobName" in condition else "CrawlState"
        if condition.get(member) not in WATCHABLE[member]:
            raise InvalidInput(f"{member} of a condition must be one of {', '.join(WATCHABLE[member])}.")


def _check_batching(condition: Request) -> None:
    """It is taken, without effect, of every type of trigger: the CDK's workflows give it to each of theirs."""
    size, window = condition["BatchSize"], condition.get("BatchWindow", LONGEST_WINDOW_SECONDS)
    if not 1 <= size <= MOST_EVENTS_A_BATCH:
        raise InvalidInput(f"BatchSize must be from 1 to {MOST_EVENTS_A_BATCH}, not {size}.")
    if not 1 <= window <= LONGEST_WINDOW_SECONDS:
        raise InvalidInput(f"BatchWindow must be from 1 to {LONGEST_WINDOW_SECONDS} seconds, not {window}.")

"""What `up` and `status` say of an emulator, for people and as JSON."""

import json

from local.health import Health
from local.process import Status
from local.settings import Settings

OUTDATED = (
    "note: it was started by other code than is here now, so what is new is not in it. "
    "To have that: make down, then this again; its buckets and tables go with it."
)
NOT_ENFORCED = "note: IAM is not enforced: every call is allowed, also one that AWS would refuse."
ENFORCED_AFTER_ALL = (
    "note: IAM is enforced, since it was started without --no-iam. To change that: python -m local down, then "
    "python -m local up --no-iam; its buckets and tables go with it."
)
NOT_ENFORCED_BEFORE = (
    f"{NOT_ENFORCED} It was started with --no-iam. To change that: python -m local down, then python -m local up; "
    "its buckets and tables go with it."
)
NO_ANSWER = "It does not answer. End it with python -m local down; why it does not may stand in its log."


def notes_on_start(found: Status, *, ran: bool, iam: bool) -> list[str]:
    """What to know of an emulator that was asked for with or without `iam`, and may have run before."""
    notes = [OUTDATED] if found.outdated else []
    enforced = found.health is None or found.health.iam_enforced
    if iam and not enforced:
        notes.append(NOT_ENFORCED_BEFORE if ran else NOT_ENFORCED)
    elif not iam:
        notes.append(ENFORCED_AFTER_ALL if enforced else NOT_ENFORCED)
    return notes


def status_lines(found: Status, settings: Settings) -> list[str]:
    """A line that says whether it runs; below it what it is like."""
    if found.pid is None:
        return [f"not running ({found.endpoint}). Start it: make up, or python -m local up"]
    lines = [f"{'running' if found.healthy else 'not answering'} at {found.endpoint} (process {found.pid})"]
    if found.health is not None:
        lines += [f"  {name:<5} {value}" for name, value in _facts(found.health).items()]
    lines.append(f"  {'log':<5} {settings.log_file}")
    if not found.healthy:
        lines.append(NO_ANSWER)
    return lines + ([OUTDATED] if found.outdated else [])


def _facts(health: Health) -> dict[str, str]:
    def listed(kind: str) -> str:
        return " ".join(health.glue.get(kind, ["?"]))  # one of other code may tell of other kinds

    return {
        "IAM": "enforced" if health.iam_enforced else "not enforced: every call is allowed",
        "Glue": f"{len(health.glue.get('actions', ()))} actions; jobs {listed('jobs')} of Glue "
        f"{listed('glue_versions')}; triggers {listed('triggers')}; crawlers of {listed('crawler_targets')}",
        "other": f"S3, IAM, STS, KMS, CloudFormation, CloudWatch Logs, EventBridge, …: MiniStack {health.ministack}",
    }


def status_json(found: Status, settings: Settings) -> str:
    """The same as one JSON object; what is not known of one that does not run is null."""
    health = found.health
    return json.dumps(
        {
            "running": found.pid is not None,
            "answering": found.healthy,
            "endpoint": found.endpoint,
            "pid": found.pid,
            "outdated": found.outdated,
            "log": str(settings.log_file),
            "iam_enforced": health.iam_enforced if health else None,
            "code": health.code if health else None,
            "ministack": health.ministack if health else None,
            "glue": health.glue if health else None,
        }
    )

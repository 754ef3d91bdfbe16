"""A job's definition: what CreateJob asks for, checked, with Glue's defaults."""

from collections.abc import Callable
from dataclasses import dataclass

from local.glue import model
from local.glue.errors import InvalidInput, Unsupported
from local.glue.jobs import arguments, capacity
from local.glue.jobs.capacity import Capacity
from local.glue.platform import now
from local.glue.requests import Request, Response

# 'Adding jobs in AWS Glue': a job that names no version gets this one.
GLUE_VERSION = "5.1"
MOST_RETRIES = 10
LONGEST_TIMEOUT_MINUTES = 10_080

# What would change how a run goes, and is not served here.
UNSUPPORTED_MEMBERS = ("Connections", "CodeGenConfigurationNodes", "SourceControlDetails", "AllocatedCapacity")


@dataclass(frozen=True)
class Command:
    """One kind of job, by Command.Name: the versions that run here, its log groups' base, and its size."""

    glue_versions: tuple[str, ...]
    python_versions: tuple[str, ...]
    python_version: str
    log_group: str
    capacity: Callable[..., Capacity]


COMMANDS = {
    # Its Spark is 3.5, so its Glue is 5.
    "glueetl": Command(("5.0", "5.1"), ("3",), "3", "/aws-glue/jobs", capacity.spark),
    # Whichever version it names, it runs in this machine's Python 3.11. Where it names none, AWS takes 3.6, which
    # is past its end and not served.
    "pythonshell": Command(("3.0", "4.0", "5.0", "5.1"), ("3.9", "3.11"), "3", "/aws-glue/python-jobs", capacity.shell),
}


class Job:
    """One job. `request` has the members that were asked for, so that UpdateJob can reset the others."""

    def __init__(self, name: str, request: Request) -> None:
        self.name = name
        self.created = now()
        self.replace(request)

    def replace(self, request: Request) -> None:
        """Take a new definition; what it leaves out is Glue's default. Raises InvalidInput, Unsupported."""
        check(request)
        self.request = {name: value for name, value in request.items() if name not in ("Name", "Tags")}
        self.modified = now()

    @property
    def kind(self) -> str:
        """Its Command.Name."""
        return _kind(self.request)

    @property
    def command(self) -> Command:
        """What holds for its kind of job."""
        return COMMANDS[self.kind]

    @property
    def max_concurrent_runs(self) -> int:
        """How many runs there may be at once."""
        return int(self.request.get("ExecutionProperty", {}).get("MaxConcurrentRuns", 1))

    def describe(self) -> Response:
        """The job as GetJob shows it."""
        given = self.request
        version = given.get("GlueVersion", GLUE_VERSION)
        return model.members(
            "Job",
            {
                "JobMode": "SCRIPT",
                "MaxRetries": 0,
                "Timeout": default_timeout(version),
                "GlueVersion": version,
                "ExecutionClass": "STANDARD",
                "JobRunQueuingEnabled": False,
                **given,
                **self.command.capacity(given, execution_class=given.get("ExecutionClass", "STANDARD")).describe(),
                "ExecutionProperty": {"MaxConcurrentRuns": self.max_concurrent_runs},
                "Name": self.name,
                "CreatedOn": self.created,
                "LastModifiedOn": self.modified,
            },
        )


def default_timeout(glue_version: str) -> int:
    """The Timeout in minutes of a job that gives none ('Timeout', StartJobRun)."""
    return 480 if int(glue_version.partition(".")[0]) >= 5 else 2880


def check(request: Request) -> None:
    """Raise InvalidInput for a definition that Glue refuses, Unsupported for one that is not served here."""
    given, kind = request.get("Command", {}), _kind(request)
    if kind not in COMMANDS:
        raise Unsupported(
            f"Command.Name {kind} is not supported by the Glue on this machine, only {', '.join(COMMANDS)}."
        )
    command = COMMANDS[kind]
    check_script(given.get("ScriptLocation", ""))
    _check_version("GlueVersion", request.get("GlueVersion", GLUE_VERSION), command.glue_versions, kind)
    python_version = given.get("PythonVersion", command.python_version)
    _check_version("Command.PythonVersion", python_version, command.python_versions, kind)
    for member in UNSUPPORTED_MEMBERS:
        if request.get(member):
            raise Unsupported(f"{member} of a job is not supported by the Glue on this machine.")
    _check_range("MaxRetries", request.get("MaxRetries", 0), 0, MOST_RETRIES)
    check_timeout(request.get("Timeout"))
    _check_range("MaxConcurrentRuns", request.get("ExecutionProperty", {}).get("MaxConcurrentRuns", 1), 1, None)
    command.capacity(request, execution_class=request.get("ExecutionClass", "STANDARD"))
    defaults, fixed = request.get("DefaultArguments", {}), request.get("NonOverridableArguments", {})
    arguments.check(arguments.merged(non_overridable=fixed, given={}, defaults=defaults))


def _kind(request: Request) -> str:
    return str(request.get("Command", {}).get("Name", "glueetl"))


def check_script(location: str) -> None:
    """Raise InvalidInput for a location that is not one of an object in S3."""
    if not location.startswith("s3://") or location.endswith("/"):
        raise InvalidInput(f"The script's location must be that of an object in S3, s3://BUCKET/KEY, not {location!r}.")


def check_timeout(minutes: int | None) -> None:
    """Raise InvalidInput for a Timeout that Glue refuses; None is its default."""
    if minutes is not None:
        _check_range("Timeout", minutes, 1, LONGEST_TIMEOUT_MINUTES)


def _check_range(member: str, value: int, least: int, most: int | None) -> None:
    if value < least or (most is not None and value > most):
        allowed = f"at least {least}" if most is None else f"from {least} to {most}"
        raise InvalidInput(f"{member} must be {allowed}, not {value}.")


def _check_version(member: str, version: str, allowed: tuple[str, ...], kind: str) -> None:
    if version not in allowed:
        raise Unsupported(
            f"{member} {version} of a {kind} job is not supported by the Glue on this machine, only "
            f"{', '.join(allowed)}."
        )

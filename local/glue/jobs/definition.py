"""A job's definition: what CreateJob asks for, checked, with Glue's defaults."""

from local.glue import model
from local.glue.errors import InvalidInput, Unsupported
from local.glue.jobs import arguments
from local.glue.platform import now
from local.glue.requests import Request, Response

# 'Adding jobs in AWS Glue': defaults of Glue 5.x.
GLUE_VERSION = "5.1"
TIMEOUT_MINUTES = 480
WORKER_TYPE = "G.1X"
WORKERS = 10
MOST_RETRIES = 10

COMMANDS = ("glueetl",)
GLUE_VERSIONS = ("5.0", "5.1")

# What would change how a run goes, and is not served here.
UNSUPPORTED_MEMBERS = (
    "Connections",
    "CodeGenConfigurationNodes",
    "SourceControlDetails",
    "AllocatedCapacity",
)


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
    def max_concurrent_runs(self) -> int:
        """How many runs there may be at once."""
        return int(self.request.get("ExecutionProperty", {}).get("MaxConcurrentRuns", 1))

    def describe(self) -> Response:
        """The job as GetJob shows it."""
        given = self.request
        workers = int(given.get("NumberOfWorkers", WORKERS))
        return model.members(
            "Job",
            {
                "JobMode": "SCRIPT",
                "MaxRetries": 0,
                "Timeout": TIMEOUT_MINUTES,
                "GlueVersion": GLUE_VERSION,
                "WorkerType": WORKER_TYPE,
                "NumberOfWorkers": workers,
                "MaxCapacity": float(workers),
                "ExecutionClass": "STANDARD",
                "JobRunQueuingEnabled": False,
                **given,
                "ExecutionProperty": {"MaxConcurrentRuns": self.max_concurrent_runs},
                "Name": self.name,
                "CreatedOn": self.created,
                "LastModifiedOn": self.modified,
            },
        )


def check(request: Request) -> None:
    """Raise InvalidInput for a definition that Glue refuses, Unsupported for one that is not served here."""
    command = request.get("Command", {})
    kind = command.get("Name", COMMANDS[0])
    if kind not in COMMANDS:
        raise Unsupported(
            f"Command.Name {kind} is not supported by the Glue on this machine, only {', '.join(COMMANDS)}."
        )
    if not command.get("ScriptLocation", "").startswith("s3://"):
        raise InvalidInput("Command.ScriptLocation must be the location of a script in S3.")
    version = request.get("GlueVersion", GLUE_VERSION)
    if version not in GLUE_VERSIONS:
        raise Unsupported(
            f"GlueVersion {version} is not supported by the Glue on this machine, only {', '.join(GLUE_VERSIONS)}."
        )
    for member in UNSUPPORTED_MEMBERS:
        if request.get(member):
            raise Unsupported(f"{member} of a job is not supported by the Glue on this machine.")
    retries = request.get("MaxRetries", 0)
    if not 0 <= retries <= MOST_RETRIES:
        raise InvalidInput(f"MaxRetries must be from 0 to {MOST_RETRIES}, not {retries}.")
    if request.get("ExecutionClass", "STANDARD") != "STANDARD":
        raise Unsupported("ExecutionClass FLEX is not supported by the Glue on this machine.")
    defaults, fixed = request.get("DefaultArguments", {}), request.get("NonOverridableArguments", {})
    every = arguments.merged(non_overridable=fixed, given={}, defaults=defaults)
    arguments.check(every)
    arguments.special(every)

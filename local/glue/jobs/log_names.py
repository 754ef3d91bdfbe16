"""The CloudWatch log groups and streams of a run.

Source: 'Logging for AWS Glue jobs', AWS Glue developer guide.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LogNames:
    """`base` is what JobRun.LogGroupName holds ('get-job-run', AWS CLI); `/output` and `/error` follow it."""

    base: str
    stream: str

    @property
    def output(self) -> str:
        """The group of what the script prints."""
        return f"{self.base}/output"

    @property
    def error(self) -> str:
        """The group of what Spark says; of a Python shell job, of the script's standard error."""
        return f"{self.base}/error"


def log_names(
    base: str, *, run_id: str, role: str, security_configuration: str | None, arguments: Mapping[str, str]
) -> LogNames:
    """The names of a run's groups and streams. `base` is that of its kind of job.

    The driver's stream is `RUN_ID` in the older text of the guide and `RUN_ID-driver` in today's; there is one stream
    a group here, and what reads Glue's logs looks it up by the run's id, so it is the id alone.
    """
    group = arguments.get("--custom-logGroup-prefix") or base
    if security_configuration:
        group = f"{group}/{security_configuration}-role/{role.rsplit('/', 1)[-1]}"
    prefix = arguments.get("--custom-logStream-prefix")
    return LogNames(group, f"{prefix}-driver" if prefix else run_id)

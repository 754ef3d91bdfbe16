"""What local Glue stands on: the endpoint, the roles' credentials, the folders of runs, and time."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import boto3
from mypy_boto3_logs import CloudWatchLogsClient

from local.glue.credentials import RoleCredentialsVendor
from local.glue.events import StateChanges
from local.glue.logs import LogStream
from local.glue.scope import Scope
from local.ministack_adapter import Caller


@dataclass(frozen=True)
class Platform:
    """Given to every part of local Glue; nothing else in it knows where it runs."""

    scope: Scope
    endpoint: str
    vendor: RoleCredentialsVendor
    runs_dir: Path
    spark_home: Path
    events: StateChanges = field(default_factory=StateChanges)
    minute_seconds: float = 60.0
    """How long a minute of a Timeout lasts."""

    def log_stream(self, role: str, session_name: str, *, group: str, stream: str, key: str | None = None) -> LogStream:
        """A stream in CloudWatch Logs that is written with `role`; `key` encrypts the group where it makes that.

        A role that may not set the key writes nothing ('Logging for AWS Glue jobs').
        """
        session = self.vendor.session(self.scope.role_arn(role), session_name)
        logs: CloudWatchLogsClient = session.client("logs", endpoint_url=self.endpoint)
        if key is not None and not self._may_set_key(session, group):
            return LogStream(logs, group, stream, problem=f"{role} is not allowed logs:AssociateKmsKey on {group}")
        return LogStream(logs, group, stream, key=key)

    def _may_set_key(self, session: boto3.Session, group: str) -> bool:
        """MiniStack has no AssociateKmsKey to ask: a new group gets its key when it is created."""
        credentials = session.get_credentials()
        caller = Caller(headers={}, access_key=credentials.access_key if credentials else "")
        return caller.refusal("logs:AssociateKmsKey", self.scope.log_group_arn(group), self.scope.region, {}) is None


def now() -> float:
    """Seconds since the epoch: what Glue's JSON protocol calls a timestamp."""
    return time.time()

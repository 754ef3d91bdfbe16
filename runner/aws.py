"""The AWS clients of one environment, each made when it is first used: a client costs a tenth of a second."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from lake.aws import session_for
from lake.environment import Environment, endpoint_url
from runner.errors import AwsError, Trouble, WrongUse

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_glue.client import GlueClient
    from mypy_boto3_lakeformation.client import LakeFormationClient
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sts.client import STSClient

CONNECT_SECONDS: Final = 5
READ_SECONDS: Final = 30
# Calls of claims and after a run's end are retried by botocore. Glue's never are: the waiting has a pace of its own,
# and a StartWorkflowRun sent again starts a second run.
ATTEMPTS: Final = 5
# An emulator that does not answer is not up: five attempts would be eight seconds for nothing.
LOCAL_ATTEMPTS: Final = 2


class Aws:
    """Clients of `environment`.

    Raises ConfigError for a local endpoint off loopback, WrongUse for a profile or region that is not there.
    """

    def __init__(self, environment: Environment, profile: str | None, environ: Mapping[str, str]) -> None:
        self.environment = environment
        self.profile = profile
        self.endpoint = endpoint_url(environment, environ)

    @cached_property
    def session(self) -> Session:
        """The boto3 session that all clients share."""
        from botocore.exceptions import ProfileNotFound

        try:
            return session_for(self.environment, self.profile)
        except ProfileNotFound as error:
            raise WrongUse(f"{error}; `aws configure list-profiles` lists those there are") from error

    @cached_property
    def glue(self) -> GlueClient:
        """Glue, where every call is sent once."""
        client: GlueClient = self._client("glue", attempts=1)
        return client

    @cached_property
    def s3(self) -> S3Client:
        """S3, by path where AWS is this machine."""
        client: S3Client = self._client("s3")
        return client

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """CloudWatch Logs."""
        client: CloudWatchLogsClient = self._client("logs")
        return client

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        """CloudFormation."""
        client: CloudFormationClient = self._client("cloudformation")
        return client

    @cached_property
    def sts(self) -> STSClient:
        """STS."""
        client: STSClient = self._client("sts")
        return client

    @cached_property
    def lakeformation(self) -> LakeFormationClient:
        """Lake Formation."""
        client: LakeFormationClient = self._client("lakeformation")
        return client

    def prepare(self) -> None:
        """Make the clients that a run's end needs, while the run goes on; asks AWS nothing."""
        for service in ("cloudformation", "s3"):
            getattr(self, service)

    def _client(self, service: str, attempts: int | None = None) -> Any:
        from botocore.config import Config
        from botocore.exceptions import NoRegionError

        if attempts is None:
            attempts = LOCAL_ATTEMPTS if self.environment.is_local else ATTEMPTS

        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": attempts},
        )
        if self.endpoint is not None:
            # No proxy between this machine and itself; path style, for no name server knows bucket.localhost.
            config = config.merge(Config(proxies={}, s3={"addressing_style": "path"}))
        create: Any = self.session.client
        try:
            return create(service, endpoint_url=self.endpoint, config=config)
        except NoRegionError as error:
            name = self.environment.name
            raise WrongUse(f"no region: give one in environments/{name}.yaml or set AWS_REGION") from error

    def remedy(self, error: AwsError) -> str | None:
        """Return what the user can do about `error`, or None where that is not known."""
        match error.trouble:
            case Trouble.NOT_SENT if self.environment.is_local:
                return "AWS on this machine does not answer; start it: make up"
            case Trouble.NOT_SENT:
                return "check the network, and the environment's region"
            case Trouble.CREDENTIALS:
                option = f" --profile {self.profile}" if self.profile else ""
                renewing = f"aws sso login{option}, or aws configure{option}"
                return f"renew the credentials ({renewing}), or name others: --profile"
            case Trouble.DENIED:
                return "these credentials may not do that; ask for the permission, or use others: --profile"
            case _:
                return None

"""The command `doctor`: whether an environment can be used from here, and what to do where it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from lake.dataset import dataset_names
from lake.names import Names
from runner.aws import Aws
from runner.command import in_environment
from runner.errors import AwsError, Trouble, asking
from runner.outcome import EXIT_CODES, FinalStatus
from runner.record import Records
from runner.start import new_run_id

# Lake Formation's defaults that leave access to IAM (Lake Formation guide, 'Changing the default settings').
IAM_PRINCIPALS: Final = "IAM_ALLOWED_PRINCIPALS"
PACKAGES: Final = ("boto3", "pyiceberg", "typer")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` is what to do where it is not as it should be."""

    what: str
    good: bool
    said: str
    remedy: str | None = None


def doctor_command(env: str, *, as_json: bool, profile: str | None) -> int:
    """Show every finding; 0 where all are good, else 1, or 6 where AWS could not be asked at all."""

    def command(aws: Aws) -> int:
        from rich.console import Console

        from runner.text import say

        findings = list(examined(aws))
        console = Console()
        for finding in findings:
            if as_json:
                print(
                    json.dumps(
                        {"what": finding.what, "good": finding.good, "said": finding.said, "remedy": finding.remedy}
                    )
                )
                continue
            say(
                console,
                f"{'ok ' if finding.good else 'BAD'}  {finding.what}: {finding.said}",
                style=None if finding.good else "red",
            )
            if finding.remedy:
                say(console, f"     {finding.remedy}")
        if all(finding.good for finding in findings):
            return 0
        unreachable = findings[-1].what == IDENTITY
        return EXIT_CODES[FinalStatus.UNREACHABLE if unreachable else FinalStatus.FAILED]

    return in_environment(env, profile, command)


IDENTITY: Final = "credentials"


def examined(aws: Aws) -> Iterator[Finding]:
    """Yield the findings in an order in which the first bad one explains the rest; ends where AWS cannot be asked."""
    names = Names(aws.environment.name)
    yield Finding("versions", True, ", ".join(f"{package} {version(package)}" for package in PACKAGES))
    identity = _identity(aws)
    yield identity
    if not identity.good:
        return
    yield _stack(aws, names.storage_stack)
    for pipeline in dataset_names():
        yield _stack(aws, names.pipeline_stack(pipeline))
    yield from _permissions(aws, names)
    if not aws.environment.is_local:
        yield _lake_formation(aws)


def _identity(aws: Aws) -> Finding:
    region = aws.session.region_name or "none"
    try:
        with asking("ask who these credentials are"):
            who = aws.sts.get_caller_identity()
    except AwsError as error:
        return Finding(IDENTITY, False, str(error), aws.remedy(error))
    said = f"{who['Arn']}, account {who['Account']}, region {region}"
    expected = aws.environment.account
    if expected is not None and who["Account"] != expected:
        return Finding(
            IDENTITY,
            False,
            f"{said}; environment '{aws.environment.name}' is in account {expected}",
            "use credentials of that account: --profile",
        )
    return Finding(IDENTITY, True, said)


def _stack(aws: Aws, stack: str) -> Finding:
    deploy = f"make deploy ENV={aws.environment.name}"
    try:
        with asking(f"look at stack {stack}"):
            status = aws.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except AwsError as error:
        if error.trouble is Trouble.MISSING:
            return Finding(f"stack {stack}", False, "is not deployed", deploy)
        return Finding(f"stack {stack}", False, str(error), aws.remedy(error))
    good = status.endswith("_COMPLETE") and "ROLLBACK" not in status
    return Finding(f"stack {stack}", good, status, None if good else f"see why in CloudFormation, then: {deploy}")


def _permissions(aws: Aws, names: Names) -> Iterator[Finding]:
    """What run.py asks of AWS, tried where trying changes nothing."""
    bucket = Records(aws, names)
    probe = f"probe-{new_run_id()}"
    tries: Sequence[tuple[str, Callable[[str], object]]] = (
        ("glue:GetWorkflowRuns", lambda name: aws.glue.get_workflow_runs(Name=names.pipeline(name), MaxResults=1)),
        ("glue:GetCrawler", lambda name: aws.glue.get_crawler(Name=names.pipeline(name))),
        (
            "s3:GetObject of run records",
            lambda name: aws.s3.get_object(Bucket=bucket.bucket, Key=names.record_key(name, probe)),
        ),
        (
            "logs:DescribeLogStreams",
            lambda name: aws.logs.describe_log_streams(logGroupName=names.job_log_group(name, "output"), limit=1),
        ),
    )
    pipelines = dataset_names()
    for what, attempt in tries:
        denied = []
        for pipeline in pipelines:
            try:
                with asking(f"try {what}"):
                    attempt(pipeline)
            except AwsError as error:
                if error.trouble is Trouble.DENIED:
                    denied.append(pipeline)
                # What is not there yet is no matter of permission: the stacks' findings say it.
        if denied:
            said, remedy = f"denied for {', '.join(denied)}", "ask for it, or use other credentials: --profile"
            yield Finding(what, False, said, remedy)
        else:
            yield Finding(what, True, "may be used")


def _lake_formation(aws: Aws) -> Finding:
    what = "Lake Formation"
    try:
        with asking("look at Lake Formation's settings"):
            settings = aws.lakeformation.get_data_lake_settings()["DataLakeSettings"]
    except AwsError as error:
        if error.trouble is Trouble.DENIED:
            return Finding(what, True, "its settings may not be read with these credentials: not looked at")
        return Finding(what, False, str(error), aws.remedy(error))
    defaults = {
        "CreateDatabaseDefaultPermissions": settings.get("CreateDatabaseDefaultPermissions", []),
        "CreateTableDefaultPermissions": settings.get("CreateTableDefaultPermissions", []),
    }
    for default, permissions in defaults.items():
        principals = [each.get("Principal", {}).get("DataLakePrincipalIdentifier") for each in permissions]
        if IAM_PRINCIPALS not in principals:
            return Finding(
                what,
                False,
                f"{default} does not leave new resources to IAM, so that the jobs' roles may be refused",
                "grant the roles in Lake Formation, or set its defaults to use only IAM access control",
            )
    return Finding(what, True, "leaves databases and tables to IAM")

"""The two sides of a review: the stacks as they are deployed, and as the app declares them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lake.dataset_change import Resolved
from lake.names import DATASET_FILE_ARGUMENT, Names
from lake.review.change import Stack

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

Client = Callable[[str], Any]
"""Gives the client of a service."""

_STACK: Final = "aws:cloudformation:stack"
_EXTRA_FILES: Final = "--extra-files"
# A stack of which only a change set was made, and one that is gone.
_NOT_THERE: Final = ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE")


def declared(assembly: Path) -> dict[str, Stack]:
    """Return the stacks of a cloud assembly by name, in its order."""
    artifacts = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    found: dict[str, Stack] = {}
    for artifact_id, artifact in artifacts.items():
        if artifact["type"] != _STACK:
            continue
        properties = artifact["properties"]
        template = json.loads((assembly / properties["templateFile"]).read_text(encoding="utf-8"))
        name = properties.get("stackName", artifact_id)
        file = job_arguments(template).get(DATASET_FILE_ARGUMENT)
        dataset = json.loads((assembly / f"asset.{file}").read_text(encoding="utf-8")) if file else None
        found[name] = Stack(name, template, bool(properties.get("terminationProtection")), dataset)
    return found


def deployed(names: Names, client: Client) -> dict[str, Stack]:
    """Return the environment's stacks as AWS has them, by name.

    Asks CloudFormation for the stacks and their templates, S3 for each job's dataset, Glue for each curated table;
    changes nothing. What of a dataset it may not read stays None. Raises ClientError where CloudFormation refuses.
    """
    cloudformation = client("cloudformation")
    pages = cloudformation.get_paginator("describe_stacks").paginate()
    of_names = names.storage_stack
    return {
        stack["StackName"]: _deployed(stack, names, client)
        for page in pages
        for stack in page["Stacks"]
        if stack["StackName"] == of_names or stack["StackName"].startswith(f"{of_names}-")
        if stack["StackStatus"] not in _NOT_THERE
    }


def job_arguments(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the default arguments of the one job of a pipeline's stack; of another stack none."""
    return next(_arguments(template), {})


def _arguments(template: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in template.get("Resources", {}).values():
        if resource["Type"] == "AWS::Glue::Job":
            yield resource["Properties"].get("DefaultArguments", {})


def _deployed(stack: StackTypeDef, names: Names, client: Client) -> Stack:
    from botocore.exceptions import ClientError

    name = stack["StackName"]
    body: Any = client("cloudformation").get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
    template = json.loads(body) if isinstance(body, str) else json.loads(json.dumps(body))
    protected = stack.get("EnableTerminationProtection", False)
    arguments = job_arguments(template)
    if not arguments:
        return Stack(name, template, protected)
    dataset: Resolved | None = None
    bucket, key = _dataset_object(arguments, stack.get("StackId", ""))
    with suppress(ClientError):  # the comment says that it is not known
        dataset = json.loads(client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
    return Stack(name, template, protected, dataset, _has_rows(names, str(arguments.get("--DATASET")), client))


def _dataset_object(arguments: Mapping[str, Any], stack_id: str) -> tuple[str, str]:
    """Where the dataset's asset lies: its URL in the template, with the account and region of the stack's ARN."""
    from lake.review.template import readable

    _, _, _, region, account, *_ = [*stack_id.split(":"), "", "", "", "", ""]
    key = str(arguments.get(DATASET_FILE_ARGUMENT, ""))
    url = str(readable(arguments.get(_EXTRA_FILES, "")))
    bucket = url.removeprefix("s3://").partition("/")[0]
    return bucket.replace("${AWS::AccountId}", account).replace("${AWS::Region}", region), key


def _has_rows(names: Names, dataset: str, client: Client) -> bool:
    """Tell whether the curated table is there; also where that could not be asked, for then it may be."""
    from botocore.exceptions import ClientError

    try:
        client("glue").get_table(DatabaseName=names.curated_database, Name=names.curated_table(dataset))
    except ClientError as error:
        return error.response.get("Error", {}).get("Code") != "EntityNotFoundException"
    return True

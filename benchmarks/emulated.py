"""The deployed lake on this machine that benchmarks run against: its process, its buckets, and how to empty it."""

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from lake.aws import client, process_environment
from lake.environment import endpoint_url, load_environment
from lake.names import CURATED_BUCKET_OUTPUT, RAW_BUCKET_OUTPUT, Names
from local.process import status
from local.settings import Settings

ENVIRONMENT = load_environment("local")
NAMES = Names(ENVIRONMENT.name)
FIRST = "run 'make run' first"


class EmulatedLake:
    """Environment `local`, as AWS_ENDPOINT_URL has it. Raises SystemExit where it does not run or is not deployed."""

    def __init__(self) -> None:
        self.endpoint = endpoint_url(ENVIRONMENT, os.environ) or ""
        pid = status(Settings(port=urlsplit(self.endpoint).port or 0)).pid
        if pid is None:
            raise SystemExit(f"error: AWS does not run on this machine at {self.endpoint}: {FIRST}")
        self.pid = pid

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which a side's command reaches it."""
        return process_environment(ENVIRONMENT, os.environ)

    @cached_property
    def _outputs(self) -> Mapping[str, str]:
        try:
            stacks = client(ENVIRONMENT, "cloudformation").describe_stacks(StackName=NAMES.storage_stack)["Stacks"]
        except (BotoCoreError, ClientError) as error:
            raise SystemExit(f"error: {error}: {FIRST}") from error
        return {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}

    @property
    def raw_bucket(self) -> str:
        """The raw bucket's name."""
        return self._outputs[RAW_BUCKET_OUTPUT]

    @property
    def curated_bucket(self) -> str:
        """The curated bucket's name."""
        return self._outputs[CURATED_BUCKET_OUTPUT]

    def drop(self, database: str, table: str) -> None:
        """The catalog does not have the table."""
        glue = self.glue
        try:
            glue.delete_table(DatabaseName=database, Name=table)
        except glue.exceptions.EntityNotFoundException:
            return

    def empty(self, bucket: str, prefix: str) -> None:
        """No object lies under the prefix."""
        s3 = client(ENVIRONMENT, "s3")
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for found in page.get("Contents", []):
                s3.delete_object(Bucket=bucket, Key=found["Key"])

    @cached_property
    def glue(self) -> Any:
        """A Glue client."""
        return client(ENVIRONMENT, "glue")

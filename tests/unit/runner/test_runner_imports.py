"""What run.py imports, seen in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from lake.config_file import ROOT

# Each is slower than the whole of --help may be, or has no place in the runner.
HEAVY = ("aws_cdk", "boto3", "botocore", "pyarrow", "pydantic", "pyiceberg", "pyspark", "rich", "yaml")

IMPORTED = """
import sys
sys.argv = ["run.py", *{args!r}]
sys.path.insert(0, ".")
try:
    from runner.cli import main
    main()
except SystemExit as exit:
    print(f"code={{exit.code or 0}}", *sorted(name for name in {heavy!r} if name in sys.modules))
"""


def modules_after(*args: str) -> list[str]:
    code = IMPORTED.format(args=list(args), heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


def test_help_imports_nothing_heavy() -> None:
    assert modules_after("--help") == ["code=0"]


def test_help_of_start_imports_only_what_typer_reads_arguments_with() -> None:
    assert modules_after("start", "--help") == ["code=0", "pydantic"]


def test_wrong_name_is_found_without_importing_what_asks_aws() -> None:
    assert modules_after("nosuch") == ["code=2", "pydantic", "yaml"]


def test_all_modules_of_the_runner_import_no_cdk_and_no_spark() -> None:
    code = (
        "import importlib, pkgutil, sys, runner\n"
        "for module in pkgutil.walk_packages(runner.__path__, 'runner.'): importlib.import_module(module.name)\n"
        "print(*(name for name in ('aws_cdk', 'pyspark', 'runner.preview') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["runner.preview"]

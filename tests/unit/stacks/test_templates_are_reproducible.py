import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk

from app import new_app
from lake.config_file import ROOT
from lake.dataset import load_dataset
from lake.environment import Upkeep
from stacks.job_code import JARS_FOLDER, JobCode, rules_jars

NEEDED = ["app.py", "cdk.json", "lake", "local", "stacks", "environments", "datasets", "glue_scripts"]


def copy_of_the_app(folder: Path) -> Path:
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    (folder / ".lake").mkdir()
    (folder / ".lake" / "jars").symlink_to(JARS_FOLDER)
    return folder


def files_of_a_synth(app: Path, outdir: Path, **environ: str) -> dict[str, bytes]:
    variables = {**os.environ, "CDK_OUTDIR": str(outdir), "CDK_VALIDATION": "false", **environ}
    subprocess.run([sys.executable, "app.py"], cwd=app, env=variables, check=True)
    return {path.name: path.read_bytes() for path in outdir.glob("*.json")}


def test_two_synths_are_byte_identical_with_a_test_run_between_them_elsewhere_and_at_another_time_of_day(
    tmp_path: Path,
) -> None:
    first = copy_of_the_app(tmp_path / "one")
    before = files_of_a_synth(first, tmp_path / "out1", TZ="UTC")
    second = copy_of_the_app(tmp_path / "another" / "folder")
    assert compileall.compile_dir(second / "glue_scripts", quiet=1)
    assert list((second / "glue_scripts").rglob("*.pyc"))
    (second / "glue_scripts" / "lib" / "notes.txt").write_text("not a stage")
    after = files_of_a_synth(second, tmp_path / "out2", TZ="Pacific/Auckland")
    assert "lake-local-flights.template.json" in before
    assert after == before


def keys_of_the_code(glue_scripts: Path, outdir: Path) -> dict[str, str]:
    code = JobCode(
        cdk.Stack(new_app(str(outdir), validate=False), "Stack"),
        "Code",
        dataset=load_dataset("flights"),
        upkeep=Upkeep(),
        glue_scripts=glue_scripts,
    )
    return {"Script": code.script, "Stages": code.stages, "Dataset": code.dataset}


def test_a_changed_stage_changes_the_stages_alone(tmp_path: Path) -> None:
    scripts = copy_of_the_app(tmp_path / "app") / "glue_scripts"
    before = keys_of_the_code(scripts, tmp_path / "out1")
    with (scripts / "lib" / "__init__.py").open("a") as stage:
        stage.write("# changed\n")
    after = keys_of_the_code(scripts, tmp_path / "out2")
    assert {asset for asset in before if before[asset] != after[asset]} == {"Stages"}


def test_a_dataset_with_table_rules_has_deequ_with_its_job_and_one_without_has_no_jar() -> None:
    flights = load_dataset("flights")
    with_rules = flights.model_copy(update={"table_rules": "Rules = [ RowCount > 0 ]"})
    assert [jar.name.split("-")[0] for jar in rules_jars(with_rules)] == ["deequ", "dqdl"]
    assert rules_jars(flights.model_copy(update={"table_rules": None})) == []


def test_jars_are_part_of_the_code_where_they_are_given(tmp_path: Path) -> None:
    jar = tmp_path / "rules-1.0.jar"
    jar.write_bytes(b"jar")
    stack = cdk.Stack(new_app(str(tmp_path / "out"), validate=False), "Stack")
    code = JobCode(stack, "Code", dataset=load_dataset("flights"), upkeep=Upkeep(), jars=[jar])
    assert code.keys[-1].endswith(".jar")


def test_a_wrong_dataset_ends_with_exit_code_2_and_no_traceback(tmp_path: Path) -> None:
    app = copy_of_the_app(tmp_path / "app")
    (app / "datasets" / "flights.yaml").write_text("name: flights\nsource: {prefix: raw/flights/, format: xml}\n")
    done = subprocess.run([sys.executable, "app.py"], cwd=app, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (
        done.stderr
        == "datasets/flights.yaml:2: source.format: input should be 'csv', 'json' or 'parquet', not \"xml\"\n"
    )

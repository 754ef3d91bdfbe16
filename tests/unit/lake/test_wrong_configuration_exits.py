import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lake.config_file import ROOT

# The configuration's folders are found beside lake/.
COPIED = ("app.py", "run.py", "lake", "datasets", "environments")
LINKED = ("cdk.json", "local", "runner", "stacks")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what app.py and run.py read before they build or ask anything, with two mistakes in flights."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    for name in LINKED:
        (tmp_path / name).symlink_to(ROOT / name)
    flights = tmp_path / "datasets" / "flights.yaml"
    text = flights.read_text(encoding="utf-8")
    assert text.count("key: [carrier,") == text.count("count: 2") == 1
    flights.write_text(text.replace("key: [carrier,", "key: [carier,").replace("count: 2", "count: 1"))
    return tmp_path


@pytest.mark.parametrize("command", [["app.py"], ["run.py", "flights"]])
def test_wrong_configuration_ends_with_exit_code_2_and_every_mistake(project: Path, command: list[str]) -> None:
    done = subprocess.run([sys.executable, *command], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    lines = done.stderr.removeprefix("error: ").splitlines()
    assert [line.split(": ")[1:] for line in lines] == [
        [
            "key[0]",
            "no column 'carier'; declared",
            "year, month, day, dep_time, sched_dep_time, dep_delay, arr_time, sched_arr_time, arr_delay, carrier, "
            "flight, tailnum, origin, dest, air_time, distance, hour, minute, time_hour; did you mean 'carrier'?",
        ],
        ["workers.count", "input should be greater than or equal to 2, not 1"],
    ]
    assert [line.split(":")[0] for line in lines] == ["datasets/flights.yaml"] * 2

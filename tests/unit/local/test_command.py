"""What `python -m local` prints and exits with. No emulator is started here: its process is a stand-in."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

import local.__main__ as command
from local import process
from local.command import report
from local.health import Health, code_digest
from local.process import EmulatorError, Status
from local.settings import Settings

ENDPOINT = "http://127.0.0.1:4999"
GLUE = {
    "actions": ["GetTable", "StartJobRun"],
    "jobs": ["glueetl"],
    "glue_versions": ["5.0", "5.1"],
    "triggers": ["ON_DEMAND"],
    "crawler_targets": ["S3Targets"],
}
NOT_RUNNING = Status(pid=None, endpoint=ENDPOINT, healthy=False)


def running(*, iam: bool = True) -> Status:
    return Status(123, ENDPOINT, True, Health(iam_enforced=iam, code=code_digest(), ministack="1.2", glue=GLUE))


class Emulator:
    """The process: what was done to it, and what it is found to be."""

    def __init__(self, found: Status) -> None:
        self.found = found
        self.done: list[str] = []

    def status(self, settings: Settings) -> Status:
        return self.found

    def start(self, settings: Settings, *, iam: bool) -> Status:
        self.done.append("start" if iam else "start without IAM")
        if self.found.pid is None:
            self.found = running(iam=iam)
        return self.found

    def stop(self, settings: Settings) -> bool:
        self.done.append("stop")
        ran, self.found = self.found.pid is not None, NOT_RUNNING
        return ran


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Emulator:
    """One that does not run; its files are in a folder of the test's."""
    stand_in = Emulator(NOT_RUNNING)
    for name in ("status", "start", "stop"):
        monkeypatch.setattr(process, name, getattr(stand_in, name))
    monkeypatch.setattr(command, "Settings", lambda port: Settings(port=port, state_dir=tmp_path))
    return stand_in


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(command.app, [arguments[0], "--port", "4999", *arguments[1:]], input=text)


def test_up_starts_it_with_iam_enforced(emulator: Emulator) -> None:
    up = run("up")
    assert (up.exit_code, emulator.done) == (0, ["start"])
    assert up.stdout == f"AWS runs on this machine at {ENDPOINT} (process 123).\n"


def test_up_without_iam_says_what_that_means(emulator: Emulator) -> None:
    up = run("up", "--no-iam")
    assert emulator.done == ["start without IAM"]
    assert up.stdout.splitlines()[1:] == [report.NOT_ENFORCED]


@pytest.mark.parametrize(
    ("iam", "asked", "said"),
    [
        (True, [], []),
        (True, ["--no-iam"], [report.ENFORCED_AFTER_ALL]),
        (False, [], [report.NOT_ENFORCED_BEFORE]),
        (False, ["--no-iam"], [report.NOT_ENFORCED]),
    ],
)
def test_up_while_it_runs_with_other_settings_is_no_error_and_says_which_differ(
    emulator: Emulator, iam: bool, asked: list[str], said: list[str]
) -> None:
    emulator.found = running(iam=iam)
    up = run("up", *asked)
    assert up.exit_code == 0
    assert up.stdout.splitlines() == [f"AWS runs already on this machine at {ENDPOINT} (process 123).", *said]


def test_up_that_fails_says_why_and_exits_1(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(settings: Settings, *, iam: bool) -> Status:
        raise EmulatorError("Port 4999 of 127.0.0.1 is taken")

    monkeypatch.setattr(process, "start", refuse)
    up = run("up")
    assert (up.exit_code, up.stderr) == (1, "error: Port 4999 of 127.0.0.1 is taken\n")


def test_status_tells_what_it_is_like(emulator: Emulator) -> None:
    emulator.found = running()
    status = run("status")
    assert status.exit_code == 0
    first, *facts = status.stdout.splitlines()
    assert first == f"running at {ENDPOINT} (process 123)"
    told = {words[0]: " ".join(words[1:]) for words in (line.split() for line in facts)}
    assert told["IAM"] == "enforced"
    assert told["Glue"] == "2 actions; jobs glueetl of Glue 5.0 5.1; triggers ON_DEMAND; crawlers of S3Targets"
    assert told["other"].endswith("MiniStack 1.2")
    assert told["log"].endswith("/4999.log")


def test_status_says_that_iam_is_not_enforced(emulator: Emulator) -> None:
    emulator.found = running(iam=False)
    assert "  IAM   not enforced: every call is allowed" in run("status").stdout.splitlines()


def test_status_of_one_of_other_code_that_tells_other_things_says_that_it_is_outdated(emulator: Emulator) -> None:
    emulator.found = Status(
        123, ENDPOINT, True, Health(iam_enforced=True, code="older", glue={"actions": ["GetTable"]})
    )
    lines = run("status").stdout.splitlines()
    assert "  Glue  1 actions; jobs ? of Glue ?; triggers ?; crawlers of ?" in lines
    assert lines[-1] == report.OUTDATED


def test_status_of_one_that_does_not_run_exits_1_and_says_what_to_do(emulator: Emulator) -> None:
    status = run("status")
    assert status.exit_code == 1
    assert status.stdout == f"not running ({ENDPOINT}). Start it: make up, or python -m local up\n"


def test_status_of_one_that_does_not_answer_exits_1_and_says_what_to_do(emulator: Emulator) -> None:
    emulator.found = Status(123, ENDPOINT, healthy=False)
    status = run("status")
    assert status.exit_code == 1
    assert status.stdout.splitlines()[0] == f"not answering at {ENDPOINT} (process 123)"
    assert status.stdout.splitlines()[-1] == report.NO_ANSWER


def test_status_as_json_is_one_object(emulator: Emulator) -> None:
    emulator.found = running()
    told = json.loads(run("status", "--json").stdout)
    assert (told["running"], told["answering"], told["pid"], told["endpoint"]) == (True, True, 123, ENDPOINT)
    assert (told["iam_enforced"], told["outdated"], told["glue"]) == (True, False, GLUE)


def test_status_as_json_of_one_that_does_not_run_exits_1_too(emulator: Emulator) -> None:
    status = run("status", "--json")
    told = json.loads(status.stdout)
    assert (status.exit_code, told["running"], told["pid"], told["glue"]) == (1, False, None, None)


@pytest.mark.parametrize("iam", [True, False])
def test_reset_ends_it_and_starts_it_as_it_was(emulator: Emulator, iam: bool) -> None:
    emulator.found = running(iam=iam)
    reset = run("reset", "--yes")
    assert reset.exit_code == 0
    assert emulator.done == ["stop", "start" if iam else "start without IAM"]
    assert reset.stdout.startswith(f"AWS runs on this machine at {ENDPOINT} (process 123), with nothing in it.\n")


def test_reset_of_one_that_does_not_run_starts_it(emulator: Emulator) -> None:
    assert (run("reset").exit_code, emulator.found.pid) == (0, 123)


@pytest.mark.parametrize(("answer", "done"), [("n\n", []), ("\n", []), ("y\n", ["stop", "start"])])
def test_reset_asks_on_a_terminal(
    emulator: Emulator, answer: str, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.found = running()
    monkeypatch.setattr(command, "_on_a_terminal", lambda: True)
    reset = run("reset", text=answer)
    assert f"Take away all buckets, tables, stacks and runs at {ENDPOINT}? [y/N]" in reset.stdout
    assert (emulator.done, reset.exit_code) == (done, 0 if done else 1)


def test_reset_with_yes_does_not_ask_on_a_terminal(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    emulator.found = running()
    monkeypatch.setattr(command, "_on_a_terminal", lambda: True)
    assert "[y/N]" not in run("reset", "-y").stdout
    assert emulator.done == ["stop", "start"]


def test_reset_where_nobody_can_be_asked_goes_on(emulator: Emulator) -> None:
    emulator.found = running()
    assert run("reset").exit_code == 0
    assert emulator.done == ["stop", "start"]


def test_logs_prints_the_last_lines_of_its_own_log(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "4999.log").write_text("one\ntwo\nthree\n")
    assert run("logs", "--lines", "2").stdout == "two\nthree\n"


def test_logs_of_one_that_has_logged_nothing_says_where_jobs_log(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "4999.log").write_text("")
    logs = run("logs")
    assert (logs.exit_code, logs.stdout, logs.stderr) == (0, "", f"{command.NOTHING_LOGGED}\n")


@pytest.mark.parametrize("arguments", [[], ["--follow"], ["/aws-glue/jobs/output"]])
def test_logs_of_one_that_never_ran_exits_1_and_says_what_to_do(emulator: Emulator, arguments: list[str]) -> None:
    logs = run("logs", *arguments)
    assert logs.exit_code == 1
    assert logs.stderr == f"error: {command.NOT_RUNNING.format(ENDPOINT)}\n"


def test_a_stream_without_a_group_is_wrong_use(emulator: Emulator) -> None:
    logs = run("logs", "--stream", "jr_1")
    assert logs.exit_code == 2
    assert "--stream is for a group of CloudWatch Logs; name one" in logs.stderr


@pytest.mark.parametrize("port", ["0", "65536", "many"])
def test_a_port_that_is_none_is_wrong_use(port: str) -> None:
    refused = CliRunner().invoke(command.app, ["up", "--port", port])
    assert refused.exit_code == 2
    assert "--port" in refused.stderr


def test_help_shows_examples_that_are_commands() -> None:
    shown = CliRunner().invoke(command.app, ["--help"]).stdout
    named = {line.split()[3] for line in shown.splitlines() if line.startswith("    python -m local ")}
    there = {one.name or (one.callback.__name__ if one.callback else "") for one in command.app.registered_commands}
    assert {"up", "status", "logs", "reset", "down"} <= named <= there
    assert isinstance(command.app, typer.Typer)

from __future__ import annotations

import pytest
from typer.models import CommandInfo

from runner.cli import app, main
from runner.command_start import StartOptions


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[StartOptions]:
    """The options that the command was called with."""
    options: list[StartOptions] = []

    def start_command(given: StartOptions) -> int:
        options.append(given)
        return 5

    monkeypatch.setattr("runner.command_start.start_command", start_command)
    return options


def exit_code(*args: str) -> int | str | None:
    with pytest.raises(SystemExit) as exit:
        main(args)
    return exit.value.code


@pytest.mark.parametrize(
    ("args", "pipelines"),
    [
        ((), []),
        (("flights",), ["flights"]),
        (("start", "flights"), ["flights"]),
        (("start", "start"), ["start"]),
        (("flights", "weather"), ["flights", "weather"]),
        (("--no-wait", "flights"), ["flights"]),
    ],
)
def test_start_is_the_default_command(given: list[StartOptions], args: tuple[str, ...], pipelines: list[str]) -> None:
    assert exit_code(*args) == 5
    assert list(given[0].pipelines) == pipelines


def test_every_option_reaches_the_command(given: list[StartOptions]) -> None:
    exit_code(
        *("flights", "--env", "prod", "--run-id", "r", "--no-wait", "--timeout", "45m", "--json", "--profile", "p"),
        *("--if-busy", "refuse", "--verbose", "--on-interrupt", "stop", "--svg", "run.svg"),
        *("--only", "job"),
    )
    expected = StartOptions(
        ["flights"],
        "prod",
        "r",
        no_wait=True,
        timeout="45m",
        json=True,
        profile="p",
        if_busy="refuse",
        verbose=True,
        on_interrupt="stop",
        svg="run.svg",
        only="job",
    )
    assert given == [expected]


def test_environment_is_local_unless_named(given: list[StartOptions]) -> None:
    exit_code("flights")
    assert given[0].env == "local"


def test_unknown_option_is_wrong_use(given: list[StartOptions], capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("flights", "--nosuch") == 2
    assert "--nosuch" in capsys.readouterr().err
    assert given == []


@pytest.mark.parametrize("args", [("--help",), ("start", "--help")])
def test_help_shows_examples_and_exit_codes(capsys: pytest.CaptureFixture[str], args: tuple[str, ...]) -> None:
    assert exit_code(*args) == 0
    shown = capsys.readouterr().out
    assert "  python run.py flights --env prod " in shown
    assert "130 interrupted" in shown


def name_of(command: CommandInfo) -> str:
    return command.name or str(getattr(command.callback, "__name__", ""))


@pytest.mark.parametrize("command", app.registered_commands, ids=lambda command: name_of(command))
def test_help_of_each_command_has_examples_of_itself_whose_options_it_takes(
    capsys: pytest.CaptureFixture[str], command: CommandInfo
) -> None:
    name = name_of(command)
    assert exit_code(name, "--help") == 0
    shown = capsys.readouterr().out
    examples = [line.split()[2:] for line in shown.partition("Examples:")[2].splitlines() if "python run.py" in line]
    assert len(examples) > 1
    if name != "start":
        assert {words[0] for words in examples} == {name}
    options = shown.partition("Examples:")[0]
    assert not [word for words in examples for word in words if word.startswith("--") and f"{word} " not in options]


def test_help_lists_only_commands_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code("--help")
    commands = capsys.readouterr().out.partition("Commands:\n")[2].partition("\n\n")[0]
    known = ["start", "status", "attach", "stop", "logs", "list", "history", "backfill", "quarantine", "doctor"]
    assert [line.split()[0] for line in commands.splitlines()] == known

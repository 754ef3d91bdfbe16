"""The options and arguments that several commands take, as typer reads them. Nothing else is imported for `--help`."""

from __future__ import annotations

from typing import Annotated

import typer

from runner.options import OnInterrupt

Env = Annotated[str, typer.Option("--env", metavar="ENV", help="A file of environments/.")]
Profile = Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration to use.")]
RunId = Annotated[
    str | None, typer.Option("--run-id", metavar="ID", help="The run's id, or AWS's. Default: the latest.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a pipeline on stdout.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="All lines of the job's log, Spark's and Glue's too.")]
Pipeline = Annotated[
    str | None, typer.Argument(metavar="PIPELINE", help="Default: the environment's default pipeline.")
]
Pipelines = Annotated[
    list[str] | None, typer.Argument(metavar="PIPELINE", help="Default: the environment's default pipeline.")
]
Timeout = Annotated[
    str | None,
    typer.Option(metavar="45m", help="Wait no longer; the run goes on. Default: the job's own time limit and an hour."),
]
Interrupt = Annotated[
    OnInterrupt | None,
    typer.Option(
        "--on-interrupt", help="What Ctrl-C does with runs that go on. Default: ask on a terminal, else leave."
    ),
]
NewRunId = Annotated[str | None, typer.Option("--run-id", metavar="ID", help="Name of the run. Default: a new one.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Start it and leave.")]

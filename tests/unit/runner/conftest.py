"""A scripted AWS, a clock that only sleeping moves, and the runner's command on them."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from boto3.session import Session

from lake.aws import session_for
from lake.environment import Environment, load_environment
from runner.aws import Aws
from runner.command_start import StartOptions, start_command
from tests.unit.runner.fake_time import FakeTime
from tests.unit.runner.scripted_aws import ScriptedAws, Serving

CURATED_BUCKET = "curated-of-the-tests"
RAW_BUCKET = "raw-of-the-tests"
RUN_ID = "run-1"


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture(scope="session")
def served() -> Iterator[ScriptedAws]:
    scripted = ScriptedAws()
    with Serving(scripted):
        yield scripted


@pytest.fixture(scope="session")
def clients(served: ScriptedAws) -> Aws:
    """Real clients of the scripted AWS, made once: each costs a tenth of a second."""
    return Aws(load_environment("local"), None, {"AWS_ENDPOINT_URL": served.url})


@pytest.fixture(scope="session")
def sessions() -> Callable[[Environment, str | None], Session]:
    """boto3's sessions, each made once: a session reads the models of its services anew."""
    made: dict[tuple[str, str | None], Session] = {}

    def session(environment: Environment, profile: str | None = None) -> Session:
        key = (environment.name, profile)
        if key not in made:
            made[key] = session_for(environment, profile)
        return made[key]

    return session


@pytest.fixture
def aws(
    served: ScriptedAws, sessions: Callable[[Environment, str | None], Session], monkeypatch: pytest.MonkeyPatch
) -> ScriptedAws:
    """The scripted AWS with a deployed lake, where a start succeeds and nothing else is answered yet."""
    served.reset()
    served.outputs = {"lake-local": {"CuratedBucketName": CURATED_BUCKET, "RawBucketName": RAW_BUCKET}}
    served.answers = {"StartWorkflowRun": [{"RunId": "wr_1"}]}
    monkeypatch.setattr("runner.aws.session_for", sessions)
    monkeypatch.setenv("AWS_ENDPOINT_URL", served.url)
    return served


@pytest.fixture
def put_record(aws: ScriptedAws) -> Callable[[dict[str, Any]], None]:
    def put(record: dict[str, Any]) -> None:
        key = f"{CURATED_BUCKET}/ops/records/{record['dataset']}/{record['run_id']}.json"
        aws.objects[key] = json.dumps(record).encode()

    return put


@dataclass(frozen=True)
class Ran:
    """What came of one use of the command."""

    code: int
    out: str
    err: str


@pytest.fixture
def run_start(fake_time: FakeTime, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def run(*pipelines: str, **options: Any) -> Ran:
        given = {"env": "local", "run_id": RUN_ID, **options}
        code = start_command(StartOptions(pipelines=pipelines, **given), fake_time.as_time())
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def unused_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port

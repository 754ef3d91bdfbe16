"""`python -m local` as a user has it: processes of its own, on a free port, on a real emulator."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local import process
from local.glue.model import operation, service_model
from local.health import PATH
from local.settings import HOST, PROJECT, Settings
from tests.integration.aws import USER_TRUST, Aws, wait_for
from tests.integration.conftest import free_port
from tests.integration.event_aws import queue, rule

pytestmark = pytest.mark.integration


class Command:
    """`python -m local` on one port. Its files are those of the project, named by that port."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What it prints; it must exit with `code`."""
        done = subprocess.run(self.line(*arguments), cwd=PROJECT, env=self.environment, text=True, capture_output=True)
        assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def line(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "local", *arguments]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "AWS_ENDPOINT_URL": self.settings.endpoint, "PYTHONUNBUFFERED": "1"}

    @property
    def status(self) -> dict[str, Any]:
        return dict(json.loads(self("status", "--json")))


@pytest.fixture
def local() -> Iterator[Command]:
    """The command on a port of the test's own; ended and cleared away after it."""
    settings = Settings(port=free_port())
    yield Command(settings)
    process.stop(settings)
    for file in (settings.log_file, settings.lock_file):
        file.unlink(missing_ok=True)


def test_it_starts_stays_tells_resets_and_ends(local: Command) -> None:
    assert "not running" in local("status", code=1)
    assert local("up").startswith(f"AWS runs on this machine at {local.settings.endpoint} ")
    first = local.status
    assert (first["answering"], first["iam_enforced"], first["outdated"]) == (True, True, False)
    s3 = Aws(local.settings.endpoint).client("s3")
    s3.create_bucket(Bucket="kept")

    assert "IAM is enforced, since it was started without --no-iam" in local("up", "--no-iam")
    assert local.status["pid"] == first["pid"]
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["kept"]

    assert "with nothing in it" in local("reset", "--yes")
    assert local.status["pid"] != first["pid"]
    assert s3.list_buckets()["Buckets"] == []

    assert local("down") == "AWS on this machine has ended.\n"
    assert local("down") == "AWS did not run on this machine.\n"
    assert local("reset", "--yes") != ""
    assert local.status["answering"] is True


def test_without_iam_every_call_is_allowed_and_health_status_and_reset_say_so(local: Command) -> None:
    assert "IAM is not enforced: every call is allowed" in local("up", "--no-iam")
    assert local.status["iam_enforced"] is False
    aws = Aws(local.settings.endpoint)
    nothing = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    role = aws.role("may-do-nothing", nothing, trust=USER_TRUST)
    assert aws.client_of(role, "glue").get_tables(DatabaseName=new_database(aws))["TableList"] == []
    aws.client_of(role, "s3").create_bucket(Bucket="made-by-nobody")
    closed = queue(aws, "lets-nobody-in", of=None)
    rule(aws, "told", {"source": ["own"]}, {"Arn": closed.arn})
    aws.client("events").put_events(Entries=[{"Source": "own", "DetailType": "told", "Detail": "{}"}])
    assert closed.event()["source"] == "own"

    assert "IAM is not enforced" in local("reset", "-y")
    assert local.status["iam_enforced"] is False


def test_with_iam_the_same_role_is_refused(aws: Aws) -> None:
    role = aws.role("may-do-nothing-here", {"Effect": "Deny", "Action": "*", "Resource": "*"}, trust=USER_TRUST)
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client_of(role, "glue").get_tables(DatabaseName="any")
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client_of(role, "s3").create_bucket(Bucket="made-by-nobody-here")


def new_database(aws: Aws) -> str:
    aws.client("glue").create_database(DatabaseInput={"Name": "free"})
    return "free"


def test_health_lists_the_actions_that_are_served_and_no_other(emulator: Settings, aws: Aws) -> None:
    with urllib.request.urlopen(emulator.endpoint + PATH, timeout=5) as answer:
        listed = set(json.load(answer)["glue"]["actions"])
    names = set(service_model().operation_names)
    assert len(listed) > 60
    assert listed <= names
    # What asks for nothing can be asked with nothing; a request that lacks something is refused before all else.
    easy = {name for name in names if not getattr(operation(name).input_shape, "required_members", [])}
    served = {name for name in easy if is_served(aws, name)}
    assert len(easy - served) > 20
    assert served == listed & easy


def is_served(aws: Aws, action: str) -> bool:
    glue = aws.client("glue")
    [method] = [method for method, name in glue.meta.method_to_api_mapping.items() if name == action]
    try:
        getattr(glue, method)()
    except ClientError as error:
        return error.response["Error"]["Code"] != "UnknownOperationException"
    return True


def test_logs_shows_what_a_job_prints_and_follows_until_the_emulator_ends(local: Command) -> None:
    local("up")
    logs = Aws(local.settings.endpoint).client("logs")
    assert "there are none yet" in local("logs", "/aws-glue/jobs/output", code=1)
    logs.create_log_group(logGroupName="/aws-glue/jobs/output")
    for stream in ("jr_1", "jr_2"):
        logs.create_log_stream(logGroupName="/aws-glue/jobs/output", logStreamName=stream)
        put(logs, stream, f"printed by {stream}")
    assert "those that there are: /aws-glue/jobs/output" in local("logs", "/aws-glue/jobs", code=1)
    shown = local("logs", "/aws-glue/jobs/output", "--stream", "jr_2")
    assert shown.splitlines()[0] == "==> jr_2 <=="
    assert shown.endswith(" printed by jr_2\n")

    command = local.line("logs", "/aws-glue/jobs/output", "--follow")
    with subprocess.Popen(command, cwd=PROJECT, env=local.environment, text=True, stdout=subprocess.PIPE) as following:
        assert following.stdout is not None
        seen: list[str] = []
        reader = threading.Thread(target=lambda: seen.extend(following.stdout or ()), daemon=True)
        reader.start()
        wait_for(lambda: any("printed by jr_2" in line for line in seen), seconds=20, what="what was there")
        put(logs, "jr_1", "printed later")
        wait_for(lambda: seen and seen[-1].endswith(" printed later\n"), seconds=20, what="what came")
        local("down")
        assert following.wait(timeout=20) == 0
        reader.join()


def put(logs: Any, stream: str, message: str) -> None:
    event = {"timestamp": int(time.time() * 1000), "message": message}
    logs.put_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=stream, logEvents=[event])


def test_ctrl_c_ends_logs_that_follow_with_130(local: Command) -> None:
    local("up")
    local.settings.log_file.write_text("a line\n")
    command = local.line("logs", "--follow")
    with subprocess.Popen(command, cwd=PROJECT, env=local.environment, text=True, stdout=subprocess.PIPE) as following:
        assert following.stdout is not None
        assert following.stdout.readline() == "a line\n"
        following.send_signal(signal.SIGINT)
        assert following.wait(timeout=20) == 130


def test_two_starts_at_once_start_one(tmp_path: Path) -> None:
    settings = Settings(port=free_port(), state_dir=tmp_path)
    found: list[process.Status] = []
    threads = [threading.Thread(target=lambda: found.append(process.start(settings))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert len(found) == 3
        assert len({one.pid for one in found}) == 1
        assert all(one.healthy for one in found)
    finally:
        process.stop(settings)


def test_a_port_of_another_program_is_an_error_with_the_way_out(local: Command) -> None:
    with socket.socket() as other:
        other.bind((HOST, local.settings.port))
        other.listen()
        said = local("up", code=1)
    assert f"error: Port {local.settings.port} of 127.0.0.1 is taken by another program" in said
    assert "choose another port: AWS_ENDPOINT_URL=http://127.0.0.1:PORT" in said


def test_a_stale_pid_file_is_in_nobodys_way(local: Command) -> None:
    local.settings.pid_file.parent.mkdir(parents=True, exist_ok=True)
    local.settings.pid_file.write_text(str(os.getpid()))
    assert "not running" in local("status", code=1)
    assert "AWS runs on this machine" in local("up")
    assert local.status["answering"] is True

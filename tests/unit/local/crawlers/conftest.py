"""One MiniStack for the tests of the crawler that need S3 and a catalog, on a free port, ended with the session."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.unit.local.crawlers.crawled_lake import CrawledLake

START_SECONDS = 60


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "rule(*names): the rules of local/glue/crawlers/rules.py that the test holds")


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a MiniStack that enforces no IAM."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("ministack") / "log"
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "false",
        "GATEWAY_PORT": str(port),
    }
    endpoint = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "ministack"], env=environment, stdout=output, stderr=output)
    try:
        _wait_for(endpoint, process, log)
        yield endpoint
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture
def lake(ministack: str) -> CrawledLake:
    """An empty bucket and an empty database."""
    name = uuid.uuid4().hex[:12]
    options: dict[str, Any] = {
        "endpoint_url": ministack,
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
        "region_name": "us-east-1",
    }
    s3, glue = boto3.client("s3", **options), boto3.client("glue", **options)
    s3.create_bucket(Bucket=f"lake-{name}")
    glue.create_database(DatabaseInput={"Name": f"db_{name}"})
    return CrawledLake(s3, glue, f"lake-{name}", f"db_{name}")


def _wait_for(endpoint: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=1):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"MiniStack did not start:\n{log.read_text(errors='replace')[-2000:]}")

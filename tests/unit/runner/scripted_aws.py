"""A scripted AWS on loopback: it answers boto3's real calls with what a test gives it, and keeps each call."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Fault:
    """An error of AWS."""

    code: str
    message: str = "scripted"
    status: int = 400


@dataclass(frozen=True)
class Dropped:
    """A connection that is closed without an answer."""


LOG_PAGE = 3
IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::000000000000:root</Arn>"
    "<UserId>000000000000</UserId><Account>000000000000</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)

Answer = dict[str, Any] | Fault | Dropped
Script = list[Answer] | Callable[[dict[str, Any]], Answer]


@dataclass
class ScriptedAws:
    """Answers by action: a list is answered in turn, its last answer for ever. S3 objects by `bucket/key`."""

    answers: dict[str, Script] = field(default_factory=dict)
    objects: dict[str, bytes | Fault] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    logs: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    puts: Script | None = None
    """Where given, what becomes of each PutObject: {} is what S3 does."""
    written: dict[str, float] = field(default_factory=dict)
    time: Callable[[], float] = time.time
    url: str = ""

    def reset(self) -> None:
        """Forget everything but the address."""
        for kept in (self.answers, self.objects, self.outputs, self.logs, self.written):
            kept.clear()
        self.calls.clear()
        self.puts, self.time = None, time.time

    def count(self, action: str) -> int:
        return sum(1 for name, _ in self.calls if name == action)

    def last(self, action: str) -> dict[str, Any]:
        return [body for name, body in self.calls if name == action][-1]

    def answer(self, action: str, body: dict[str, Any]) -> Answer:
        self.calls.append((action, body))
        match action:
            case "DescribeLogStreams":
                return self._log_streams(body)
            case "GetLogEvents":
                return self._log_events(body)
        script = self.answers.get(action)
        if script is None:
            return Fault("InvalidAction", f"the script has no answer to {action}")
        return self._next(script, body)

    def _next(self, script: Script, body: dict[str, Any]) -> Answer:
        if callable(script):
            return script(body)
        return script.pop(0) if len(script) > 1 else script[0]

    def listing(self, bucket: str, query: dict[str, list[str]]) -> bytes:
        """ListObjectsV2, in one page."""
        (prefix,) = query.get("prefix", [""])
        self.calls.append(("ListObjectsV2", {"bucket": bucket, "prefix": prefix}))
        keys = sorted(path.removeprefix(f"{bucket}/") for path in self.objects if path.startswith(f"{bucket}/{prefix}"))
        contents = "".join(self._listed(bucket, key) for key in keys)
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>".encode()

    def _listed(self, bucket: str, key: str) -> str:
        path = f"{bucket}/{key}"
        content = self.objects[path]
        size = len(content) if isinstance(content, bytes) else 0
        modified = datetime.fromtimestamp(self.written.get(path, 0.0), UTC).isoformat()
        return f"<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>{modified}</LastModified></Contents>"

    def put(self, path: str, body: bytes, if_match: str | None, if_none_match: str | None) -> Answer:
        """A conditional put as S3 does it; a scripted Dropped loses the answer, not the object."""
        self.calls.append(("PutObject", {"path": path, "body": body}))
        script = {} if self.puts is None else self._next(self.puts, {"path": path})
        if isinstance(script, Fault):
            return script
        found = self.objects.get(path)
        there = found if isinstance(found, bytes) else None
        if (if_none_match == "*" and there is not None) or (if_match and (there is None or etag(there) != if_match)):
            return Fault("PreconditionFailed", status=412)
        self.objects[path], self.written[path] = body, self.time()
        return script

    def _log_events(self, body: dict[str, Any]) -> Answer:
        """Events from the head by pages of three, whose token says how far; else the last ones."""
        lines = self.logs[body["logGroupName"]][body["logStreamName"]]
        if not body["startFromHead"]:
            return {"events": [{"timestamp": at, "message": line} for at, line in enumerate(lines[-body["limit"] :])]}
        first = int(body.get("nextToken", "f/0").partition("/")[2])
        events = [{"timestamp": at, "message": line} for at, line in enumerate(lines)][first : first + LOG_PAGE]
        return {"events": events, "nextForwardToken": f"f/{first + len(events)}"}

    def _log_streams(self, body: dict[str, Any]) -> Answer:
        group = self.logs.get(body["logGroupName"])
        if group is None:
            return Fault("ResourceNotFoundException", "no such log group")
        names = [name for name in group if name.startswith(body["logStreamNamePrefix"])]
        return {"logStreams": [{"logStreamName": name} for name in names]}

    def stack(self, name: str) -> tuple[int, str]:
        self.calls.append(("DescribeStacks", {"StackName": name}))
        if name not in self.outputs:
            return 400, _xml_error("ValidationError", f"Stack with id {name} does not exist")
        members = "".join(
            f"<member><OutputKey>{key}</OutputKey><OutputValue>{escape(value)}</OutputValue></member>"
            for key, value in self.outputs[name].items()
        )
        return 200, (
            "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>"
            f"<StackName>{name}</StackName><CreationTime>2013-01-01T00:00:00Z</CreationTime>"
            f"<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>{members}</Outputs>"
            "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
        )


def etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def _without_chunks(body: bytes, headers: Message) -> bytes:
    """The object's bytes, also where boto3 sent them in one chunk with a checksum behind."""
    if "aws-chunked" not in headers.get("Content-Encoding", ""):
        return body
    size, _, rest = body.partition(b"\r\n")
    return rest[: int(size.partition(b";")[0], 16)]


def _xml_error(code: str, message: str) -> str:
    error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return f"<ErrorResponse>{error}</ErrorResponse>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body go out as two packets: the second would wait for the first one's acknowledgement.
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.headers.get("X-Amz-Target", "")
        if not target:
            query = parse_qs(body.decode())
            status, text = (
                (200, IDENTITY)
                if query["Action"] == ["GetCallerIdentity"]
                else self.server.aws.stack(query["StackName"][0])
            )
            self._send(status, text.encode(), "text/xml")
            return
        answer = self.server.aws.answer(target.rpartition(".")[2], json.loads(body))
        if isinstance(answer, Dropped):
            self.close_connection = True
            return
        if isinstance(answer, Fault):
            content = json.dumps({"__type": answer.code, "message": answer.message}).encode()
            self._send(answer.status, content, "application/x-amz-json-1.1")
            return
        self._send(200, json.dumps(answer).encode(), "application/x-amz-json-1.1")

    def do_GET(self) -> None:
        path = unquote(self.path.partition("?")[0]).lstrip("/")
        if "list-type=2" in self.path:
            self._send(200, self.server.aws.listing(path, parse_qs(self.path.partition("?")[2])), "application/xml")
            return
        self.server.aws.calls.append(("GetObject", {"path": path}))
        content = self.server.aws.objects.get(path, Fault("NoSuchKey", status=404))
        if isinstance(content, Fault):
            self._send_fault(content)
            return
        written = self.server.aws.written.get(path, 0.0)
        headers = {"ETag": etag(content), "Last-Modified": self.date_time_string(int(written))}
        self._send(200, content, "application/octet-stream", headers)

    def do_PUT(self) -> None:
        path = unquote(self.path.partition("?")[0]).lstrip("/")
        body = _without_chunks(self.rfile.read(int(self.headers.get("Content-Length", 0))), self.headers)
        answer = self.server.aws.put(path, body, self.headers.get("If-Match"), self.headers.get("If-None-Match"))
        if isinstance(answer, Dropped):
            self.close_connection = True
        elif isinstance(answer, Fault):
            self._send_fault(answer)
        else:
            self._send(200, b"", "application/xml", {"ETag": etag(body)})

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(self.server.aws.time() if timestamp is None else timestamp)

    def _send_fault(self, fault: Fault) -> None:
        text = f"<Error><Code>{fault.code}</Code><Message>{fault.message}</Message></Error>"
        self._send(fault.status, text.encode(), "application/xml")

    def _send(self, status: int, content: bytes, kind: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, aws: ScriptedAws) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.aws = aws


class Serving:
    """Serves a ScriptedAws while its block runs."""

    def __init__(self, aws: ScriptedAws) -> None:
        self._server = _Server(aws)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        aws.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

"""Stands between a runner and AWS, so that a test can kill the runner just before or after a call of its choice."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from local.settings import HOST

# Theirs end at each connection; Expect is answered here already.
HOP_BY_HOP = {"connection", "content-length", "expect", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class Call:
    """One call to AWS: `action` is that of Glue's API, empty for others."""

    method: str
    path: str
    action: str


@dataclass
class Moment:
    """The `nth` call that `is_it` knows, before it is passed on or after it was answered: then `then` is done."""

    is_it: Callable[[Call], bool]
    then: Callable[[], None]
    after: bool = False
    nth: int = 1
    reached: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _seen: int = 0

    def comes_with(self, call: Call) -> bool:
        """Whether this call is it; counts the calls."""
        with self._lock:
            self._seen += self.is_it(call)
            return self.is_it(call) and self._seen == self.nth

    def come(self) -> None:
        """Do what is to be done."""
        self.then()
        self.reached.set()


@contextmanager
def between(endpoint: str, moment: Moment) -> Iterator[str]:
    """Pass every call on to `endpoint`, as it came; yields the URL that a runner is given in its place."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            call = Call(self.command, urlsplit(self.path).path, self.headers.get("X-Amz-Target", "").rpartition(".")[2])
            this = moment.comes_with(call)
            if this and not moment.after:
                moment.come()
                self.close_connection = True
                return
            status, headers, content = self.passed_on(body)
            if this:
                moment.come()
                self.close_connection = True
                return
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer

        def passed_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            url = urlsplit(endpoint)
            connection = http.client.HTTPConnection(url.hostname or HOST, url.port)
            try:
                # The host as the caller signed it.
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() not in HOP_BY_HOP:
                        connection.putheader(name, value)
                connection.putheader("Content-Length", str(len(body)))
                connection.endheaders(body)
                answered = connection.getresponse()
                return answered.status, answered.getheaders(), answered.read()
            finally:
                connection.close()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""Log lines of a run, shipped to CloudWatch Logs with the run's own role."""

import queue
import sys
import threading
import time
from contextlib import suppress

from botocore.exceptions import BotoCoreError, ClientError
from mypy_boto3_logs import CloudWatchLogsClient
from mypy_boto3_logs.type_defs import CreateLogGroupRequestTypeDef, InputLogEventTypeDef

# Well under PutLogEvents' limits of 10,000 events and 1 MiB (CloudWatch Logs quotas).
EVENTS_A_CALL = 1000
SECONDS_BETWEEN_CALLS = 0.5
# A longer event is refused by PutLogEvents (256 KiB before 2025, with 26 bytes of overhead).
LONGEST_EVENT = 250_000


class LogStream:
    """Every line given to `write` is in the stream once `close` has returned, in order, or `problem` says why not.

    As on AWS, a role that may not write logs does not fail its run: the lines are dropped and `problem` is set.
    """

    def __init__(
        self, logs: CloudWatchLogsClient, group: str, stream: str, *, key: str | None = None, problem: str | None = None
    ) -> None:
        self.problem = problem
        self._logs = logs
        self._group = group
        self._stream = stream
        self._new_group: CreateLogGroupRequestTypeDef = {"logGroupName": group}
        if key is not None:
            self._new_group["kmsKeyId"] = key
        self._created = False
        self._lines: queue.SimpleQueue[InputLogEventTypeDef | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._ship, name=f"logs {stream}", daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """Add one line, stamped with the time of this call."""
        if line.strip():  # CloudWatch Logs takes no empty event
            self._lines.put({"timestamp": int(time.time() * 1000), "message": line[:LONGEST_EVENT]})

    def close(self) -> None:
        """Ship what is left and end. Further writes are lost."""
        self._lines.put(None)
        self._thread.join(timeout=30)

    def _ship(self) -> None:
        ended = False
        while not ended:
            batch: list[InputLogEventTypeDef] = []
            first = self._lines.get()
            ended = first is None
            if first is not None:
                batch.append(first)
                ended = self._gather(batch)
            if batch and self.problem is None:
                try:
                    self._put(batch)
                except (ClientError, BotoCoreError) as error:
                    self.problem = str(error)
                    print(f"log lines of {self._stream} are dropped: {error}", file=sys.stderr)

    def _gather(self, batch: list[InputLogEventTypeDef]) -> bool:
        """Fill `batch` for a while; True where the end was met."""
        until = time.monotonic() + SECONDS_BETWEEN_CALLS
        while len(batch) < EVENTS_A_CALL and (left := until - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                return False
            if line is None:
                return True
            batch.append(line)
        return False

    def _put(self, batch: list[InputLogEventTypeDef]) -> None:
        if not self._created:
            self._create()
            self._created = True
        self._logs.put_log_events(logGroupName=self._group, logStreamName=self._stream, logEvents=batch)

    def _create(self) -> None:
        already_there = self._logs.exceptions.ResourceAlreadyExistsException
        try:
            self._logs.create_log_stream(logGroupName=self._group, logStreamName=self._stream)
        except self._logs.exceptions.ResourceNotFoundException:
            with suppress(already_there):
                self._logs.create_log_group(**self._new_group)
            self._logs.create_log_stream(logGroupName=self._group, logStreamName=self._stream)
        except already_there:
            return

"""Runs a job's script as Glue does: in its folder, with its arguments, against the JVM that starts beside it.

`python driver.py ERROR_FILE SCRIPT [ARGUMENT…]`. GLUE_CONNECTION_FILE and GLUE_JVM_PID are in the environment of a
Spark job's script: PySpark is imported while that JVM starts. A script that raises ends this process with 1, its
traceback on standard error and what Glue's ErrorMessage says in ERROR_FILE.
"""

import json
import os
import runpy
import struct
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType

SECONDS_FOR_THE_JVM = 120.0

# Glue's error categories ('Monitoring with AWS Glue observability metrics'), by what stands in the error's text. Which
# error falls into which of them AWS does not document: this is what their names say. The first that fits.
CATEGORIES = {
    "OUT_OF_MEMORY_ERROR": ("MemoryError", "OutOfMemoryError"),
    "DISK_NO_SPACE_ERROR": ("No space left on device",),
    "IMPORT_ERROR": ("ModuleNotFoundError", "ImportError"),
    "SYNTAX_ERROR": ("SyntaxError", "IndentationError"),
    "SYSTEM_EXIT_ERROR": ("SystemExit",),
    "PERMISSION_ERROR": (
        "AccessDenied", "Access Denied", "UnauthorizedOperation", "not authorized to perform",
        "CredentialRetrievalError", "NoCredentialsError", "unable to assume",
        "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId",
    ),
    "THROTTLING_ERROR": ("ThrottlingException", "SlowDown", "TooManyRequests"),
    "RESOURCE_NOT_FOUND_ERROR": (
        "EntityNotFoundException", "NoSuchKey", "NoSuchBucket", "PATH_NOT_FOUND", "FileNotFoundError",
    ),
    "QUERY_ERROR": ("AnalysisException", "ParseException"),
}  # fmt: skip


def connect(connection_file: Path) -> None:
    """Wait until the JVM has said where it listens, and tell PySpark. Raises RuntimeError where it never does.

    The file holds a port and a secret, as `PythonGatewayServer` writes them: two big-endian 32-bit numbers, the port
    and the secret's length, then the secret.
    """
    until = time.monotonic() + SECONDS_FOR_THE_JVM
    jvm = int(os.environ.pop("GLUE_JVM_PID"))
    while not connection_file.exists():
        if time.monotonic() > until or not _alive(jvm):
            raise RuntimeError("Spark's JVM did not start: its output is in the run's error log.")
        time.sleep(0.02)
    content = connection_file.read_bytes()
    port, length = struct.unpack(">ii", content[:8])
    connection_file.unlink()
    os.environ["PYSPARK_GATEWAY_PORT"] = str(port)
    os.environ["PYSPARK_GATEWAY_SECRET"] = content[8 : 8 + length].decode()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process that has ended and was not yet waited for is still there, as a zombie.
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def message(error: BaseException, script: str) -> str:
    """What Glue's ErrorMessage says of a script that raised: a category, the line of the script, then the error."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == script]
    line = f"Failed Line Number: {lines[-1]}; " if lines else ""
    text = f"{type(error).__name__}: {error}"
    return f"Error Category: {category(text)}; {line}{text}"


def category(text: str) -> str:
    """Glue's category of an error, by its class and text."""
    fitting = (name for name, signs in CATEGORIES.items() if any(sign in text for sign in signs))
    return next(fitting, "UNCLASSIFIED_ERROR")


def _from_script(trace: TracebackType | None, script: str) -> TracebackType | None:
    """A traceback without the frames above the script's own."""
    start = trace
    while start is not None and start.tb_frame.f_code.co_filename != script:
        start = start.tb_next
    return start or trace


def main() -> None:
    """Run the script."""
    error_file, script = Path(sys.argv[1]), sys.argv[2]
    sys.argv = sys.argv[2:]
    sys.path[0] = str(Path(script).parent)
    connection_file = os.environ.pop("GLUE_CONNECTION_FILE", None)
    if connection_file is not None:
        import pyspark.sql  # noqa: F401 - imported here so that it loads while the JVM starts

    try:
        if connection_file is not None:
            connect(Path(connection_file))
        runpy.run_path(script, run_name="__main__")
    except SystemExit as exit_request:
        # AWS documents only that an unknown exit code fails a run: here 0 succeeds, and any other fails.
        if exit_request.code not in (None, 0):
            error_file.write_text(json.dumps(message(exit_request, script)))
        raise
    except BaseException as error:
        error_file.write_text(json.dumps(message(error, script)))
        traceback.print_exception(type(error), error, _from_script(error.__traceback__, script))
        sys.exit(1)


if __name__ == "__main__":
    main()

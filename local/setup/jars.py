"""The Java archives of local runs and of the deployed job: exact versions, with each file's SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from local.setup.errors import SetupError


class Use(Enum):
    """Where Spark finds an archive."""

    SPARK = "jars"  # in SPARK_HOME/jars: every local job's class path
    ICEBERG = "iceberg"  # in SPARK_HOME/iceberg: for jobs with --datalake-formats iceberg
    RULES = "rules"  # shipped with the deployed job, by --extra-jars


@dataclass(frozen=True)
class Jar:
    """One Maven artifact: where it comes from, what it must be, and what it is for."""

    group: str
    name: str
    version: str
    sha256: str
    use: Use

    @property
    def file_name(self) -> str:
        """The file's name in the jars folder."""
        return f"{self.name}-{self.version}.jar"

    @property
    def coordinates(self) -> str:
        """As Maven writes it."""
        return f"{self.group}:{self.name}:{self.version}"


# Hadoop and Iceberg as Glue 5.1 has them. None is taken with its dependencies: what is needed stands here.
JARS = (
    Jar(
        "org.apache.hadoop",
        "hadoop-client-api",
        "3.4.1",
        "a964d4daa054c9615bbafb4553efbb140fa7fb9ac6f358a24393f183a5703438",
        Use.SPARK,
    ),
    Jar(
        "org.apache.hadoop",
        "hadoop-client-runtime",
        "3.4.1",
        "f6a800a159f918670db533606d33560d6c13b7e13f14eda493280ae33b9eeb2f",
        Use.SPARK,
    ),
    Jar(
        "org.apache.hadoop",
        "hadoop-aws",
        "3.4.1",
        "01334a07e179cae2b7e251f24857f11e3759108c9d6a79dcbe362a4295227da2",
        Use.SPARK,
    ),
    # With the AWS SDK that iceberg-aws-bundle carries, it is what hadoop-aws needs of the SDK.
    Jar(
        "software.amazon.awssdk",
        "s3-transfer-manager",
        "2.33.0",
        "bebdf9c498828b8b07117887bf5fb9caa380a67f8406fa7598469e9b5c54cc43",
        Use.SPARK,
    ),
    Jar(
        "org.apache.iceberg",
        "iceberg-aws-bundle",
        "1.10.0",
        "172370cfc32a5f1ae5399b210e86fc04a366dc29a112d97ac8ffc74df7525596",
        Use.SPARK,
    ),
    Jar(
        "org.apache.iceberg",
        "iceberg-spark-runtime-3.5_2.12",
        "1.10.0",
        "70f9471870b2d456167d703c829f098a446b86bb1379eee338c0efa03a341026",
        Use.ICEBERG,
    ),
    Jar(
        "com.amazon.deequ",
        "deequ",
        "2.1.0-spark-3.5",
        "ab902814dec56dc39ff16d1c5c80e7101a5dff8c1aa380fdafce522da1cd1546",
        Use.RULES,
    ),
    Jar(
        "software.amazon.glue",
        "dqdl",
        "1.0.0",
        "8382887bd34e23a426e3824520e69ba59e9666f567a4f7bad2a6b40348cdaa6e",
        Use.RULES,
    ),
)


def sha256(file: Path) -> str:
    """Return the SHA-256 of the file's content, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def missing(folder: Path, jars: Iterable[Jar] = JARS) -> list[Jar]:
    """Return the jars of which `folder` holds no file, or a file with another content."""
    return [
        jar for jar in jars if not (folder / jar.file_name).is_file() or sha256(folder / jar.file_name) != jar.sha256
    ]


def verify(folder: Path, jars: Iterable[Jar]) -> None:
    """Hold each jar's file in `folder` against its pin.

    Raises SetupError that names every file that is absent or has another content; the latter are deleted.
    """
    faults = []
    for jar in jars:
        file = folder / jar.file_name
        if not file.is_file():
            faults.append(f"{jar.coordinates} was not found in the repository")
        elif (found := sha256(file)) != jar.sha256:
            file.unlink()
            faults.append(
                f"{jar.coordinates} is not the file that was pinned: its SHA-256 is {found} "
                f"where {jar.sha256} is expected; it was deleted"
            )
    if faults:
        raise SetupError("; ".join(faults) + ". See JARS in local/setup/jars.py.")

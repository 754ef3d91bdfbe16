"""SPARK_HOME of local jobs: links to PySpark's files, with Hadoop, S3A and Iceberg as Glue 5.1 has them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from local.setup.jars import JARS, Jar, Use
from local.setup.paths import Paths
from local.setup.report import step


def build_spark_home(paths: Paths, pyspark: Path) -> bool:
    """Make SPARK_HOME hold exactly the links it should; return whether anything was different.

    It is built beside its place and moved there whole.
    """
    wanted = links(pyspark, paths.jars, JARS)
    if _present(paths.spark_home) == wanted:
        return False
    with step("Spark", f"linking {len(wanted)} files into {paths.spark_home.relative_to(paths.root)}"):
        partial = paths.spark_home.with_name("spark-home.partial")
        shutil.rmtree(partial, ignore_errors=True)
        for place, target in wanted.items():
            link = partial / place
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(target)
        shutil.rmtree(paths.spark_home, ignore_errors=True)
        os.replace(partial, paths.spark_home)
    return True


def links(pyspark: Path, jars: Path, table: Iterable[Jar]) -> dict[str, str]:
    """Return what each link points to, by its place in SPARK_HOME.

    A jar of the table takes the place of PySpark's own jar of the same name, whatever that one's version.
    """
    table = list(table)
    replaced = {jar.name for jar in table if jar.use is Use.SPARK}
    found = {f"jars/{file.name}": file for file in (pyspark / "jars").glob("*.jar")}
    kept = {place: file for place, file in found.items() if artifact_name(file.name) not in replaced}
    ours = {
        f"{jar.use.value}/{jar.file_name}": jars / jar.file_name for jar in table if jar.use in (Use.SPARK, Use.ICEBERG)
    }
    return {place: str(file) for place, file in sorted({"bin": pyspark / "bin", **kept, **ours}.items())}


def artifact_name(file_name: str) -> str:
    """Return the Maven artifact of a jar's file name: what stands before its version."""
    return re.sub(r"-\d.*", "", file_name)


def _present(home: Path) -> dict[str, str]:
    """Return the links that are there, and "" for what is none. Other files at the top are not ours: what a
    run keeps beside its class path.
    """
    places = [home / "bin", *(file for use in Use for file in (home / use.value).glob("*"))]
    return {
        str(place.relative_to(home)): os.readlink(place) if place.is_symlink() else ""
        for place in sorted(places)
        if os.path.lexists(place)
    }

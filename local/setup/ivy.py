"""Fetches jars with the Apache Ivy that PySpark brings: no Maven, and no address of a repository here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from local.setup.installed import ivy_jar, java
from local.setup.jars import Jar, missing, verify
from local.setup.paths import Paths
from local.setup.process import run
from local.setup.report import step
from local.setup.truststore import PASSWORD, certificate_bundle, write_truststore

# Names a settings file of Ivy's for machines that reach a mirror only; without it Ivy's own defaults hold.
SETTINGS_VARIABLE = "LAKE_IVY_SETTINGS"


def fetch_jars(paths: Paths) -> bool:
    """Make the jars folder hold every pinned jar, verified; return whether anything was missing.

    A jar is moved there only when its SHA-256 is right. Raises SetupError where one is not to be had, or is
    another.
    """
    wanted = missing(paths.jars)
    if not wanted:
        return False
    with step("Java archives", f"fetching {len(wanted)}: {', '.join(jar.name for jar in wanted)}"):
        partial = paths.lake / "jars.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            _retrieve(wanted, partial)
            verify(partial, wanted)
            paths.jars.mkdir(exist_ok=True)
            for jar in wanted:
                os.replace(partial / jar.file_name, paths.jars / jar.file_name)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return True


def ivy_file(jars: Iterable[Jar]) -> str:
    """Return the Ivy file (XML) that asks for these jars alone, without what they depend on."""
    module = ET.Element("ivy-module", version="2.0")
    ET.SubElement(module, "info", organisation="lake", module="jars")
    ET.SubElement(ET.SubElement(module, "configurations"), "conf", name="default")
    dependencies = ET.SubElement(module, "dependencies")
    for jar in jars:
        dependency = ET.SubElement(
            dependencies, "dependency", org=jar.group, name=jar.name, rev=jar.version, transitive="false"
        )
        ET.SubElement(dependency, "artifact", name=jar.name, type="jar")
    return ET.tostring(module, encoding="unicode")


def proxy_options(environ: Mapping[str, str]) -> list[str]:
    """Return the Java options for the proxies that the environment names; Java does not read them itself."""
    options = []
    for scheme in ("http", "https"):
        address = environ.get(f"{scheme}_proxy") or environ.get(f"{scheme.upper()}_PROXY") or ""
        proxy = urlsplit(address if "//" in address else f"//{address}")
        if proxy.hostname:
            options += [f"-D{scheme}.proxyHost={proxy.hostname}", f"-D{scheme}.proxyPort={proxy.port or 80}"]
    return options


def _retrieve(jars: list[Jar], folder: Path) -> None:
    request = folder / "ivy.xml"
    request.write_text(ivy_file(jars), encoding="utf-8")
    java_options = [*_trust_options(folder / "trust.p12"), *proxy_options(os.environ)]
    ivy = ["-jar", str(ivy_jar()), "-error", "-ivy", str(request), "-cache", str(folder / "cache")]
    settings = os.environ.get(SETTINGS_VARIABLE)
    if settings:
        ivy += ["-settings", settings]
    run(
        [java(), *java_options, *ivy, "-retrieve", f"{folder}/[artifact]-[revision].[ext]"],
        cwd=folder,
        quiet=True,  # its progress is a dot for every few kilobytes
        hint=f"Is there a network? Behind a mirror, name Ivy's settings file in {SETTINGS_VARIABLE}.",
    )


def _trust_options(store: Path) -> list[str]:
    bundle = certificate_bundle()
    if bundle is None:
        return []
    write_truststore(bundle, store)
    return [
        f"-Djavax.net.ssl.trustStore={store}",
        "-Djavax.net.ssl.trustStoreType=PKCS12",
        f"-Djavax.net.ssl.trustStorePassword={PASSWORD}",
    ]

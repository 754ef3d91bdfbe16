"""The arguments of a job run: whose value wins, which Glue itself obeys, and which it adds.

Source: 'Using job parameters in AWS Glue jobs', AWS Glue developer guide.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.glue.errors import InvalidInput, Unsupported

# Glue's own, which a job must never set.
RESERVED = ("--debug", "--mode", "--JOB_NAME", "--endpoint")

# What would change what a run does, and is not served here: refused by name rather than ignored.
UNSUPPORTED = {
    "--additional-python-modules": "Python packages are not installed at the start of a run",
    "--class": "only Python scripts run",
    "--enable-auto-scaling": "a run has the size of this machine",
    "--enable-glue-datacatalog": "there is no Hive metastore client: use an Iceberg catalog or the Glue API",
    "--python-modules-installer-option": "Python packages are not installed at the start of a run",
    "--scriptLocation": "the script is the job's Command.ScriptLocation",
}

DATALAKE_FORMATS = ("iceberg",)


def merged(
    *, non_overridable: Mapping[str, str], given: Mapping[str, str], defaults: Mapping[str, str]
) -> dict[str, str]:
    """The arguments of a run: per key the job's non-overridable one, else the one given, else the job's default."""
    return {**defaults, **given, **non_overridable}


def check(arguments: Mapping[str, str]) -> None:
    """Raise InvalidInput for an argument that Glue reserves, Unsupported for one that is not served here."""
    for name in arguments:
        if name in RESERVED:
            raise InvalidInput(f"The argument {name} is reserved by AWS Glue and must not be set.")
        if name in UNSUPPORTED:
            raise Unsupported(
                f"The job argument {name} is not supported by the Glue on this machine: {UNSUPPORTED[name]}."
            )
    if arguments.get("--job-bookmark-option", "job-bookmark-disable") != "job-bookmark-disable":
        raise Unsupported("Job bookmarks are not supported by the Glue on this machine.")
    if arguments.get("--job-language", "python") != "python":
        raise Unsupported("--job-language: only python is supported by the Glue on this machine.")
    for name in _listed(arguments.get("--datalake-formats", "")):
        if name not in DATALAKE_FORMATS:
            allowed = ", ".join(DATALAKE_FORMATS)
            raise Unsupported(
                f"--datalake-formats {name} is not supported by the Glue on this machine, only {allowed}."
            )


@dataclass(frozen=True)
class SpecialArguments:
    """The arguments that Glue obeys rather than only hands on."""

    extra_py_files: list[str] = field(default_factory=list)
    extra_jars: list[str] = field(default_factory=list)
    extra_files: list[str] = field(default_factory=list)
    spark_settings: list[tuple[str, str]] = field(default_factory=list)
    datalake_formats: list[str] = field(default_factory=list)
    user_jars_first: bool = False


def special(arguments: Mapping[str, str]) -> SpecialArguments:
    """Glue's own arguments, read from all of a run's. Raises InvalidInput for a --conf that is none."""
    return SpecialArguments(
        extra_py_files=_listed(arguments.get("--extra-py-files", "")),
        extra_jars=_listed(arguments.get("--extra-jars", "")),
        extra_files=_listed(arguments.get("--extra-files", "")),
        spark_settings=_chained(arguments.get("--conf", "")),
        datalake_formats=_listed(arguments.get("--datalake-formats", "")),
        user_jars_first=arguments.get("--user-jars-first", "false").lower() == "true",
    )


def command_line(arguments: Mapping[str, str], *, job: str, run_id: str, workflow: Mapping[str, str]) -> list[str]:
    """What the script finds in `sys.argv[1:]`: the run's arguments, then those that Glue adds."""
    added = {"--JOB_NAME": job, "--JOB_ID": f"j_{job}", "--JOB_RUN_ID": run_id, **workflow}
    return [part for name, value in {**arguments, **added}.items() for part in (name, value)]


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _chained(value: str) -> list[tuple[str, str]]:
    """Several settings stand in the one value of --conf: `a=1 --conf b=2`."""
    settings = []
    for part in value.split(" --conf "):
        if not part.strip():
            continue
        name, equals, setting = part.strip().partition("=")
        if not equals or not name.startswith("spark."):
            raise InvalidInput(
                f"--conf takes spark.NAME=VALUE, several joined by ' --conf '; this is none: {part.strip()!r}"
            )
        settings.append((name, setting))
    return settings

"""The arguments of a job run: whose value wins, which Glue itself obeys, and which it adds.

Source: 'Using job parameters in AWS Glue jobs', AWS Glue developer guide.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from local.glue.errors import InvalidInput, Unsupported

# Glue's own, which a job must never set.
RESERVED = ("--debug", "--mode", "--JOB_NAME", "--endpoint")

# What would change what a run does, and is not served here: refused by name rather than ignored. The metrics that
# --enable-metrics and --enable-observability-metrics turn on change nothing of it: none are written.
UNSUPPORTED = {
    "--additional-python-modules": "Python packages are not installed at the start of a run",
    "--class": "only Python scripts run",
    "--enable-glue-datacatalog": "there is no Hive metastore client: use an Iceberg catalog or the Glue API",
    "--python-modules-installer-option": "Python packages are not installed at the start of a run",
}

DATALAKE_FORMATS = ("iceberg",)
# 'Parameter precedence', AWS Glue developer guide; whether K is 1,000 or 1,024 it does not say.
MOST_BYTES = 260 * 1024
LONGEST_LOG_PREFIX = 400


def merged(
    *, non_overridable: Mapping[str, str], given: Mapping[str, str], defaults: Mapping[str, str]
) -> dict[str, str]:
    """The arguments of a run: per key the job's non-overridable one, else the one given, else the job's default."""
    return {**defaults, **given, **non_overridable}


def check(arguments: Mapping[str, str]) -> None:
    """Raise InvalidInput for arguments that Glue refuses, Unsupported for one that is not served here."""
    size = sum(len(name.encode()) + len(value.encode()) for name, value in arguments.items())
    if size > MOST_BYTES:
        raise InvalidInput(f"The arguments of a run must not have more than {MOST_BYTES} bytes together, not {size}.")
    for name, value in arguments.items():
        if name in RESERVED:
            raise InvalidInput(f"The argument {name} is reserved by AWS Glue and must not be set.")
        if name in UNSUPPORTED and not (name.startswith("--enable-") and value == "false"):
            raise Unsupported(
                f"The job argument {name} is not supported by the Glue on this machine: {UNSUPPORTED[name]}."
            )
    if arguments.get("--job-bookmark-option", "job-bookmark-disable") != "job-bookmark-disable":
        raise Unsupported("Job bookmarks are not supported by the Glue on this machine.")
    language = arguments.get("--job-language", "python")
    if language != "python":
        raise Unsupported(f"--job-language {language} is not supported by the Glue on this machine, only python.")
    for name in _listed(arguments.get("--datalake-formats", "")):
        if name not in DATALAKE_FORMATS:
            allowed = ", ".join(DATALAKE_FORMATS)
            raise Unsupported(
                f"--datalake-formats {name} is not supported by the Glue on this machine, only {allowed}."
            )
    for name in ("--custom-logGroup-prefix", "--custom-logStream-prefix"):
        _check_log_prefix(name, arguments.get(name, ""))
    special(arguments)


def _check_log_prefix(name: str, value: str) -> None:
    """'Logging for AWS Glue jobs': at most 400 characters, neither : nor *."""
    if len(value) > LONGEST_LOG_PREFIX or set(value) & set(":*"):
        raise InvalidInput(f"{name} takes at most {LONGEST_LOG_PREFIX} characters, none of them : or *.")


@dataclass(frozen=True)
class SpecialArguments:
    """The arguments that Glue obeys rather than only hands on."""

    extra_py_files: list[str] = field(default_factory=list)
    extra_jars: list[str] = field(default_factory=list)
    extra_files: list[str] = field(default_factory=list)
    spark_settings: list[tuple[str, str]] = field(default_factory=list)
    datalake_formats: list[str] = field(default_factory=list)
    user_jars_first: bool = False
    event_logs: str | None = None
    """The folder in S3 that Spark's event logs are written to."""


def special(arguments: Mapping[str, str]) -> SpecialArguments:
    """Glue's own arguments, read from all of a run's. Raises InvalidInput for a value that cannot be one."""
    return SpecialArguments(
        extra_py_files=_files("--extra-py-files", arguments),
        extra_jars=_files("--extra-jars", arguments),
        extra_files=_listed(arguments.get("--extra-files", "")),
        spark_settings=_chained(arguments.get("--conf", "")),
        datalake_formats=_listed(arguments.get("--datalake-formats", "")),
        user_jars_first=arguments.get("--user-jars-first", "false").lower() == "true",
        event_logs=arguments.get("--spark-event-logs-path") if arguments.get("--enable-spark-ui") == "true" else None,
    )


def command_line(arguments: Mapping[str, str], *, job: str, run_id: str, added: Mapping[str, str]) -> list[str]:
    """What the script finds in `sys.argv[1:]`: the run's arguments, then those that Glue adds, which win.

    `added` are those that not every run has: of its workflow, of its security configuration. A job's id is not
    documented: here it is `j_` and 64 hexadecimal digits, the same for each run of a job.
    """
    job_id = f"j_{hashlib.sha256(job.encode()).hexdigest()}"
    every = {**arguments, "--JOB_NAME": job, "--JOB_ID": job_id, "--JOB_RUN_ID": run_id, **added}
    return [part for name, value in every.items() for part in (name, value)]


def _files(name: str, arguments: Mapping[str, str]) -> list[str]:
    """The objects that an argument lists, which takes no folders."""
    found = _listed(arguments.get(name, ""))
    for location in found:
        if location.endswith("/"):
            raise InvalidInput(f"{name} takes files, separated by commas, and no folder: {location}")
    return found


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

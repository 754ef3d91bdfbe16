"""What of AWS Glue is served here, by the tables that decide it. All else answers with an error that names it."""

from local.glue import classifiers
from local.glue.crawlers.definition import TARGETS
from local.glue.jobs import arguments, definition
from local.glue.service import Glue
from local.glue.triggers.definition import TYPES


def supported(glue: Glue) -> dict[str, list[str]]:
    """The actions, and the kinds of jobs, triggers, crawler targets and classifiers."""
    return {
        "actions": sorted(glue.actions),
        "jobs": list(definition.COMMANDS),
        "glue_versions": sorted(
            {version for command in definition.COMMANDS.values() for version in command.glue_versions}
        ),
        "datalake_formats": list(arguments.DATALAKE_FORMATS),
        "refused_job_arguments": sorted(arguments.UNSUPPORTED),
        "triggers": list(TYPES),
        "crawler_targets": list(TARGETS),
        "classifiers": list(classifiers.KINDS),
    }

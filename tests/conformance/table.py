"""Every documented behaviour, by section, in the order of the page that is made of it."""

from typing import Final

from tests.conformance.behaviour import Behaviour
from tests.conformance.crawls import CRAWLS
from tests.conformance.iam import IAM
from tests.conformance.jobs import JOBS
from tests.conformance.triggers import TRIGGERS
from tests.conformance.workflows import WORKFLOWS

SECTIONS: Final[dict[str, tuple[Behaviour, ...]]] = {
    "Crawls": CRAWLS,
    "Jobs": JOBS,
    "Triggers": TRIGGERS,
    "Workflows": WORKFLOWS,
    "IAM": IAM,
}
BEHAVIOURS: Final = {behaviour.id: behaviour for section in SECTIONS.values() for behaviour in section}

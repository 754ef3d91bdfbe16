"""What a documented behaviour of Glue is here, and the sources that say so."""

from dataclasses import dataclass
from typing import Final

# A Developer Guide page is named by its file, without ending.
MODEL: Final = "botocore's model of Glue"
CLI: Final = "AWS CLI example `get-job-runs`"
EVENTS: Final = "CloudWatch Events User Guide, page `EventTypes`"
QUOTAS: Final = "AWS General Reference, page `gr/glue`"
AUTHORIZATION: Final = "Service Authorization Reference, actions of AWS Glue"
LIBRARY: Final = "the package `awsglue`"
OBSERVED: Final = "observed in public logs"
CHOSEN: Final = "unconfirmed: chosen here"

NO_TEST: Final = "no test shows it"


def guide(*pages: str) -> str:
    """The AWS Glue Developer Guide, by its pages."""
    return "AWS Glue Developer Guide, " + ", ".join(f"`{page}`" for page in pages)


def guide_2022(*pages: str) -> str:
    """Its edition of July 2022, for what the present one has no page of."""
    return "AWS Glue Developer Guide of 2022, " + ", ".join(f"`{page}`" for page in pages)


@dataclass(frozen=True)
class Behaviour:
    """Something that AWS Glue does, in our own words.

    `lacking` says why no test shows it; where tests do, it is empty. It does not hold here where `differs` is set.
    """

    id: str
    statement: str
    source: str
    lacking: str = ""
    differs: bool = False


def not_served(id: str, statement: str, source: str, lacking: str) -> Behaviour:
    """A behaviour that this Glue does not have; `lacking` says what happens instead."""
    return Behaviour(id, statement, source, lacking, differs=True)


def unshown(id: str, statement: str, source: str) -> Behaviour:
    """A behaviour of which no test tells whether it holds."""
    return Behaviour(id, statement, source, NO_TEST)

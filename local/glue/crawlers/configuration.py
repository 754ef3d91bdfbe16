"""A crawler's Configuration: versioned JSON text in, a frozen value out, nothing unknown let through.

Keys and values are those of AWS Glue's crawler configuration, version 1.0. Their effects live in `layout` (grouping),
`catalog` (output) and `crawl` (threshold).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local.glue.crawlers.errors import InvalidDefinition, Unsupported

Positive = Annotated[int, Field(gt=0, strict=True)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PartitionsOutput(_Section):
    """What the crawl does with the partitions it writes."""

    behavior: Literal["InheritFromTable"] | None = Field(None, alias="AddOrUpdateBehavior")


class TablesOutput(_Section):
    """What the crawl does with the tables it writes, and how many it may detect."""

    behavior: Literal["MergeNewColumns"] | None = Field(None, alias="AddOrUpdateBehavior")
    threshold: Positive | None = Field(None, alias="TableThreshold")


class CrawlerOutput(_Section):
    """Settings of what is written to the Data Catalog."""

    partitions: PartitionsOutput = Field(PartitionsOutput.model_construct(behavior=None), alias="Partitions")
    tables: TablesOutput = Field(TablesOutput.model_construct(behavior=None, threshold=None), alias="Tables")


class Grouping(_Section):
    """Settings of which objects share a table. `table_level` is absolute: the bucket is level 1."""

    policy: Literal["CombineCompatibleSchemas"] | None = Field(None, alias="TableGroupingPolicy")
    table_level: Positive | None = Field(None, alias="TableLevelConfiguration")


class Configuration(_Section):
    """The whole of a crawler's Configuration; an absent section has AWS's defaults."""

    version: float = Field(1.0, alias="Version", ge=1.0, le=1.0)
    output: CrawlerOutput = Field(default_factory=lambda: CrawlerOutput.model_validate({}), alias="CrawlerOutput")
    grouping: Grouping = Field(default_factory=lambda: Grouping.model_validate({}), alias="Grouping")
    create_partition_index: bool = Field(True, alias="CreatePartitionIndex", strict=True)

    @property
    def partitions_inherit(self) -> bool:
        """Whether partitions take formats, SerDe and schema from their table."""
        return self.output.partitions.behavior == "InheritFromTable"

    @property
    def merges_new_columns(self) -> bool:
        """Whether a table's columns are only ever added to."""
        return self.output.tables.behavior == "MergeNewColumns"

    @property
    def combines_compatible(self) -> bool:
        """Whether objects share a table by format alone, whatever their columns."""
        return self.grouping.policy == "CombineCompatibleSchemas"


def parse_configuration(text: str | None) -> Configuration:
    """Give the Configuration that `text` holds, or AWS's defaults for none.

    Raises InvalidDefinition for text that is no such JSON, and Unsupported for a key that is not known here; both
    name the key by its path.
    """
    if not text:
        return Configuration.model_validate({})
    try:
        parsed = Configuration.model_validate_json(text)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        path = ".".join(["Configuration", *(str(part) for part in problem["loc"])])
        if problem["type"] == "extra_forbidden":
            raise Unsupported(f"{path} is not a crawler setting that is supported here") from None
        raise InvalidDefinition(f"{path}: {problem['msg']}") from None
    if "version" not in parsed.model_fields_set:
        raise InvalidDefinition("Configuration.Version is missing: it must be 1.0")
    return parsed

"""The types of rules that DQDL has.

Source: 'DQDL rule type reference' of the Glue guide, and rules-config.json of software.amazon.glue:dqdl.
"""

from __future__ import annotations

from typing import Final

# How many of a rule's first parameters are columns of the table. MANY: all of them.
MANY: Final = 99
COLUMNS_OF: Final[dict[str, int]] = {
    "AggregateMatch": 0,
    "ColumnCorrelation": 2,
    "ColumnCount": 0,
    "ColumnDataType": 1,
    "ColumnExists": 1,
    "ColumnLength": 1,
    "ColumnNamesMatchPattern": 0,
    "ColumnValues": 1,
    "Completeness": 1,
    "CustomSql": 0,
    "DataFreshness": 1,
    "DatasetMatch": 0,
    "DetectAnomalies": 0,
    "DistinctValuesCount": 1,
    "Entropy": 1,
    "FileFreshness": 0,
    "FileMatch": 0,
    "FileSize": 0,
    "FileUniqueness": 0,
    "IsComplete": 1,
    "IsPrimaryKey": MANY,
    "IsUnique": 1,
    "Mean": 1,
    "ReferentialIntegrity": 0,
    "RowCount": 0,
    "RowCountMatch": 0,
    "SchemaMatch": 0,
    "StandardDeviation": 1,
    "Sum": 1,
    "UniqueValueRatio": 1,
    "Uniqueness": 1,
}

# A run has one table: there is nothing to compare it with, no history of statistics, and no file.
NOT_HERE: Final = {
    **dict.fromkeys(("AggregateMatch", "DatasetMatch", "ReferentialIntegrity", "RowCountMatch", "SchemaMatch"),
                    "compares with another table, and a run has one"),
    **dict.fromkeys(("FileFreshness", "FileMatch", "FileSize", "FileUniqueness"), "is about files, not about rows"),
    "DetectAnomalies": "needs statistics that Glue keeps of earlier runs",
}  # fmt: skip

# Rules that say nothing without a condition: what they give is a number or a list of values.
YES_OR_NO: Final = frozenset(
    {"ColumnExists", "ColumnNamesMatchPattern", "CustomSql", "IsComplete", "IsPrimaryKey", "IsUnique"}
)

"""ListCrawls' filters: which crawls of a crawler are asked for.

Source: AWS Glue API, `CrawlsFilter`: times are epoch milliseconds. A crawl is listed that every filter lets through.
"""

import operator
from collections.abc import Callable
from typing import Any

from local.glue.errors import InvalidInput
from local.glue.requests import Request, Response

Listed = Callable[[Response], bool]

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "GT": operator.gt,
    "GE": operator.ge,
    "LT": operator.lt,
    "LE": operator.le,
}
EQUALITY = ("EQ", "NE")


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)


# By FieldName: the member of a CrawlerHistory, how its value is compared, how the filter's is read, the operators.
FIELDS: dict[str, tuple[str, Callable[[Any], Any], Callable[[str], Any], tuple[str, ...]]] = {
    "CRAWL_ID": ("CrawlId", str, str, EQUALITY),
    "STATE": ("State", str, str, EQUALITY),
    "START_TIME": ("StartTime", _milliseconds, int, tuple(OPERATORS)),
    "END_TIME": ("EndTime", _milliseconds, int, tuple(OPERATORS)),
    "DPU_HOUR": ("DPUHour", float, float, tuple(OPERATORS)),
}


def listed(filters: list[Request]) -> Listed:
    """Whether all `filters` let a crawl through, as ListCrawls shows it; one without the field is let through by none.

    Raises InvalidInput for a filter that is not whole or is none.
    """
    tests = [_test(one) for one in filters]
    return lambda crawl: all(test(crawl) for test in tests)


def _test(given: Request) -> Listed:
    name = given.get("FieldName")
    if name not in FIELDS:
        raise InvalidInput(f"FieldName of a filter must be one of {', '.join(FIELDS)}, not {name!r}.")
    member, shown, read, operators = FIELDS[name]
    sign = given.get("FilterOperator")
    if sign not in operators:
        raise InvalidInput(f"FilterOperator of {name} must be one of {', '.join(operators)}, not {sign!r}.")
    compare = OPERATORS[sign]
    try:
        value = read(given["FieldValue"])
    except (KeyError, ValueError) as problem:
        raise InvalidInput(f"FieldValue of {name} is none: {given.get('FieldValue')!r}.") from problem
    return lambda crawl: member in crawl and compare(shown(crawl[member]), value)

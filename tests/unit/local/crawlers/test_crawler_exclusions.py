from __future__ import annotations

import pytest

from local.glue.crawlers.errors import InvalidDefinition
from local.glue.crawlers.exclusions import Exclusion

MATCHES = [
    ("*", "a.csv", True),
    ("*", "a/b.csv", False),
    ("*", ".hidden", True),
    ("**", "a/b/c.csv", True),
    ("departments/**", "departments/x/y.csv", True),
    ("departments/**", "employees/y.csv", False),
    ("**.csv", "a/b.csv", True),
    ("**.csv", "b.csv", True),
    ("**.csv", "b.json", False),
    ("employees/*.csv", "employees/a.csv", True),
    ("employees/*.csv", "employees/x/a.csv", False),
    ("a?c", "abc", True),
    ("a?c", "a/c", False),
    ("part-[0-9].csv", "part-7.csv", True),
    ("part-[0-9].csv", "part-x.csv", False),
    ("part-[!0-9].csv", "part-x.csv", True),
    ("part-[!0-9].csv", "part-7.csv", False),
    ("[*?\\]", "*", True),
    ("[*?\\]", "\\", True),
    ("[*?\\]", "a", False),
    ("[!a]", "/", False),
    ("*.{csv,avro}", "x.avro", True),
    ("*.{csv,avro}", "x.json", False),
    ("{a*,b}/c", "abc/c", True),
    (r"\*.csv", "*.csv", True),
    (r"\*.csv", "x.csv", False),
    ("a.csv", "aXcsv", False),
    ("a,b}", "a,b}", True),
]


@pytest.mark.rule("exclusions")
@pytest.mark.parametrize(("glob", "path", "expected"), MATCHES)
def test_a_glob_matches_as_the_guide_says(glob: str, path: str, expected: bool) -> None:
    assert Exclusion.parse(glob).matches(path) is expected


@pytest.mark.rule("exclusions")
@pytest.mark.parametrize("glob", ["[abc", "{a,b", "{a,{b,c}}", "a\\", "[z-a]"])
def test_a_pattern_that_is_none_is_invalid_and_named(glob: str) -> None:
    with pytest.raises(InvalidDefinition, match="is not a pattern"):
        Exclusion.parse(glob)

"""How delimited text is written, as far as that is known beforehand: a CSV classifier says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from local.glue.crawlers.errors import InvalidDefinition, Unsupported

Value = TypeVar("Value")

HEADER = {"UNKNOWN": None, "PRESENT": True, "ABSENT": False}
LAZY_SIMPLE_SERDE, OPEN_CSV_SERDE = "LazySimpleSerDe", "OpenCSVSerDe"
# 'None' leaves the choice to the crawler, whose choice is the first.
SERDES = {"None": LAZY_SIMPLE_SERDE, LAZY_SIMPLE_SERDE: LAZY_SIMPLE_SERDE, OPEN_CSV_SERDE: OPEN_CSV_SERDE}


@dataclass(frozen=True)
class Dialect:
    """One way of writing records. The defaults are what Glue's built-in classifier knows: nothing.

    `delimiter` and `header` are None where each object is asked. `names` are those of the columns, whatever a header
    says. `trims`: blanks around a number leave it one. `custom`: a classifier's, which no minimum of rows holds for.
    """

    delimiter: str | None = None
    quote: str = '"'
    header: bool | None = None
    names: tuple[str, ...] = ()
    single_column: bool = False
    trims: bool = True
    serde: str = LAZY_SIMPLE_SERDE
    custom: bool = False

    @classmethod
    def from_request(cls, request: Mapping[str, Any]) -> Self:
        """Read the CsvClassifier member of a CreateClassifier request; what is absent has AWS's default.

        Raises Unsupported for what AWS Glue can do and this cannot, InvalidDefinition for what AWS would refuse.
        """
        if request.get("CustomDatatypeConfigured") or request.get("CustomDatatypes"):
            raise Unsupported("CsvClassifier.CustomDatatypes are not supported here")
        delimiter, quote = request.get("Delimiter"), request.get("QuoteSymbol") or '"'
        for member, sign in (("Delimiter", delimiter or ","), ("QuoteSymbol", quote)):
            if len(sign) != 1 or sign in "\r\n":
                raise InvalidDefinition(f"CsvClassifier.{member} must be one character and no line break: {sign!r}")
            if not sign.isascii():
                raise Unsupported(f"CsvClassifier.{member} must be an ASCII character here, not {sign!r}")
        if delimiter == quote:
            raise InvalidDefinition(f"CsvClassifier.QuoteSymbol must differ from the Delimiter {delimiter!r}")
        return cls(
            delimiter=delimiter,
            quote=quote,
            header=_one_of("ContainsHeader", request.get("ContainsHeader") or "UNKNOWN", HEADER),
            names=tuple(request.get("Header") or ()),
            single_column=bool(request.get("AllowSingleColumn")),
            trims=not request.get("DisableValueTrimming", True),
            serde=_one_of("Serde", request.get("Serde") or "None", SERDES),
            custom=True,
        )


BUILT_IN = Dialect()


def _one_of(member: str, value: str, allowed: Mapping[str, Value]) -> Value:
    if value not in allowed:
        raise InvalidDefinition(f"CsvClassifier.{member} must be one of {', '.join(allowed)}, not {value!r}")
    return allowed[value]

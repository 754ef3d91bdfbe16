"""A table of bad data: what an object holds, and where its rows go. One lake a format gets all of its kinds at once."""

from __future__ import annotations

import bz2
import gzip
import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from lib.dataset import Column, Dataset

from tests.unit.glue_scripts.small_lake import ORDERS

# A quarantined row: its line, or its fields as JSON, or neither where it stands for a whole object; and every reason.
Bad = tuple[str | None, list[str]]


@dataclass(frozen=True)
class Kind:
    """One object. `curated` are the rows (id, amount, note) that come of it, `quarantined` what lies aside."""

    content: bytes
    curated: tuple[tuple[int, Any, str | None], ...] = ()
    quarantined: tuple[Bad, ...] = ()
    suffix: str = ""


def whole(content: bytes, what: str, suffix: str = "") -> Kind:
    return Kind(content, quarantined=((None, [f"object: {what}"]),), suffix=suffix)


def _gz(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def _damaged(data: bytes) -> bytes:
    """The checksum at the end is another one."""
    return data[:-8] + bytes(4) + data[-4:]


HEADER = "id,day,amount,note\n"
# Bytes as those of an image: a length, a type, NULs, and no UTF-8.
RUBBISH = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(range(256)) * 8
LONG = HEADER + "".join(f"{i},2013-01-01,{i * 7919 % 10007},note {i * i}\n" for i in range(1000, 3000))


# Why a value whose column has no name that a table can have is not added as a column.
NO_NAME = "a name that cannot be added as a column: allowed are letters, digits and _, a letter first"


def _compressed(codec: str) -> bytes:
    return bytes(pa.compress((HEADER + "1,2013-01-01,10,a\n").encode(), codec=codec, asbytes=True))


def _not_read(codec: str) -> str:
    return f"it is compressed with {codec}, which is not read here; allowed are gzip (.gz), bzip2 (.bz2) and none"


def _fields_of_csv(day: str, note: str = "a") -> str:
    """The fields of a row as they were read, before they are cast; those of folders are texts."""
    return f'{{"id":1,"day":"{day}","amount":1,"note":"{note}","part":"1"}}'


def _csv(text: str, *curated: tuple[int, Any, str | None], bad: tuple[Bad, ...] = ()) -> Kind:
    return Kind(text.encode(), curated, bad)


CSV = {
    "columns in another order": _csv("note,amount,id,day\na,10,1,2013-01-01\n", (1, 10, "a")),
    "a bad value among columns in another order": _csv(
        "note,amount,id,day\na,ten,1,2013-01-01\n", bad=(("a,ten,1,2013-01-01", ["amount: not of type int"]),)
    ),
    "a column that is missing": _csv("id,day,note\n1,2013-01-01,a\n", (1, None, "a")),
    "a required column that is missing": _csv(
        "id,amount\n1,10\n",
        bad=(('{"id":1,"day":null,"amount":10,"note":null,"part":1,"colour":null}', ["day: required, but missing"]),),
    ),
    "a column that the table has not": _csv("id,day,amount,colour,note\n1,2013-01-01,10,red,a\n", (1, 10, "a")),
    "a header in capitals": _csv("ID,Day,AMOUNT,Note\n1,2013-01-01,10,a\n", (1, 10, "a")),
    "spaces in the header": _csv("id, day, amount, note\n1,2013-01-01,10,a\n", (1, 10, "a")),
    "another delimiter": whole(
        b"id;day;amount;note\n1;2013-01-01;10;a\n", "its header names no column of the table: id;day;amount;note"
    ),
    "no header": whole(b"1,2013-01-01,10,a\n", "its header names no column of the table: 1,2013-01-01,10,a"),
    "a column named twice": whole(b"id,day,amount,amount\n1,2013-01-01,10,11\n", "its header names 'amount' twice"),
    "a byte order mark": Kind(b"\xef\xbb\xbf" + HEADER.encode() + b"1,2013-01-01,10,a\n", ((1, 10, "a"),)),
    "a byte order mark and another order": Kind(b"\xef\xbb\xbfday,id\n2013-01-01,1\n", ((1, None, None),)),
    "lines that end in CR LF": _csv(HEADER[:-1] + "\r\n1,2013-01-01,10,a\r\n", (1, 10, "a")),
    "no newline at the end": _csv(HEADER + "1,2013-01-01,10,a", (1, 10, "a")),
    "empty lines": _csv(HEADER + "\n1,2013-01-01,10,a\n\n\n", (1, 10, "a")),
    "only a header": _csv(HEADER),
    "nothing at all": _csv(""),
    "too few fields": _csv(HEADER + "1,2013-01-01\n", bad=(("1,2013-01-01", ["too few fields"]),)),
    "too many fields": _csv(HEADER + "1,2013-01-01,10,a,b\n", bad=(("1,2013-01-01,10,a,b", ["too many fields"]),)),
    "text in a number column": _csv(
        HEADER + "1,2013-01-01,ten,a\n2,2013-01-01,20,b\n",
        (2, 20, "b"),
        bad=(("1,2013-01-01,ten,a", ["amount: not of type int"]),),
    ),
    "a fraction in a column of whole numbers": _csv(
        HEADER + "1,2013-01-01,1.5,a\n", bad=(("1,2013-01-01,1.5,a", ["amount: not of type int"]),)
    ),
    "a day that is none": _csv(
        HEADER + "1,2013-02-30,1,a\n", bad=((_fields_of_csv("2013-02-30"), ["day: not of type date"]),)
    ),
    "a time in a column of days": _csv(
        HEADER + "1,2013-01-01 05:00:00,1,a\n",
        bad=((_fields_of_csv("2013-01-01 05:00:00"), ["day: not of type date"]),),
    ),
    "midnight in a column of days": _csv(HEADER + "1,2013-01-01T00:00:00,1,a\n", (1, 1, "a")),
    "a value in a column without a name": _csv(
        "id,day,\n1,2013-01-01,x\n2,2013-01-01,\n",
        (2, None, None),
        bad=(
            (
                '{"id":1,"day":"2013-01-01","part":"1","column 3":"x"}',
                [f"column 3: {NO_NAME}"],
            ),
        ),
    ),
    "a column whose name is none": _csv(
        "id,day,unit price\n1,2013-01-01,5\n",
        bad=(('{"id":1,"day":"2013-01-01","part":"1","unit price":"5"}', [f"unit price: {NO_NAME}"]),),
    ),
    "Latin-1 that is read as UTF-8": Kind(
        HEADER.encode() + b"1,2013-01-01,1,caf\xe9\n",
        quarantined=((_fields_of_csv("2013-01-01", "caf\ufffd"), ["note: bytes that are no UTF-8"]),),
    ),
    "a NUL inside a value": _csv(HEADER + "1,2013-01-01,1,a\0b\n", (1, 1, "a\0b")),
    "a line that begins with NUL": _csv(
        HEADER + "\0001,2013-01-01,1,a\n2,2013-01-01,2,b\n",
        (2, 2, "b"),
        bad=(("\0001,2013-01-01,1,a", ["id: not of type int"]),),
    ),
    "a line that begins with #": _csv(
        HEADER + "#1,2013-01-01,1,a\n", bad=(("#1,2013-01-01,1,a", ["id: not of type int"]),)
    ),
    "lines that end in CR alone": _csv(HEADER.replace("\n", "\r") + "1,2013-01-01,1,a\r", (1, 1, "a")),
    "an escaped quote": _csv(HEADER + '1,2013-01-01,1,"a\\"b"\n', (1, 1, 'a"b')),
    "a line of blanks": _csv(HEADER + "   \n1,2013-01-01,1,a\n", (1, 1, "a")),
    "a number too large for its type": _csv(
        HEADER + "1,2013-01-01,99999999999,a\n", bad=(("1,2013-01-01,99999999999,a", ["amount: not of type int"]),)
    ),
    "a quote that is never closed": _csv(
        HEADER + '1,2013-01-01,"1,a\n2,2013-01-01,2,b\n',
        (2, 2, "b"),
        bad=(('1,2013-01-01,"1,a', ["an open quote"]),),
    ),
    "a required value that is missing": _csv(
        HEADER + "NA,2013-01-01,10,a\n",
        bad=(
            (
                '{"id":null,"day":"2013-01-01","amount":10,"note":"a","part":1,"colour":null}',
                ["id: required, but missing"],
            ),
        ),
    ),
    "bzip2": Kind(bz2.compress((HEADER + "1,2013-01-01,10,a\n").encode()), ((1, 10, "a"),), suffix=".bz2"),
    "zstd": whole(_compressed("zstd"), _not_read("zstd"), ".zst"),
    "lz4": whole(_compressed("lz4"), _not_read("lz4"), ".lz4"),
    "snappy": whole(_compressed("snappy"), _not_read("snappy"), ".snappy"),
    "zip": whole(b"PK\x03\x04" + bytes(40), "its first line is no text", ".zip"),
    "gzip": Kind(_gz(HEADER + "1,2013-01-01,10,a\n"), ((1, 10, "a"),), suffix=".gz"),
    "gzip and another order": Kind(_gz("day,id\n2013-01-01,1\n"), ((1, None, None),), suffix=".gz"),
    "text that is called gzip": whole(HEADER.encode(), "its name says gzip, but it is none", ".gz"),
    "gzip that is cut off": whole(_gz(LONG)[:-3000], "its compressed data is cut off", ".gz"),
    "gzip with another checksum": whole(_damaged(_gz(LONG)), "its compressed data is damaged", ".gz"),
    "an image": whole(RUBBISH, "its first line is no UTF-8"),
    "UTF-16": whole((HEADER + "1,2013-01-01,10,a\n").encode("utf-16"), "its first line is no UTF-8"),
    "gzip that is not called so": whole(_gz(HEADER), "its first line is no UTF-8"),
}
CSV_WITHOUT_HEADER = {
    "good rows": _csv("1,2013-01-01,10,a\n", (1, 10, "a")),
    "an image": whole(RUBBISH, "its bytes are no text"),
    "UTF-16": whole(("1,2013-01-01,10,a\n" * 3).encode("utf-16"), "its bytes are no text"),
    "one line of rubbish among rows": Kind(
        b"1,2013-01-01,10,a\n\xff\xfe\x00\n", ((1, 10, "a"),), (("\ufffd\ufffd\x00", ["too few fields"]),)
    ),
    "another delimiter": _csv("1;2013-01-01;10;a\n", bad=(("1;2013-01-01;10;a", ["too few fields"]),)),
    "text that is called gzip": whole(b"1,2013-01-01,10,a\n", "its name says gzip, but it is none", ".gz"),
}


TYPES_HEADER = "id,day,price,at,ratio\n"


def _typed(price: str = "", at: str = "", ratio: str = "", bad: str | None = None) -> Kind:
    text = f"{TYPES_HEADER}1,2013-01-01,{price},{at},{ratio}\n"
    if bad is None:
        return _csv(text, (1, None, None))
    zeros = f"{price}{'0' * 27}" if price else "null"
    fields = f'"price":{zeros},"at":{_text(at)},"ratio":{ratio or "null"},"part":"1"'
    return _csv(text, bad=((f'{{"id":1,"day":"2013-01-01",{fields}}}', [bad]),))


def _text(value: str) -> str:
    return f'"{value}"' if value else "null"


CSV_OF_TYPES = {
    "a decimal that fits": _typed(price="1.20"),
    "a decimal with zeros at its end": _typed(price="1.2000"),
    "a decimal with more digits than its type": _typed(price="1.239", bad="price: not of type decimal(10,2)"),
    "a decimal too large for its type": _csv(
        TYPES_HEADER + "1,2013-01-01,123456789.5,,\n",
        bad=(("1,2013-01-01,123456789.5,,", ["price: not of type decimal(10,2)"]),),
    ),
    "a time without a zone": _typed(at="2013-01-01 05:00:00"),
    "a day in a column of times": _typed(at="2013-01-01"),
    "a time without a day": _typed(at="05:00", bad="at: not of type timestamp"),
    "a time of day with a zone": _typed(at="T05:00:00-05:00", bad="at: not of type timestamp"),
    "a number too large for a float": _typed(ratio="1.0E39", bad="ratio: not of type float"),
    "NaN": _typed(ratio="NaN"),
}


CSV_OVER_LINES = {
    "a value over two lines": _csv(HEADER + '1,2013-01-01,10,"a\nb"\n', (1, 10, "a\nb")),
    "a byte order mark": Kind(b"\xef\xbb\xbf" + HEADER.encode() + b"1,2013-01-01,10,a\n", ((1, 10, "a"),)),
    "columns in another order": _csv('note,id,day\n"a\nb",1,2013-01-01\n', (1, None, "a\nb")),
    "text in a number column": _csv(
        HEADER + '1,2013-01-01,ten,"a\nb"\n', bad=(('1,2013-01-01,ten,"a\nb"', ["amount: not of type int"]),)
    ),
    "too few fields": _csv(HEADER + "1,2013-01-01\n", bad=(("1,2013-01-01", ["too few fields"]),)),
}


def _json(text: str, *curated: tuple[int, Any, str | None], bad: tuple[Bad, ...] = ()) -> Kind:
    return Kind(text.encode(), curated, bad)


def _record(rest: str) -> str:
    return f'{{"id":1,"day":"2013-01-01",{rest}}}\n'


MORE_THAN_ONE = "more than one JSON object on the line"
ROUNDED = "note: a number that a text does not keep as it is written"
NO_FIELDS = (
    '{"id":null,"day":null,"amount":null,"note":null,"big":null,"price":null,"at":null,"tags":null,"place":null,'
    '"ratio":null,"part":1,"colour":null}'
)
JSON = {
    "a good record": _json(_record('"amount":10,"note":"a"'), (1, 10, "a")),
    "whole numbers with a fraction": _json('{"id":1.0,"day":"2013-01-01","amount":10.0}\n', (1, 10, None)),
    "a fraction in a column of whole numbers": _json(
        _record('"amount":1.5,"note":"a"'),
        bad=((_record('"amount":1.5,"note":"a"')[:-1], ["amount: not of type int"]),),
    ),
    "a number too large for its type": _json(
        _record('"amount":99999999999,"note":"a"'),
        bad=((_record('"amount":99999999999,"note":"a"')[:-1], ["amount: not of type int"]),),
    ),
    "two bad values": _json(
        _record('"amount":1.5,"note":"a","price":1.234'),
        bad=(
            (
                _record('"amount":1.5,"note":"a","price":1.234')[:-1],
                ["amount: not of type int", "price: not of type decimal(10,2)"],
            ),
        ),
    ),
    "text in a number column": _json(
        _record('"amount":"ten"'), bad=((_record('"amount":"ten"')[:-1], ["amount: not of type int"]),)
    ),
    "a number as text": _json(
        _record('"amount":"10"'), bad=((_record('"amount":"10"')[:-1], ["amount: not of type int"]),)
    ),
    "a number in a text column": _json(_record('"amount":10,"note":7'), (1, 10, "7")),
    "an object in a text column": _json(_record('"amount":10,"note":{"x":[1]}'), (1, 10, '{"x":[1]}')),
    "NaN": _json(_record('"amount":NaN,"note":"a"'), (1, None, "a")),
    "a field that is missing": _json('{"id":1,"day":"2013-01-01"}\n', (1, None, None)),
    "a field that is null": _json(_record('"amount":null'), (1, None, None)),
    "a field that the table has not": _json(_record('"amount":10,"colour":"red"'), (1, 10, None)),
    "a required field that is missing": _json(
        '{"id":1,"amount":10}\n',
        bad=(
            (
                '{"id":1,"day":null,"amount":10,"note":null,"big":null,"price":null,"at":null,"tags":null,'
                '"place":null,"ratio":null,"part":1,"colour":null}',
                ["day: required, but missing"],
            ),
        ),
    ),
    "a required field that does not fit": _json(
        '{"id":1.5,"amount":10,"day":"2013-01-01","note":"a"}\n',
        bad=(('{"id":1.5,"amount":10,"day":"2013-01-01","note":"a"}', ["id: not of type int"]),),
    ),
    "a day that is none": _json(
        _record('"amount":10,"note":"a"').replace("01-01", "02-30"),
        bad=((_record('"amount":10,"note":"a"')[:-1].replace("01-01", "02-30"), ["day: not of type date"]),),
    ),
    "a number for a time": _json(
        _record('"amount":10,"note":"a","at":1357034400000'),
        bad=((_record('"amount":10,"note":"a","at":1357034400000')[:-1], ["at: not of type timestamp"]),),
    ),
    "a nested field of another type": _json(
        _record('"place":{"lat":"north"}'),
        bad=((_record('"place":{"lat":"north"}')[:-1], ["place: not of type struct<lat:double,names:array<string>>"]),),
    ),
    "a number for a list": _json(
        _record('"tags":5'), bad=((_record('"tags":5')[:-1], ["tags: not of type array<string>"]),)
    ),
    "two objects on a line": _json(
        _record('"amount":1')[:-1] + _record('"amount":2'),
        bad=((_record('"amount":1')[:-1] + _record('"amount":2')[:-1], [MORE_THAN_ONE]),),
    ),
    "an object and a comma": _json(
        _record('"amount":1')[:-1] + ",\n", bad=((_record('"amount":1')[:-1] + ",", [MORE_THAN_ONE]),)
    ),
    "an object and text": _json(
        _record('"amount":1')[:-1] + " and so on\n",
        bad=((_record('"amount":1')[:-1] + " and so on", [MORE_THAN_ONE]),),
    ),
    "an object and a brace": _json(
        _record('"amount":1')[:-1] + "}\n", bad=((_record('"amount":1')[:-1] + "}", [MORE_THAN_ONE]),)
    ),
    "an object and blanks": _json(_record('"amount":10')[:-1] + " \t \n", (1, 10, None)),
    "a list on a line": _json(
        "[" + _record('"amount":1')[:-1] + "]\n", bad=(("[" + _record('"amount":1')[:-1] + "]", ["not a JSON object"]),)
    ),
    "an empty object": _json("{}\n", bad=((NO_FIELDS, ["id: required, but missing", "day: required, but missing"]),)),
    "a field that is given twice": _json(
        _record('"amount":1,"amount":2'), bad=((_record('"amount":1,"amount":2')[:-1], ["a field is given twice"]),)
    ),
    "a field in capitals": _json(_record('"AMOUNT":10'), (1, 10, None)),
    "a field in two cases": _json(
        _record('"AMOUNT":1,"amount":2'), bad=((_record('"AMOUNT":1,"amount":2')[:-1], ["a field is given twice"]),)
    ),
    "a field whose name is none": _json(
        _record('"amount":1,"unit price":2'),
        bad=((_record('"amount":1,"unit price":2')[:-1], [f"unit price: {NO_NAME}"]),),
    ),
    "a field that the table has not, and null": _json(_record('"amount":1,"unit price":null'), (1, 1, None)),
    "a decimal with more digits than its type": _json(
        _record('"price":1.239'), bad=((_record('"price":1.239')[:-1], ["price: not of type decimal(10,2)"]),)
    ),
    "a number with more digits than a double": _json(
        _record('"note":1.12345678901234567890'),
        bad=((_record('"note":1.12345678901234567890')[:-1], [ROUNDED]),),
    ),
    "such a number in an object": _json(
        _record('"note":{"x":[1.12345678901234567890]}'),
        bad=((_record('"note":{"x":[1.12345678901234567890]}')[:-1], [ROUNDED]),),
    ),
    "a time in a column of days": _json(
        '{"id":1,"day":"2013-01-01T05:00:00"}\n',
        bad=(('{"id":1,"day":"2013-01-01T05:00:00"}', ["day: not of type date"]),),
    ),
    "a time without a day": _json(
        _record('"at":"05:00"'), bad=((_record('"at":"05:00"')[:-1], ["at: not of type timestamp"]),)
    ),
    "bytes that are no UTF-8": Kind(
        b'{"id":1,"day":"2013-01-01","note":"caf\xe9"}\n',
        quarantined=(('{"id":1,"day":"2013-01-01","note":"caf\ufffd"}', ["note: bytes that are no UTF-8"]),),
    ),
    "a record that is cut off": _json('{"id":1,"day":"20\n', bad=(('{"id":1,"day":"20', ["not a JSON object"]),)),
    "a line that is no JSON": _json("id,day\n", bad=(("id,day", ["not a JSON object"]),)),
    "a number as a line": _json("5\n", bad=(("5", ["not a JSON object"]),)),
    "empty lines": _json("\n" + _record('"amount":10') + "\n\n", (1, 10, None)),
    "lines that end in CR LF": _json(_record('"amount":10').replace("\n", "\r\n"), (1, 10, None)),
    "a byte order mark": Kind(b"\xef\xbb\xbf" + _record('"amount":10').encode(), ((1, 10, None),)),
    "no newline at the end": _json(_record('"amount":10')[:-1], (1, 10, None)),
    "nothing at all": _json(""),
    "gzip": Kind(_gz(_record('"amount":10')), ((1, 10, None),), suffix=".gz"),
    "gzip that is cut off": whole(_gz(_record('"amount":10') + LONG)[:-3000], "its compressed data is cut off", ".gz"),
    "an image": whole(RUBBISH, "its bytes are no text"),
}


def _document(text: str, *curated: tuple[int, Any, str | None], bad: tuple[Bad, ...] = ()) -> Kind:
    return Kind(text.encode(), curated, bad)


_ONE, _TWO = _record('"amount":1').strip(), _record('"amount":2').strip()
NO_DOCUMENT = "neither a JSON object nor a list of them"
DOCUMENTS = {
    "an object over several lines": _document(_ONE.replace(",", ",\n"), (1, 1, None)),
    "a list": _document(f"[\n {_ONE},\n {_TWO}\n]\n", (1, 1, None), (1, 2, None)),
    "an empty list": _document("[ ]"),
    "nothing at all": _document(" \n"),
    "a byte order mark": Kind(b"\xef\xbb\xbf" + _ONE.encode(), ((1, 1, None),)),
    "two objects": _document(f"{_ONE}\n{_TWO}\n", bad=((f"{_ONE}\n{_TWO}\n", [NO_DOCUMENT]),)),
    "two lists": _document(f"[{_ONE}][{_TWO}]", bad=((f"[{_ONE}][{_TWO}]", [NO_DOCUMENT]),)),
    "a list that is not closed": _document(f"[{_ONE},", bad=((f"[{_ONE},", [NO_DOCUMENT]),)),
    "a list of numbers": _document("[1]", bad=(("[1]", [NO_DOCUMENT]),)),
    "a bad value among good records": _document(
        f'[{_ONE},{{"id":2,"day":"2013-01-01","amount":"ten"}}]',
        (1, 1, None),
        bad=(('{"id":"2","day":"2013-01-01","amount":"ten"}', ["amount: not of type int"]),),
    ),
    "a field that is given twice": _document(
        '{"id":1,"id":2,"day":"2013-01-01"}',
        bad=(('{"id":"1","id":"2","day":"2013-01-01"}', ["a field is given twice"]),),
    ),
    "gzip": Kind(_gz(f"[{_ONE}]"), ((1, 1, None),), suffix=".gz"),
}


def _parquet(**columns: Any) -> bytes:
    defaults = {"id": pa.array([1], pa.int64()), "day": pa.array([datetime(2013, 1, 1)], pa.timestamp("us"))}
    file = io.BytesIO()
    pq.write_table(pa.table({name: each for name, each in (defaults | columns).items() if each is not None}), file)
    return file.getvalue()


def _int96() -> bytes:
    file = io.BytesIO()
    day = pa.array([datetime(2013, 1, 1)], pa.timestamp("ns"))
    pq.write_table(pa.table({"id": pa.array([1], pa.int64()), "day": day}), file, use_deprecated_int96_timestamps=True)
    return file.getvalue()


def _row(**changes: str) -> str:
    fields = {"id": "1", "day": '"2013-01-01T00:00:00.000"'} | changes | {"part": '"1"'}
    return "{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}"


NAN = float("nan")
GOOD_PARQUET = _parquet(amount=pa.array([10]), note=pa.array(["a"]))
PARQUET = {
    "whole numbers": Kind(GOOD_PARQUET, ((1, 10, "a"),)),
    "small whole numbers": Kind(_parquet(amount=pa.array([10], pa.int16())), ((1, 10, None),)),
    "whole numbers with a fraction": Kind(_parquet(amount=pa.array([10.0])), ((1, 10, None),)),
    "NaN in a column of whole numbers": Kind(_parquet(amount=pa.array([NAN])), ((1, None, None),)),
    "a fraction in a column of whole numbers": Kind(
        _parquet(amount=pa.array([10.5])), quarantined=((_row(amount="10.5"), ["amount: not of type int"]),)
    ),
    "a number too large for its type": Kind(
        _parquet(amount=pa.array([2**40])), quarantined=((_row(amount=str(2**40)), ["amount: not of type int"]),)
    ),
    "numbers as text": Kind(_parquet(amount=pa.array(["10"])), ((1, 10, None),)),
    "text in a number column": Kind(
        _parquet(amount=pa.array(["ten"])), quarantined=((_row(amount='"ten"'), ["amount: not of type int"]),)
    ),
    "a time in a column of days": Kind(
        _parquet(day=pa.array([datetime(2013, 1, 1, 5)], pa.timestamp("us"))),
        quarantined=((_row(day='"2013-01-01T05:00:00.000"'), ["day: not of type date"]),),
    ),
    "times in nanoseconds": Kind(
        _parquet(day=pa.array([datetime(2013, 1, 1, tzinfo=UTC)], pa.timestamp("ns", "UTC"))), ((1, None, None),)
    ),
    "a column that is missing": Kind(_parquet(note=pa.array(["a"])), ((1, None, "a"),)),
    "a required column that is missing": Kind(
        _parquet(day=None),
        quarantined=(
            (
                '{"id":1,"day":null,"amount":null,"note":null,"place":null,"spot":null,"ratio":null,"part":1,'
                '"colour":null}',
                ["day: required, but missing"],
            ),
        ),
    ),
    "a column that the table has not": Kind(_parquet(colour=pa.array(["red"])), ((1, None, None),)),
    "a column in capitals": Kind(_parquet(AMOUNT=pa.array([10])), ((1, 10, None),)),
    "a column that no cast can help": whole(_parquet(amount=pa.array([[1, 2]])), "amount: array<bigint> cannot be int"),
    "a type that Spark has not": whole(
        _parquet(amount=pa.array([1], pa.time64("us"))), "Illegal Parquet type: INT64 (TIME(MICROS,false))."
    ),
    "two columns that differ in case": whole(
        _parquet(amount=pa.array([1]), AMOUNT=pa.array([2])), "its columns amount and AMOUNT have one name"
    ),
    "unsigned numbers that fit": Kind(_parquet(amount=pa.array([10], pa.uint32())), ((1, 10, None),)),
    "unsigned numbers that do not": Kind(
        _parquet(amount=pa.array([2**63], pa.uint64())),
        quarantined=((_row(amount="9223372036854775808"), ["amount: not of type int"]),),
    ),
    "decimals of another scale": Kind(
        _parquet(amount=pa.array([Decimal("10.00")], pa.decimal128(10, 2))), ((1, 10, None),)
    ),
    "decimals that do not fit": Kind(
        _parquet(amount=pa.array([Decimal("10.50")], pa.decimal128(10, 2))),
        quarantined=((_row(amount="10.50"), ["amount: not of type int"]),),
    ),
    "times as INT96": Kind(_int96(), ((1, None, None),)),
    "a column of nulls": Kind(_parquet(amount=pa.nulls(1)), ((1, None, None),)),
    "a struct with other fields": Kind(_parquet(place=pa.array([{"names": ["x"], "lat": 1}])), ((1, None, None),)),
    "a fraction in a struct": Kind(
        _parquet(spot=pa.array([{"x": 1.5}])),
        quarantined=((_row(spot='{"x":1.5}'), ["spot: not of type struct<x:int>"]),),
    ),
    "a field that a struct has not": Kind(
        _parquet(spot=pa.array([{"x": 1, "y": 2}])),
        quarantined=((_row(spot='{"x":1,"y":2}'), ["spot: not of type struct<x:int>"]),),
    ),
    "no row": Kind(_parquet(id=pa.array([], pa.int64()), day=pa.array([], pa.timestamp("us")))),
    "nothing at all": whole(b"", "no Parquet, or cut off"),
    "an object that is cut off": whole(GOOD_PARQUET[:-20], "no Parquet, or cut off"),
    "text": whole((HEADER + "1,2013-01-01,10,a\n").encode(), "no Parquet, or cut off"),
    "a page that is damaged": whole(b"PAR1" + bytes(40) + GOOD_PARQUET[44:], "one of its pages is damaged"),
}

NESTED = (
    Column("big", "bigint"),
    Column("price", "decimal(10,2)"),
    Column("at", "timestamp"),
    Column("tags", "array<string>"),
    Column("place", "struct<lat:double,names:array<string>>"),
    Column("ratio", "double"),
)
IN_JSON = tuple((each.name, each.type) for each in (*ORDERS.columns[:4], *NESTED))
SPOT = (Column("place", "struct<lat:double,names:array<string>>"), Column("spot", "struct<x:int>"))
IN_PARQUET = tuple((each.name, each.type) for each in (*ORDERS.columns[:4], *SPOT, NESTED[-1]))
TYPES = (*ORDERS.columns[:2], *NESTED[1:3], Column("ratio", "float"))
_FREE: Dataset = replace(ORDERS, key=())
_JSON_COLUMNS = (*ORDERS.columns[:4], *NESTED, ORDERS.columns[4])
_PARQUET_COLUMNS = (*ORDERS.columns[:4], *SPOT, NESTED[-1], ORDERS.columns[4])
_TYPES_COLUMNS = (*TYPES, *ORDERS.columns[2:])

# Format: its kinds, what its dataset differs in, and the catalog's columns.
LAKES: dict[str, tuple[dict[str, Kind], Dataset, tuple[tuple[str, str], ...] | None]] = {
    "csv": (CSV, _FREE, None),
    "csv without a header": (CSV_WITHOUT_HEADER, replace(_FREE, options={**ORDERS.options, "header": False}), None),
    "csv of several types": (
        CSV_OF_TYPES,
        replace(_FREE, columns=_TYPES_COLUMNS),
        tuple((each.name, each.type) for each in TYPES),
    ),
    "csv over several lines": (CSV_OVER_LINES, replace(_FREE, options={**ORDERS.options, "multiLine": True}), None),
    "json documents": (
        DOCUMENTS,
        replace(_FREE, format="json", options={"multiLine": True}),
        tuple((each.name, each.type) for each in ORDERS.columns[:4]),
    ),
    "json": (JSON, replace(_FREE, format="json", options={"multiLine": False}, columns=_JSON_COLUMNS), IN_JSON),
    "parquet": (PARQUET, replace(_FREE, format="parquet", options={}, columns=_PARQUET_COLUMNS), IN_PARQUET),
}

"""Which of AWS Glue's rules for crawlers hold here, one by one: what is refused is refused by name, never passed over.

KEPT: documented by AWS, or seen in what its crawlers write, and the same here. CHOSEN: AWS says nothing exact; the text
is what happens here. REFUSED: the definition or the crawl ends with an error that names it.
"""

from enum import Enum
from typing import NamedTuple


class Standing(Enum):
    """Where a rule stands here."""

    KEPT = "kept"
    CHOSEN = "chosen"
    REFUSED = "refused"


class Rule(NamedTuple):
    """One rule. `name` is its key in the tests that hold it."""

    name: str
    standing: Standing
    text: str


_K, _C, _R = Standing.KEPT, Standing.CHOSEN, Standing.REFUSED

RULES: tuple[Rule, ...] = (
    # The definition.
    Rule("required fields", _K, "Name, Role and at least one target"),
    Rule("default database", _K, "without DatabaseName the database is `default`; it must exist"),
    Rule("sample size", _K, "SampleSize 1 to 249 objects a folder; statistics are scaled up to all of them"),
    Rule("which objects are sampled", _C, "the first of each folder in the order of their keys"),
    Rule("include path", _K, "bucket, folder or object; a bare bucket is all that it holds"),
    Rule("configuration", _K, "JSON text of version 1.0; unknown keys are refused by their path"),
    Rule("other targets", _R, "JDBC, MongoDB, DynamoDB, catalog, Delta, Iceberg and Hudi targets"),
    Rule("target settings", _R, "ConnectionName, EventQueueArn, DlqEventQueueArn"),
    Rule("classifiers", _K, "those that the crawler names come first, in their order; the first that knows wins"),
    Rule("classifier kinds", _R, "Grok and XML classifiers, JSON paths but `$[*]`, CustomDatatypes of CSV classifiers"),
    Rule("missing classifier", _C, "the crawl fails: AWS does not say when it looks"),
    Rule("recrawl", _R, "CRAWL_NEW_FOLDERS_ONLY and CRAWL_EVENT_MODE"),
    Rule("lineage and Lake Formation", _R, "both, where they are switched on"),
    # Exclusions, names, folders.
    Rule("exclusions", _K, "globs on the path below the include path, kept as the table's `exclusions`"),
    Rule("table names", _K, "prefix and folder in lower case, other signs `_`, cut at 128 characters"),
    Rule("name clashes", _K, "a hash of the location is put behind; of another's table only, an own one is moved"),
    Rule("lone object", _K, "an object that is its own table keeps its extension in the name"),
    Rule("empty objects", _C, "they are not seen: AWS makes tables of some"),
    Rule("key folders", _K, "`key=value` folders are a partition key `key` of type string"),
    Rule("plain folders", _K, "plain folders are `partition_0`, `partition_1`, … from the root down"),
    Rule("partition values", _C, "as the object's key spells them, not decoded"),
    Rule("key that is a column", _C, "it is called like a plain folder's key"),
    Rule("mixed folders", _C, "the structure that most objects of a table have; the others are logged and skipped"),
    Rule("changed partition keys", _K, "a table with partitions keeps its keys; what has others is logged and skipped"),
    Rule("table level", _K, "TableLevelConfiguration counts from the bucket, which is 1; what lies above is logged"),
    # Which objects share a table.
    Rule("data compatibility", _K, "format, compression, delimiter and path structure are the same"),
    Rule("header mix", _C, "objects with and without a header are not compatible"),
    Rule("schema similarity", _C, "70 % of the column names of two schemas, and more than 70 % of the folders"),
    Rule("combine compatible schemas", _K, "columns need not be similar and are united"),
    Rule("order of columns", _C, "that of first appearance, in the order of the objects' keys"),
    Rule("sampling", _K, "the first mebibyte or 1,000 records of an object, whichever ends first"),
    Rule("compression", _K, "gzip and bzip2 of whole objects; zip, lz4, snappy, zstd are refused by name"),
    Rule("order of formats", _K, "parquet, json, csv"),
    Rule("other formats", _R, "avro, orc, xml, ion, encrypted parquet, told by their first bytes: the crawl fails"),
    Rule("stray formats", _C, "with a table level, fewer such objects than known ones are logged and skipped"),
    Rule("false starts", _C, "what begins like parquet or json and is none is of no other format"),
    Rule("not recognised", _C, "logged and left out; a target of nothing else fails, where AWS writes `UNKNOWN`"),
    # CSV.
    Rule("delimiters", _K, "comma, pipe, tab, semicolon, Ctrl-A"),
    Rule("delimiter choice", _C, "the one by which most lines have as many cells as the first, then the most cells"),
    Rule("minimum", _K, "two columns and two rows of data"),
    Rule("small objects", _C, "one with fewer rows is taken where siblings have its header or its width"),
    Rule("ragged rows", _C, "they say nothing about types; where they are most, it is no CSV"),
    Rule("header", _K, "all text, good names under 150 characters, the last may be empty, a number below"),
    Rule("no header", _C, "columns are col0, col1, …; the guide counts from 1"),
    Rule("repeated names", _C, "the second `a` is `a_1`; an empty one is called by its place"),
    Rule("column types", _K, "bigint, double, string; text like a date or a boolean stays string"),
    Rule("numbers", _C, "what Arrow reads as a 64-bit integer or a double, no hexadecimal; `NA` makes a string"),
    Rule("type conflicts", _C, "the wider number, parts united, else string; what has no value gives way, else string"),
    # CSV by a classifier.
    Rule("classifier dialect", _K, "Delimiter and QuoteSymbol; without a Delimiter the built-in ones are tried"),
    Rule("classifier header", _K, "ContainsHeader PRESENT or ABSENT holds, UNKNOWN asks; Header names the columns"),
    Rule("classifier single column", _K, "one column with AllowSingleColumn, else two"),
    Rule("classifier trimming", _K, "blanks make a number a string unless DisableValueTrimming is false"),
    Rule("classifier SerDe", _K, "LazySimpleSerDe, also for None, or OpenCSVSerDe"),
    Rule("classifier rows", _C, "no minimum; a Header of another width makes it none of the classifier's"),
    # JSON.
    Rule("json array", _K, "a text that is one array has the one column `array`, as in tables of AWS's crawlers"),
    Rule("json layouts", _C, "records a line each, or one after the other over several lines"),
    Rule("json types", _K, "int, bigint, double, string; struct and array, nested"),
    Rule("json numbers", _C, "int to 32 bits, bigint to 64, else double"),
    Rule("json booleans", _C, "boolean"),
    Rule("json names", _C, "columns in lower case, one where only case differs; members as they are spelt"),
    Rule("json members", _C, "what has a name that no type can hold, or lies deeper than 50 levels, is a string"),
    Rule("json broken lines", _C, "they say nothing about types and count; where they are most, it is no JSON"),
    Rule("json long records", _K, "while no record ends in the first mebibyte another is read, up to ten"),
    Rule("json long compressed records", _C, "of compressed content no more than the first mebibyte is read"),
    Rule("json paths", _K, "the SerDe's `paths` are the columns' names as they are spelt, sorted"),
    Rule("json elements", _K, "by a classifier with the path `$[*]` the elements of an array are the records"),
    # Parquet.
    Rule("parquet footer", _K, "the schema and the number of rows are the footer's; no more than it is read"),
    Rule("parquet types", _K, "int, bigint, double, boolean, timestamp, string as the file has them"),
    Rule("parquet other types", _C, "Hive's: date, decimal, binary, float, nested; a time of day has none"),
    Rule("parquet compression", _C, "`none` whatever its pages have; in gzip or bzip2 it is not recognised"),
    # What is written.
    Rule("storage", _K, "input and output format, SerDe and its parameters of CSV, JSON and Parquet"),
    Rule("parameters", _K, "all text, on the table and again in its StorageDescriptor"),
    Rule(
        "statistics", _K, "objectCount, recordCount, averageRecordSize, sizeKey; the table's are its partitions' sums"
    ),
    Rule("inherit from table", _K, "partitions take formats, SerDe and schema from the table"),
    Rule("merge new columns", _K, "columns are only added; a changed format, compression or delimiter deprecates"),
    Rule("table threshold", _K, "more tables fail the crawl before anything is written"),
    Rule("partition index", _K, "one over all keys of a new table; a role that may not is warned"),
    Rule("update in database", _K, "columns and parameters become what was found; what did not change is not written"),
    Rule("update log", _K, "known tables and partitions stay; new ones are created"),
    Rule("delete behaviors", _K, "deprecate, delete or log a table whose objects are gone"),
    Rule("deprecated partitions", _C, "a partition without objects is deleted or stays: no mark is documented for it"),
    Rule("others' tables", _C, "only what this crawler wrote is deprecated or deleted"),
)

"""The file formats that a crawl recognises, in the order in which AWS Glue's built-in classifiers are tried."""

from local.glue.crawlers.formats.base import Format
from local.glue.crawlers.formats.delimited import DelimitedText
from local.glue.crawlers.formats.json_text import JsonText
from local.glue.crawlers.formats.parquet import Parquet

FORMATS: tuple[Format, ...] = (Parquet(), JsonText(), DelimitedText())

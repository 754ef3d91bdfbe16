"""The file formats that a crawl recognises, in the order in which AWS Glue's built-in classifiers are tried."""

from local.glue.crawlers.formats.base import Format
from local.glue.crawlers.formats.delimited import DelimitedText

FORMATS: tuple[Format, ...] = (DelimitedText(),)

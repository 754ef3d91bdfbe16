"""How the crawler is to read a dataset's objects, where Glue's built-in classifiers would guess, or see one value."""

from __future__ import annotations

from aws_cdk import aws_glue as glue
from constructs import Construct

from lake.dataset import Dataset
from lake.names import Names
from lake.source import CsvOptions, CsvSource, JsonSource

# Each element of the array that an object is.
ELEMENTS = "$[*]"


class DatasetClassifier(Construct):
    """Says of the objects what the dataset says of them, where that is for Glue to know.

    Of CSV: delimiter, quote, and whether the first line is a header; to the built-in classifier a file of text only has
    none. Of JSON with multiLine: the records are the elements of an array, which the built-in one makes one column of.
    Other JSON and Parquet need no classifier: `names` is empty then. The id is the same for both kinds, so that a
    dataset whose format changes has its classifier changed in place: another one could not take its name.
    """

    def __init__(self, scope: Construct, construct_id: str, *, names: Names, dataset: Dataset) -> None:
        super().__init__(scope, construct_id)
        self._name = names.pipeline(dataset.name)
        self.names: list[str] = []
        match dataset.source:
            case CsvSource(options=options):
                # Glue takes a single column for CSV only where it is told so.
                self._csv(options, one_column=len(dataset.columns) == 1)
            case JsonSource(options=options) if options.multiLine:
                self._elements()

    def _csv(self, options: CsvOptions, *, one_column: bool) -> None:
        csv = glue.CfnClassifier.CsvClassifierProperty(
            name=self._name,
            delimiter=options.delimiter,
            quote_symbol=options.quote,
            contains_header="PRESENT" if options.header else "ABSENT",
            allow_single_column=one_column,
        )
        self.names.append(glue.CfnClassifier(self, "Resource", csv_classifier=csv).ref)

    def _elements(self) -> None:
        elements = glue.CfnClassifier.JsonClassifierProperty(name=self._name, json_path=ELEMENTS)
        self.names.append(glue.CfnClassifier(self, "Resource", json_classifier=elements).ref)

"""The samples that there are: by the name of the dataset that they fill."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from samples.flights import flights
from samples.planes import planes
from samples.sample import Sample
from samples.weather import weather


@dataclass(frozen=True)
class SampleSet:
    """A dataset's sample objects: what they are, in words, and how they are made."""

    what: str
    make: Callable[[], Iterator[Sample]]


SAMPLES = {
    "flights": SampleSet("departures from New York City in 2013, a CSV object a day", flights),
    "planes": SampleSet("the planes of these flights, one Parquet object", planes),
    "weather": SampleSet("the weather of each hour at their airports, a JSON lines object a month", weather),
}

"""The samples that there are: by the name of the dataset that they fill."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from samples.flights import flights
from samples.sample import Sample

SAMPLES: dict[str, Callable[[], Iterator[Sample]]] = {"flights": flights}

"""An environment with its datasets: valid each, and together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lake.config_file import ConfigFile
from lake.dataset import DATASETS, Dataset, load_datasets
from lake.environment import ENVIRONMENTS, Environment, load_environment
from lake.errors import Gathered, unknown_name


@dataclass(frozen=True, slots=True)
class Config:
    """What the CDK app is built from."""

    environment: Environment
    datasets: tuple[Dataset, ...]


def load_config(env: str, *, environments: Path = ENVIRONMENTS, datasets: Path = DATASETS) -> Config:
    """Return an environment and every dataset.

    Raises ConfigError for all that is wrong in them, and for a dataset that goes beyond the environment's limits.
    """
    gathered = Gathered()
    environment, loaded = None, None
    with gathered.step():
        environment = load_environment(env, environments)
    with gathered.step():
        loaded = load_datasets(datasets)
    gathered.raise_all()
    assert environment is not None
    assert loaded is not None
    names = [dataset.name for dataset in loaded]
    if environment.default_pipeline not in names:
        file = ConfigFile(environments / f"{env}.yaml")
        problem = unknown_name("dataset", environment.default_pipeline, names)
        gathered.add(file.problem(("default_pipeline",), str(problem)))
    for dataset in loaded:
        if dataset.workers.count > environment.max_workers:
            file = ConfigFile(datasets / f"{dataset.name}.yaml")
            limit = f"allowed in environment '{env}' are at most {environment.max_workers} (its max_workers)"
            gathered.add(file.problem(("workers", "count"), f"is {dataset.workers.count}; {limit}"))
    gathered.raise_all()
    return Config(environment=environment, datasets=tuple(loaded))

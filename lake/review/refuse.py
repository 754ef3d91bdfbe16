"""Before a deployment: refused is what the rows of a deployed table do not take."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from lake.dataset import Dataset
from lake.dataset_change import REBUILD, refused_changes
from lake.errors import ConfigError
from lake.names import Names
from lake.review.stacks import Client, deployed


def check_rows(names: Names, datasets: Sequence[Dataset], only: Collection[str], client: Client) -> None:
    """Raise ConfigError where key, partitions or a column's type change of a dataset whose curated table is there.

    `only` names the stacks that are deployed, all where it is empty. Raises ClientError where AWS does not tell.
    """
    stacks = deployed(names, client)
    problems: list[str] = []
    for dataset in datasets:
        name = names.pipeline_stack(dataset.name)
        before = stacks.get(name)
        if before is None or before.dataset is None or not before.has_rows or (only and name not in only):
            continue
        refused = refused_changes(before.dataset, json.loads(dataset.resolved_json()))
        if refused:
            way = REBUILD.format(curated=names.curated_database, ops=names.ops_database, dataset=dataset.name)
            problems.append(
                f"datasets/{dataset.name}.yaml: {'; '.join(refused)}. Rows are there. Nothing was done.\n{way}"
            )
    if problems:
        raise ConfigError("\n".join(problems))

"""What a job is made of: script, stages, dataset, jars; each an object of the asset bucket."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import aws_cdk as cdk
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from lake.config_file import ROOT
from lake.dataset import Dataset
from lake.environment import Upkeep
from lake.errors import ConfigError
from local.setup.jars import JARS, Use

JARS_FOLDER = ROOT / ".lake" / "jars"
GLUE_SCRIPTS = ROOT / "glue_scripts"
SCRIPT = "raw_to_curated.py"
# Python writes its caches beside the stages when the tests run: they must not change what is deployed.
NOT_STAGES = ["*", "!lib", "!lib/**/*.py"]


def rules_jars(dataset: Dataset) -> list[Path]:
    """Return deequ and what it needs, where the dataset has rules for it. Raises ConfigError where they are missing."""
    if dataset.table_rules is None:
        return []
    jars = [JARS_FOLDER / jar.file_name for jar in JARS if jar.use is Use.RULES]
    missing = [str(jar.relative_to(ROOT)) for jar in jars if not jar.exists()]
    if missing:
        raise ConfigError(f"{', '.join(missing)}: not there; `make setup` fetches what the rules of datasets need")
    return jars


class JobCode(Construct):
    """The same objects for the same files: neither a clock nor what else lies beside them changes a key.

    All lie in `bucket`, the asset bucket; the other members are their keys.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        dataset: Dataset,
        upkeep: Upkeep,
        jars: Sequence[Path] = (),
        glue_scripts: Path = GLUE_SCRIPTS,
    ) -> None:
        super().__init__(scope, construct_id)
        script = assets.Asset(self, "Script", path=str(glue_scripts / SCRIPT))
        stages = assets.Asset(
            self, "Stages", path=str(glue_scripts), exclude=NOT_STAGES, ignore_mode=cdk.IgnoreMode.GIT
        )
        self.bucket = script.bucket
        self.script = script.s3_object_key
        self.stages = stages.s3_object_key
        self.dataset = self._dataset_asset(dataset, upkeep).s3_object_key
        self.jars = [assets.Asset(self, f"Jar{jar.stem}", path=str(jar)).s3_object_key for jar in jars]

    @property
    def keys(self) -> list[str]:
        """The keys of all objects that the job reads from the asset bucket."""
        return [self.script, self.stages, self.dataset, *self.jars]

    def _dataset_asset(self, dataset: Dataset, upkeep: Upkeep) -> assets.Asset:
        with TemporaryDirectory() as folder:  # the asset is copied as it is made
            file = Path(folder) / "dataset.json"
            file.write_text(dataset.resolved_json(upkeep=upkeep.model_dump()), encoding="utf-8")
            return assets.Asset(self, "Dataset", path=str(file))

"""JSON Schemas of the configuration, made from its models: `python -m lake.schema` writes them beside the files.

An editor that reads the first line of a file, `# yaml-language-server: $schema=dataset.schema.json`, completes its
fields and marks what is wrong in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from lake.config_file import ROOT
from lake.config_model import ConfigModel
from lake.dataset import DATASETS, Dataset
from lake.environment import ENVIRONMENTS, Environment

DIALECT: Final = GenerateJsonSchema.schema_dialect
DATASET_SCHEMA: Final = DATASETS / "dataset.schema.json"
SCHEMAS: Final[dict[Path, type[ConfigModel]]] = {
    DATASET_SCHEMA: Dataset,
    ENVIRONMENTS / "environment.schema.json": Environment,
}

# An environment is called as its file is.
NOT_IN_THE_FILE: Final[Mapping[type[ConfigModel], str]] = {Environment: "name"}


def schema_line(schema: Path) -> str:
    """Return a YAML file's first line, by which editors find the schema beside it."""
    return f"# yaml-language-server: $schema={schema.name}"


def schema_text(model: type[ConfigModel]) -> str:
    """Return the JSON Schema of a model's files: the same text for the same model."""
    schema: dict[str, Any] = {"$schema": DIALECT, **model.model_json_schema()}
    absent = NOT_IN_THE_FILE.get(model)
    if absent is not None:
        del schema["properties"][absent]
        schema["required"].remove(absent)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every schema."""
    for path, model in SCHEMAS.items():
        path.write_text(schema_text(model), encoding="utf-8")
        print(f"{path.relative_to(ROOT)} written")


if __name__ == "__main__":
    main()

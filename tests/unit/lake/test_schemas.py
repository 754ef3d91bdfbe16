from pathlib import Path

import jsonschema  # type: ignore[import-untyped] # it ships no types
import pytest
import yaml

from lake.config_file import ROOT, config_names
from lake.dataset import DATASETS
from lake.environment import ENVIRONMENTS
from lake.schema import SCHEMAS, schema_line, schema_text

BESIDE = [
    (schema, folder / f"{name}.yaml")
    for schema, folder in zip(SCHEMAS, (DATASETS, ENVIRONMENTS), strict=True)
    for name in config_names(folder)
]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_schemas_are_what_the_models_say(path: Path) -> None:
    hint = "python -m lake.schema writes it anew"
    assert path.read_text(encoding="utf-8") == schema_text(SCHEMAS[path]), hint


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_schemas_are_valid_themselves(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("schema", "file"), BESIDE, ids=[str(file.relative_to(ROOT)) for _, file in BESIDE])
def test_every_file_names_the_schema_beside_it_and_agrees_with_it(schema: Path, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.splitlines()[0] == schema_line(schema)
    jsonschema.validate(yaml.safe_load(text), yaml.safe_load(schema.read_text(encoding="utf-8")))


@pytest.mark.parametrize("folder", [DATASETS, ENVIRONMENTS], ids=lambda folder: folder.name)
def test_a_schema_is_not_taken_for_a_dataset_or_an_environment(folder: Path) -> None:
    assert [path.stem for path in folder.glob("*.schema.json")]
    assert not [name for name in config_names(folder) if "schema" in name]


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "xml"},
        {"format": "json", "options": {"header": True}},
        {"format": "csv", "options": {"header": "yes"}},
        {"format": "csv", "prefix": "raw/trips"},
    ],
)
def test_the_schema_refuses_what_the_model_refuses(wrong: dict[str, object]) -> None:
    schema = yaml.safe_load((DATASETS / "dataset.schema.json").read_text(encoding="utf-8"))
    good = {"name": "trips", "source": {"prefix": "raw/trips/", "format": "csv"}}
    jsonschema.validate(good, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**good, "source": {"prefix": "raw/trips/", **wrong}}, schema)

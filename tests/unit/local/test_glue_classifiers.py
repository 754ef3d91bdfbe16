from typing import Any

import pytest

from local.glue.classifiers import Classifiers
from local.glue.errors import AlreadyExists, EntityNotFound, InvalidInput, Unsupported


def csv(**members: Any) -> dict[str, Any]:
    return {"CsvClassifier": {"Name": "c", **members}}


def members_of(classifiers: Classifiers) -> dict[str, Any]:
    found: dict[str, Any] = classifiers.get({"Name": "c"})["Classifier"]["CsvClassifier"]
    return {name: value for name, value in found.items() if name not in ("CreationTime", "LastUpdated")}


@pytest.fixture
def classifiers() -> Classifiers:
    """One classifier, `c`."""
    created = Classifiers()
    created.create(csv(Delimiter=";", ContainsHeader="PRESENT"))
    return created


def test_a_classifier_is_as_it_was_created(classifiers: Classifiers) -> None:
    assert members_of(classifiers) == {"Name": "c", "Delimiter": ";", "ContainsHeader": "PRESENT", "Version": 1}


def test_an_update_keeps_what_it_leaves_out(classifiers: Classifiers) -> None:
    classifiers.update(csv(Delimiter="|"))
    assert members_of(classifiers) == {"Name": "c", "Delimiter": "|", "ContainsHeader": "PRESENT", "Version": 2}


def test_an_update_by_cloudformation_resets_what_it_leaves_out(classifiers: Classifiers) -> None:
    classifiers.replace(csv(Delimiter="|"))
    assert members_of(classifiers) == {"Name": "c", "Delimiter": "|", "Version": 2}


def test_an_update_that_is_refused_changes_nothing(classifiers: Classifiers) -> None:
    with pytest.raises(InvalidInput, match="QuoteSymbol must differ from the Delimiter"):
        classifiers.update(csv(QuoteSymbol=";"))
    assert members_of(classifiers)["Version"] == 1


def test_all_classifiers_are_listed_page_by_page(classifiers: Classifiers) -> None:
    classifiers.create({"CsvClassifier": {"Name": "d"}})
    first = classifiers.get_all({"MaxResults": 1})
    second = classifiers.get_all({"MaxResults": 1, "NextToken": first["NextToken"]})
    names = [one["CsvClassifier"]["Name"] for answer in (first, second) for one in answer["Classifiers"]]
    assert names == ["c", "d"]
    assert "NextToken" not in second


def test_a_deleted_classifier_is_gone(classifiers: Classifiers) -> None:
    classifiers.delete({"Name": "c"})
    for action in (classifiers.get, classifiers.delete):
        with pytest.raises(EntityNotFound, match="Classifier c not found"):
            action({"Name": "c"})
    with pytest.raises(EntityNotFound, match="Classifier c not found"):
        classifiers.update(csv())


def test_a_name_is_given_once(classifiers: Classifiers) -> None:
    with pytest.raises(AlreadyExists, match="Classifier c already exists"):
        classifiers.create(csv(Delimiter="|"))
    assert members_of(classifiers)["Delimiter"] == ";"


@pytest.mark.parametrize("kind", ["GrokClassifier", "XMLClassifier"])
def test_another_kind_is_refused_by_its_name(classifiers: Classifiers, kind: str) -> None:
    for action in (classifiers.create, classifiers.update):
        with pytest.raises(Unsupported, match=f"{kind} is not supported"):
            action({kind: {"Name": "x"}})


def test_a_classifier_stays_of_its_kind_unless_cloudformation_says_otherwise(classifiers: Classifiers) -> None:
    elements = {"JsonClassifier": {"Name": "c", "JsonPath": "$[*]"}}
    with pytest.raises(InvalidInput, match="Classifier c is no JsonClassifier but a CsvClassifier"):
        classifiers.update(elements)
    classifiers.replace(elements)
    changed = classifiers.get({"Name": "c"})["Classifier"]["JsonClassifier"]
    assert (changed["JsonPath"], changed["Version"]) == ("$[*]", 2)
    assert [found.classification for found in classifiers.formats(["c"])] == ["json"]


@pytest.mark.parametrize(
    ("request_", "said"), [({}, "not none"), ({**csv(), "JsonClassifier": {}}, "not CsvClassifier, JsonClassifier")]
)
def test_one_kind_must_be_given(classifiers: Classifiers, request_: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        classifiers.create(request_)

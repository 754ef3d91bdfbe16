"""Crawlers of local Glue with classifiers, by API and by CloudFormation, and the partitions of its Data Catalog."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws import ALLOW_ALL, USER_TRUST, Aws, wait_for

pytestmark = pytest.mark.integration

WORDS = b"name|city\nAnn|Rome\nBob|Oslo\n"


def crawl(aws: Aws, name: str) -> Any:
    """The end of a crawl that is started here."""
    glue = aws.client("glue")
    glue.start_crawler(Name=name)

    def look() -> Any:
        crawler = glue.get_crawler(Name=name)["Crawler"]
        return crawler["LastCrawl"] if crawler["State"] == "READY" else None

    return wait_for(look, seconds=60, what=f"crawl of {name}")


@pytest.fixture
def words(aws: Aws, request: pytest.FixtureRequest) -> str:
    """A bucket and a database of the test's own with a file of strings only; their name."""
    name: str = "words-" + request.node.name.removeprefix("test_").replace("_", "-")[:40].rstrip("-")
    s3, glue = aws.client("s3"), aws.client("glue")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="words/a.csv", Body=WORDS)
    glue.create_database(DatabaseInput={"Name": name})
    aws.role(f"{name}-role", ALLOW_ALL)
    return name


def crawler(name: str, **members: Any) -> dict[str, Any]:
    target = {"Path": f"s3://{name}/words/"}
    return {
        "Name": name, "Role": f"{name}-role", "DatabaseName": name, "Targets": {"S3Targets": [target]}, **members,
    }  # fmt: skip


def columns(aws: Aws, database: str) -> list[str]:
    table = aws.client("glue").get_table(DatabaseName=database, Name="words")["Table"]
    return [column["Name"] for column in table["StorageDescriptor"]["Columns"]]


@pytest.mark.shows("crawl-last-status")
def test_a_crawl_obeys_the_classifier_as_it_is_when_the_crawl_starts(aws: Aws, words: str) -> None:
    glue = aws.client("glue")
    glue.create_classifier(CsvClassifier={"Name": words, "Delimiter": "|", "ContainsHeader": "ABSENT"})
    glue.create_crawler(**crawler(words, Classifiers=[words]))
    assert crawl(aws, words)["Status"] == "SUCCEEDED"
    assert columns(aws, words) == ["col0", "col1"]
    glue.update_classifier(CsvClassifier={"Name": words, "ContainsHeader": "PRESENT"})
    assert crawl(aws, words)["Status"] == "SUCCEEDED"
    assert columns(aws, words) == ["name", "city"]


@pytest.mark.shows("crawl-last-status")
def test_a_crawl_whose_classifier_is_gone_fails_by_its_name(aws: Aws, words: str) -> None:
    aws.client("glue").create_crawler(**crawler(words, Classifiers=["gone"]))
    last = crawl(aws, words)
    assert last["Status"] == "FAILED"
    assert last["ErrorMessage"] == "The crawler's classifier gone does not exist"


def test_cloudformation_creates_a_classifier_for_a_crawler_updates_and_deletes_it(aws: Aws, words: str) -> None:
    cloudformation, glue = aws.client("cloudformation"), aws.client("glue")

    def template(name: str, **members: Any) -> str:
        properties = {"CsvClassifier": {"Name": name, "Delimiter": "|", **members}}
        crawled = crawler(words, Classifiers=[{"Ref": "Csv"}])
        resources = {
            "Crawler": {"Type": "AWS::Glue::Crawler", "Properties": crawled},
            "Csv": {"Type": "AWS::Glue::Classifier", "Properties": properties},
        }
        return json.dumps({"Resources": resources})

    def update(text: str) -> None:
        cloudformation.update_stack(StackName=words, TemplateBody=text)
        cloudformation.get_waiter("stack_update_complete").wait(StackName=words, WaiterConfig={"Delay": 1})

    cloudformation.create_stack(StackName=words, TemplateBody=template(words, ContainsHeader="PRESENT"))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=words, WaiterConfig={"Delay": 1})
    assert glue.get_crawler(Name=words)["Crawler"]["Classifiers"] == [words]
    assert crawl(aws, words)["Status"] == "SUCCEEDED"
    assert columns(aws, words) == ["name", "city"]

    update(template(words, AllowSingleColumn="true"))
    changed = glue.get_classifier(Name=words)["Classifier"]["CsvClassifier"]
    assert (changed["Version"], changed["AllowSingleColumn"]) == (2, True)
    assert "ContainsHeader" not in changed

    update(template(f"{words}-new"))
    assert glue.get_classifier(Name=f"{words}-new")["Classifier"]["CsvClassifier"]["Version"] == 1
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_classifier(Name=words)
    assert glue.get_crawler(Name=words)["Crawler"]["Classifiers"] == [f"{words}-new"]

    cloudformation.delete_stack(StackName=words)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=words, WaiterConfig={"Delay": 1})
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_classifier(Name=f"{words}-new")


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"XMLClassifier": {"Name": "x", "Classification": "c", "RowTag": "r"}}, "XMLClassifier is not supported"),
        ({"JsonClassifier": {"Name": "j", "JsonPath": "$.a"}}, "JsonPath '$.a' is not supported"),
        ({"CsvClassifier": {"Name": "c", "CustomDatatypes": ["date"]}}, "CustomDatatypes are not supported"),
        ({"CsvClassifier": {"Name": "c", "ContainsHeader": "MAYBE"}}, "must be one of UNKNOWN, PRESENT, ABSENT"),
    ],
)
def test_a_classifier_that_is_not_taken_is_refused_with_the_reason(
    aws: Aws, request_: dict[str, Any], said: str
) -> None:
    with pytest.raises(ClientError, match="InvalidInputException") as refusal:
        aws.client("glue").create_classifier(**request_)
    assert said in str(refusal.value)


@pytest.mark.shows("iam-no-resource")
def test_a_classifier_needs_a_grant_on_every_resource_for_it_has_none_of_its_own(aws: Aws) -> None:
    grant = {"Effect": "Allow", "Action": "glue:CreateClassifier", "Resource": "arn:aws:glue:*:*:classifier/mine"}
    named = aws.client_of(aws.role("one-classifier", grant, trust=USER_TRUST), "glue")
    with pytest.raises(ClientError, match="AccessDenied"):
        named.create_classifier(CsvClassifier={"Name": "mine"})
    every = aws.client_of(aws.role("any-classifier", {**grant, "Resource": "*"}, trust=USER_TRUST), "glue")
    every.create_classifier(CsvClassifier={"Name": "mine"})
    assert aws.client("glue").get_classifier(Name="mine")["Classifier"]["CsvClassifier"]["Name"] == "mine"


@pytest.fixture(scope="module")
def days(aws: Aws) -> str:
    """A database with a table `days` of ten partitions; its name."""
    glue = aws.client("glue")
    glue.create_database(DatabaseInput={"Name": "catalog-gaps"})
    table = {"Name": "days", "PartitionKeys": [{"Name": "day", "Type": "string"}]}
    glue.create_table(DatabaseName="catalog-gaps", TableInput=table)
    inputs = [{"Values": [str(day)]} for day in range(10)]
    glue.batch_create_partition(DatabaseName="catalog-gaps", TableName="days", PartitionInputList=inputs)
    return "catalog-gaps"


def values(aws: Aws, database: str) -> set[str]:
    answer = aws.client("glue").get_partitions(DatabaseName=database, TableName="days")
    return {partition["Values"][0] for partition in answer["Partitions"]}


def test_partitions_are_deleted_in_a_batch_and_each_that_is_not_there_is_an_error_of_its_own(
    aws: Aws, days: str
) -> None:
    glue = aws.client("glue")
    answer = glue.batch_delete_partition(
        DatabaseName=days,
        TableName="days",
        PartitionsToDelete=[{"Values": ["1"]}, {"Values": ["x"]}, {"Values": ["2"]}],
    )
    [error] = answer["Errors"]
    assert error["PartitionValues"] == ["x"]
    assert error["ErrorDetail"]["ErrorCode"] == "EntityNotFoundException"
    assert {"1", "2"}.isdisjoint(values(aws, days))
    assert {"0", "3"} <= values(aws, days)
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.batch_delete_partition(DatabaseName=days, TableName="none", PartitionsToDelete=[{"Values": ["3"]}])


def test_a_partition_is_deleted_once(aws: Aws, days: str) -> None:
    glue = aws.client("glue")
    glue.delete_partition(DatabaseName=days, TableName="days", PartitionValues=["7"])
    assert "7" not in values(aws, days)
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.delete_partition(DatabaseName=days, TableName="days", PartitionValues=["7"])


def test_a_partition_is_updated_and_one_that_is_not_there_is_refused(aws: Aws, days: str) -> None:
    glue = aws.client("glue")
    changed = {"Values": ["5"], "Parameters": {"checked": "yes"}}
    glue.update_partition(DatabaseName=days, TableName="days", PartitionValueList=["5"], PartitionInput=changed)
    found = glue.get_partition(DatabaseName=days, TableName="days", PartitionValues=["5"])["Partition"]
    assert found["Parameters"] == {"checked": "yes"}
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.update_partition(DatabaseName=days, TableName="days", PartitionValueList=["x"], PartitionInput=changed)


def test_tags_that_a_crawler_is_created_with_are_kept(aws: Aws, words: str) -> None:
    aws.client("glue").create_crawler(**crawler(words, Tags={"team": "data"}))
    arn = f"arn:aws:glue:us-east-1:000000000000:crawler/{words}"
    assert aws.client("glue").get_tags(ResourceArn=arn)["Tags"] == {"team": "data"}


@pytest.mark.parametrize("delete", ["DELETE_FROM_DATABASE", "LOG"])
def test_a_crawl_deletes_partitions_whose_objects_are_gone_where_its_policy_says_so(aws: Aws, delete: str) -> None:
    name = f"gone-{delete.lower().replace('_', '-')}"
    s3, glue = aws.client("s3"), aws.client("glue")
    aws.role(f"{name}-role", ALLOW_ALL)
    s3.create_bucket(Bucket=name)
    glue.create_database(DatabaseInput={"Name": name})
    for day in ("1", "2"):
        s3.put_object(Bucket=name, Key=f"words/day={day}/a.csv", Body=b"id,n\n1,2\n3,4\n")
    glue.create_crawler(**crawler(name, SchemaChangePolicy={"DeleteBehavior": delete}))
    assert crawl(aws, name)["Status"] == "SUCCEEDED"
    s3.delete_object(Bucket=name, Key="words/day=2/a.csv")
    assert crawl(aws, name)["Status"] == "SUCCEEDED"
    answer = glue.get_partitions(DatabaseName=name, TableName="words")
    kept = {partition["Values"][0] for partition in answer["Partitions"]}
    assert kept == ({"1"} if delete == "DELETE_FROM_DATABASE" else {"1", "2"})

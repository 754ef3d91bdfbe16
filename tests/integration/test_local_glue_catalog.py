"""The Data Catalog of local Glue, as Iceberg, PyIceberg, Spark and the AWS CLI use it."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws import USER_TRUST, Aws

pytestmark = pytest.mark.integration

ARN = "arn:aws:glue:us-east-1:000000000000"


@pytest.fixture
def database(aws: Aws) -> str:
    """A database of the test's own; its name."""
    name = f"catalog_{uuid.uuid4().hex[:12]}"
    aws.client("glue").create_database(DatabaseInput={"Name": name})
    return name


def table(name: str = "t", **members: Any) -> dict[str, Any]:
    return {"Name": name, "TableType": "EXTERNAL_TABLE", **members}


def partitioned(aws: Aws, database: str, count: int) -> None:
    """A table `days` with partitions day=0, day=1, …"""
    glue = aws.client("glue")
    keys = [{"Name": "day", "Type": "int"}]
    glue.create_table(DatabaseName=database, TableInput=table("days", PartitionKeys=keys))
    descriptor = {"Columns": [{"Name": "id", "Type": "int"}], "Location": "s3://b/days/"}
    for start in range(0, count, 100):
        inputs = [{"Values": [str(n)], "StorageDescriptor": descriptor} for n in range(start, min(start + 100, count))]
        answer = glue.batch_create_partition(DatabaseName=database, TableName="days", PartitionInputList=inputs)
        assert not answer["Errors"]


def days(aws: Aws, database: str, **members: Any) -> list[int]:
    pages = aws.client("glue").get_paginator("get_partitions")
    found = pages.paginate(DatabaseName=database, TableName="days", **members)
    return sorted(int(one["Values"][0]) for page in found for one in page["Partitions"])


def code(refusal: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refusal.value.response["Error"]["Code"])


def test_a_table_begins_at_version_0_and_each_update_counts_up(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    glue.create_table(DatabaseName=database, TableInput=table(Parameters={"at": "0"}))
    assert glue.get_table(DatabaseName=database, Name="t")["Table"]["VersionId"] == "0"
    glue.update_table(DatabaseName=database, TableInput=table(Parameters={"at": "1"}))
    glue.update_table(DatabaseName=database, TableInput=table(Parameters={"at": "2"}), SkipArchive=True)
    found = glue.get_table(DatabaseName=database, Name="t")["Table"]
    assert (found["VersionId"], found["Parameters"]) == ("2", {"at": "2"})


def test_an_update_replaces_the_whole_definition_and_keeps_the_creation(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    given: dict[str, Any] = {"Description": "one", "Owner": "me", "Parameters": {"a": "b"}, "Retention": 3}
    glue.create_table(DatabaseName=database, TableInput=table(**given))
    before = glue.get_table(DatabaseName=database, Name="t")["Table"]
    assert before.items() >= given.items()
    glue.update_table(DatabaseName=database, TableInput={"Name": "t"})
    after = glue.get_table(DatabaseName=database, Name="t")["Table"]
    assert {"Description", "Owner", "Parameters", "TableType"}.isdisjoint(after)
    assert after["CreateTime"] == before["CreateTime"]
    assert after["UpdateTime"] >= before["UpdateTime"]


def test_an_update_of_a_version_that_is_no_more_is_refused_and_changes_nothing(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    glue.create_table(DatabaseName=database, TableInput=table())
    glue.update_table(DatabaseName=database, TableInput=table(Owner="first"), VersionId="0")
    with pytest.raises(glue.exceptions.ConcurrentModificationException, match="due to concurrent modifications"):
        glue.update_table(DatabaseName=database, TableInput=table(Owner="second"), VersionId="0", SkipArchive=True)
    assert glue.get_table(DatabaseName=database, Name="t")["Table"]["Owner"] == "first"


def test_of_many_updates_of_one_version_at_once_one_is_done(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    glue.create_table(DatabaseName=database, TableInput=table())

    def update(writer: int) -> str:
        try:
            glue.update_table(DatabaseName=database, TableInput=table(Owner=f"w{writer}"), VersionId="0")
        except glue.exceptions.ConcurrentModificationException:
            return ""
        return f"w{writer}"

    with ThreadPoolExecutor(8) as writers:
        [done] = [writer for writer in writers.map(update, range(32)) if writer]
    found = glue.get_table(DatabaseName=database, Name="t")["Table"]
    assert (found["Owner"], found["VersionId"]) == (done, "1")


def test_versions_are_kept_but_those_whose_archive_is_skipped(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    glue.create_table(DatabaseName=database, TableInput=table(Owner="v0"))
    for number in range(1, 5):
        glue.update_table(DatabaseName=database, TableInput=table(Owner=f"v{number}"), SkipArchive=number == 3)
    pages = glue.get_paginator("get_table_versions").paginate(
        DatabaseName=database, TableName="t", PaginationConfig={"PageSize": 2}
    )
    found = [(one["VersionId"], one["Table"]["Owner"]) for page in pages for one in page["TableVersions"]]
    assert found == [("4", "v4"), ("3", "v3"), ("1", "v1"), ("0", "v0")]  # before 3 was written, 2 was not archived
    assert glue.get_table_version(DatabaseName=database, TableName="t")["TableVersion"]["VersionId"] == "4"
    one = glue.get_table_version(DatabaseName=database, TableName="t", VersionId="1")["TableVersion"]
    assert one["Table"]["Owner"] == "v1"
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_table_version(DatabaseName=database, TableName="t", VersionId="2")


def test_versions_are_deleted_one_by_one_and_in_a_batch_and_the_latest_stays(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    glue.create_table(DatabaseName=database, TableInput=table())
    for number in range(4):
        glue.update_table(DatabaseName=database, TableInput=table(Owner=str(number)))
    glue.delete_table_version(DatabaseName=database, TableName="t", VersionId="0")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.delete_table_version(DatabaseName=database, TableName="t", VersionId="0")
    answer = glue.batch_delete_table_version(DatabaseName=database, TableName="t", VersionIds=["1", "4", "7", "2"])
    errors = {one["VersionId"]: one["ErrorDetail"]["ErrorCode"] for one in answer["Errors"]}
    assert errors == {"4": "InvalidInputException", "7": "EntityNotFoundException"}
    left = glue.get_table_versions(DatabaseName=database, TableName="t")["TableVersions"]
    assert [one["VersionId"] for one in left] == ["4", "3"]


def test_a_table_made_anew_has_none_of_the_old_ones_versions_and_partitions(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    partitioned(aws, database, 3)
    glue.update_table(DatabaseName=database, TableInput=table("days", PartitionKeys=[{"Name": "day", "Type": "int"}]))
    glue.delete_table(DatabaseName=database, Name="days")
    partitioned(aws, database, 0)
    assert days(aws, database) == []
    assert len(glue.get_table_versions(DatabaseName=database, TableName="days")["TableVersions"]) == 1


def test_names_are_kept_in_small_letters_and_found_in_any(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    glue.create_table(DatabaseName=database.upper(), TableInput=table("Mixed"))
    assert glue.get_table(DatabaseName=database, Name="MIXED")["Table"]["Name"] == "mixed"
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_table(DatabaseName=database, TableInput=table("mixed"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("day = 7", [7]),
        ("day < 10 AND day > '7'", [8, 9]),
        ("day BETWEEN 10 AND 12 OR day IN (1, 2)", [1, 2, 10, 11, 12]),
        ("NOT day > 1", [0, 1]),
        ("day IS NULL", []),
    ],
)
def test_an_expression_chooses_partitions_by_the_type_of_their_key(
    aws: Aws, database: str, expression: str, expected: list[int]
) -> None:
    partitioned(aws, database, 30)
    assert days(aws, database, Expression=expression, PaginationConfig={"PageSize": 2}) == expected


def test_an_expression_that_is_none_is_refused(aws: Aws, database: str) -> None:
    partitioned(aws, database, 1)
    with pytest.raises(ClientError, match="Expression names hour, which is no partition key; there are day") as refusal:
        days(aws, database, Expression="hour = 1")
    assert code(refusal) == "InvalidInputException"


def test_segments_hold_every_partition_once_page_by_page(aws: Aws, database: str) -> None:
    partitioned(aws, database, 250)
    parts = [
        days(aws, database, Segment={"SegmentNumber": n, "TotalSegments": 4}, PaginationConfig={"PageSize": 30})
        for n in range(4)
    ]
    assert sorted(day for part in parts for day in part) == list(range(250))
    assert all(len(part) > 30 for part in parts)
    with pytest.raises(ClientError, match="SegmentNumber must be from 0 to 3"):
        days(aws, database, Segment={"SegmentNumber": 4, "TotalSegments": 4})


def test_partitions_come_without_their_columns_where_these_are_not_wanted(aws: Aws, database: str) -> None:
    partitioned(aws, database, 2)
    answer = aws.client("glue").get_partitions(DatabaseName=database, TableName="days", ExcludeColumnSchema=True)
    assert [one["StorageDescriptor"] for one in answer["Partitions"]] == [{"Location": "s3://b/days/"}] * 2


def test_no_partition_is_passed_over_while_others_are_deleted_between_pages(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    partitioned(aws, database, 90)
    seen = []
    pages = glue.get_paginator("get_partitions").paginate(
        DatabaseName=database, TableName="days", PaginationConfig={"PageSize": 20}
    )
    for page in pages:
        values = [one["Values"] for one in page["Partitions"]]
        seen += [int(one[0]) for one in values]
        chosen = [{"Values": one} for one in values]
        glue.batch_delete_partition(DatabaseName=database, TableName="days", PartitionsToDelete=chosen)
    assert sorted(seen) == list(range(90))
    assert days(aws, database) == []


def test_tables_come_in_pages_by_a_regular_expression(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    for number in range(12):
        glue.create_table(DatabaseName=database, TableInput=table(f"day_{number}"))
    glue.create_table(DatabaseName=database, TableInput=table("other"))
    pages = glue.get_paginator("get_tables").paginate(
        DatabaseName=database, Expression="day_1.*", PaginationConfig={"PageSize": 2}
    )
    assert [[one["Name"] for one in page["TableList"]] for page in pages] == [["day_1", "day_10"], ["day_11"]]
    with pytest.raises(ClientError, match="is no regular expression"):
        glue.get_tables(DatabaseName=database, Expression="*")
    with pytest.raises(ClientError, match="NextToken is none that this action has given"):
        glue.get_tables(DatabaseName=database, NextToken="more")
    names = glue.get_tables(DatabaseName=database, Expression="other", AttributesToGet=["NAME"])["TableList"]
    assert names == [{"Name": "other", "DatabaseName": database}]


def test_databases_come_in_pages(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    pages = glue.get_paginator("get_databases").paginate(PaginationConfig={"PageSize": 1})
    names = [one["Name"] for page in pages for one in page["DatabaseList"]]
    assert names == sorted(set(names))
    assert database in names


@pytest.mark.parametrize(
    ("action", "members", "limit"),
    [
        ("batch_create_partition", lambda n: {"PartitionInputList": [{"Values": [str(i)]} for i in range(n)]}, 100),
        ("batch_delete_partition", lambda n: {"PartitionsToDelete": [{"Values": [str(i)]} for i in range(n)]}, 25),
        ("batch_get_partition", lambda n: {"PartitionsToGet": [{"Values": [str(i)]} for i in range(n)]}, 1000),
        ("batch_delete_table_version", lambda n: {"VersionIds": [str(i) for i in range(n)]}, 100),
    ],
)
def test_a_batch_of_more_than_aws_takes_is_refused(
    aws: Aws, database: str, action: str, members: Any, limit: int
) -> None:
    partitioned(aws, database, 0)
    glue = aws.client("glue")
    getattr(glue, action)(DatabaseName=database, TableName="days", **members(limit))
    with pytest.raises(ClientError, match=f"Member must have length <= {limit}") as refusal:
        getattr(glue, action)(DatabaseName=database, TableName="days", **members(limit + 1))
    assert code(refusal) == "ValidationException"


def test_of_a_batch_each_that_fails_is_an_error_of_its_own_and_the_others_are_done(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    partitioned(aws, database, 3)
    where = {"DatabaseName": database, "TableName": "days"}

    made = glue.batch_create_partition(**where, PartitionInputList=[{"Values": v} for v in (["2"], ["3"], ["4", "5"])])
    errors = [(one["PartitionValues"], one["ErrorDetail"]["ErrorCode"]) for one in made["Errors"]]
    assert errors == [(["2"], "AlreadyExistsException"), (["4", "5"], "InvalidInputException")]

    entries = [{"PartitionValueList": [v], "PartitionInput": {"Parameters": {"seen": "yes"}}} for v in ("3", "9")]
    changed = glue.batch_update_partition(**where, Entries=entries)
    errors = [(one["PartitionValueList"], one["ErrorDetail"]["ErrorCode"]) for one in changed["Errors"]]
    assert errors == [(["9"], "EntityNotFoundException")]

    got = glue.batch_get_partition(**where, PartitionsToGet=[{"Values": ["3"]}, {"Values": ["9"]}])
    assert [one.get("Parameters") for one in got["Partitions"]] == [{"seen": "yes"}]
    assert got["UnprocessedKeys"] == [{"Values": ["9"]}]

    deleted = glue.batch_delete_table(DatabaseName=database, TablesToDelete=["none", "days"])
    assert [one["TableName"] for one in deleted["Errors"]] == ["none"]
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_table(DatabaseName=database, Name="days")


def test_partition_indexes_are_made_told_and_deleted(aws: Aws, database: str) -> None:
    glue = aws.client("glue")
    where = {"DatabaseName": database, "TableName": "days"}
    partitioned(aws, database, 0)
    for name in ("a", "b", "c"):
        glue.create_partition_index(**where, PartitionIndex={"IndexName": name, "Keys": ["day"]})
    found = glue.get_partition_indexes(**where)["PartitionIndexDescriptorList"]
    assert found[0] == {"IndexName": "a", "Keys": [{"Name": "day", "Type": "int"}], "IndexStatus": "ACTIVE"}
    with pytest.raises(glue.exceptions.ResourceNumberLimitExceededException):
        glue.create_partition_index(**where, PartitionIndex={"IndexName": "d", "Keys": ["day"]})
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_partition_index(**where, PartitionIndex={"IndexName": "a", "Keys": ["day"]})
    glue.delete_partition_index(**where, IndexName="a")
    with pytest.raises(ClientError, match="hour is no partition key; there are day"):
        glue.create_partition_index(**where, PartitionIndex={"IndexName": "d", "Keys": ["hour"]})
    names = [one["IndexName"] for one in glue.get_partition_indexes(**where)["PartitionIndexDescriptorList"]]
    assert names == ["b", "c"]


@pytest.mark.parametrize(
    "call",
    [
        lambda glue, name: glue.get_tables(DatabaseName=name),
        lambda glue, name: glue.create_table(DatabaseName=name, TableInput=table()),
        lambda glue, name: glue.get_partitions(DatabaseName=name, TableName="t"),
        lambda glue, name: glue.get_table_versions(DatabaseName=name, TableName="t"),
        lambda glue, name: glue.create_partition(DatabaseName=name, TableName="t", PartitionInput={"Values": ["1"]}),
        lambda glue, name: glue.delete_database(Name=name),
        lambda glue, name: glue.update_database(Name=name, DatabaseInput={"Name": name}),
        lambda glue, name: glue.batch_delete_table(DatabaseName=name, TablesToDelete=["t"]),
    ],
)
def test_what_lies_in_no_database_is_not_found(aws: Aws, call: Any) -> None:
    with pytest.raises(ClientError, match="nowhere not found") as refusal:
        call(aws.client("glue"), "nowhere")
    assert code(refusal) == "EntityNotFoundException"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda glue, d: glue.get_table(DatabaseName=d, Name="t", TransactionId="1"), "GetTable with TransactionId"),
        (lambda glue, d: glue.get_databases(ResourceShareType="FOREIGN"), "GetDatabases with ResourceShareType"),
        (
            lambda glue, d: glue.create_table(
                DatabaseName=d, TableInput={**table(), "TargetTable": {"DatabaseName": "x", "Name": "y"}}
            ),
            "TableInput.TargetTable",
        ),
    ],
)
def test_a_setting_that_would_be_passed_over_is_refused_by_its_name(
    aws: Aws, database: str, call: Any, said: str
) -> None:
    with pytest.raises(ClientError, match=f"{said} is not supported by the Glue on this machine") as refusal:
        call(aws.client("glue"), database)
    assert code(refusal) == "InvalidInputException"


def test_a_database_is_updated_whole_tagged_and_deleted_with_its_tables(aws: Aws) -> None:
    glue = aws.client("glue")
    glue.create_database(DatabaseInput={"Name": "Whole", "Description": "d"}, Tags={"team": "data"})
    assert glue.get_tags(ResourceArn=f"{ARN}:database/whole")["Tags"] == {"team": "data"}
    glue.create_table(DatabaseName="whole", TableInput=table())
    glue.update_database(Name="whole", DatabaseInput={"Name": "whole", "LocationUri": "s3://b/whole/"})
    found = glue.get_database(Name="WHOLE")["Database"]
    assert found["LocationUri"] == "s3://b/whole/"
    assert "Description" not in found
    glue.delete_database(Name="whole")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_tags(ResourceArn=f"{ARN}:database/whole")
    glue.create_database(DatabaseInput={"Name": "whole"})
    assert glue.get_tables(DatabaseName="whole")["TableList"] == []


def test_a_table_of_cloudformations_is_in_the_same_catalog_with_versions(aws: Aws, database: str) -> None:
    glue, cloudformation = aws.client("glue"), aws.client("cloudformation")

    def template(owner: str) -> str:
        properties = {"CatalogId": "000000000000", "DatabaseName": database, "TableInput": table(Owner=owner)}
        return json.dumps({"Resources": {"T": {"Type": "AWS::Glue::Table", "Properties": properties}}})

    stack = database.replace("_", "-")
    cloudformation.create_stack(StackName=stack, TemplateBody=template("one"))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    cloudformation.update_stack(StackName=stack, TemplateBody=template("two"))
    cloudformation.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    versions = glue.get_table_versions(DatabaseName=database, TableName="t")["TableVersions"]
    assert [(one["VersionId"], one["Table"]["Owner"]) for one in versions] == [("1", "two"), ("0", "one")]
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    assert glue.get_tables(DatabaseName=database)["TableList"] == []


def test_tables_are_listed_that_the_caller_may_see_and_no_others(aws: Aws, database: str) -> None:
    for name in ("customers", "stores", "store_sales"):
        aws.client("glue").create_table(DatabaseName=database, TableInput=table(name))
    parents = [f"{ARN}:catalog", f"{ARN}:database/{database}"]

    def listed(role: str, *resources: str) -> list[str]:
        grant = {"Effect": "Allow", "Action": "glue:GetTables", "Resource": list(resources)}
        glue = aws.client_of(aws.role(role, grant, trust=USER_TRUST), "glue")
        return [one["Name"] for one in glue.get_tables(DatabaseName=database)["TableList"]]

    assert listed("stores-only", *parents, f"{ARN}:table/{database}/store*") == ["store_sales", "stores"]
    assert listed("no-tables", *parents) == []
    with pytest.raises(ClientError, match=f"on resource: {ARN}:database/{database} "):
        listed("no-database", parents[0], f"{ARN}:table/{database}/*")

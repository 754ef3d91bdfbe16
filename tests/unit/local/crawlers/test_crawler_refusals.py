"""What a crawl says when AWS refuses a call, and the one call that MiniStack's catalog does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber

from local.glue.crawlers.calls import calling
from local.glue.crawlers.catalog import Catalog
from local.glue.crawlers.definition import S3Target
from local.glue.crawlers.errors import CrawlCancelled, CrawlError
from local.glue.crawlers.listing import list_objects
from tests.unit.local.crawlers.crawled_lake import CrawledLake

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

KEYS: dict[str, Any] = {
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
    "region_name": "us-east-1",
    "endpoint_url": "http://127.0.0.1:9",
}
REFUSAL = "User: arn:aws:sts::0:assumed-role/r/s is not authorized to perform: x"


def stubbed_catalog(*, cancelled: bool = False) -> tuple[Catalog, Stubber]:
    glue = boto3.client("glue", **KEYS)
    return Catalog(glue, "db", lambda: cancelled), Stubber(glue)


@pytest.mark.parametrize(
    ("operation", "call", "invoke"),
    [
        ("get_database", "glue:GetDatabase on database db", lambda catalog: catalog.require_database()),
        ("get_table", r"glue:GetTable on table db\.t", lambda catalog: catalog.table("t")),
        ("get_tables", "glue:GetTables on database db", lambda catalog: catalog.tables()),
        ("get_partitions", r"glue:GetPartitions on table db\.t", lambda catalog: catalog.partitions("t")),
        ("create_table", r"glue:CreateTable on table db\.t", lambda catalog: catalog.create_table({"Name": "t"})),
        ("update_table", r"glue:UpdateTable on table db\.t", lambda catalog: catalog.update_table({"Name": "t"})),
        (
            "batch_create_partition",
            r"glue:BatchCreatePartition on table db\.t",
            lambda catalog: catalog.create_partitions("t", [{"Values": ["1"]}]),
        ),
    ],
)
def test_a_refused_call_of_the_catalog_is_named_with_the_message_of_aws(operation: str, call: str, invoke: Any) -> None:
    catalog, stubber = stubbed_catalog()
    stubber.add_client_error(operation, "AccessDeniedException", REFUSAL)
    with stubber, pytest.raises(CrawlError, match=f"{call} failed with AccessDeniedException: User: .* not authorized"):
        invoke(catalog)


def test_a_refused_listing_is_named_with_the_message_of_aws() -> None:
    s3 = boto3.client("s3", **KEYS)
    stubber = Stubber(s3)
    stubber.add_client_error("list_objects_v2", "AccessDenied", REFUSAL)
    with stubber, pytest.raises(CrawlError, match=r"s3:ListBucket .*on s3://b/p failed with AccessDenied: User: "):
        list(list_objects(s3, S3Target("b", "p"), lambda: False))


def test_only_what_lies_under_the_include_path_is_listed() -> None:
    s3 = boto3.client("s3", **KEYS)
    stubber = Stubber(s3)
    expected = {"Bucket": "b", "Prefix": "raw/flights/"}
    stubber.add_response("list_objects_v2", {"KeyCount": 0, "IsTruncated": False}, expected)
    with stubber:
        assert list(list_objects(s3, S3Target("b", "raw/flights/"), lambda: False)) == []


class OneTableRole:
    """A Glue client whose role may see no table but by its name, and make no index."""

    def __init__(self, glue: GlueClient) -> None:
        self._glue = glue

    def __getattr__(self, name: str) -> Any:
        return getattr(self._glue, name)

    def get_paginator(self, operation: str) -> Any:
        if operation == "get_tables":
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": REFUSAL}}, "GetTables")
        return self._glue.get_paginator(cast(Any, operation))

    def create_partition_index(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": REFUSAL}}, "CreatePartitionIndex")


@pytest.mark.rule("delete behaviors", "partition index")
def test_a_role_for_one_table_crawls_where_nothing_is_to_be_deleted(lake: CrawledLake) -> None:
    lake.put("raw/flights/month=01/a.csv")
    lake.glue = cast("GlueClient", OneTableRole(lake.glue))
    lake.crawl(SchemaChangePolicy={"DeleteBehavior": "LOG"})
    assert set(lake.partitions()) == {("01",)}
    assert lake.logged("WARN glue:CreatePartitionIndex on table")
    assert lake.logged("INFO Tables whose objects are gone are not looked for: glue:GetTables")


@pytest.mark.rule("delete behaviors")
def test_a_role_that_cannot_see_which_tables_are_gone_fails_where_they_are_to_be_deprecated(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    lake.glue = cast("GlueClient", OneTableRole(lake.glue))
    with pytest.raises(CrawlError, match=r"glue:GetTables on database .* failed with AccessDeniedException"):
        lake.crawl()


def test_a_server_that_is_not_there_is_a_failed_crawl() -> None:
    with pytest.raises(CrawlError, match="s3:GetObject on s3://b/k failed"), calling("s3:GetObject", "s3://b/k"):
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")


def test_a_partition_that_aws_does_not_take_fails_the_crawl_by_its_values() -> None:
    catalog, stubber = stubbed_catalog()
    detail = {"ErrorCode": "InvalidInputException", "ErrorMessage": "too long"}
    stubber.add_response("batch_create_partition", {"Errors": [{"PartitionValues": ["07"], "ErrorDetail": detail}]})
    with stubber, pytest.raises(CrawlError, match=r"partition \['07'\] with InvalidInputException: too long"):
        catalog.create_partitions("t", [{"Values": ["07"]}])


@pytest.mark.rule("deprecated partitions")
def test_partitions_are_deleted_25_a_call() -> None:
    catalog, stubber = stubbed_catalog()
    values = [(str(number),) for number in range(30)]
    for batch in (values[:25], values[25:]):
        expected = {
            "DatabaseName": "db",
            "TableName": "t",
            "PartitionsToDelete": [{"Values": list(one)} for one in batch],
        }
        stubber.add_response("batch_delete_partition", {"Errors": []}, expected)
    with stubber:
        catalog.delete_partitions("t", values)
        stubber.assert_no_pending_responses()


def test_no_batch_is_written_once_the_crawl_is_cancelled() -> None:
    catalog, stubber = stubbed_catalog(cancelled=True)
    with stubber, pytest.raises(CrawlCancelled):
        catalog.create_partitions("t", [{"Values": ["1"]}])

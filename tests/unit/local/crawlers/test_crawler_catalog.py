"""The tables and partitions of a crawl, as they stand in the catalog of a MiniStack."""

from __future__ import annotations

import bz2
import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from local.glue.crawlers.crawl import crawl
from local.glue.crawlers.errors import CrawlCancelled, CrawlError
from tests.unit.local.crawlers.crawled_lake import NUMBERS, ONE_TABLE, CrawledLake

COMBINED: dict[str, Any] = {"Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"}}
MERGE = {"CrawlerOutput": {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}, **COMBINED}


@pytest.fixture
def months(lake: CrawledLake) -> CrawledLake:
    """Three objects in two `month=` folders, crawled."""
    lake.put("raw/flights/month=01/a.csv", "day,origin,air_time\n1,JFK,100\n2,EWR,\n")
    lake.put("raw/flights/month=01/b.csv", "day,origin,air_time\n3,LGA,90.5\n4,JFK,80\n")
    lake.put("raw/flights/month=02/a.csv", "day,origin,air_time\n1,JFK,100\n2,EWR,200\n3,JFK,1\n")
    lake.crawl(configuration=ONE_TABLE, TablePrefix="raw_")
    return lake


@pytest.mark.rule("key folders", "table names", "table level")
def test_key_folders_become_one_partitioned_table(months: CrawledLake) -> None:
    assert months.tables() == ["raw_flights"]
    assert months.columns("raw_flights") == {"day": "bigint", "origin": "string", "air_time": "double"}
    assert months.partition_keys("raw_flights") == [("month", "string")]
    assert set(months.partitions("raw_flights")) == {("01",), ("02",)}


@pytest.mark.rule("storage")
def test_the_table_is_written_as_aws_writes_it(months: CrawledLake) -> None:
    table = months.table("raw_flights")
    descriptor = table["StorageDescriptor"]
    assert table["TableType"] == "EXTERNAL_TABLE"
    assert descriptor["Location"] == f"s3://{months.bucket}/raw/flights/"
    assert descriptor["InputFormat"] == "org.apache.hadoop.mapred.TextInputFormat"
    assert descriptor["OutputFormat"] == "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    assert descriptor["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"field.delim": ","},
    }
    assert (descriptor["NumberOfBuckets"], descriptor["Compressed"]) == (-1, False)
    assert (descriptor["BucketColumns"], descriptor["SortColumns"]) == ([], [])


@pytest.mark.rule("parameters", "statistics")
def test_the_parameters_are_those_of_aws_and_stand_twice(months: CrawledLake) -> None:
    table = months.table("raw_flights")
    run_id = table["Parameters"]["CRAWL_RUN_ID"]
    size = sum(item["Size"] for item in months.s3.list_objects_v2(Bucket=months.bucket)["Contents"])
    assert table["Parameters"] == {
        "classification": "csv",
        "compressionType": "none",
        "typeOfData": "file",
        "delimiter": ",",
        "columnsOrdered": "true",
        "areColumnsQuoted": "false",
        "skip.header.line.count": "1",
        "objectCount": "3",
        "recordCount": "7",
        "averageRecordSize": str(round(size / 7)),
        "sizeKey": str(size),
        "CrawlerSchemaSerializerVersion": "1.0",
        "CrawlerSchemaDeserializerVersion": "1.0",
        "UPDATED_BY_CRAWLER": "flights-crawler",
        "CRAWL_RUN_ID": run_id,
        "partition_filtering.enabled": "true",
    }
    assert table["StorageDescriptor"]["Parameters"] == table["Parameters"]
    assert run_id.count("-") == 4


def test_the_table_names_the_crawl_that_wrote_it(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    crawl(
        lake.definition(), s3=lake.s3, glue=lake.glue, log=lambda *_: None, cancelled=lambda: False, crawl_id="the-id"
    )
    assert lake.table()["Parameters"]["CRAWL_RUN_ID"] == "the-id"


@pytest.mark.rule("statistics")
def test_each_partition_has_its_own_place_and_numbers(months: CrawledLake) -> None:
    partitions = months.partitions("raw_flights")
    january, february = partitions["01",], partitions["02",]
    assert january["StorageDescriptor"]["Location"] == f"s3://{months.bucket}/raw/flights/month=01/"
    assert (january["Parameters"]["objectCount"], january["Parameters"]["recordCount"]) == ("2", "4")
    assert (february["Parameters"]["objectCount"], february["Parameters"]["recordCount"]) == ("1", "3")
    assert february["Parameters"] == february["StorageDescriptor"]["Parameters"]


@pytest.mark.rule("inherit from table")
def test_partitions_inherit_the_schema_of_the_table(months: CrawledLake) -> None:
    columns = months.table("raw_flights")["StorageDescriptor"]["Columns"]
    for partition in months.partitions("raw_flights").values():
        assert partition["StorageDescriptor"]["Columns"] == columns
        assert partition["StorageDescriptor"]["SerdeInfo"]["Parameters"] == {"field.delim": ","}


@pytest.mark.rule("inherit from table")
def test_without_inheritance_a_partition_keeps_its_own_schema(lake: CrawledLake) -> None:
    lake.put("raw/flights/month=01/a.csv", "a,b,c,d\n1,1,1,1\n2,2,2,2\n")
    lake.put("raw/flights/month=02/a.csv", "a,b,c,d,e\n1,1.5,1,1,1\n2,2,2,2,2\n")
    lake.crawl()
    columns = {
        values: {column["Name"]: column["Type"] for column in partition["StorageDescriptor"]["Columns"]}
        for values, partition in lake.partitions().items()
    }
    assert columns["01",] == dict.fromkeys("abcd", "bigint")
    assert columns["02",] == {**dict.fromkeys("abcde", "bigint"), "b": "double"}
    assert lake.columns() == columns["02",]


@pytest.mark.rule("partition index")
def test_a_new_partitioned_table_gets_an_index_over_its_keys(months: CrawledLake) -> None:
    answer = months.glue.get_partition_indexes(DatabaseName=months.database, TableName="raw_flights")
    [index] = answer["PartitionIndexDescriptorList"]
    assert index["IndexName"] == "crawler_partition_index"
    assert [key["Name"] for key in index["Keys"]] == ["month"]


@pytest.mark.rule("partition index")
def test_no_index_is_made_where_the_configuration_says_so(lake: CrawledLake) -> None:
    lake.put("raw/flights/month=01/a.csv")
    lake.crawl(configuration={"CreatePartitionIndex": False})
    answer = lake.glue.get_partition_indexes(DatabaseName=lake.database, TableName="flights")
    assert answer["PartitionIndexDescriptorList"] == []


@pytest.mark.rule("update in database")
def test_a_second_crawl_over_the_same_objects_writes_nothing(months: CrawledLake) -> None:
    before, partitions = months.table("raw_flights"), months.partitions("raw_flights")
    summary = months.crawl(configuration=ONE_TABLE, TablePrefix="raw_")
    assert str(summary) == "nothing changed"
    assert months.table("raw_flights") == before
    assert months.partitions("raw_flights") == partitions


@pytest.mark.rule("update in database")
def test_only_the_partition_that_changed_is_updated(months: CrawledLake) -> None:
    months.put("raw/flights/month=02/b.csv", "day,origin,air_time\n9,JFK,7\n")
    months.put("raw/flights/month=03/a.csv", "day,origin,air_time\n1,JFK,7\n2,JFK,8\n")
    summary = months.crawl(configuration=ONE_TABLE, TablePrefix="raw_")
    assert summary.tables_updated == ["raw_flights"]
    assert summary.partitions_created == ["raw_flights/month=03"]
    assert summary.partitions_updated == ["raw_flights/month=02"]
    assert months.table("raw_flights")["Parameters"]["objectCount"] == "5"
    assert months.partitions("raw_flights")["02",]["Parameters"]["recordCount"] == "4"


@pytest.mark.rule("update in database")
def test_an_update_adds_drops_and_retypes_columns_and_removes_foreign_parameters(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv", "id,old\n1,2\n2,3\n")
    lake.crawl()
    table = lake.table()
    lake.glue.update_table(
        DatabaseName=lake.database,
        TableInput={
            "Name": "flights",
            "StorageDescriptor": table["StorageDescriptor"],
            "Parameters": {**table["Parameters"], "foreign": "x"},
        },
    )
    lake.put("raw/flights/a.csv", "id,new\n1.5,2\n2,3\n")
    assert lake.crawl().tables_updated == ["flights"]
    assert lake.columns() == {"id": "double", "new": "bigint"}
    assert "foreign" not in lake.table()["Parameters"]


@pytest.mark.rule("update log")
def test_with_update_behavior_log_known_things_stay_and_new_partitions_come(lake: CrawledLake) -> None:
    policy: dict[str, Any] = {"SchemaChangePolicy": {"UpdateBehavior": "LOG"}}
    lake.put("raw/flights/month=01/a.csv")
    lake.crawl(**policy)
    before, partitions = lake.table(), lake.partitions()
    lake.put("raw/flights/month=01/a.csv", "id,amount,new\n1,2.5,x\n2,3.5,y\n")
    lake.put("raw/flights/month=02/a.csv")
    summary = lake.crawl(configuration=COMBINED, **policy)
    assert lake.table() == before
    assert lake.partitions()["01",] == partitions["01",]
    assert summary.partitions_created == ["flights/month=02"]
    assert lake.logged("UpdateBehavior is LOG")


@pytest.mark.rule("merge new columns")
def test_merging_adds_columns_and_keeps_types_comments_and_foreign_parameters(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv", "id,old\n1,2\n2,3\n")
    lake.crawl(configuration=MERGE)
    table = lake.table()
    table["StorageDescriptor"]["Columns"][0]["Comment"] = "ours"
    lake.glue.update_table(
        DatabaseName=lake.database,
        TableInput={
            "Name": "flights",
            "StorageDescriptor": table["StorageDescriptor"],
            "Parameters": {**table["Parameters"], "foreign": "x"},
        },
    )
    lake.put("raw/flights/a.csv", "new,id\nx,1.5\ny,2\n")
    lake.crawl(configuration=MERGE)
    assert lake.columns() == {"id": "bigint", "old": "bigint", "new": "string"}
    assert lake.table()["StorageDescriptor"]["Columns"][0]["Comment"] == "ours"
    assert lake.table()["Parameters"]["foreign"] == "x"


@pytest.mark.rule("merge new columns")
def test_merging_deprecates_a_table_whose_delimiter_changed(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    lake.crawl(configuration=MERGE)
    lake.put("raw/flights/a.csv", NUMBERS.replace(",", ";"))
    lake.crawl(configuration=MERGE)
    assert int(lake.table()["Parameters"]["DEPRECATED_BY_CRAWLER"]) > 1_700_000_000_000
    assert lake.table()["Parameters"]["delimiter"] == ","
    assert lake.logged("WARN Table flights is deprecated: its delimiter changed")


@pytest.mark.rule("delete behaviors")
def test_a_table_whose_objects_are_gone_is_deprecated_once_and_comes_back_with_them(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    lake.crawl()
    lake.delete("raw/flights/a.csv")
    assert lake.crawl().tables_updated == ["flights"]
    stamp = lake.table()["Parameters"]["DEPRECATED_BY_CRAWLER"]
    assert int(stamp) > 1_700_000_000_000
    assert str(lake.crawl()) == "nothing changed"
    assert lake.table()["Parameters"]["DEPRECATED_BY_CRAWLER"] == stamp
    lake.put("raw/flights/a.csv")
    assert lake.crawl().tables_updated == ["flights"]
    assert "DEPRECATED_BY_CRAWLER" not in lake.table()["Parameters"]


@pytest.mark.rule("delete behaviors")
@pytest.mark.parametrize(("behavior", "tables"), [("DELETE_FROM_DATABASE", []), ("LOG", ["flights"])])
def test_a_table_whose_objects_are_gone_is_deleted_or_left_as_the_policy_says(
    lake: CrawledLake, behavior: str, tables: list[str]
) -> None:
    policy: dict[str, Any] = {"SchemaChangePolicy": {"DeleteBehavior": behavior}}
    lake.put("raw/flights/a.csv")
    lake.crawl(**policy)
    lake.delete("raw/flights/a.csv")
    summary = lake.crawl(**policy)
    assert lake.tables() == tables
    assert summary.tables_deleted == ([] if tables else ["flights"])


@pytest.mark.rule("others' tables")
def test_a_table_of_another_crawler_is_not_deleted(lake: CrawledLake) -> None:
    lake.put("raw/other/a.csv")
    lake.crawl("raw/other/", Name="another-crawler")
    lake.delete("raw/other/a.csv")
    lake.put("raw/flights/a.csv")
    lake.crawl(SchemaChangePolicy={"DeleteBehavior": "DELETE_FROM_DATABASE"})
    assert lake.tables() == ["flights", "other"]


@pytest.mark.rule("deprecated partitions")
def test_a_partition_whose_objects_are_gone_stays_unless_the_policy_deletes(lake: CrawledLake) -> None:
    lake.put("raw/flights/month=01/a.csv")
    lake.put("raw/flights/month=02/a.csv")
    lake.crawl()
    lake.delete("raw/flights/month=02/a.csv")
    assert lake.crawl().partitions_deleted == []
    assert set(lake.partitions()) == {("01",), ("02",)}
    assert lake.logged("1 partitions of table flights hold no objects any more and are kept")


@pytest.mark.rule("changed partition keys")
def test_a_table_with_partitions_keeps_its_partition_keys(lake: CrawledLake) -> None:
    lake.put("raw/flights/month=01/a.csv")
    lake.crawl()
    before = lake.table()
    lake.delete("raw/flights/month=01/a.csv")
    lake.put("raw/flights/day=01/a.csv")
    assert str(lake.crawl()) == "nothing changed"
    assert lake.table() == before
    assert lake.logged("WARN Table flights keeps its partition keys")


@pytest.mark.rule("plain folders")
def test_plain_folders_become_numbered_partition_keys(lake: CrawledLake) -> None:
    lake.put("raw/flights/2013/01/a.csv")
    lake.put("raw/flights/2013/02/a.csv")
    lake.crawl()
    assert lake.partition_keys() == [("partition_0", "string"), ("partition_1", "string")]
    assert set(lake.partitions()) == {("2013", "01"), ("2013", "02")}


@pytest.mark.rule("mixed folders")
def test_an_object_of_another_depth_is_logged_and_left_out(months: CrawledLake) -> None:
    months.put("raw/flights/loose.csv", "day,origin,air_time\n1,JFK,100\n2,EWR,1\n")
    summary = months.crawl(configuration=ONE_TABLE, TablePrefix="raw_")
    assert str(summary) == "nothing changed"
    assert months.logged("raw/flights/loose.csv is not added")


@pytest.mark.rule("table level")
def test_targets_in_one_table_folder_are_one_table(months: CrawledLake) -> None:
    paths = [f"s3://{months.bucket}/raw/flights{folder}" for folder in ("/month=01", "/month=02", "")]
    summary = months.crawl(
        Targets={"S3Targets": [{"Path": path} for path in paths]}, configuration=ONE_TABLE, TablePrefix="raw_"
    )
    assert str(summary) == "nothing changed"


@pytest.mark.rule("table threshold")
def test_more_tables_than_the_threshold_fail_the_crawl_and_nothing_is_written(lake: CrawledLake) -> None:
    lake.put("raw/flights/x/a.csv", "a,b\n1,2\n3,4\n")
    lake.put("raw/flights/y/a.csv", "c,d\n1,2\n3,4\n")
    with pytest.raises(
        CrawlError, match=r"2 tables were detected, TableThreshold allows 1: .*flights/x/, .*flights/y/"
    ):
        lake.crawl(configuration={"CrawlerOutput": {"Tables": {"TableThreshold": 1}}})
    assert lake.tables() == []


@pytest.mark.rule("default database")
def test_a_missing_database_fails_the_crawl_by_its_name(lake: CrawledLake) -> None:
    with pytest.raises(CrawlError, match="database nosuch does not exist"):
        lake.crawl(DatabaseName="nosuch")


def test_a_missing_bucket_fails_the_crawl_with_the_call_and_the_message(lake: CrawledLake) -> None:
    with pytest.raises(CrawlError, match=r"s3:ListBucket \(ListObjectsV2\) on s3://nosuch/x failed with NoSuchBucket"):
        lake.crawl(Targets={"S3Targets": [{"Path": "s3://nosuch/x"}]})


def test_an_empty_prefix_is_no_failure_and_no_table(lake: CrawledLake) -> None:
    assert str(lake.crawl()) == "nothing changed"
    assert lake.tables() == []
    assert lake.logged("holds no objects")


@pytest.mark.rule("empty objects")
def test_empty_objects_and_folder_markers_are_not_seen(lake: CrawledLake) -> None:
    lake.put("raw/flights/", b"")
    lake.put("raw/flights/_SUCCESS", b"")
    lake.put("raw/flights/a.csv")
    lake.crawl()
    assert lake.tables() == ["flights"]
    assert lake.table()["Parameters"]["objectCount"] == "1"


@pytest.mark.rule("include path")
def test_an_include_path_is_a_folder_and_no_beginning_of_names(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    lake.put("raw/flights_old/a.csv")
    lake.crawl("raw/flights")
    assert lake.table()["Parameters"]["objectCount"] == "1"


@pytest.mark.rule("include path")
def test_a_bare_bucket_is_crawled_whole(lake: CrawledLake) -> None:
    lake.put("x/a.csv")
    lake.put("y/a.csv")
    lake.crawl("")
    assert lake.tables() == [lake.bucket.replace("-", "_")]
    assert lake.partition_keys(lake.tables()[0]) == [("partition_0", "string")]


@pytest.mark.rule("lone object", "include path")
def test_an_include_path_that_names_an_object_is_a_table_of_that_object(lake: CrawledLake) -> None:
    lake.put("raw/Sales-Report.csv")
    lake.put("raw/other.csv")
    lake.crawl("raw/Sales-Report.csv")
    assert lake.tables() == ["sales_report_csv"]
    location = lake.table("sales_report_csv")["StorageDescriptor"]["Location"]
    assert location == f"s3://{lake.bucket}/raw/Sales-Report.csv"


@pytest.mark.rule("exclusions")
def test_excluded_objects_are_not_crawled_and_the_globs_stand_in_the_table(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    lake.put("raw/flights/notes.json", "{}")
    lake.crawl(target={"Exclusions": ["**.json"]})
    parameters = lake.table()["Parameters"]
    assert parameters["objectCount"] == "1"
    assert json.loads(parameters["exclusions"]) == [f"s3://{lake.bucket}/raw/flights/**.json"]


@pytest.mark.rule("sample size", "which objects are sampled")
def test_of_each_folder_the_first_objects_are_sampled_and_all_are_counted(lake: CrawledLake) -> None:
    for month in ("01", "02"):
        lake.put(f"raw/flights/month={month}/a.csv", "id,n\n1,2\n3,4\n")
        lake.put(f"raw/flights/month={month}/b.csv", "id,x\n1,2\n3,4\n")
    lake.crawl(target={"SampleSize": 1})
    assert lake.columns() == {"id": "bigint", "n": "bigint"}
    assert lake.table()["Parameters"]["objectCount"] == "4"
    assert lake.table()["Parameters"]["recordCount"] == "8"
    assert lake.partitions()["01",]["Parameters"]["objectCount"] == "2"


@pytest.mark.rule("compression")
def test_gzip_is_named_in_the_table(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv.gz", gzip.compress(NUMBERS.encode()))
    lake.crawl()
    assert lake.table()["Parameters"]["compressionType"] == "gzip"
    assert lake.columns() == {"id": "bigint", "amount": "double"}


@pytest.mark.rule("data compatibility")
def test_an_object_with_another_delimiter_is_logged_and_left_out(lake: CrawledLake) -> None:
    for name in "abc":
        lake.put(f"raw/flights/{name}.csv")
    lake.put("raw/flights/d.csv", NUMBERS.replace(",", ";"))
    lake.crawl(configuration=ONE_TABLE)
    assert lake.table()["Parameters"]["objectCount"] == "3"
    assert lake.logged("d.csv is not added to the table")


@pytest.mark.rule("combine compatible schemas", "order of columns")
def test_columns_of_compatible_folders_are_united(lake: CrawledLake) -> None:
    lake.put("raw/flights/year=2001/a.csv", "a,b\n1,2\n3,4\n")
    lake.put("raw/flights/year=2002/a.csv", "c,d\n1,2\n3,4\n")
    lake.crawl(configuration=COMBINED)
    assert list(lake.columns()) == ["a", "b", "c", "d"]
    assert lake.partition_keys() == [("year", "string")]


@pytest.mark.rule("not recognised")
def test_an_object_that_is_not_recognised_is_named_and_the_others_are_crawled(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    lake.put("raw/flights/broken.csv", b"\x00\x01\x02,\n")
    lake.crawl()
    assert lake.table()["Parameters"]["objectCount"] == "1"
    assert lake.logged("broken.csv was not recognised: as parquet, ")


@pytest.mark.rule("not recognised")
def test_a_target_in_which_nothing_is_recognised_fails_with_the_reason(lake: CrawledLake) -> None:
    lake.put("raw/flights/words.txt", "one\ntwo\nthree\n")
    with pytest.raises(
        CrawlError,
        match=r"No object of .*raw/flights was recognised.*words\.txt: as parquet, .*; as csv, .*2 columns",
    ):
        lake.crawl()
    assert lake.tables() == []


@pytest.mark.rule("not recognised")
def test_a_table_is_not_deprecated_while_its_folder_holds_objects_that_are_not_recognised(lake: CrawledLake) -> None:
    lake.put("raw/x/a.csv", "a,b\n1,2\n3,4\n")
    lake.put("raw/y/a.csv", "c,d\n1,2\n3,4\n")
    lake.crawl("raw/")
    lake.put("raw/y/a.csv", "words\n")
    lake.crawl("raw/", configuration={"Grouping": {"TableLevelConfiguration": 3}})
    assert "DEPRECATED_BY_CRAWLER" not in lake.table("y")["Parameters"]


@pytest.mark.rule("other formats")
def test_an_object_of_a_format_that_is_not_supported_fails_the_crawl_and_nothing_is_written(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    lake.put("raw/flights/b.avro", b"Obj\x01\x04\x14avro.codec")
    with pytest.raises(CrawlError, match=r"raw/flights/b\.avro: it looks like avro, which is not supported here"):
        lake.crawl()
    assert lake.tables() == []


@pytest.mark.rule("stray formats")
def test_a_stray_object_of_another_format_is_named_and_left_out_of_the_table_of_a_level(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    lake.put("raw/flights/c.csv")
    lake.put("raw/flights/b.zip", b"PK\x03\x04\x14\x00")
    lake.crawl(configuration=ONE_TABLE)
    assert lake.table()["Parameters"]["objectCount"] == "2"
    assert lake.logged("b.zip was not recognised: it looks like zip")


@pytest.mark.rule("stray formats", "other formats")
def test_as_many_objects_of_another_format_as_known_ones_fail_the_crawl(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    lake.put("raw/flights/b.zip", b"PK\x03\x04\x14\x00")
    with pytest.raises(CrawlError, match=r"b\.zip: it looks like zip, .* with the target's Exclusions"):
        lake.crawl(configuration=ONE_TABLE)
    assert lake.tables() == []


@pytest.mark.rule("order of formats", "false starts")
def test_what_begins_like_json_and_is_none_is_not_taken_for_csv(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.json", '{"a": 1, "b": 2}\n')
    lake.put("raw/flights/broken.json", '{"a": 1, "b": \n{"a": 3, "b": \n{"a": 5, "b": \n')
    lake.crawl()
    assert lake.table()["Parameters"]["classification"] == "json"
    assert lake.table()["Parameters"]["objectCount"] == "1"
    assert lake.logged("broken.json was not recognised: as json, it is no JSON")


@pytest.mark.rule("json types", "json paths", "storage", "inherit from table")
@pytest.mark.parametrize(("name", "compress"), [("none", bytes), ("gzip", gzip.compress), ("bzip2", bz2.compress)])
def test_json_becomes_a_table_of_its_members(lake: CrawledLake, name: str, compress: Callable[[bytes], bytes]) -> None:
    lake.put("raw/flights/month=01/a.json", compress(b'{"Id": 1, "at": {"lat": 1.5, "tags": ["x"]}, "late": null}\n'))
    lake.put("raw/flights/month=02/a.json", compress(b'{"Id": 3000000000, "at": {"zone": 1}, "late": true}\n'))
    lake.crawl(configuration=ONE_TABLE)
    table = lake.table()
    columns = {"id": "bigint", "at": "struct<lat:double,tags:array<string>,zone:int>", "late": "boolean"}
    assert lake.columns() == columns
    assert table["StorageDescriptor"]["SerdeInfo"] == {
        "SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe",
        "Parameters": {"paths": "Id,at,late"},
    }
    assert (table["Parameters"]["classification"], table["Parameters"]["compressionType"]) == ("json", name)
    assert (table["Parameters"]["objectCount"], table["Parameters"]["recordCount"]) == ("2", "2")
    assert lake.partitions()["01",]["StorageDescriptor"]["Columns"] == table["StorageDescriptor"]["Columns"]
    assert str(lake.crawl(configuration=ONE_TABLE)) == "nothing changed"


@pytest.mark.rule("parquet footer", "parquet compression", "storage")
def test_parquet_becomes_a_table_of_its_footer_and_a_large_object_is_not_read_whole(lake: CrawledLake) -> None:
    stream = io.BytesIO()
    numbers = list(range(400_000))
    pq.write_table(
        pa.table({"tailNum": [f"N{number}" for number in numbers], "seats": numbers}),
        stream,
        compression="none",
        use_dictionary=False,
    )
    lake.put("raw/flights/planes.parquet", stream.getvalue())
    read: list[int] = []
    lake.s3.meta.events.register("after-call.s3.GetObject", lambda parsed, **_: read.append(parsed["ContentLength"]))
    lake.crawl(configuration=ONE_TABLE)
    assert lake.columns() == {"tailnum": "string", "seats": "bigint"}
    parameters = lake.table()["Parameters"]
    assert (parameters["classification"], parameters["compressionType"]) == ("parquet", "none")
    assert parameters["recordCount"] == "400000"
    assert sum(read) < 1_200_000 < len(stream.getvalue())


@pytest.mark.rule("data compatibility", "order of formats")
def test_the_format_that_most_objects_have_makes_the_table(lake: CrawledLake) -> None:
    for name in "ab":
        lake.put(f"raw/flights/{name}.json", '{"id": 1}\n')
    lake.put("raw/flights/c.csv")
    lake.crawl(configuration=ONE_TABLE)
    assert lake.table()["Parameters"]["classification"] == "json"
    assert lake.logged("c.csv is not added to the table")


@pytest.mark.rule("name clashes")
def test_two_folders_of_one_name_are_two_tables(lake: CrawledLake) -> None:
    lake.put("one/flights/a.csv")
    lake.put("two/flights/a.csv")
    targets = {"S3Targets": [{"Path": f"s3://{lake.bucket}/{folder}/flights/"} for folder in ("one", "two")]}
    created = lake.crawl(Targets=targets).tables_created
    assert created[0] == "flights"
    assert len(created[1]) == len("flights_") + 32
    assert str(lake.crawl(Targets=targets)) == "nothing changed"


@pytest.mark.rule("name clashes")
def test_a_table_of_the_name_that_another_made_elsewhere_is_left_alone(lake: CrawledLake) -> None:
    lake.put("one/flights/a.csv")
    lake.put("two/flights/a.csv")
    lake.crawl("one/flights/", Name="another-crawler")
    before = lake.table()
    lake.crawl("two/flights/")
    assert lake.table() == before
    assert len(lake.tables()) == 2


@pytest.mark.rule("name clashes")
def test_a_table_of_its_own_follows_the_crawler_to_another_place(lake: CrawledLake) -> None:
    lake.put("one/flights/a.csv")
    lake.put("two/flights/a.csv")
    lake.crawl("one/flights/")
    assert lake.crawl("two/flights/").tables_updated == ["flights"]
    assert lake.table()["StorageDescriptor"]["Location"] == f"s3://{lake.bucket}/two/flights/"


def test_partitions_are_written_beyond_one_batch(lake: CrawledLake) -> None:
    for day in range(130):
        lake.put(f"raw/flights/day={day:03}/a.csv")
    assert len(lake.crawl().partitions_created) == 130
    assert len(lake.partitions()) == 130


def test_a_cancelled_crawl_writes_nothing(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    with pytest.raises(CrawlCancelled):
        crawl(lake.definition(), s3=lake.s3, glue=lake.glue, log=lambda *_: None, cancelled=lambda: True)
    assert lake.tables() == []


def test_the_log_tells_the_milestones_in_order(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv")
    lake.crawl()
    milestones = [
        "Running crawl",
        "UpdateBehavior",
        "Classification complete",
        "Created table",
        "Finished",
        "Run summary",
    ]
    found = [next(number for number, line in enumerate(lake.log) if text in line) for text in milestones]
    assert found == sorted(found)
    assert {line.split(" ")[0] for line in lake.log} == {"BENCHMARK", "INFO"}

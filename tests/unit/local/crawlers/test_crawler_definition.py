from __future__ import annotations

import json
from typing import Any

import pytest

from local.glue.crawlers.definition import CrawlerDefinition, SchemaChangePolicy
from local.glue.crawlers.errors import InvalidDefinition, Unsupported

S3 = {"S3Targets": [{"Path": "s3://bucket/raw/flights/"}]}


def define(**request: Any) -> CrawlerDefinition:
    return CrawlerDefinition.from_request({"Name": "crawler", "Role": "role", "Targets": S3, **request})


def configure(**configuration: Any) -> CrawlerDefinition:
    return define(Configuration=json.dumps({"Version": 1.0, **configuration}))


@pytest.mark.rule("default database")
def test_a_crawler_without_a_database_writes_to_default() -> None:
    assert define().database == "default"


def test_the_defaults_of_the_policies_are_those_of_aws() -> None:
    assert define().schema_change_policy == SchemaChangePolicy("UPDATE_IN_DATABASE", "DEPRECATE_IN_DATABASE")


@pytest.mark.rule("required fields")
@pytest.mark.parametrize("field", ["Name", "Role", "Targets"])
def test_a_definition_without_a_required_field_is_invalid(field: str) -> None:
    with pytest.raises(InvalidDefinition, match=f"{field} is required"):
        define(**{field: None})


@pytest.mark.rule("required fields")
def test_a_definition_without_a_target_is_invalid() -> None:
    with pytest.raises(InvalidDefinition, match="at least one target"):
        define(Targets={"S3Targets": []})


@pytest.mark.rule("include path")
@pytest.mark.parametrize(
    ("path", "bucket", "folder"),
    [
        ("s3://bucket/raw/flights/", "bucket", "raw/flights"),
        ("s3://bucket/raw/flights", "bucket", "raw/flights"),
        ("s3://bucket", "bucket", ""),
        ("bucket/raw", "bucket", "raw"),
    ],
)
def test_an_include_path_is_a_bucket_and_a_folder(path: str, bucket: str, folder: str) -> None:
    [target] = define(Targets={"S3Targets": [{"Path": path}]}).targets
    assert (target.bucket, target.folder) == (bucket, folder)


@pytest.mark.rule("include path")
@pytest.mark.parametrize("path", ["hdfs://bucket/raw", "s3:///raw", ""])
def test_a_path_that_is_none_of_s3_is_invalid(path: str) -> None:
    with pytest.raises(InvalidDefinition, match=r"Targets\.S3Targets\.Path"):
        define(Targets={"S3Targets": [{"Path": path}]})


@pytest.mark.rule("sample size")
@pytest.mark.parametrize("size", [0, 250])
def test_a_sample_size_out_of_range_is_invalid(size: int) -> None:
    with pytest.raises(InvalidDefinition, match="SampleSize must be from 1 to 249"):
        define(Targets={"S3Targets": [{"Path": "s3://b/p", "SampleSize": size}]})


@pytest.mark.rule("other targets")
@pytest.mark.parametrize(
    "kind",
    [
        "JdbcTargets",
        "MongoDBTargets",
        "DynamoDBTargets",
        "CatalogTargets",
        "DeltaTargets",
        "IcebergTargets",
        "HudiTargets",
    ],
)
def test_targets_other_than_s3_are_refused_by_name(kind: str) -> None:
    with pytest.raises(Unsupported, match=rf"Targets\.{kind}"):
        define(Targets={**S3, kind: [{"Path": "x"}]})


@pytest.mark.rule("target settings")
@pytest.mark.parametrize("setting", ["ConnectionName", "EventQueueArn", "DlqEventQueueArn"])
def test_settings_of_a_target_that_are_not_there_are_refused_by_name(setting: str) -> None:
    with pytest.raises(Unsupported, match=setting):
        define(Targets={"S3Targets": [{"Path": "s3://b/p", setting: "x"}]})


@pytest.mark.rule("classifiers")
def test_a_definition_names_its_classifiers_in_their_order() -> None:
    assert define(Classifiers=["b", "a"]).classifiers == ("b", "a")
    assert define().classifiers == ()


@pytest.mark.rule("recrawl")
@pytest.mark.parametrize("behavior", ["CRAWL_NEW_FOLDERS_ONLY", "CRAWL_EVENT_MODE"])
def test_a_crawl_of_less_than_everything_is_refused(behavior: str) -> None:
    with pytest.raises(Unsupported, match=behavior):
        define(RecrawlPolicy={"RecrawlBehavior": behavior})


def test_a_crawl_of_everything_may_be_asked_for() -> None:
    assert define(RecrawlPolicy={"RecrawlBehavior": "CRAWL_EVERYTHING"}).name == "crawler"


@pytest.mark.rule("lineage and Lake Formation")
@pytest.mark.parametrize(
    "request_part",
    [
        {"LineageConfiguration": {"CrawlerLineageSettings": "ENABLE"}},
        {"LakeFormationConfiguration": {"UseLakeFormationCredentials": True}},
    ],
)
def test_lineage_and_lake_formation_are_refused(request_part: dict[str, Any]) -> None:
    with pytest.raises(Unsupported, match=next(iter(request_part))):
        define(**request_part)


def test_an_unknown_policy_is_invalid_and_the_known_ones_are_named() -> None:
    with pytest.raises(InvalidDefinition, match=r"UpdateBehavior must be one of UPDATE_IN_DATABASE, LOG, not 'NEVER'"):
        define(SchemaChangePolicy={"UpdateBehavior": "NEVER"})


@pytest.mark.rule("configuration")
def test_the_configuration_is_read_whole() -> None:
    configuration = configure(
        CrawlerOutput={
            "Partitions": {"AddOrUpdateBehavior": "InheritFromTable"},
            "Tables": {"AddOrUpdateBehavior": "MergeNewColumns", "TableThreshold": 1},
        },
        Grouping={"TableGroupingPolicy": "CombineCompatibleSchemas", "TableLevelConfiguration": 3},
        CreatePartitionIndex=False,
    ).configuration
    assert configuration.partitions_inherit
    assert configuration.merges_new_columns
    assert configuration.combines_compatible
    assert configuration.output.tables.threshold == 1
    assert configuration.grouping.table_level == 3
    assert not configuration.create_partition_index


@pytest.mark.rule("configuration")
def test_without_a_configuration_nothing_is_inherited_merged_or_combined() -> None:
    configuration = define().configuration
    assert not configuration.partitions_inherit
    assert not configuration.merges_new_columns
    assert not configuration.combines_compatible
    assert configuration.create_partition_index


@pytest.mark.rule("configuration")
def test_an_unknown_key_of_the_configuration_is_refused_by_its_path() -> None:
    with pytest.raises(Unsupported, match=r"Configuration\.Grouping\.TableNaming"):
        configure(Grouping={"TableNaming": "x"})


@pytest.mark.rule("configuration")
@pytest.mark.parametrize(
    ("configuration", "path"),
    [
        ({"Grouping": {"TableLevelConfiguration": 0}}, r"Configuration\.Grouping\.TableLevelConfiguration"),
        ({"Grouping": {"TableGroupingPolicy": "All"}}, r"Configuration\.Grouping\.TableGroupingPolicy"),
        ({"CrawlerOutput": {"Tables": {"TableThreshold": "1"}}}, r"Configuration\.CrawlerOutput\.Tables"),
        ({"Version": 2.0}, r"Configuration\.Version"),
    ],
)
def test_a_wrong_value_in_the_configuration_is_invalid_and_named_by_its_path(
    configuration: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidDefinition, match=path):
        configure(**configuration)


@pytest.mark.rule("configuration")
@pytest.mark.parametrize("text", ["{", "[]", '"Version"'])
def test_a_configuration_that_is_no_json_object_is_invalid(text: str) -> None:
    with pytest.raises(InvalidDefinition, match="Configuration"):
        define(Configuration=text)


@pytest.mark.rule("configuration")
def test_a_configuration_without_a_version_is_invalid() -> None:
    with pytest.raises(InvalidDefinition, match=r"Configuration\.Version is missing"):
        define(Configuration="{}")

import json
import zipfile
from pathlib import Path

import pytest

from lake.config import Config
from lake.config_file import ROOT
from lake.dataset import Dataset, load_dataset
from lake.environment import Environment, load_environment
from stacks.crawler import crawler_configuration
from stacks.log_groups import RETENTION
from tests.unit.stacks.synthesis import Json, only, resources, synthesize, text

ASSETS = "s3://cdk-hnb659fds-assets-000000000000-us-east-1/"


@pytest.fixture(scope="module")
def job(flights: Json) -> Json:
    return dict(text(only(flights, "AWS::Glue::Job")))


@pytest.fixture(scope="module")
def arguments(job: Json) -> Json:
    return dict(job["DefaultArguments"])


@pytest.fixture(scope="module")
def crawler(flights: Json) -> Json:
    return dict(text(only(flights, "AWS::Glue::Crawler")))


@pytest.fixture(scope="module")
def triggers(flights: Json) -> dict[str, Json]:
    return {trigger["Type"]: trigger for trigger in text(resources(flights, "AWS::Glue::Trigger"))}


def asset(assembly: Path, url: str) -> Path:
    (found,) = assembly.glob(f"asset.{Path(url).stem}*")
    return found


def test_workflow_crawler_and_job_have_one_name(flights: Json, job: Json, crawler: Json) -> None:
    workflow = only(flights, "AWS::Glue::Workflow")
    assert job["Name"] == crawler["Name"] == workflow["Name"] == "lake-local-flights"


def test_job_runs_on_glue_51_with_python_3(job: Json) -> None:
    assert (job["GlueVersion"], job["Command"]["Name"], job["Command"]["PythonVersion"]) == ("5.1", "glueetl", "3")


def test_job_has_the_datasets_workers_and_timeout(job: Json) -> None:
    dataset = load_dataset("flights")
    assert (job["WorkerType"], job["NumberOfWorkers"]) == (dataset.workers.type, dataset.workers.count)
    assert job["Timeout"] == dataset.timeout_minutes
    assert "MaxCapacity" not in job


def test_job_runs_once_at_a_time_and_queues_and_never_retries_by_itself(job: Json) -> None:
    assert job["ExecutionProperty"] == {"MaxConcurrentRuns": 1}
    assert job["JobRunQueuingEnabled"] is True
    assert job["MaxRetries"] == 0


def test_job_and_crawler_have_the_security_configuration(job: Json, crawler: Json) -> None:
    assert job["SecurityConfiguration"] == crawler["CrawlerSecurityConfiguration"] == "{SecurityConfiguration}"


def test_job_and_crawler_have_a_role_each(job: Json, crawler: Json) -> None:
    assert job["Role"].startswith("{JobRole")
    assert crawler["Role"].startswith("{CrawlRole")


def test_job_arguments_say_what_it_reads_and_where_it_writes(arguments: Json) -> None:
    expected = {
        "--ENV": "local",
        "--DATASET": "flights",
        "--SOURCE_DB": "lake_local_raw",
        "--SOURCE_TABLE": "raw_flights",
        "--TARGET_DB": "lake_local_curated",
        "--TARGET_S3": "s3://{CuratedBucket}/curated/flights",
        "--OPS_DB": "lake_local_ops",
        "--TempDir": "s3://{CuratedBucket}/temp/flights/",
        "--datalake-formats": "iceberg",
        "--job-language": "python",
    }
    assert {name: arguments[name] for name in expected} == expected


def test_job_arguments_name_no_endpoint_and_ask_for_no_metrics(arguments: Json) -> None:
    assert "4566" not in json.dumps(arguments)
    assert not any("metrics" in name or "continuous" in name for name in arguments)


def test_spark_gets_iceberg_on_the_data_catalog_and_utc(arguments: Json) -> None:
    settings = dict(setting.split("=", 1) for setting in arguments["--conf"].split(" --conf "))
    assert settings == {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.glue_catalog": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.glue_catalog.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        "spark.sql.catalog.glue_catalog.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        "spark.sql.catalog.glue_catalog.warehouse": "s3://{CuratedBucket}/curated/",
        "spark.hadoop.fs.s3a.endpoint.region": "us-east-1",
        "spark.sql.files.openCostInBytes": "65536",
        "spark.sql.session.timeZone": "UTC",
    }


def test_job_finds_its_dataset_under_the_name_that_the_asset_has(arguments: Json, local_assembly: Path) -> None:
    url = arguments["--extra-files"]
    assert url == ASSETS + arguments["--DATASET_FILE"]
    upkeep = load_environment("local").upkeep.model_dump()
    expected = load_dataset("flights").resolved_json(upkeep=upkeep)
    assert asset(local_assembly, url).read_text(encoding="utf-8") == expected


def test_stages_are_shipped_as_package_lib_and_nothing_beside_them(arguments: Json, local_assembly: Path) -> None:
    staged = asset(local_assembly, arguments["--extra-py-files"])
    names = {str(path.relative_to(staged)) for path in staged.rglob("*") if path.is_file()}
    assert "lib/__init__.py" in names
    assert all(name.startswith("lib/") and name.endswith(".py") for name in names)
    assert not zipfile.is_zipfile(staged)  # the CDK's command line makes it one as it publishes


def test_script_is_the_one_of_glue_scripts(job: Json, local_assembly: Path) -> None:
    script = ROOT / "glue_scripts" / "raw_to_curated.py"
    assert asset(local_assembly, job["Command"]["ScriptLocation"]).read_bytes() == script.read_bytes()


def test_crawler_writes_one_table_of_the_raw_database_from_the_datasets_prefix(crawler: Json) -> None:
    assert crawler["DatabaseName"] == "lake_local_raw"
    assert crawler["TablePrefix"] == "raw_"
    assert crawler["Targets"] == {"S3Targets": [{"Path": "s3://{RawBucket}/raw/flights/"}]}
    assert json.loads(crawler["Configuration"]) == {
        "Version": 1.0,
        "CreatePartitionIndex": False,
        "CrawlerOutput": {
            "Partitions": {"AddOrUpdateBehavior": "InheritFromTable"},
            "Tables": {"TableThreshold": 1},
        },
        "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas", "TableLevelConfiguration": 3},
    }


@pytest.mark.parametrize(("prefix", "level"), [("trips/", 2), ("raw/trips/", 3), ("a/b/c/trips/", 5)])
def test_table_level_counts_the_bucket_and_each_folder_of_the_prefix(prefix: str, level: int) -> None:
    assert crawler_configuration(prefix)["Grouping"]["TableLevelConfiguration"] == level


def test_crawler_updates_the_table_and_deletes_nothing(crawler: Json) -> None:
    assert crawler["SchemaChangePolicy"] == {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}
    assert crawler["RecrawlPolicy"] == {"RecrawlBehavior": "CRAWL_EVERYTHING"}


def test_crawler_asks_the_classifier_that_has_its_name(crawler: Json, flights: Json) -> None:
    classifiers = {
        key: found for key, found in flights["Resources"].items() if found["Type"] == "AWS::Glue::Classifier"
    }
    assert crawler["Classifiers"] == [f"{{{key}}}" for key in classifiers]
    assert [found["Properties"]["CsvClassifier"]["Name"] for found in classifiers.values()] == [crawler["Name"]]


@pytest.mark.parametrize(
    ("options", "columns", "expected"),
    [
        (
            {"header": True},
            2,
            {"Delimiter": ",", "QuoteSymbol": '"', "ContainsHeader": "PRESENT", "AllowSingleColumn": False},
        ),
        (
            {"delimiter": "\t", "quote": "'"},
            1,
            {"Delimiter": "\t", "QuoteSymbol": "'", "ContainsHeader": "ABSENT", "AllowSingleColumn": True},
        ),
    ],
)
def test_classifier_says_what_the_datasets_options_say(
    options: Json, columns: int, expected: Json, tmp_path: Path
) -> None:
    trips = Dataset.model_validate(
        {
            "name": "trips",
            "source": {"prefix": "raw/trips/", "format": "csv", "options": options},
            "columns": [{"name": f"c{index}", "type": "string"} for index in range(columns)],
        }
    )
    template = synthesize(Config(load_environment("local"), (trips,)), tmp_path)["lake-local-trips"]
    assert only(template, "AWS::Glue::Classifier")["CsvClassifier"] == {"Name": "lake-local-trips", **expected}


def test_json_over_several_lines_is_classified_by_the_elements_of_its_array(tmp_path: Path) -> None:
    source = {"prefix": "raw/trips/", "format": "json", "options": {"multiLine": True}}
    trips = Dataset.model_validate({"name": "trips", "source": source})
    template = synthesize(Config(load_environment("local"), (trips,)), tmp_path)["lake-local-trips"]
    classifier = only(template, "AWS::Glue::Classifier")
    assert classifier == {"JsonClassifier": {"Name": "lake-local-trips", "JsonPath": "$[*]"}}
    assert len(only(template, "AWS::Glue::Crawler")["Classifiers"]) == 1


@pytest.mark.parametrize("source_format", ["json", "parquet"])
def test_json_lines_and_parquet_have_no_classifier(source_format: str, tmp_path: Path) -> None:
    trips = Dataset.model_validate({"name": "trips", "source": {"prefix": "raw/trips/", "format": source_format}})
    template = synthesize(Config(load_environment("local"), (trips,)), tmp_path)["lake-local-trips"]
    assert resources(template, "AWS::Glue::Classifier") == []
    assert "Classifiers" not in only(template, "AWS::Glue::Crawler")


def test_on_demand_trigger_starts_the_crawler(triggers: dict[str, Json]) -> None:
    start = triggers["ON_DEMAND"]
    (action,) = start["Actions"]
    assert action["CrawlerName"].startswith("{CrawlCrawler")
    assert "StartOnCreation" not in start


def test_conditional_trigger_starts_the_job_when_the_crawl_succeeded(triggers: dict[str, Json]) -> None:
    crawled = triggers["CONDITIONAL"]
    (action,) = crawled["Actions"]
    (condition,) = crawled["Predicate"]["Conditions"]
    assert action["JobName"].startswith("{Job")
    assert condition["CrawlState"] == "SUCCEEDED"
    assert condition["CrawlerName"] == triggers["ON_DEMAND"]["Actions"][0]["CrawlerName"]


def test_conditional_trigger_is_active_from_creation(triggers: dict[str, Json]) -> None:
    assert triggers["CONDITIONAL"]["StartOnCreation"] is True


def test_conditional_trigger_has_no_batch_of_events(triggers: dict[str, Json]) -> None:
    assert "EventBatchingCondition" not in triggers["CONDITIONAL"]


def test_triggers_are_added_one_after_the_other(flights: Json) -> None:
    by_type = {
        found["Properties"]["Type"]: (logical_id, found.get("DependsOn", []))
        for logical_id, found in flights["Resources"].items()
        if found["Type"] == "AWS::Glue::Trigger"
    }
    assert by_type["ON_DEMAND"][0] in by_type["CONDITIONAL"][1]


def test_both_triggers_belong_to_the_workflow_which_runs_once_at_a_time(
    flights: Json, triggers: dict[str, Json]
) -> None:
    assert {trigger["WorkflowName"] for trigger in triggers.values()} == {triggers["ON_DEMAND"]["WorkflowName"]}
    assert only(flights, "AWS::Glue::Workflow")["MaxConcurrentRuns"] == 1


def test_log_groups_have_the_names_that_glue_uses_with_retention_and_key(flights: Json) -> None:
    groups = {group["LogGroupName"]: group for group in text(resources(flights, "AWS::Logs::LogGroup"))}
    assert groups.keys() == {
        "/aws-glue/crawlers-role/lake-local-flights-crawler-lake-local",
        "/aws-glue/jobs/lake-local-role/lake-local-flights-job/output",
        "/aws-glue/jobs/lake-local-role/lake-local-flights-job/error",
    }
    for group in groups.values():
        assert group["RetentionInDays"] == load_environment("local").log_retention_days
        assert group["KmsKeyId"] == "{Key.Arn}"


@pytest.mark.parametrize(("partition_by", "warnings"), [("month(time_hour)", 0), ("dest", 1)])
def test_a_partition_by_a_column_outside_the_key_is_warned_of(tmp_path: Path, partition_by: str, warnings: int) -> None:
    flights = load_dataset("flights").model_copy(update={"partition_by": (partition_by,)})
    synthesize(Config(load_environment("local"), (flights,)), tmp_path)
    metadata = (tmp_path / "lake-local-flights.metadata.json").read_text()
    assert metadata.count("merges search everything") == warnings


def test_every_retention_that_an_environment_may_have_is_one_of_the_cdks() -> None:
    field = Environment.model_fields["log_retention_days"]
    assert field.annotation is not None
    assert set(field.annotation.__args__) == set(RETENTION)

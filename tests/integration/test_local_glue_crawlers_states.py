"""Crawls of local Glue from start to end: states, history, metrics, stopping, and what is refused while one runs."""

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws import ALLOW_ALL, Aws, wait_for

pytestmark = pytest.mark.integration

NUMBERS = b"id,n\n1,2\n3,4\n"
# So many that a crawl is still reading them when the next call comes.
MANY = 400


class Crawled:
    """A crawler over a bucket of its own."""

    def __init__(self, aws: Aws, name: str, *, objects: int, **members: Any) -> None:
        self.aws, self.name, self.glue = aws, name, aws.client("glue")
        s3 = aws.client("s3")
        aws.role(f"{name}-role", ALLOW_ALL)
        s3.create_bucket(Bucket=name)
        for number in range(objects):
            s3.put_object(Bucket=name, Key=f"numbers/part={number}/a.csv", Body=NUMBERS)
        self.glue.create_database(DatabaseInput={"Name": name})
        target = {"S3Targets": [{"Path": f"s3://{name}/numbers/"}]}
        self.glue.create_crawler(
            **{"Name": name, "Role": f"{name}-role", "DatabaseName": name, "Targets": target, **members}
        )

    def now(self) -> Any:
        return self.glue.get_crawler(Name=self.name)["Crawler"]

    def ended(self) -> Any:
        """The last crawl, once the crawler is ready."""

        def look() -> Any:
            found = self.now()
            return found["LastCrawl"] if found["State"] == "READY" else None

        return wait_for(look, seconds=60, what=f"crawl of {self.name}")

    def crawl(self) -> Any:
        self.glue.start_crawler(Name=self.name)
        return self.ended()

    def crawls(self, **members: Any) -> Any:
        return self.glue.list_crawls(CrawlerName=self.name, **members)

    def metrics(self) -> Any:
        [found] = self.glue.get_crawler_metrics(CrawlerNameList=[self.name])["CrawlerMetricsList"]
        return found


def refused(call: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        call()
    return str(refusal.value.response["Error"]["Code"])


@pytest.fixture(scope="module")
def crawled(aws: Aws) -> Crawled:
    """Three crawls: one that makes a table, one that changes nothing, one that fails."""
    made = Crawled(aws, "crawled-thrice", objects=2)
    assert made.crawl()["Status"] == "SUCCEEDED"
    assert made.crawl()["Status"] == "SUCCEEDED"
    made.glue.update_crawler(Name=made.name, DatabaseName="none")
    assert made.crawl()["Status"] == "FAILED"
    return made


@pytest.mark.shows("crawl-logs")
def test_the_last_crawl_says_how_it_ended_and_where_its_log_is(crawled: Crawled) -> None:
    last = crawled.now()["LastCrawl"]
    assert last["ErrorMessage"] == "The crawler's database none does not exist"
    assert (last["LogGroup"], last["LogStream"]) == ("/aws-glue/crawlers", crawled.name)
    lines = [one for one in crawled.aws.log(last["LogGroup"], last["LogStream"]) if last["MessagePrefix"] in one]
    assert all(re.fullmatch(rf"\[{last['MessagePrefix']}\] (BENCHMARK|INFO|WARN|ERROR) : .+", one) for one in lines)
    assert lines[0].endswith(f"] BENCHMARK : Running crawl of crawler {crawled.name}")
    assert lines[-1].endswith("] ERROR : The crawler's database none does not exist")


@pytest.mark.shows("crawl-history", "crawl-history-summary")
def test_the_history_has_every_crawl_newest_first_with_what_it_changed(crawled: Crawled) -> None:
    failed, unchanged, first = crawled.crawls()["Crawls"]
    assert [one["State"] for one in (failed, unchanged, first)] == ["FAILED", "COMPLETED", "COMPLETED"]
    assert json.loads(first["Summary"]) == {
        "TABLE": {"ADD": {"Count": 1, "Names": ["numbers"]}},
        "PARTITION": {"ADD": {"Count": 2, "Names": ["numbers/part=0", "numbers/part=1"]}},
    }
    assert json.loads(unchanged["Summary"]) == {}
    assert "Summary" not in failed
    assert failed["ErrorMessage"] == "The crawler's database none does not exist"
    assert first["StartTime"] <= first["EndTime"] <= unchanged["StartTime"]
    hours = (first["EndTime"] - first["StartTime"]).total_seconds() / 3600
    assert first["DPUHour"] == pytest.approx(hours, abs=1e-6)
    assert len({one["CrawlId"] for one in (failed, unchanged, first)}) == 3


@pytest.mark.shows("crawl-history-pages")
def test_the_history_comes_in_pages_that_a_new_crawl_does_not_shift(crawled: Crawled) -> None:
    first = crawled.crawls(MaxResults=2)
    rest = crawled.crawls(MaxResults=2, NextToken=first["NextToken"])
    ids = [one["CrawlId"] for one in first["Crawls"] + rest["Crawls"]]
    assert ids == [one["CrawlId"] for one in crawled.crawls()["Crawls"]]
    assert "NextToken" not in rest
    assert refused(lambda: crawled.crawls(NextToken="more")) == "InvalidInputException"


@pytest.mark.shows("crawl-history-filters")
def test_the_history_is_filtered_by_state_id_and_time_in_milliseconds(crawled: Crawled) -> None:
    failed, unchanged, first = crawled.crawls()["Crawls"]

    def chosen(*filters: tuple[str, str, str]) -> list[str]:
        given = [{"FieldName": name, "FilterOperator": sign, "FieldValue": value} for name, sign, value in filters]
        return [one["CrawlId"] for one in crawled.crawls(Filters=given)["Crawls"]]

    assert chosen(("STATE", "EQ", "FAILED")) == [failed["CrawlId"]]
    assert chosen(("CRAWL_ID", "EQ", first["CrawlId"])) == [first["CrawlId"]]
    since = str(int(unchanged["StartTime"].timestamp() * 1000))
    assert chosen(("START_TIME", "GE", since)) == [failed["CrawlId"], unchanged["CrawlId"]]
    assert chosen(("START_TIME", "GE", since), ("STATE", "EQ", "COMPLETED")) == [unchanged["CrawlId"]]
    assert refused(lambda: chosen(("START_TIME", "GE", "today"))) == "InvalidInputException"


@pytest.mark.shows("crawl-metrics")
def test_metrics_tell_the_times_and_the_tables(crawled: Crawled) -> None:
    crawls = crawled.crawls()["Crawls"]
    seconds = sorted((one["EndTime"] - one["StartTime"]).total_seconds() for one in crawls)
    found = crawled.metrics()
    assert found["MedianRuntimeSeconds"] == pytest.approx(seconds[1], abs=0.01)
    assert found["LastRuntimeSeconds"] > 0
    assert (found["TimeLeftSeconds"], found["StillEstimating"]) == (0, False)
    assert (found["TablesCreated"], found["TablesUpdated"], found["TablesDeleted"]) == (1, 0, 0)
    names = crawled.glue.get_paginator("get_crawler_metrics").paginate(PaginationConfig={"PageSize": 1})
    assert crawled.name in [one["CrawlerName"] for page in names for one in page["CrawlerMetricsList"]]


@pytest.mark.shows("crawl-cancelled", "crawl-running-error", "crawl-running-unchanged", "crawl-unknown")
def test_a_crawl_that_is_stopped_ends_cancelled_and_has_written_nothing(aws: Aws) -> None:
    crawled = Crawled(aws, "crawl-stopped", objects=MANY)
    glue, name = crawled.glue, crawled.name
    assert refused(lambda: glue.stop_crawler(Name=name)) == "CrawlerNotRunningException"
    assert crawled.metrics()["LastRuntimeSeconds"] == 0

    glue.start_crawler(Name=name)
    assert crawled.now()["State"] == "RUNNING"
    assert crawled.crawls()["Crawls"][0]["State"] == "RUNNING"
    assert crawled.metrics()["StillEstimating"] is True
    for call in (glue.start_crawler, glue.update_crawler, glue.delete_crawler):
        assert refused(lambda call=call: call(Name=name)) == "CrawlerRunningException"
    glue.stop_crawler(Name=name)
    if crawled.now()["State"] == "STOPPING":  # else it has ended meanwhile
        assert refused(lambda: glue.stop_crawler(Name=name)) in (
            "CrawlerStoppingException",
            "CrawlerNotRunningException",
        )

    assert crawled.ended()["Status"] == "CANCELLED"
    [history] = crawled.crawls()["Crawls"]
    assert history["State"] == "STOPPED"
    assert glue.get_tables(DatabaseName=name)["TableList"] == []

    assert crawled.crawl()["Status"] == "SUCCEEDED"
    assert [one["Name"] for one in glue.get_tables(DatabaseName=name)["TableList"]] == ["numbers"]
    glue.delete_crawler(Name=name)
    assert refused(lambda: crawled.crawls()) == "EntityNotFoundException"


def test_crawlers_are_listed_by_tag_in_pages_and_in_a_batch(aws: Aws) -> None:
    glue = aws.client("glue")
    target = {"S3Targets": [{"Path": "s3://none/"}]}
    for name, team in (("tagged-a", "data"), ("tagged-b", "web"), ("tagged-c", "data")):
        glue.create_crawler(Name=name, Role="none", Targets=target, Tags={"team": team, "kind": "tagged"})

    assert glue.list_crawlers(Tags={"team": "data", "kind": "tagged"})["CrawlerNames"] == ["tagged-a", "tagged-c"]
    first = glue.list_crawlers(Tags={"kind": "tagged"}, MaxResults=2)
    rest = glue.list_crawlers(Tags={"kind": "tagged"}, MaxResults=2, NextToken=first["NextToken"])
    assert first["CrawlerNames"] + rest["CrawlerNames"] == ["tagged-a", "tagged-b", "tagged-c"]
    assert refused(lambda: glue.list_crawlers(NextToken="more")) == "ValidationException"

    batch = glue.batch_get_crawlers(CrawlerNames=["tagged-b", "none", "tagged-a"])
    assert [one["Name"] for one in batch["Crawlers"]] == ["tagged-b", "tagged-a"]
    assert batch["CrawlersNotFound"] == ["none"]
    pages = glue.get_paginator("get_crawlers").paginate(PaginationConfig={"PageSize": 1})
    assert {"tagged-a", "tagged-b", "tagged-c"} <= {one["Name"] for page in pages for one in page["Crawlers"]}

    arn = "arn:aws:glue:us-east-1:000000000000:crawler/tagged-a"
    glue.untag_resource(ResourceArn=arn, TagsToRemove=["team"])
    glue.tag_resource(ResourceArn=arn, TagsToAdd={"kind": "other"})
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"kind": "other"}
    assert glue.list_crawlers(Tags={"kind": "tagged"})["CrawlerNames"] == ["tagged-b", "tagged-c"]
    glue.delete_crawler(Name="tagged-a")
    assert refused(lambda: glue.get_tags(ResourceArn=arn)) == "EntityNotFoundException"
    foreign = arn.replace("000000000000", "999999999999")
    assert refused(lambda: glue.get_tags(ResourceArn=foreign)) == "InvalidInputException"


def test_a_crawlers_schedule_is_told_changed_and_switched(aws: Aws) -> None:
    glue = aws.client("glue")
    target = {"S3Targets": [{"Path": "s3://none/"}]}
    glue.create_crawler(Name="scheduled", Role="none", Targets=target, Schedule="cron(0 0 1 1 ? 2090)")

    def schedule() -> Any:
        return glue.get_crawler(Name="scheduled")["Crawler"].get("Schedule")

    assert schedule() == {"ScheduleExpression": "cron(0 0 1 1 ? 2090)", "State": "SCHEDULED"}
    assert refused(lambda: glue.start_crawler_schedule(CrawlerName="scheduled")) == "SchedulerRunningException"
    glue.stop_crawler_schedule(CrawlerName="scheduled")
    assert schedule()["State"] == "NOT_SCHEDULED"
    assert refused(lambda: glue.stop_crawler_schedule(CrawlerName="scheduled")) == "SchedulerNotRunningException"
    glue.start_crawler_schedule(CrawlerName="scheduled")
    glue.update_crawler_schedule(CrawlerName="scheduled", Schedule="cron(0 0 1 1 ? 2091)")
    assert schedule() == {"ScheduleExpression": "cron(0 0 1 1 ? 2091)", "State": "SCHEDULED"}
    wrong = {"CrawlerName": "scheduled", "Schedule": "cron(0 0 * * *)"}
    assert refused(lambda: glue.update_crawler_schedule(**wrong)) == "InvalidInputException"
    glue.update_crawler(Name="scheduled", Schedule="")
    assert schedule() is None
    assert refused(lambda: glue.start_crawler_schedule(CrawlerName="scheduled")) == "NoScheduleException"

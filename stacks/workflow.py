"""The workflow of one dataset: crawl, then the job."""

from __future__ import annotations

from aws_cdk import aws_glue as glue
from constructs import Construct

from lake.names import Names


class PipelineWorkflow(Construct):
    """Started on demand, one run at a time: the crawler first, and when it SUCCEEDED the job."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Names,
        dataset: str,
        crawler: glue.CfnCrawler,
        job: glue.IJob,
    ) -> None:
        super().__init__(scope, construct_id)
        self.workflow = glue.Workflow(
            self,
            "Resource",
            workflow_name=names.pipeline(dataset),
            description=f"Crawls the raw objects of {dataset}, then curates them",
            max_concurrent_runs=1,
        )
        start = self.workflow.add_on_demand_trigger(
            "Start",
            name=names.start_trigger(dataset),
            description="Starts the crawler",
            actions=[glue.Action.crawler(crawler)],
        )
        crawled = self.workflow.add_conditional_trigger(
            "Crawled",
            name=names.crawled_trigger(dataset),
            description="Starts the job when the crawl succeeded",
            actions=[glue.Action.job(job)],
            predicate=glue.Predicate(conditions=[glue.Condition.crawler(crawler, glue.CrawlerState.SUCCEEDED)]),
            # Else it stays CREATED and never fires.
            start_on_creation=True,
        )
        # The L2 gives every trigger a batch of events; Glue has them for EVENT triggers alone.
        assert isinstance(crawled, glue.CfnTrigger)
        assert isinstance(start, glue.CfnTrigger)
        crawled.add_property_deletion_override("EventBatchingCondition")
        # Two triggers added at once can fail: "Workflow was modified while adding trigger".
        crawled.add_resource_dependency(start)

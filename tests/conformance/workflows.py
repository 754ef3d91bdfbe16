"""Workflows and their runs."""

from tests.conformance.behaviour import (
    CHOSEN,
    MODEL,
    Behaviour,
    guide,
    guide_2022,
)

RESTRICTIONS = guide("blueprint_workflow_restrictions")
OVERVIEW = guide("workflows_overview")
RESUMING = guide_2022("resuming-workflow")
MONITORING = guide_2022("running_monitoring_workflow")
CONCEPTS = guide_2022("workflows_api_concepts")
PROPERTIES = guide_2022("workflow-run-properties-code")
EVENTBRIDGE = guide("starting-workflow-eventbridge")

WORKFLOWS = (
    Behaviour("workflow-run-id", "StartWorkflowRun answers RunId, `wr_` and 64 hexadecimal digits.", MONITORING),
    Behaviour(
        "workflow-run-properties-merge",
        "RunProperties of the start go over DefaultRunProperties, key by key.",
        CHOSEN,
    ),
    Behaviour("workflow-run-properties", "A job reads its run's properties by GetWorkflowRunProperties.", PROPERTIES),
    Behaviour(
        "workflow-put-properties",
        "PutWorkflowRunProperties adds keys or replaces theirs, and leaves the rest.",
        PROPERTIES,
    ),
    Behaviour(
        "workflow-limit",
        "StartWorkflowRun above MaxConcurrentRuns is ConcurrentRunsExceededException.",
        MODEL,
    ),
    Behaviour("workflow-limit-dropped", "A start by an event above the limit is dropped.", OVERVIEW),
    Behaviour("workflow-completed", "A run ends as COMPLETED, also where nodes failed or never ran.", RESUMING),
    Behaviour("workflow-end", "It has ended when nothing runs and no trigger can fire any more.", CHOSEN),
    Behaviour(
        "workflow-statistics",
        "Statistics count the actions by state; TotalActions counts those that never ran, too.",
        f"{MODEL}; {MONITORING}",
    ),
    Behaviour(
        "workflow-graph",
        "The graph has crawlers, jobs and triggers as nodes; edges lead to what a trigger starts, and from what it "
        "watches.",
        f"{MODEL}; {CONCEPTS}",
    ),
    Behaviour(
        "workflow-graph-details",
        "A node has its crawls or job runs; one that never ran has none.",
        f"{MODEL}; {RESUMING}",
    ),
    Behaviour(
        "workflow-frozen-triggers", "The triggers of a run are those of its start; jobs may change meanwhile.", RESUMING
    ),
    Behaviour(
        "workflow-stop",
        "StopWorkflowRun ends the nodes that run; the run is STOPPED.",
        f"{guide_2022('workflow-stopping')}; {MODEL}",
    ),
    Behaviour("workflow-stop-ended", "Stopping a run that has ended is IllegalWorkflowStateException.", MODEL),
    Behaviour("workflow-resume", "ResumeWorkflowRun runs chosen nodes, and all below, in a new run.", RESUMING),
    Behaviour("workflow-resume-completed", "Only a run that is COMPLETED can be resumed.", RESUMING),
    Behaviour("workflow-resume-attempted", "Only crawlers and jobs that were started can be restarted.", RESUMING),
    Behaviour(
        "workflow-resume-nodes",
        "The answer's NodeIds leave out what lies below another; the other nodes are as they were.",
        RESUMING,
    ),
    Behaviour(
        "workflow-size",
        "Stopping or resuming a workflow of more than 100 jobs, crawlers and triggers may fail; here it is refused.",
        OVERVIEW,
    ),
    Behaviour("workflow-history-days", "Runs are remembered for 90 days.", MODEL),
    Behaviour("workflow-node-ids", "The UniqueId of a node is `wnode_` and 64 hexadecimal digits.", CONCEPTS),
    Behaviour("workflow-live-nodes", "Nodes that wait or run are counted as WaitingActions and RunningActions.", MODEL),
    Behaviour(
        "workflow-start-by-hand", "A workflow that a schedule or events start can be started by hand too.", CHOSEN
    ),
    Behaviour("workflow-unknown", "A workflow or run that there is not is EntityNotFoundException.", MODEL),
    Behaviour("workflow-one-start", "A workflow has one start trigger.", RESTRICTIONS),
    Behaviour(
        "workflow-isolation", "A job that was started from outside fires no trigger of the workflow.", RESTRICTIONS
    ),
    Behaviour("workflow-history", "GetWorkflowRuns lists earlier runs, by pages.", MODEL),
    Behaviour("workflow-batch-get", "BatchGetWorkflows gives up to 25 workflows.", MODEL),
    Behaviour(
        "workflow-notify-event",
        "An EventBridge rule starts a workflow whose start trigger is EVENT; the role needs glue:notifyEvent.",
        EVENTBRIDGE,
    ),
    Behaviour(
        "workflow-event-ids",
        "The events' ids are the run's property `aws:eventIds`; StartingEventBatchCondition tells what fired.",
        guide("viewing-start-event-info"),
    ),
    Behaviour("workflow-many", "Without MaxConcurrentRuns there is no limit: many runs go on at once.", MODEL),
    Behaviour("workflow-exists", "CreateWorkflow of a name that there is, is AlreadyExistsException.", MODEL),
    Behaviour(
        "workflow-cloudformation",
        "CloudFormation creates, updates and deletes workflows; Ref is the name.",
        "CloudFormation reference, `aws-resource-glue-workflow`",
    ),
)

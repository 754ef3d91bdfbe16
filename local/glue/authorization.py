"""Which resources each action of Glue is authorized on, as AWS has it.

Source: 'Actions, resources, and condition keys for AWS Glue' (Service Authorization Reference) and 'Specifying AWS
Glue resource ARNs': a table's actions need the table, its database and the catalog. A caller must be allowed the
action on every ARN that `required` lists.
"""

from collections.abc import Callable
from dataclasses import dataclass

from local.glue.requests import Request
from local.glue.scope import Scope


@dataclass(frozen=True)
class Permission:
    """One thing that the caller must be allowed: `action` (such as `glue:GetTable`) on the ARN `resource`."""

    action: str
    resource: str


Names = Callable[[Request], list[str]]

EVERY = "*"


def _member(*path: str) -> Names:
    def names(request: Request) -> list[str]:
        value: object = request
        for part in path:
            value = value.get(part, EVERY) if isinstance(value, dict) else EVERY
        return [str(value)]

    return names


def _members(name: str) -> Names:
    return lambda request: [str(value) for value in request.get(name, [])]


def _every(request: Request) -> list[str]:
    return [EVERY]


def _databases(of: Names) -> Names:
    return lambda request: ["catalog", *(f"database/{name}" for name in of(request))]


def _tables(of: Names) -> Names:
    def names(request: Request) -> list[str]:
        database = request.get("DatabaseName", EVERY)
        return ["catalog", f"database/{database}", *(f"table/{database}/{name}" for name in of(request))]

    return names


def _things(kind: str, of: Names) -> Names:
    return lambda request: [f"{kind}/{name}" for name in of(request)]


def _trigger_and_workflow(request: Request) -> list[str]:
    workflow = request.get("WorkflowName")
    return [f"trigger/{request['Name']}", *([f"workflow/{workflow}"] if workflow else [])]


_database_named = _databases(_member("Name"))
_every_database = _databases(_every)
_database_of_request = _databases(_member("DatabaseName"))
_table_named = _tables(_member("Name"))
_table_of_input = _tables(_member("TableInput", "Name"))
_table_of_request = _tables(_member("TableName"))
_crawler = _things("crawler", _member("Name"))
_job = _things("job", _member("JobName"))
_trigger = _things("trigger", _member("Name"))
_workflow = _things("workflow", _member("Name"))

# The resources of each action, as the last part of their ARNs. What has no resource of its own is not listed: it is
# authorized on "*".
RESOURCES: dict[str, Names] = {
    "CreateDatabase": _databases(_member("DatabaseInput", "Name")),
    "DeleteDatabase": _database_named,
    "GetDatabase": _database_named,
    "GetDatabases": _every_database,
    "UpdateDatabase": _database_named,
    "BatchDeleteTable": _tables(_members("TablesToDelete")),
    "CreateTable": _table_of_input,
    "DeleteTable": _table_named,
    "GetTable": _table_named,
    "GetTables": _tables(_every),
    "UpdateTable": _table_of_input,
    "BatchCreatePartition": _table_of_request,
    "BatchDeletePartition": _table_of_request,
    "BatchGetPartition": _table_of_request,
    "BatchUpdatePartition": _table_of_request,
    "CreatePartition": _table_of_request,
    "CreatePartitionIndex": _table_of_request,
    "DeletePartition": _table_of_request,
    "GetPartition": _table_of_request,
    "GetPartitionIndexes": _table_of_request,
    "GetPartitions": _table_of_request,
    "UpdatePartition": _table_of_request,
    "CreateCrawler": _crawler,
    "DeleteCrawler": _crawler,
    "GetCrawler": _crawler,
    "ListCrawls": _things("crawler", _member("CrawlerName")),
    "StartCrawler": _crawler,
    "StopCrawler": _crawler,
    "UpdateCrawler": _crawler,
    "BatchGetJobs": _things("job", _members("JobNames")),
    "BatchStopJobRun": _job,
    "CreateJob": _things("job", _member("Name")),
    "DeleteJob": _job,
    "GetJob": _job,
    "GetJobRun": _job,
    "GetJobRuns": _job,
    "StartJobRun": _job,
    "UpdateJob": _job,
    "BatchGetTriggers": _things("trigger", _members("TriggerNames")),
    "CreateTrigger": _trigger_and_workflow,
    "DeleteTrigger": _trigger,
    "GetTrigger": _trigger,
    "StartTrigger": _trigger,
    "StopTrigger": _trigger,
    "UpdateTrigger": _trigger,
    "BatchGetWorkflows": _things("workflow", _members("Names")),
    "CreateWorkflow": _workflow,
    "DeleteWorkflow": _workflow,
    "GetWorkflow": _workflow,
    "GetWorkflowRun": _workflow,
    "GetWorkflowRunProperties": _workflow,
    "GetWorkflowRuns": _workflow,
    "PutWorkflowRunProperties": _workflow,
    "ResumeWorkflowRun": _workflow,
    "StartWorkflowRun": _workflow,
    "StopWorkflowRun": _workflow,
    "UpdateWorkflow": _workflow,
}

# The actions that hand a role to Glue, and where the role stands in the request.
PASSED_ROLE: dict[str, Names] = {
    "CreateCrawler": _member("Role"),
    "UpdateCrawler": _member("Role"),
    "CreateJob": _member("Role"),
    "UpdateJob": _member("JobUpdate", "Role"),
}


def required(action: str, request: Request, scope: Scope) -> list[Permission]:
    """Everything that the caller must be allowed for this request, in the order in which it is checked."""
    if action in ("GetTags", "TagResource", "UntagResource"):
        return [Permission(f"glue:{action}", request["ResourceArn"])]
    names = RESOURCES[action](request) if action in RESOURCES else None
    arns = [EVERY] if names is None else [scope.arn(name) for name in names]
    permissions = [Permission(f"glue:{action}", arn) for arn in arns]
    roles = PASSED_ROLE[action](request) if action in PASSED_ROLE else []
    return permissions + [Permission("iam:PassRole", scope.role_arn(role)) for role in roles if role != EVERY]

"""Which resources each action of Glue is authorized on, as AWS has it.

Sources: 'Actions, resources, and condition keys for AWS Glue' (Service Authorization Reference), and of the AWS Glue
guide 'Specifying AWS Glue resource ARNs': an action needs its resource and all that the resource lies in, a deletion
all that lies in the resource too; an action on one thing needs that thing, one that gets a batch each of the batch,
one that gets all of a kind "*". A caller must be allowed the action on every ARN that `required` lists.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.glue.requests import Request, Response
from local.glue.scope import Scope

SERVICE = "glue.amazonaws.com"


@dataclass(frozen=True)
class Permission:
    """One thing that the caller must be allowed: `action` (such as `glue:GetTable`) on the ARN `resource`.

    `context` holds the condition keys that the request gives a value.
    """

    action: str
    resource: str
    context: Mapping[str, Any] = field(default_factory=dict)


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
    return lambda request: [str(value) for value in request.get(name, [])] or [EVERY]


def _none(request: Request) -> list[str]:
    return []


def _anything(request: Request) -> list[str]:
    return [EVERY]


def _databases(of: Names) -> Names:
    return lambda request: ["catalog", *(f"database/{name}" for name in of(request))]


def _whole_database(request: Request) -> list[str]:
    name = request["Name"]
    return ["catalog", f"database/{name}", f"table/{name}/*", f"userDefinedFunction/{name}/*"]


def _tables(of: Names) -> Names:
    def names(request: Request) -> list[str]:
        database = request.get("DatabaseName", EVERY)
        return ["catalog", f"database/{database}", *(f"table/{database}/{name}" for name in of(request))]

    return names


def _things(kind: str, of: Names) -> Names:
    return lambda request: [f"{kind}/{name}" for name in of(request)]


_database_named = _databases(_member("Name"))
_table_named = _tables(_member("Name"))
_table_of_input = _tables(_member("TableInput", "Name"))
_table_of_request = _tables(_member("TableName"))
_crawler = _things("crawler", _member("Name"))
_crawler_of_request = _things("crawler", _member("CrawlerName"))
_job = _things("job", _member("JobName"))
_trigger = _things("trigger", _member("Name"))
_workflow = _things("workflow", _member("Name"))

# The resources of each action that is served, as the last part of their ARNs.
RESOURCES: dict[str, Names] = {
    "CreateDatabase": _databases(_member("DatabaseInput", "Name")),
    "DeleteDatabase": _whole_database,
    "GetDatabase": _database_named,
    "GetDatabases": _databases(_none),
    "UpdateDatabase": _database_named,
    "BatchDeleteTable": _tables(_members("TablesToDelete")),
    "CreateTable": _table_of_input,
    "DeleteTable": _table_named,
    "GetTable": _table_named,
    "GetTables": _tables(_none),
    "UpdateTable": _table_of_input,
    "BatchDeleteTableVersion": _table_of_request,
    "DeleteTableVersion": _table_of_request,
    "GetTableVersion": _table_of_request,
    "GetTableVersions": _table_of_request,
    "BatchCreatePartition": _table_of_request,
    "BatchDeletePartition": _table_of_request,
    "BatchGetPartition": _table_of_request,
    "BatchUpdatePartition": _table_of_request,
    "CreatePartition": _table_of_request,
    "CreatePartitionIndex": _table_of_request,
    "DeletePartition": _table_of_request,
    "DeletePartitionIndex": _table_of_request,
    "GetPartition": _table_of_request,
    "GetPartitionIndexes": _table_of_request,
    "GetPartitions": _table_of_request,
    "UpdatePartition": _table_of_request,
    "BatchGetCrawlers": _things("crawler", _members("CrawlerNames")),
    "CreateCrawler": _crawler,
    "DeleteCrawler": _crawler,
    "GetCrawler": _crawler,
    # Of the metrics of named crawlers the guide says nothing: as those that get all of a kind.
    "GetCrawlerMetrics": _anything,
    "GetCrawlers": _anything,
    "ListCrawlers": _anything,
    "ListCrawls": _crawler_of_request,
    "StartCrawler": _crawler,
    "StartCrawlerSchedule": _crawler_of_request,
    "StopCrawler": _crawler,
    "StopCrawlerSchedule": _crawler_of_request,
    "UpdateCrawler": _crawler,
    "UpdateCrawlerSchedule": _crawler_of_request,
    # 'AWS Glue doesn't allow ARNs for classifiers' ('Using identity-based policies'), nor for security configurations.
    "CreateClassifier": _anything,
    "DeleteClassifier": _anything,
    "GetClassifier": _anything,
    "GetClassifiers": _anything,
    "UpdateClassifier": _anything,
    "CreateSecurityConfiguration": _anything,
    "DeleteSecurityConfiguration": _anything,
    "GetSecurityConfiguration": _anything,
    "GetSecurityConfigurations": _anything,
    "BatchGetJobs": _things("job", _members("JobNames")),
    "BatchStopJobRun": _job,
    "CreateJob": _things("job", _member("Name")),
    "DeleteJob": _job,
    "GetJob": _job,
    "GetJobRun": _job,
    "GetJobRuns": _job,
    "GetJobs": _anything,
    "ListJobs": _anything,
    "StartJobRun": _job,
    "UpdateJob": _job,
    "BatchGetTriggers": _things("trigger", _members("TriggerNames")),
    "CreateTrigger": _trigger,
    "DeleteTrigger": _trigger,
    "GetTrigger": _trigger,
    "GetTriggers": _anything,
    "ListTriggers": _anything,
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
    "ListWorkflows": _anything,
    "PutWorkflowRunProperties": _workflow,
    "ResumeWorkflowRun": _workflow,
    "StartWorkflowRun": _workflow,
    "StopWorkflowRun": _workflow,
    "UpdateWorkflow": _workflow,
}

# Whose resource is the ARN that the request holds.
OF_AN_ARN = ("GetTags", "TagResource", "UntagResource")

# What these answer is what the caller may see of it: the list's member, and the resource of each thing in it.
# GetTables: 'the result contains only the authorized tables' (AWS Glue guide, 'Identity-based policy examples'); that
# GetDatabases does the same is not documented.
FILTERED: dict[str, tuple[str, Callable[[Response], str]]] = {
    "GetTables": ("TableList", lambda table: f"table/{table['DatabaseName']}/{table['Name']}"),
    "GetDatabases": ("DatabaseList", lambda database: f"database/{database['Name']}"),
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
    context = _tag_context(request)
    permissions = [Permission(f"glue:{action}", arn, context) for arn in _arns(action, request, scope)]
    roles = PASSED_ROLE[action](request) if action in PASSED_ROLE else []
    passed = {"iam:PassedToService": SERVICE}
    return permissions + [Permission("iam:PassRole", scope.role_arn(role), passed) for role in roles if role != EVERY]


def _arns(action: str, request: Request, scope: Scope) -> list[str]:
    if action in OF_AN_ARN:
        return [str(request["ResourceArn"])]
    names = RESOURCES.get(action, _anything)(request)
    return [EVERY if name == EVERY else scope.arn(name) for name in names]


def _tag_context(request: Request) -> dict[str, Any]:
    """The condition keys of the tags that a request brings or takes away."""
    brought = request.get("Tags") or request.get("TagsToAdd") or {}
    keys = [*brought, *(request.get("TagsToRemove") or [])]
    tags = {f"aws:RequestTag/{name}": value for name, value in brought.items()}
    return {**tags, "aws:TagKeys": keys} if keys else {}

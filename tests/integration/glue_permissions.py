"""What AWS asks of a caller, by action, written by hand: a request about things called MINE, and the ARNs it needs.

Source: AWS Glue guide, 'Specifying AWS Glue resource ARNs', and the Service Authorization Reference for AWS Glue. The
last part of each ARN stands here; "*" is every resource: an action that takes no ARN.
"""

from typing import Any

MINE = "mine"
DATABASE = ["catalog", "database/mine"]
TABLE = [*DATABASE, "table/mine/mine"]
CRAWLER, JOB, TRIGGER, WORKFLOW = ["crawler/mine"], ["job/mine"], ["trigger/mine"], ["workflow/mine"]
EVERY = ["*"]

ROLE = "arn:aws:iam::000000000000:role/mine"
OF_TABLE = {"DatabaseName": MINE, "TableName": MINE}
VALUES = {"PartitionValues": ["1"]}
TARGETS = {"S3Targets": [{"Path": "s3://mine/"}]}
COMMAND = {"Name": "glueetl", "ScriptLocation": "s3://mine/mine.py"}
RUN = {"Name": MINE, "RunId": "wr_mine"}
ENCRYPTION = {"EncryptionConfiguration": {"S3Encryption": [{"S3EncryptionMode": "DISABLED"}]}}
TABLE_NAMED = {"DatabaseName": MINE, "TableInput": {"Name": MINE}}

PERMISSIONS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "CreateDatabase": ({"DatabaseInput": {"Name": MINE}}, DATABASE),
    "GetDatabase": ({"Name": MINE}, DATABASE),
    "GetDatabases": ({}, ["catalog"]),
    "UpdateDatabase": ({"Name": MINE, "DatabaseInput": {"Name": MINE}}, DATABASE),
    "DeleteDatabase": ({"Name": MINE}, [*DATABASE, "table/mine/*", "userDefinedFunction/mine/*"]),
    "CreateTable": (TABLE_NAMED, TABLE),
    "UpdateTable": (TABLE_NAMED, TABLE),
    "GetTable": ({"DatabaseName": MINE, "Name": MINE}, TABLE),
    "GetTables": ({"DatabaseName": MINE}, DATABASE),
    "DeleteTable": ({"DatabaseName": MINE, "Name": MINE}, TABLE),
    "BatchDeleteTable": (
        {"DatabaseName": MINE, "TablesToDelete": [MINE, "also-mine"]}, [*TABLE, "table/mine/also-mine"],
    ),
    "GetTableVersion": (OF_TABLE, TABLE),
    "GetTableVersions": (OF_TABLE, TABLE),
    "DeleteTableVersion": ({**OF_TABLE, "VersionId": "0"}, TABLE),
    "BatchDeleteTableVersion": ({**OF_TABLE, "VersionIds": ["0"]}, TABLE),
    "CreatePartition": ({**OF_TABLE, "PartitionInput": {"Values": ["1"]}}, TABLE),
    "BatchCreatePartition": ({**OF_TABLE, "PartitionInputList": [{"Values": ["1"]}]}, TABLE),
    "GetPartition": ({**OF_TABLE, **VALUES}, TABLE),
    "GetPartitions": (OF_TABLE, TABLE),
    "BatchGetPartition": ({**OF_TABLE, "PartitionsToGet": [{"Values": ["1"]}]}, TABLE),
    "UpdatePartition": ({**OF_TABLE, "PartitionValueList": ["1"], "PartitionInput": {}}, TABLE),
    "BatchUpdatePartition": (
        {**OF_TABLE, "Entries": [{"PartitionValueList": ["1"], "PartitionInput": {}}]}, TABLE,
    ),
    "DeletePartition": ({**OF_TABLE, **VALUES}, TABLE),
    "BatchDeletePartition": ({**OF_TABLE, "PartitionsToDelete": [{"Values": ["1"]}]}, TABLE),
    "CreatePartitionIndex": ({**OF_TABLE, "PartitionIndex": {"IndexName": MINE, "Keys": ["k"]}}, TABLE),
    "DeletePartitionIndex": ({**OF_TABLE, "IndexName": MINE}, TABLE),
    "GetPartitionIndexes": (OF_TABLE, TABLE),
    "CreateCrawler": ({"Name": MINE, "Role": ROLE, "Targets": TARGETS}, CRAWLER),
    "UpdateCrawler": ({"Name": MINE, "Role": ROLE}, CRAWLER),
    "DeleteCrawler": ({"Name": MINE}, CRAWLER),
    "GetCrawler": ({"Name": MINE}, CRAWLER),
    "GetCrawlers": ({}, EVERY),
    "BatchGetCrawlers": ({"CrawlerNames": [MINE, "also-mine"]}, [*CRAWLER, "crawler/also-mine"]),
    "ListCrawlers": ({}, EVERY),
    "GetCrawlerMetrics": ({}, EVERY),
    "ListCrawls": ({"CrawlerName": MINE}, CRAWLER),
    "StartCrawler": ({"Name": MINE}, CRAWLER),
    "StopCrawler": ({"Name": MINE}, CRAWLER),
    "StartCrawlerSchedule": ({"CrawlerName": MINE}, CRAWLER),
    "StopCrawlerSchedule": ({"CrawlerName": MINE}, CRAWLER),
    "UpdateCrawlerSchedule": ({"CrawlerName": MINE}, CRAWLER),
    "CreateClassifier": ({"JsonClassifier": {"Name": MINE, "JsonPath": "$[*]"}}, EVERY),
    "UpdateClassifier": ({"JsonClassifier": {"Name": MINE, "JsonPath": "$[*]"}}, EVERY),
    "DeleteClassifier": ({"Name": MINE}, EVERY),
    "GetClassifier": ({"Name": MINE}, EVERY),
    "GetClassifiers": ({}, EVERY),
    "CreateSecurityConfiguration": ({"Name": MINE, **ENCRYPTION}, EVERY),
    "DeleteSecurityConfiguration": ({"Name": MINE}, EVERY),
    "GetSecurityConfiguration": ({"Name": MINE}, EVERY),
    "GetSecurityConfigurations": ({}, EVERY),
    "CreateJob": ({"Name": MINE, "Role": ROLE, "Command": COMMAND}, JOB),
    "UpdateJob": ({"JobName": MINE, "JobUpdate": {"Role": ROLE, "Command": COMMAND}}, JOB),
    "DeleteJob": ({"JobName": MINE}, JOB),
    "GetJob": ({"JobName": MINE}, JOB),
    "GetJobs": ({}, EVERY),
    "ListJobs": ({}, EVERY),
    "BatchGetJobs": ({"JobNames": [MINE, "also-mine"]}, [*JOB, "job/also-mine"]),
    "StartJobRun": ({"JobName": "mine-unmade"}, ["job/mine-unmade"]),
    "GetJobRun": ({"JobName": MINE, "RunId": "jr_mine"}, JOB),
    "GetJobRuns": ({"JobName": MINE}, JOB),
    "BatchStopJobRun": ({"JobName": MINE, "JobRunIds": ["jr_mine"]}, JOB),
    "CreateTrigger": (
        {"Name": MINE, "WorkflowName": "yours", "Type": "ON_DEMAND", "Actions": [{"JobName": "yours"}]}, TRIGGER,
    ),
    "UpdateTrigger": ({"Name": MINE, "TriggerUpdate": {"Description": "d"}}, TRIGGER),
    "DeleteTrigger": ({"Name": MINE}, TRIGGER),
    "GetTrigger": ({"Name": MINE}, TRIGGER),
    "GetTriggers": ({}, EVERY),
    "ListTriggers": ({}, EVERY),
    "BatchGetTriggers": ({"TriggerNames": [MINE, "also-mine"]}, [*TRIGGER, "trigger/also-mine"]),
    "StartTrigger": ({"Name": "mine-unmade"}, ["trigger/mine-unmade"]),
    "StopTrigger": ({"Name": MINE}, TRIGGER),
    "CreateWorkflow": ({"Name": MINE}, WORKFLOW),
    "UpdateWorkflow": ({"Name": MINE, "Description": "d"}, WORKFLOW),
    "DeleteWorkflow": ({"Name": MINE}, WORKFLOW),
    "GetWorkflow": ({"Name": MINE}, WORKFLOW),
    "ListWorkflows": ({}, EVERY),
    "BatchGetWorkflows": ({"Names": [MINE, "also-mine"]}, [*WORKFLOW, "workflow/also-mine"]),
    "StartWorkflowRun": ({"Name": "mine-unmade"}, ["workflow/mine-unmade"]),
    "StopWorkflowRun": (RUN, WORKFLOW),
    "ResumeWorkflowRun": ({**RUN, "NodeIds": ["wnode_mine"]}, WORKFLOW),
    "GetWorkflowRun": (RUN, WORKFLOW),
    "GetWorkflowRuns": ({"Name": MINE}, WORKFLOW),
    "GetWorkflowRunProperties": (RUN, WORKFLOW),
    "PutWorkflowRunProperties": ({**RUN, "RunProperties": {}}, WORKFLOW),
    "GetTags": ({"ResourceArn": "arn:aws:glue:us-east-1:000000000000:job/mine"}, JOB),
    "TagResource": ({"ResourceArn": "arn:aws:glue:us-east-1:000000000000:job/mine", "TagsToAdd": {"a": "b"}}, JOB),
    "UntagResource": ({"ResourceArn": "arn:aws:glue:us-east-1:000000000000:job/mine", "TagsToRemove": ["a"]}, JOB),
}  # fmt: skip

# The actions that hand ROLE to Glue.
PASSING = {"CreateCrawler", "UpdateCrawler", "CreateJob", "UpdateJob"}

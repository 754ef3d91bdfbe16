"""Prepared changes: each takes the real stacks, and returns them as deployed and as declared."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lake.review.change import Stack

Stacks = dict[str, Stack]
Change = Callable[[Stacks], tuple[Stacks, Stacks]]

LAKE = "lake-prod"
FLIGHTS = "lake-prod-flights"
WEATHER = "lake-prod-weather"


def deployed(stacks: Stacks) -> Stacks:
    """The stacks as AWS has them: with rows in every curated table."""
    return {name: replace(stack, has_rows=stack.dataset is not None) for name, stack in stacks.items()}


def edited(stacks: Stacks, name: str, **more: Any) -> tuple[Stacks, Any]:
    """The stacks with one of them copied, and the resources of its template, to be changed."""
    template: Any = copy.deepcopy(dict(stacks[name].template))
    return {**stacks, name: replace(stacks[name], template=template, **more)}, template["Resources"]


def one(resources: Any, resource_type: str, id_begins: str = "") -> Any:
    """The one resource of a type whose logical id begins so."""
    (found,) = (
        resource
        for logical_id, resource in resources.items()
        if resource["Type"] == resource_type and logical_id.startswith(id_begins)
    )
    return found


def nothing(stacks: Stacks) -> tuple[Stacks, Stacks]:
    return deployed(stacks), stacks


def new_code(stacks: Stacks) -> tuple[Stacks, Stacks]:
    """The script has another hash in every job and role; the order of a statement's resources follows the hashes."""
    after = dict(stacks)
    for name in stacks:
        after, resources = edited(after, name)
        for resource in resources.values():
            if resource["Type"] == "AWS::Glue::Job":
                location = resource["Properties"]["Command"]["ScriptLocation"]["Fn::Join"][1]
                location[-1] = re.sub("[0-9a-f]{64}", "0" * 64, location[-1])
            for policy in resource["Properties"].get("Policies", ()):
                for statement in policy["PolicyDocument"]["Statement"]:
                    if statement.get("Sid") == "ReadCode":
                        statement["Resource"].reverse()
    return deployed(stacks), after


def wider_role(stacks: Stacks) -> tuple[Stacks, Stacks]:
    """The job may read all raw objects, loses a condition, is trusted to a person, and has no boundary any more."""
    before, old = edited(deployed(stacks), FLIGHTS)
    one(old, "AWS::IAM::Role", "JobRole")["Properties"]["PermissionsBoundary"] = "arn:aws:iam::111122223333:policy/edge"
    after, new = edited(stacks, FLIGHTS)
    role = one(new, "AWS::IAM::Role", "JobRole")["Properties"]
    statements = {each["Sid"]: each for each in role["Policies"][0]["PolicyDocument"]["Statement"]}
    statements["ReadRawObjects"]["Resource"] = "*"
    del statements["ListCurated"]["Condition"]
    statements["WriteCurated"]["Action"].remove("s3:AbortMultipartUpload")
    role["AssumeRolePolicyDocument"]["Statement"].append(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::111122223333:user/someone"}}
    )
    return before, after


def replaced_data(stacks: Stacks) -> tuple[Stacks, Stacks]:
    """A bucket that stays is given a name, and one that goes with the stack too; a database is gone."""
    before, _ = edited(deployed(stacks), LAKE)
    after, new = edited(stacks, LAKE)
    one(new, "AWS::S3::Bucket", "StorageRawBucket")["Properties"]["BucketName"] = "our-raw-objects"
    curated = one(new, "AWS::S3::Bucket", "StorageCuratedBucket")
    curated["Properties"]["BucketName"] = "our-tables"
    curated["UpdateReplacePolicy"] = "Delete"
    for logical_id in [each for each in new if each.startswith("CatalogOps")]:
        del new[logical_id]
    return before, after


def weaker_encryption(stacks: Stacks) -> tuple[Stacks, Stacks]:
    after, lake = edited(stacks, LAKE)
    bucket = one(lake, "AWS::S3::Bucket", "StorageCuratedBucket")["Properties"]
    bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"] = [
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    ]
    one(lake, "AWS::KMS::Key")["Properties"]["EnableKeyRotation"] = False
    configuration = one(lake, "AWS::Glue::SecurityConfiguration")["Properties"]["EncryptionConfiguration"]
    configuration["JobBookmarksEncryption"] = {"JobBookmarksEncryptionMode": "DISABLED"}
    after, flights = edited(after, FLIGHTS)
    del one(flights, "AWS::Logs::LogGroup", "LogsJobOutput")["Properties"]["KmsKeyId"]
    del one(flights, "AWS::Glue::Job")["Properties"]["SecurityConfiguration"]
    return deployed(stacks), after


def public_bucket(stacks: Stacks) -> tuple[Stacks, Stacks]:
    """The raw bucket blocks nothing, everyone may read it, and TLS is asked for no longer."""
    after, lake = edited(stacks, LAKE)
    bucket = one(lake, "AWS::S3::Bucket", "StorageRawBucket")["Properties"]
    bucket["PublicAccessBlockConfiguration"] |= {"BlockPublicPolicy": False, "RestrictPublicBuckets": False}
    policy = one(lake, "AWS::S3::BucketPolicy", "StorageRawBucket")["Properties"]["PolicyDocument"]
    objects = policy["Statement"][0]["Resource"][1]
    policy["Statement"] = [{"Effect": "Allow", "Action": "s3:GetObject", "Principal": "*", "Resource": objects}]
    return deployed(stacks), after


def shorter_kept(stacks: Stacks) -> tuple[Stacks, Stacks]:
    """Logs, old versions and objects are kept for less long, a bucket goes with its stack, a stack may be deleted."""
    before = deployed(stacks)
    before[LAKE] = replace(before[LAKE], protected=True)
    after, lake = edited(stacks, LAKE, protected=False)
    raw = one(lake, "AWS::S3::Bucket", "StorageRawBucket")
    raw["DeletionPolicy"] = "Delete"
    raw["Properties"]["VersioningConfiguration"]["Status"] = "Suspended"
    rules = raw["Properties"]["LifecycleConfiguration"]["Rules"]
    rules[0]["NoncurrentVersionExpiration"]["NoncurrentDays"] = 1
    rules.append({"Id": "Forget", "Status": "Enabled", "ExpirationInDays": 400})
    after, flights = edited(after, FLIGHTS)
    one(flights, "AWS::Logs::LogGroup", "LogsCrawler")["Properties"]["RetentionInDays"] = 30
    return before, after


def added_dataset(stacks: Stacks) -> tuple[Stacks, Stacks]:
    return {name: stack for name, stack in deployed(stacks).items() if name != WEATHER}, stacks


def removed_dataset(stacks: Stacks) -> tuple[Stacks, Stacks]:
    return deployed(stacks), {name: stack for name, stack in stacks.items() if name != WEATHER}


def changed_key(stacks: Stacks) -> tuple[Stacks, Stacks]:
    """Key, partitions and a column's type change while there are rows; another column widens, which rows take."""
    dataset: Any = copy.deepcopy(dict(stacks[FLIGHTS].dataset or {}))
    dataset |= {"key": ["carrier", "flight", "time_hour"], "partition_by": ["day(time_hour)"]}
    types = {"dep_time": "string", "distance": "bigint"}
    for column in dataset["columns"]:
        column["type"] = types.get(column["name"], column["type"])
    return deployed(stacks), {**stacks, FLIGHTS: replace(stacks[FLIGHTS], dataset=dataset)}


def bigger_job(stacks: Stacks) -> tuple[Stacks, Stacks]:
    """More workers and time, a line in the dataset, less in a policy: nothing of it is dangerous."""
    dataset: Any = copy.deepcopy(dict(stacks[FLIGHTS].dataset or {}))
    dataset |= {"max_quarantined": 0.1, "description": "Departures `now` with <markup> and @names"}
    after, flights = edited(stacks, FLIGHTS, dataset=dataset)
    job = one(flights, "AWS::Glue::Job")["Properties"]
    job |= {"NumberOfWorkers": 5, "Timeout": 120}
    role = one(flights, "AWS::IAM::Role", "JobRole")["Properties"]
    statements = {each["Sid"]: each for each in role["Policies"][0]["PolicyDocument"]["Statement"]}
    statements["WriteCurated"]["Action"].remove("s3:DeleteObject")
    crawler = one(flights, "AWS::Glue::Crawler")["Properties"]
    crawler["Configuration"] = crawler["Configuration"].replace('"TableThreshold": 1', '"TableThreshold": 2')
    return deployed(stacks), after


CHANGES: dict[str, Change] = {
    change.__name__: change
    for change in (
        nothing,
        new_code,
        wider_role,
        replaced_data,
        weaker_encryption,
        public_bucket,
        shorter_kept,
        added_dataset,
        removed_dataset,
        changed_key,
        bigger_job,
    )
}

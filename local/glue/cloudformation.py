"""CloudFormation's Glue types: each creates, changes and deletes by the same service that the HTTP API calls.

Source: the AWS CloudFormation template reference: which changes replace a resource, and what Ref gives (the name).
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from local.glue import model
from local.glue.errors import EntityNotFound, GlueError
from local.glue.requests import Request
from local.glue.service import Glue

Properties = dict[str, Any]
Created = tuple[str, dict[str, Any]]
GlueOf = Callable[[], Glue]


@dataclass(frozen=True)
class ResourceType:
    """How one type of a template maps to Glue's actions.

    `adapt` makes the properties the request's where they differ. `nested`: the name and the rest stand one level down,
    in the member of the thing's kind. `replaced_by`: properties whose change needs a new
    resource. `update` changes one in place; it is None where every change replaces.
    """

    name: str
    kind: str
    create: str
    delete: str
    name_member: str = "Name"
    nested: bool = False
    replaced_by: tuple[str, ...] = ()
    taggable: bool = True
    update: Callable[[Glue, Request], object] | None = None
    adapt: Callable[[Properties], Properties] = lambda properties: properties


def _crawler(properties: Properties) -> Properties:
    """A template's Schedule is an object, the request's an expression."""
    schedule = properties.get("Schedule")
    return {**properties, "Schedule": schedule.get("ScheduleExpression")} if isinstance(schedule, dict) else properties


def _security_configuration(properties: Properties) -> Properties:
    """A template's S3Encryptions are the request's S3Encryption."""
    encryption = dict(properties["EncryptionConfiguration"])
    if "S3Encryptions" in encryption:
        encryption["S3Encryption"] = encryption.pop("S3Encryptions")
    return {**properties, "EncryptionConfiguration": encryption}


def _classifier(properties: Properties) -> Properties:
    """A template's ContainsCustomDatatype is the request's CustomDatatypes."""
    return {
        kind: {
            "CustomDatatypes" if name == "ContainsCustomDatatype" else name: value for name, value in members.items()
        }
        for kind, members in properties.items()
    }


TYPES = (
    ResourceType(
        name="AWS::Glue::Classifier",
        kind="classifier",
        create="CreateClassifier",
        delete="DeleteClassifier",
        nested=True,
        taggable=False,
        adapt=_classifier,
        update=lambda glue, request: glue.classifiers.replace(request),
    ),
    ResourceType(
        name="AWS::Glue::Crawler",
        kind="crawler",
        create="CreateCrawler",
        delete="DeleteCrawler",
        adapt=_crawler,
        update=lambda glue, request: glue.crawlers.replace(request),
    ),
    ResourceType(
        name="AWS::Glue::Job",
        kind="job",
        create="CreateJob",
        delete="DeleteJob",
        name_member="JobName",
        update=lambda glue, request: glue.jobs.update(
            {"JobName": request["Name"], "JobUpdate": {key: request[key] for key in request if key != "Name"}}
        ),
    ),
    ResourceType(
        name="AWS::Glue::Trigger",
        kind="trigger",
        create="CreateTrigger",
        delete="DeleteTrigger",
        replaced_by=("Type", "WorkflowName"),
        update=lambda glue, request: glue.triggers.replace(request),
    ),
    ResourceType(
        name="AWS::Glue::Workflow",
        kind="workflow",
        create="CreateWorkflow",
        delete="DeleteWorkflow",
        update=lambda glue, request: glue.workflow_definitions.replace(request),
    ),
    ResourceType(
        name="AWS::Glue::SecurityConfiguration",
        kind="security-configuration",
        create="CreateSecurityConfiguration",
        delete="DeleteSecurityConfiguration",
        replaced_by=("EncryptionConfiguration",),
        taggable=False,
        adapt=_security_configuration,
    ),
)


def handlers(glue_of: GlueOf) -> dict[str, dict[str, Callable[..., Any]]]:
    """What CloudFormation calls, by type and step. `glue_of` gives the Glue of the stack's account and region."""
    return {one.name: _Handlers(one, glue_of).table() for one in TYPES}


class _Handlers:
    def __init__(self, resource: ResourceType, glue_of: GlueOf) -> None:
        self._type = resource
        self._glue_of = glue_of

    def table(self) -> dict[str, Callable[..., Any]]:
        return {"create": self.create, "update": self.update, "delete": self.delete}

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> Created:
        glue = self._glue_of()
        request = self._request(logical_id, properties, stack_name)
        model.validate_request(self._type.create, request)
        glue.actions[self._type.create](request)
        name = self._name(request)
        self._tag(glue, name, properties)
        return name, {}

    def update(
        self,
        physical_id: str,
        old: Properties,
        new: Properties,
        stack_name: str,
        logical_id: str | None = None,
    ) -> Created:
        glue = self._glue_of()
        request = self._request(logical_id or physical_id, new, stack_name)
        renamed = self._name(request) != physical_id
        if renamed or any(old.get(name) != new.get(name) for name in self._type.replaced_by):
            return self._replace(physical_id, old, new, stack_name, logical_id or physical_id, renamed=renamed)
        if self._type.update is not None:
            model.validate_request(self._type.create, request)
            self._type.update(glue, request)
        self._tag(glue, physical_id, new)
        return physical_id, {}

    def delete(self, physical_id: str, properties: Properties) -> None:
        glue = self._glue_of()
        with suppress(EntityNotFound):  # deleted by hand: a stack's deletion goes on
            glue.actions[self._type.delete]({self._type.name_member: physical_id})
        glue.tags.drop(glue.scope.arn(f"{self._type.kind}/{physical_id}"))

    def _replace(
        self,
        physical_id: str,
        old: Properties,
        new: Properties,
        stack_name: str,
        logical_id: str,
        *,
        renamed: bool,
    ) -> Created:
        if not renamed:
            # CloudFormation creates before it deletes, which a kept name does not allow.
            changed = ", ".join(name for name in self._type.replaced_by if old.get(name) != new.get(name))
            raise GlueError(
                f"CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename "
                f"{physical_id} and update the stack again ({changed} changed)."
            )
        created = self.create(logical_id, new, stack_name)
        self.delete(physical_id, old)
        return created

    def _request(self, logical_id: str, properties: Properties, stack_name: str) -> Request:
        kept = {name: value for name, value in properties.items() if name != "Tags"}
        named = {"Name": f"{stack_name}-{logical_id}"}
        adapted = self._type.adapt(kept)
        request: Request = (
            {kind: {**named, **members} for kind, members in adapted.items()}
            if self._type.nested
            else {**named, **adapted}
        )
        shape = model.operation(self._type.create).input_shape
        unknown = set(request) - set(_members(shape))
        if unknown:
            raise GlueError(f"{self._type.name}: unknown properties: {', '.join(sorted(unknown))}.")
        return _typed(request, shape)  # type: ignore[no-any-return] # a structure stays one

    def _name(self, request: Request) -> str:
        named = next(iter(request.values()), {}) if self._type.nested else request
        return str(named.get("Name", ""))

    def _tag(self, glue: Glue, name: str, properties: Properties) -> None:
        if self._type.taggable:
            glue.tags.put(glue.scope.arn(f"{self._type.kind}/{name}"), _tags(properties.get("Tags")))


def _members(shape: Any) -> Iterable[str]:
    return () if shape is None else shape.members


def _tags(tags: object) -> dict[str, str]:
    """Tags stand in a template as a map, or as a list of Key and Value."""
    if isinstance(tags, list):
        return {tag["Key"]: tag["Value"] for tag in tags}
    return dict(tags) if isinstance(tags, dict) else {}


def _typed(value: Any, shape: Any) -> Any:
    """`value` with the types of the model: CloudFormation's parameters and conditions make text of numbers."""
    kind = shape.type_name if shape is not None else None
    if kind == "structure" and isinstance(value, dict):
        return {name: _typed(one, shape.members.get(name)) for name, one in value.items()}
    if kind == "list" and isinstance(value, list):
        return [_typed(one, shape.member) for one in value]
    if kind == "map" and isinstance(value, dict):
        return {name: _typed(one, shape.value) for name, one in value.items()}
    if kind in ("integer", "long") and isinstance(value, str | float):
        return int(value)
    if kind in ("double", "float") and isinstance(value, str):
        return float(value)
    if kind == "boolean" and isinstance(value, str):
        return value == "true"
    if kind == "string" and isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value

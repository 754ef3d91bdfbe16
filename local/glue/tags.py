"""The tags of what has an ARN and takes tags: databases, crawlers, jobs, triggers and workflows."""

import threading
from collections.abc import Mapping

from local.glue.errors import EntityNotFound, InvalidInput
from local.glue.requests import Action, Request, Response
from local.glue.scope import Scope

# The actions that create and delete what takes tags: the kind in its ARN, and where its name stands in the request.
CREATED = {
    "CreateCrawler": ("crawler", ("Name",)),
    "CreateDatabase": ("database", ("DatabaseInput", "Name")),
    "CreateJob": ("job", ("Name",)),
    "CreateTrigger": ("trigger", ("Name",)),
    "CreateWorkflow": ("workflow", ("Name",)),
}
DELETED = {
    "DeleteCrawler": ("crawler", ("Name",)),
    "DeleteDatabase": ("database", ("Name",)),
    "DeleteJob": ("job", ("JobName",)),
    "DeleteTrigger": ("trigger", ("Name",)),
    "DeleteWorkflow": ("workflow", ("Name",)),
}
# 'Maximum number of tags per resource' (AWS Glue guide, 'AWS tags').
TAGS_A_THING = 50


class Tags:
    """Tags by ARN. What has been created and not deleted is there, with no tags where it was given none."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._lock = threading.RLock()
        self._tags: dict[str, dict[str, str]] = {}
        self.actions: dict[str, Action] = {
            "GetTags": self.get,
            "TagResource": self.tag,
            "UntagResource": self.untag,
        }

    def get(self, request: Request) -> Response:
        """GetTags."""
        with self._lock:
            return {"Tags": dict(self._find(request["ResourceArn"]))}

    def tag(self, request: Request) -> Response:
        """TagResource."""
        with self._lock:
            tags = self._find(request["ResourceArn"])
            if len({*tags, *request["TagsToAdd"]}) > TAGS_A_THING:
                raise InvalidInput(f"{request['ResourceArn']} would have more than {TAGS_A_THING} tags.")
            tags.update(request["TagsToAdd"])
        return {}

    def untag(self, request: Request) -> Response:
        """UntagResource."""
        with self._lock:
            tags = self._find(request["ResourceArn"])
            for name in request["TagsToRemove"]:
                tags.pop(name, None)
        return {}

    def of(self, arn: str) -> dict[str, str]:
        """The tags of a thing; none where it is not there."""
        with self._lock:
            return dict(self._tags.get(arn, {}))

    def creates(self, action: str) -> bool:
        """Whether an action creates what takes tags."""
        return action in CREATED

    def follow(self, action: str, request: Request, tags: Mapping[str, str]) -> None:
        """An action has been done: what it created has `tags`, what it deleted has none."""
        if action in CREATED:
            self.put(self._arn(CREATED[action], request), tags)
        if action in DELETED:
            self.drop(self._arn(DELETED[action], request))

    def put(self, arn: str, tags: Mapping[str, str]) -> None:
        """All tags of a thing, as its creation or CloudFormation gives them."""
        with self._lock:
            self._tags[arn] = dict(tags)

    def drop(self, arn: str) -> None:
        """The thing is gone."""
        with self._lock:
            self._tags.pop(arn, None)

    def _arn(self, named: tuple[str, tuple[str, ...]], request: Request) -> str:
        kind, path = named
        name: object = request
        for part in path:
            name = name.get(part) if isinstance(name, dict) else None
        folded = str(name).lower() if kind == "database" else name
        return self._scope.arn(f"{kind}/{folded}")

    def _find(self, arn: str) -> dict[str, str]:
        if not arn.startswith(self._scope.arn("")):
            raise InvalidInput(f"{arn} is no ARN of Glue in account {self._scope.account}, {self._scope.region}.")
        if arn not in self._tags:
            raise EntityNotFound(f"Resource {arn} not found.")
        return self._tags[arn]

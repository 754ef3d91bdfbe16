"""The tags of crawlers, jobs, triggers, workflows and of whatever else has an ARN."""

import threading

from local.glue.requests import Action, Request, Response


class Tags:
    """Tags by ARN."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._tags: dict[str, dict[str, str]] = {}
        self.actions: dict[str, Action] = {
            "GetTags": self.get,
            "TagResource": self.tag,
            "UntagResource": self.untag,
        }

    def get(self, request: Request) -> Response:
        """GetTags."""
        return {"Tags": self.of(request["ResourceArn"])}

    def tag(self, request: Request) -> Response:
        """TagResource."""
        with self._lock:
            self._tags.setdefault(request["ResourceArn"], {}).update(request["TagsToAdd"])
        return {}

    def untag(self, request: Request) -> Response:
        """UntagResource."""
        with self._lock:
            for name in request["TagsToRemove"]:
                self._tags.get(request["ResourceArn"], {}).pop(name, None)
        return {}

    def of(self, arn: str) -> dict[str, str]:
        """The tags of a thing."""
        with self._lock:
            return dict(self._tags.get(arn, {}))

    def put(self, arn: str, tags: dict[str, str]) -> None:
        """All tags of a thing, as its creation or CloudFormation gives them."""
        with self._lock:
            self._tags[arn] = dict(tags)

    def drop(self, arn: str) -> None:
        """The thing is gone."""
        with self._lock:
            self._tags.pop(arn, None)

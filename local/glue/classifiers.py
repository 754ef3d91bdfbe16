"""Classifiers: kept as they were asked for, and resolved for the crawls that name them.

CSV, and JSON whose path is `$[*]`; Grok, XML and other paths are refused by name. As on AWS a classifier has no ARN,
and a crawler's role needs no right to use one.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.glue import model
from local.glue.crawlers.errors import CrawlError, InvalidDefinition
from local.glue.crawlers.errors import Unsupported as UnsupportedSetting
from local.glue.crawlers.formats.base import Format
from local.glue.crawlers.formats.delimited import DelimitedText
from local.glue.crawlers.formats.dialect import Dialect
from local.glue.crawlers.formats.json_text import JsonText
from local.glue.errors import AlreadyExists, EntityNotFound, InvalidInput, Unsupported
from local.glue.platform import now
from local.glue.requests import Action, Request, Response, page

KINDS: Mapping[str, Callable[[Mapping[str, Any]], Format]] = {
    "CsvClassifier": lambda members: DelimitedText(Dialect.from_request(members)),
    "JsonClassifier": JsonText.from_request,
}


class Classifiers:
    """The classifiers of one scope."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._classifiers: dict[str, Response] = {}
        self.actions: dict[str, Action] = {
            "CreateClassifier": self.create,
            "UpdateClassifier": self.update,
            "DeleteClassifier": self.delete,
            "GetClassifier": self.get,
            "GetClassifiers": self.get_all,
        }

    def create(self, request: Request) -> Response:
        """CreateClassifier."""
        kind, given = _given(request)
        with self._lock:
            if given["Name"] in self._classifiers:
                raise AlreadyExists(f"Classifier {given['Name']} already exists.")
            time = now()
            self._put(kind, {**given, "CreationTime": time, "LastUpdated": time, "Version": 1})
        return {}

    def update(self, request: Request) -> Response:
        """UpdateClassifier: the members that are given replace those that were."""
        kind, given = _given(request)
        with self._lock:
            before = self._find_kind(kind, given["Name"])
            self._put(kind, {**before, **given, "LastUpdated": now(), "Version": before["Version"] + 1})
        return {}

    def replace(self, request: Request) -> Response:
        """CloudFormation's update: what the new properties leave out is reset, and the kind may change."""
        kind, given = _given(request)
        with self._lock:
            (before,) = self._find(given["Name"]).values()
            kept = {"CreationTime": before["CreationTime"], "LastUpdated": now(), "Version": before["Version"] + 1}
            self._put(kind, {**given, **kept})
        return {}

    def delete(self, request: Request) -> Response:
        """DeleteClassifier."""
        with self._lock:
            self._find(request["Name"])
            del self._classifiers[request["Name"]]
        return {}

    def get(self, request: Request) -> Response:
        """GetClassifier."""
        with self._lock:
            return {"Classifier": self._find(request["Name"])}

    def get_all(self, request: Request) -> Response:
        """GetClassifiers."""
        with self._lock:
            return page(list(self._classifiers.values()), request, key="Classifiers")

    def formats(self, names: Sequence[str]) -> list[Format]:
        """What the classifiers of these names know now, in this order. Raises CrawlError for one that is not there."""
        with self._lock:
            if missing := [name for name in names if name not in self._classifiers]:
                raise CrawlError(f"The crawler's classifier {missing[0]} does not exist")
            found = [self._classifiers[name] for name in names]
            return [KINDS[kind](members) for classifier in found for kind, members in classifier.items()]

    def _put(self, kind: str, members: Response) -> None:
        """Keep a classifier that a crawl can use."""
        try:
            KINDS[kind](members)
        except UnsupportedSetting as problem:
            raise Unsupported(str(problem)) from problem
        except InvalidDefinition as problem:
            raise InvalidInput(str(problem)) from problem
        self._classifiers[members["Name"]] = {kind: members}

    def _find(self, name: str) -> Response:
        if name not in self._classifiers:
            raise EntityNotFound(f"Classifier {name} not found.")
        return self._classifiers[name]

    def _find_kind(self, kind: str, name: str) -> Response:
        found = self._find(name)
        if kind not in found:
            raise InvalidInput(f"Classifier {name} is no {kind} but a {next(iter(found))}.")
        return dict(found[kind])


def _given(request: Request) -> tuple[str, Response]:
    """The kind and the members of the classifier that a request holds, which must be one."""
    kinds = [kind for kind, members in request.items() if members is not None]
    if len(kinds) != 1:
        raise InvalidInput(f"One kind of classifier must be given, not {', '.join(kinds) or 'none'}.")
    if kinds[0] not in KINDS:
        known = " and ".join(KINDS)
        raise Unsupported(f"{kinds[0]} is not supported by the Glue on this machine: only {known} are.")
    return kinds[0], model.members(kinds[0], request[kinds[0]])

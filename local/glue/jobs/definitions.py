"""The definitions of jobs: the API's actions on them."""

import threading
from collections.abc import ItemsView

from local.glue.errors import AlreadyExists, EntityNotFound, IdempotentParameterMismatch
from local.glue.jobs.definition import Job
from local.glue.requests import Action, Request, Response, page
from local.glue.scope import Scope
from local.glue.tags import Tags


class Definitions:
    """The jobs of one scope by name, changed under the lock that is given."""

    def __init__(self, lock: threading.RLock, scope: Scope, tags: Tags) -> None:
        self._lock = lock
        self._scope = scope
        self._tags = tags
        self._jobs: dict[str, Job] = {}
        self.actions: dict[str, Action] = {
            "CreateJob": self.create,
            "UpdateJob": self.update,
            "GetJob": self.get,
            "GetJobs": self.get_all,
            "BatchGetJobs": self.get_several,
            "ListJobs": self.list_names,
        }

    def create(self, request: Request) -> Response:
        """CreateJob."""
        with self._lock:
            name = request["Name"]
            job = Job(name, request)
            if name in self._jobs:
                # The model has both errors. That another definition is a mismatch was observed; of the same one nothing
                # is known.
                if job.request != self._jobs[name].request:
                    raise IdempotentParameterMismatch(
                        f"Job with name {name} already submitted with different configuration."
                    )
                raise AlreadyExists(f"Job with name {name} already exists.")
            self._jobs[name] = job
        return {"Name": name}

    def update(self, request: Request) -> Response:
        """UpdateJob: the whole definition is replaced; what it leaves out is reset."""
        with self._lock:
            self.find(request["JobName"]).replace(request["JobUpdate"])
        return {"JobName": request["JobName"]}

    def remove(self, name: str) -> None:
        """Forget a job, if there is one."""
        with self._lock:
            self._jobs.pop(name, None)

    def get(self, request: Request) -> Response:
        """GetJob."""
        with self._lock:
            return {"Job": self.find(request["JobName"]).describe()}

    def get_all(self, request: Request) -> Response:
        """GetJobs."""
        with self._lock:
            return page([job.describe() for job in self._jobs.values()], request, key="Jobs")

    def get_several(self, request: Request) -> Response:
        """BatchGetJobs: those that are there, and the names of those that are not."""
        with self._lock:
            names = request["JobNames"]
            return {
                "Jobs": [self._jobs[name].describe() for name in names if name in self._jobs],
                "JobsNotFound": [name for name in names if name not in self._jobs],
            }

    def list_names(self, request: Request) -> Response:
        """ListJobs: all, or those that have every tag of Tags."""
        asked = request.get("Tags", {}).items()
        with self._lock:
            return page([name for name in self._jobs if asked <= self._tags_of(name)], request, key="JobNames")

    def _tags_of(self, name: str) -> ItemsView[str, str]:
        return self._tags.of(self._scope.arn(f"job/{name}")).items()

    def find(self, name: str) -> Job:
        """The job of that name. Raises EntityNotFound."""
        if name not in self._jobs:
            raise EntityNotFound(f"Job with name: {name} not found.")
        return self._jobs[name]

    def __contains__(self, name: object) -> bool:
        return name in self._jobs

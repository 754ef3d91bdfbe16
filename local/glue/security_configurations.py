"""Security configurations: kept as they were asked for. A job that names one has its log groups named after it."""

import threading

from local.glue.errors import AlreadyExists, EntityNotFound
from local.glue.platform import now
from local.glue.requests import Action, Request, Response, page


class SecurityConfigurations:
    """The security configurations of one scope. They cannot be changed, as on AWS."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._configurations: dict[str, Response] = {}
        self.actions: dict[str, Action] = {
            "CreateSecurityConfiguration": self.create,
            "DeleteSecurityConfiguration": self.delete,
            "GetSecurityConfiguration": self.get,
            "GetSecurityConfigurations": self.get_all,
        }

    def create(self, request: Request) -> Response:
        """CreateSecurityConfiguration."""
        name, time = request["Name"], now()
        with self._lock:
            if name in self._configurations:
                raise AlreadyExists(f"Security configuration {name} already exists.")
            self._configurations[name] = {
                "Name": name,
                "CreatedTimeStamp": time,
                "EncryptionConfiguration": request["EncryptionConfiguration"],
            }
        return {"Name": name, "CreatedTimestamp": time}

    def delete(self, request: Request) -> Response:
        """DeleteSecurityConfiguration."""
        with self._lock:
            self._find(request["Name"])
            del self._configurations[request["Name"]]
        return {}

    def get(self, request: Request) -> Response:
        """GetSecurityConfiguration."""
        with self._lock:
            return {"SecurityConfiguration": self._find(request["Name"])}

    def get_all(self, request: Request) -> Response:
        """GetSecurityConfigurations."""
        with self._lock:
            return page(list(self._configurations.values()), request, key="SecurityConfigurations")

    def _find(self, name: str) -> Response:
        if name not in self._configurations:
            raise EntityNotFound(f"Security configuration {name} not found.")
        return self._configurations[name]

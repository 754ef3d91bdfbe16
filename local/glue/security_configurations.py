"""Security configurations. A job that names one has its log groups named after it, and encrypted with its key.

What one says of S3 and of bookmarks is kept and shown: here objects are encrypted as their bucket says.
"""

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
            self.find(request["Name"])
            del self._configurations[request["Name"]]
        return {}

    def get(self, request: Request) -> Response:
        """GetSecurityConfiguration."""
        with self._lock:
            return {"SecurityConfiguration": self.find(request["Name"])}

    def log_key(self, name: str | None) -> str | None:
        """The KMS key that encrypts the log groups of what names this configuration; None where none does."""
        with self._lock:
            configuration = self._configurations.get(name or "", {})
        logs = configuration.get("EncryptionConfiguration", {}).get("CloudWatchEncryption", {})
        key: str | None = logs.get("KmsKeyArn") if logs.get("CloudWatchEncryptionMode") == "SSE-KMS" else None
        return key

    def get_all(self, request: Request) -> Response:
        """GetSecurityConfigurations."""
        with self._lock:
            return page(list(self._configurations.values()), request, key="SecurityConfigurations")

    def find(self, name: str) -> Response:
        """The configuration of that name. Raises EntityNotFound."""
        if name not in self._configurations:
            raise EntityNotFound(f"Security configuration {name} not found.")
        return self._configurations[name]

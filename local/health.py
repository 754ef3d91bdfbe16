"""What the emulator says of itself at `/_local/health`: if IAM is enforced, its code, and what of Glue it serves."""

import hashlib
import json
import urllib.request
from dataclasses import asdict, dataclass, field

from local.settings import PROJECT

PATH = "/_local/health"
SECONDS_TO_ANSWER = 5.0


@dataclass(frozen=True)
class Health:
    """One emulator. `code` is a digest of the code that it runs; `glue` has what `local.glue.supported` lists."""

    iam_enforced: bool
    code: str
    ministack: str = ""
    glue: dict[str, list[str]] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """What the emulator answers."""
        return json.dumps(asdict(self)).encode()


def ask(endpoint: str) -> Health | None:
    """What an emulator says of itself; None where nothing answers, or something that is not of this code's kind."""
    try:
        with urllib.request.urlopen(endpoint + PATH, timeout=SECONDS_TO_ANSWER) as answer:
            return Health(**json.load(answer))
    except (OSError, ValueError, TypeError):
        return None


def code_digest() -> str:
    """A digest of what the emulator is made of: this package's code, and the pinned packages."""
    whole = hashlib.sha256()
    for file in [*sorted((PROJECT / "local").rglob("*.py")), PROJECT / "requirements.txt"]:
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()

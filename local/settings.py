"""What AWS on this machine is reached by: host, port, account, region and the keys of its administrator."""

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
DEFAULT_PORT = 4566
ACCOUNT = "000000000000"
REGION = "us-east-1"
# The emulator's root keys. They open nothing but a server on this machine's loopback interface.
ACCESS_KEY = "test"
SECRET_KEY = "test"

PROJECT = Path(__file__).resolve().parent.parent
DEFAULT_STATE_DIR = PROJECT / ".lake" / "emulator"
SPARK_HOME = PROJECT / ".lake" / "spark-home"


@dataclass(frozen=True)
class Settings:
    """One emulator: where it listens and where it keeps its files. Two with different values never meet."""

    port: int = DEFAULT_PORT
    state_dir: Path = DEFAULT_STATE_DIR
    role_seconds: float = 3600.0
    """How long the temporary credentials of a role that Glue assumes are valid."""
    minute_seconds: float = 60.0
    """How long a minute of a job's Timeout lasts; less than 60 for whoever tests what happens at its end."""

    @property
    def endpoint(self) -> str:
        """The URL that every AWS SDK on this machine is given."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid_file(self) -> Path:
        """Holds the emulator's process id while it runs."""
        return self.state_dir / f"{self.port}.pid"

    @property
    def lock_file(self) -> Path:
        """Held while the emulator is being started, so that two starts at once start one."""
        return self.state_dir / f"{self.port}.lock"

    @property
    def log_file(self) -> Path:
        """What the emulator prints."""
        return self.state_dir / f"{self.port}.log"

    @property
    def runs_dir(self) -> Path:
        """A folder for each job run: its script, files and Spark's scratch space."""
        return self.state_dir / f"{self.port}-runs"


def client_environment(endpoint: str) -> dict[str, str]:
    """The variables that lead any AWS SDK to `endpoint` and nowhere else, without credentials.

    S3 has its own variable too, since the CDK's bundled SDK reads that one for assets.
    """
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }

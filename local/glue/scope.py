"""Where a Glue lives: one account in one region. ARNs are made here and nowhere else in local Glue."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """One account and region, with the ARNs of the things in it (AWS Glue, 'Specifying resource ARNs')."""

    account: str
    region: str

    def arn(self, resource: str) -> str:
        """The ARN of `resource`, such as `job/NAME` or `catalog`."""
        return f"arn:aws:glue:{self.region}:{self.account}:{resource}"

    def log_group_arn(self, name: str) -> str:
        """The ARN of a log group of CloudWatch Logs."""
        return f"arn:aws:logs:{self.region}:{self.account}:log-group:{name}"

    def role_arn(self, role: str) -> str:
        """The ARN of a role that a request gives by ARN, by path and name, or by name."""
        return role if role.startswith("arn:") else f"arn:aws:iam::{self.account}:role/{role.removeprefix('/')}"

"""CloudFormation's resources whose module of the CDK's library would cost more to import than all that we use of it.

`aws_cloudwatch`, `aws_sns` and `aws_scheduler` take 0.2, 0.1 and 0.1 s: a synth of three datasets takes 3. The names
of their properties are held by cfn-lint, in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from constructs import Construct


def resource(scope: Construct, construct_id: str, cfn_type: str, properties: Mapping[str, Any]) -> cdk.CfnResource:
    """Return a resource of that type, such as AWS::SNS::Topic; a property of None is left out."""
    given = {name: value for name, value in properties.items() if value is not None}
    return cdk.CfnResource(scope, construct_id, type=cfn_type, properties=given)

"""The managed policies that AWS keeps for Glue, as roles name them: `arn:aws:iam::aws:policy/NAME`.

Source: 'AWSGlueServiceRole', AWS Managed Policy Reference, version 5.
"""

from typing import Any

_NETWORK = ("network-interface", "security-group", "instance")

# Documents by the policy's path and name.
POLICIES: dict[str, dict[str, Any]] = {
    "service-role/AWSGlueServiceRole": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": [
                    "glue:*",
                    *("s3:GetBucketLocation", "s3:ListBucket", "s3:ListAllMyBuckets", "s3:GetBucketAcl"),
                    *("ec2:DescribeVpcEndpoints", "ec2:DescribeRouteTables", "ec2:CreateNetworkInterface"),
                    *("ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups"),
                    *("ec2:DescribeSubnets", "ec2:DescribeVpcAttribute"),
                    *("iam:ListRolePolicies", "iam:GetRole", "iam:GetRolePolicy"),
                    "cloudwatch:PutMetricData",
                ],
                "Resource": ["*"],
            },
            {"Effect": "Allow", "Action": ["s3:CreateBucket"], "Resource": ["arn:aws:s3:::aws-glue-*"]},
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                "Resource": ["arn:aws:s3:::aws-glue-*/*", "arn:aws:s3:::*/*aws-glue-*/*"],
            },
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject"],
                "Resource": ["arn:aws:s3:::crawler-public*", "arn:aws:s3:::aws-glue-*"],
            },
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": ["arn:aws:logs:*:*:*:/aws-glue/*"],
            },
            {
                "Effect": "Allow",
                "Action": ["ec2:CreateTags", "ec2:DeleteTags"],
                "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["aws-glue-service-resource"]}},
                "Resource": [f"arn:aws:ec2:*:*:{kind}/*" for kind in _NETWORK],
            },
        ],
    },
}

"""The other side of `app_against_empty_app`: a CDK app with one stack and nothing in it."""

import os

from lake.node import node

os.environ.setdefault("JSII_NODE", node())
os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")

import aws_cdk as cdk

app = cdk.App(analytics_reporting=False, tree_metadata=False)
cdk.Stack(app, "empty")
app.synth()

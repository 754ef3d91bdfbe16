"""The CDK stacks, and the constructs that they compose."""

"""What run.py is made of: starting, waiting, judging, reporting. Imports no aws_cdk."""

"""Shared by app.py and run.py: the configuration and the names. Imports neither aws_cdk nor pyspark."""

"""Glue jobs: their definitions, their runs, and the Spark processes that the runs are."""

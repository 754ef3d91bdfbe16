"""Glue workflows: their definitions, their runs, and how a run moves from trigger to trigger."""

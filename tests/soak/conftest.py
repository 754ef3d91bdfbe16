"""The Spark and the small lakes of the job's own tests."""

from tests.unit.glue_scripts.conftest import make_lake, spark

__all__ = ["make_lake", "spark"]

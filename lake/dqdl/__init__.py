"""DQDL, the language of data quality rules: read and checked here only; the job gets what came of it."""

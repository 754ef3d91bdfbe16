"""Writes a dataset's YAML from a sample file: `python -m lake.sketch NAME FILE`. It guesses nothing in silence."""

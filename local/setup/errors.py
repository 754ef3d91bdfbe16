"""Errors of the set-up. Standard library only."""


class SetupError(Exception):
    """Says what could not be set up and what to do; its text needs no traceback."""

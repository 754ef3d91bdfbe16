#!/usr/bin/env python3
"""Starts a pipeline of the lake, waits for its end, reports it, and exits with its outcome."""

from runner.cli import main

if __name__ == "__main__":
    main()

"""Benchmarks: each runs two sides in turn on this machine, checks that both gave the same, and prints their ratio."""

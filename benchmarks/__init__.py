"""Benchmarks: what the docs state as figures is printed here, by ``python -m benchmarks [NAME ...]``."""

"""Every estimator side by side: on worlds with known effects, the shipped study and published tables."""

from __future__ import annotations

from benchmarks.estimators import known, olmix, regmix, shipped


def run() -> None:
    """Print all tables."""
    known.run()
    shipped.run()
    regmix.run()
    olmix.run()

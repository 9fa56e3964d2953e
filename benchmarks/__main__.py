"""``python -m benchmarks [NAME ...]``: all benchmarks, or the named ones."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys

from benchmarks import (
    beyond,
    browser,
    coverage,
    estimators,
    gate,
    noise,
    planner,
    policies,
    pool_shift,
    speed,
    whole,
)

BENCHMARKS = {
    "speed": speed.run,
    "browser": browser.run,
    "estimators": estimators.run,
    "policies": policies.run,
    "coverage": coverage.run,
    "gate": gate.run,
    "beyond": beyond.run,
    "noise": noise.run,
    "planner": planner.run,
    "pool_shift": pool_shift.run,
    "whole": whole.run,
}


def main(names: list[str]) -> int:
    """Run the benchmarks named, or all of them."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; choose among {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

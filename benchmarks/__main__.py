"""``python -m benchmarks [NAME ...]``: all benchmarks, or the named ones; ``stress --kills 50``."""

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
    scoring,
    speed,
    stress,
    training,
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
    "training": training.run,
    "scoring": scoring.run,
    "stress": stress.run,
}
TAKES_OPTIONS = {"stress"}


def main(words: list[str]) -> int:
    """Run the benchmarks named, or all of them; what follows a lone name that takes options is for it."""
    if words and words[0] in TAKES_OPTIONS:
        return BENCHMARKS[words[0]](words[1:])
    unknown = [name for name in words if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; choose among {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    return max([BENCHMARKS[name]() or 0 for name in words or BENCHMARKS])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

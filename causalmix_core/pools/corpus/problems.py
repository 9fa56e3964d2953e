"""Problems of arithmetic, algebra and geometry, posed by the generators inside a wheel.

``python -m causalmix_core.pools.corpus.problems WHEEL SCALE`` prints one JSON line per problem. It is a
process of its own, because it runs code from the wheel, which is not installed: only from there,
and only its generators that need nothing but sympy and PyYAML. The package's own ``__init__`` would
import every generator, with ten further packages, so empty parents stand in its place.
"""

from __future__ import annotations

import importlib
import json
import sys
import types
from typing import Any

PACKAGE = "reasoning_gym"
NEEDS = ("sympy", "yaml")
SEED = 0
# Generator -> (its module, how many problems at scale 1).
TASKS: dict[str, tuple[str, int]] = {
    "gsm_symbolic": ("arithmetic.gsm_symbolic.gsm_symbolic", 6000),
    "chain_sum": ("arithmetic.chain_sum", 2500),
    "basic_arithmetic": ("arithmetic.basic_arithmetic", 2500),
    "simple_equations": ("algebra.simple_equations", 2000),
    "fraction_simplification": ("arithmetic.fraction_simplification", 2000),
    "gcd": ("arithmetic.gcd", 1500),
    "lcm": ("arithmetic.lcm", 1500),
    "prime_factorization": ("arithmetic.prime_factorization", 1500),
    "simple_geometry": ("geometry.simple_geometry", 2000),
    "leg_counting": ("arithmetic.leg_counting", 1500),
    "calendar_arithmetic": ("arithmetic.calendar_arithmetic", 2000),
    "decimal_arithmetic": ("arithmetic.decimal_arithmetic", 1500),
    "complex_arithmetic": ("algebra.complex_arithmetic", 1500),
}


def how_many(task: str, scale: float) -> int:
    """Problems of one task at a scale (1 is enough for 4.8 MB)."""
    return round(TASKS[task][1] * scale)


def _generators(wheel: str) -> Any:
    """The wheel's function that makes a data set by name, with the tasks above registered."""
    sys.path.insert(0, wheel)
    for name in ("", ".arithmetic", ".algebra", ".geometry"):
        parent = types.ModuleType(PACKAGE + name)
        parent.__path__ = [f"{wheel}/{PACKAGE}{name.replace('.', '/')}"]
        sys.modules[PACKAGE + name] = parent
    # First, or it would be met half imported.
    importlib.import_module(f"{PACKAGE}.coaching")
    for module, _ in TASKS.values():
        importlib.import_module(f"{PACKAGE}.{module}")
    return importlib.import_module(f"{PACKAGE}.factory").create_dataset


def main(wheel: str, scale: float) -> None:
    """Print all problems."""
    create = _generators(wheel)
    for task in TASKS:
        for problem in create(task, size=how_many(task, scale), seed=SEED):
            line = json.dumps([task, str(problem["question"]), str(problem["answer"])])
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))

"""How sure an interval is, in words: its level, what widened it, and how often such intervals held.

The measured part is not typed here but read from ``coverage.json``, which ``python -m benchmarks coverage`` writes;
without the file the sentence leaves it out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.delivery.numbers import level_percent, plain, thousands

if TYPE_CHECKING:
    from causalmix_core.effects.calibration import Calibration
    from causalmix_core.effects.fit import Fit

BEYOND_WORDS = 20.0  # a factor beyond this says more of the estimator's own interval than of this one
COVERAGE = Path(__file__).with_name("coverage.json")


@dataclass(frozen=True)
class Coverage:
    """How often intervals held in simulated worlds.

    Attributes
    ----------
    command : what measures it.
    level : level of the intervals, 0..1.
    lowest, highest : part of the true effects that intervals held, 0..1, in the worst and the best cell.
    cells : number of kinds of worlds (domains, runs, how mixtures were chosen).
    """

    command: str
    level: float
    lowest: float
    highest: float
    cells: int


@cache
def measured_coverage(path: Path = COVERAGE) -> Coverage | None:
    """What the benchmark measured last; None where no file is shipped."""
    if not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Coverage(**{field.name: kept[field.name] for field in fields(Coverage)})


def interval_help(fit: Fit, level: float, path: Path = COVERAGE) -> str:
    """How sure the intervals of a fit are: level, what widened them, and how often such intervals held."""
    said = [
        f"{level_percent(level)} intervals are pointwise: each for itself, so of many some will miss.",
        width_sentence(fit.calibration),
        coverage_sentence(None if fit.calibration is None else measured_coverage(path)),
    ]
    return " ".join(sentence for sentence in said if sentence)


def width_sentence(calibration: Calibration | None) -> str:
    """By how much intervals were widened, and for what."""
    if calibration is None:
        return "Intervals are the estimator's own, which takes its form as true."
    if calibration.scale > BEYOND_WORDS:
        return (
            "The estimator itself claims next to no doubt; intervals are as wide as a model that assumes no form "
            "says, and widened for confounding."
        )
    return (
        f"Intervals are {times(calibration)} times as wide as the estimator's own, for what its form cannot say and for "
        "confounding."
    )


def times(calibration: Calibration) -> str:
    """The factor with two significant digits or more, ``"1.3"``, ``"0.95"``, ``"14"``."""
    scale = calibration.scale
    return plain(scale, 0 if scale >= 9.95 else 1 if scale >= 0.995 else 2)


def coverage_sentence(found: Coverage | None) -> str:
    """How often such intervals held where the truth is known; "" where that was not measured."""
    if found is None:
        return ""
    lowest, highest = (plain(100.0 * part, 0) for part in (found.lowest, found.highest))
    return (
        f"In {thousands(found.cells)} kinds of simulated worlds, {level_percent(found.level)} intervals held between "
        f"{lowest} and {highest} % of the true effects ({found.command})."
    )

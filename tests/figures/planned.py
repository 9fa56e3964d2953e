"""A made-up plan and learning curve with round numbers, shared by the tests of figures and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.planning.course import Course
from causalmix_core.planning.learning import LearningCurve
from causalmix_core.planning.plan import Plan, PlannedRun
from tests.figures.examples import ANCHOR, DOMAINS, SHARES

if TYPE_CHECKING:
    from typing import Any


def plan(**changes: Any) -> Plan:
    """Four runs of three designs; planned ones halve both numbers, random ones take a tenth."""
    runs, part = np.array([0, 2, 4]), np.array([1.0, 0.7, 0.5])
    state = np.array([0.2])
    given: dict[str, Any] = {
        "domains": DOMAINS,
        "criterion": "regret",
        "pools": "both",
        "repeats": 1,
        "seed": 0,
        "level": 0.9,
        "designs": (
            PlannedRun("target", state, np.array([0.6, 0.2, 0.2]), 2),
            PlannedRun("target", state, np.array([0.1, 0.8, 0.1]), 1),
            PlannedRun("p7", state, np.array([0.2, 0.3, 0.5]), 1),
        ),
        "recommended": SHARES,
        "anchor": ANCHOR,
        "gain": 0.02,
        "planned": Course(runs, 0.02 * part, 0.01 * part),
        "random": Course(runs, 0.02 * np.array([1.0, 0.95, 0.9]), 0.01 * np.array([1.0, 0.95, 0.9])),
        "settles": 12,
        "random_settles": 300,
        "exact": True,
    }
    return Plan(**(given | changes))


def curve(**changes: Any) -> LearningCurve:
    """Four times the runs, half the error."""
    given: dict[str, Any] = {
        "runs": np.array([25.0, 100.0]),
        "r2": np.array([0.4, 0.7]),
        "r2_spread": np.array([0.05, 0.02]),
        "spearman": np.array([0.6, 0.8]),
        "pair_r2": np.array([np.nan, 0.5]),
        "gain": np.array([0.03, 0.02]),
        "gain_se": np.array([0.04, 0.02]),
        "kept": np.array([0.5, 0.9]),
        "fitted": 0.5,
        "exponent": 0.5,
        "repeats": 3,
        "now_runs": 100,
        "now_gain": 0.02,
        "now_se": 0.02,
    }
    return LearningCurve(**(given | changes))

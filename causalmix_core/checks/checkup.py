"""All checks of a fit, and those of a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.checks.assignment import assignment_check
from causalmix_core.checks.calibration import effects_check, heterogeneity_check, r_score_check
from causalmix_core.checks.check import Check, Checkup
from causalmix_core.checks.descendants import descendants_check
from causalmix_core.checks.examined import examine
from causalmix_core.checks.noise import noise_check
from causalmix_core.checks.nuisance import nuisance_check
from causalmix_core.checks.order import order_check
from causalmix_core.checks.overlap import directions_check, overlap_check
from causalmix_core.checks.placebo import placebo_check
from causalmix_core.checks.robustness import robustness_check
from causalmix_core.checks.runs import runs_check
from causalmix_core.checks.stability import random_cause_check, seed_check, subset_check
from causalmix_core.checks.support import mixture_check, pool_check, radius_check
from causalmix_core.checks.unseen import unseen_check

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.out_of_fold import OutOfFold

    Array = NDArray[np.float64]
    Progress = Callable[[float, str], None]

FOLDS_PART = 0.5  # of the time is spent on the folds where they are not given


def check_fit(fit: Fit, oof: OutOfFold | None = None, progress: Progress | None = None) -> Checkup:
    """Every check of a fit that needs no decision.

    Parameters
    ----------
    fit : what to check. oof : its out-of-fold effects, computed where not given.
    progress : called with (done 0..1, phase).
    """
    from threadpoolctl import threadpool_limits

    report = progress or (lambda done, phase: None)
    with threadpool_limits(limits=1):
        checks = _checks(fit, oof, report)
    report(1.0, "done")
    return Checkup(fit.sha256, fit.table.sha256, fit.config.sha256, checks)


def _checks(fit: Fit, oof: OutOfFold | None, report: Progress) -> tuple[Check, ...]:
    from causalmix_core.effects.out_of_fold import out_of_fold

    start = 0.0
    if oof is None:
        start = FOLDS_PART
        oof = out_of_fold(
            fit.table,
            fit.resolved,
            progress=lambda done, phase: report(start * done, phase),
            engine=fit.engine,
        )
    report(start, "the recommendations")
    examined = examine(fit, oof)
    steps: tuple[tuple[str, Callable[[], Check]], ...] = (
        ("number of runs", lambda: runs_check(fit)),
        ("assignment", lambda: assignment_check(examined)),
        ("order of the runs", lambda: order_check(fit.table, oof)),
        ("overlap", lambda: overlap_check(fit, oof)),
        ("directions", lambda: directions_check(fit, oof)),
        ("what the state foretells", lambda: nuisance_check(fit, oof)),
        ("covariates before mixing", lambda: descendants_check(fit)),
        ("effects", lambda: effects_check(fit, oof)),
        ("heterogeneity", lambda: heterogeneity_check(fit, oof)),
        ("R-score", lambda: r_score_check(fit, oof)),
        ("placebo mixtures", lambda: placebo_check(examined)),
        ("a random common cause", lambda: random_cause_check(examined)),
        ("pools left out", lambda: subset_check(examined)),
        ("other seeds", lambda: seed_check(examined)),
        ("an unmeasured confounder", lambda: robustness_check(examined)),
        ("noise between equal runs", lambda: noise_check(examined)),
    )
    found = []
    for number, (phase, make) in enumerate(steps):
        report(start + (1.0 - start) * number / len(steps), phase)
        found.append(make())
    return tuple(found)


def check_decision(fit: Fit, pool: Array, decision: Decision) -> tuple[Check, ...]:
    """The checks of one decision at a pool (d,): support of pool and mixture, radius beyond the data.

    Where the fit holds a domain without runs, besides: whether the mixture holds any of it.
    """
    from causalmix_core.effects.joined import JoinedFit

    return (
        pool_check(fit, pool),
        mixture_check(fit, decision),
        radius_check(fit, pool, decision),
        *((unseen_check(fit, decision),) if isinstance(fit, JoinedFit) else ()),
    )

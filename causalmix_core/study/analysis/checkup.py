"""The recommended fit of the study under the product's own checks: gate, calibration, and every check as data."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from causalmix_core.checks.checkup import check_fit
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.effects.fit import Fit
    from causalmix_core.study.analysis.setting import Setting

    Progress = Callable[[float, str], None]

FITTED = 0.5  # of the progress
WORDS = (
    "The plan's own fit, as anybody would make it of this table. The gate asks runs that the fit has not seen whether "
    "effects differ between pools; where they do not, averages are fitted in its place. Repeats are left out, so the "
    "check of noise finds none of them here."
)


def checkup(setting: Setting, report: Progress) -> dict[str, Any]:
    """The part ``checks`` of the analysis."""
    found: dict[str, Any] = setting.kept.get("checks", lambda: _made(setting, report))
    return {"words": WORDS, **found}


def _made(setting: Setting, report: Progress) -> dict[str, Any]:
    config = FitConfig(setting.outcome, setting.plan.plain["fit"]["estimator"], seed=setting.fit_seed)
    fitted = fit(setting.table, config, lambda done, phase: report(FITTED * done, phase))
    found = check_fit(
        fitted, progress=lambda done, phase: report(FITTED + (1.0 - FITTED) * done, phase)
    ).to_json()
    return {
        "estimator": fitted.estimator,
        "method": fitted.method,
        "epsilon": fitted.epsilon,
        "heterogeneity": _heterogeneity(fitted),
        "calibration": dataclasses.asdict(fitted.calibration) if fitted.calibration else None,
        "verdict": found["verdict"],
        "checks": found["checks"],
    }


def _heterogeneity(fitted: Fit) -> dict[str, Any] | None:
    found = fitted.heterogeneity
    return None if found is None else {**dataclasses.asdict(found), "supported": found.supported}

"""Confounded against randomised: average slopes in the logarithm of the shares, with and without purging.

Where people chose mixtures by what they saw of the pool, a regression on the mixture alone credits domains with the
state they were chosen in. The yardstick is the regression of the outcome's residual on the mixture's over runs whose
mixture was drawn at random (Robinson 1988); errors are robust and clustered by pool, joint tests use a bootstrap of pools.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.coding import EPSILONS, Coding
from causalmix_core.effects.coding_choice import choose_coding
from causalmix_core.effects.comparison_scores import RESAMPLES
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.folds import repeated_folds
from causalmix_core.effects.moments import clustered_slopes
from causalmix_core.effects.residuals import Residuals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.study.analysis.setting import FittedOn, Setting

    Array = NDArray[np.float64]

WORDS = (
    "Average slopes: what the outcome gains when the logarithm of a domain's share grows by one. The yardstick is taken "
    "from runs whose mixture was drawn at random, with what the pool's state foretells taken out of outcome and mixture. "
    "The error of slopes is their root mean square distance from it over its own root mean square; noise is what that "
    "would be of sampling error alone."
)
YARDSTICK = "yardstick"
ROWS: tuple[tuple[str, FittedOn, bool, str], ...] = (
    (YARDSTICK, "random", True, "mixtures drawn at random, the pool's state taken out"),
    ("random naive", "random", False, "mixtures drawn at random, the mixture alone"),
    ("chosen naive", "chosen", False, "mixtures chosen by what was seen of the pool, the mixture alone"),
    (
        "chosen orthogonalised",
        "chosen",
        True,
        "mixtures chosen by what was seen of the pool, the pool's state taken out",
    ),
)


@dataclass(frozen=True, eq=False)
class Slopes:
    """Slopes (K,) in log share with errors (K,), and the same slopes in resamples of pools (B, K)."""

    value: Array
    error: Array
    drawn: Array


def confounding(setting: Setting) -> dict[str, Any]:
    """The part ``confounding`` of the analysis; refused where a half has fewer runs than three times its slopes."""
    domains = setting.table.domains
    for half in ("random", "chosen"):
        count = int(setting.rows(half).sum())
        if count < 3 * (len(domains) + 1):
            return {
                "words": WORDS,
                "refused": f"There are {count} {half} runs, too few for {len(domains)} slopes.",
            }
    coding = _coding(setting)
    found = {name: _slopes(setting, half, coding, purged) for name, half, purged, _ in ROWS}
    return {
        "words": WORDS,
        "unit": f"{setting.table.outcome(setting.outcome).unit or setting.outcome} for one unit of log share",
        "epsilon": coding.epsilon,
        "domains": list(domains),
        "rows": [
            {
                "name": name,
                "words": words,
                "runs": int(setting.rows(half).sum()),
                **_beside(domains, found[name], None if name == YARDSTICK else found[YARDSTICK]),
            }
            for name, half, _, words in ROWS
        ],
    }


def _coding(setting: Setting) -> Coding:
    """Logarithms at the epsilon that foretells random runs on unseen pools best, beside the pool's state."""
    table = setting.only(np.flatnonzero(setting.rows("random")))
    folds = repeated_folds(table.groups(), FitConfig(setting.outcome).folds, setting.seed)
    candidates = [Coding("log", len(table.domains), epsilon) for epsilon in EPSILONS]
    beside = np.hstack([table.states, table.states**2])
    return choose_coding(candidates, table.shares, table.score(setting.outcome), beside, folds)[0]


def _slopes(setting: Setting, half: FittedOn, coding: Coding, purged: bool) -> Slopes:
    rows = np.flatnonzero(setting.rows(half))
    table = setting.only(rows)
    columns, target = _sides(table, setting, coding, purged)
    centred = columns - columns.mean(axis=0), target - target.mean()
    value, error = clustered_slopes(*centred, table.groups())
    return Slopes(value, error, _drawn(columns, target, _weights(setting)[:, setting.pools[rows]]))


def _sides(table: RunsTable, setting: Setting, coding: Coding, purged: bool) -> tuple[Array, Array]:
    """(m, K) coded mixtures and (m,) outcomes, purged of what the pool's state foretells or as they are."""
    target = table.score(setting.outcome)
    if not purged:
        return coding.encode(table.shares), target
    residuals = Residuals(table, target, FitConfig(setting.outcome).folds, setting.fit_seed)
    return residuals.mixture(coding), residuals.outcome


def _weights(setting: Setting) -> Array:
    """(B, pools) how often each pool is drawn; the same in both halves, as they share pools."""
    count = int(setting.pools.max()) + 1
    drawn = np.random.default_rng(setting.seed).multinomial(count, np.full(count, 1.0 / count), RESAMPLES)
    return drawn.astype(np.float64)


def _drawn(columns: Array, target: Array, weights: Array) -> Array:
    """(B, K) least squares slopes of target (m,) on columns (m, K) with an intercept, rows weighted by (B, m)."""
    beside = np.concatenate([columns, np.ones((len(target), 1))], axis=1)
    gram = np.einsum("bm,mi,mj->bij", weights, beside, beside, optimize=True)
    sides = np.einsum("bm,mi,m->bi", weights, beside, target, optimize=True)
    slopes: Array = (np.linalg.pinv(gram, hermitian=True) @ sides[:, :, None])[:, :-1, 0]
    return slopes


def _beside(domains: tuple[str, ...], found: Slopes, yardstick: Slopes | None) -> dict[str, Any]:
    """Slopes by domain, and how far they are from the yardstick."""
    if yardstick is None:
        z: list[float | None] = [None] * len(domains)
        apart: dict[str, Any] = dict.fromkeys(("error", "differences_error", "noise", "p"))
    else:
        spread = np.std(found.drawn - yardstick.drawn, axis=0, ddof=1)
        z = [
            float(d / s) if s > 0 else None
            for d, s in zip(found.value - yardstick.value, spread, strict=True)
        ]
        apart = _apart(found, yardstick)
    slopes = {
        domain: {"value": float(found.value[k]), "se": float(found.error[k]), "z": z[k]}
        for k, domain in enumerate(domains)
    }
    return {"slopes": slopes, **apart}


def _apart(found: Slopes, yardstick: Slopes) -> dict[str, Any]:
    from scipy.stats import chi2

    step, drawn = found.value - yardstick.value, found.drawn - yardstick.drawn
    covariance = np.cov(drawn, rowvar=False)
    distance = float(step @ np.linalg.pinv(covariance, hermitian=True) @ step)
    size, centred = _rms(yardstick.value), _rms(yardstick.value - yardstick.value.mean())
    return {
        "error": _rms(step) / size if size > 0.0 else None,
        "differences_error": _rms(step - step.mean()) / centred if centred > 0.0 else None,
        "noise": float(np.sqrt(np.trace(covariance) / len(step))) / size if size > 0.0 else None,
        "p": float(chi2.sf(distance, len(step))),
    }


def _rms(values: Array) -> float:
    return float(np.sqrt((values**2).mean()))

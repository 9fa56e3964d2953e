"""What equal runs differ by: no model can foretell that, and no gain below it shows in one run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.check import Check, Detail, at_most, figure, worst
from causalmix_core.checks.words import compact, number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.checks.examined import Examined
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

ID, TITLE = "noise-floor", "Noise between equal runs"
FEWEST_REPEATS = 4  # degrees of freedom: with fewer, the noise is known to a factor of two at best
MISSED = 2.0  # errors twice the noise: three quarters of the error's variance is the model's own
SAME_SHARE = 1e-6


def noise_check(examined: Examined) -> Check:
    """Pooled spread of repeated runs, beside the model's error on runs not seen and the gain."""
    table = examined.table
    noise, freedom = repeated_noise(table, table.score(examined.fit.config.outcome))
    error = float(np.sqrt(((examined.oof.observed - examined.oof.predicted) ** 2).mean()))
    if freedom < FEWEST_REPEATS:
        return Check(
            ID,
            TITLE,
            "REVIEW",
            None,
            MISSED,
            "error over noise",
            f"{freedom or 'No'} run{'s' if freedom != 1 else ''} repeat another of the same pool and mixture, so the "
            "noise between equal runs is not known.",
            "Repeat five to ten runs with another seed, same pool and same mixture.",
            (Detail("error on runs not seen", figure(error), "PASS"),),
        )
    if noise == 0.0:
        return Check(
            ID,
            TITLE,
            "REVIEW",
            None,
            MISSED,
            "error over noise",
            f"All {freedom} repeats equal the run they repeat to the last digit: copies, rather than repeats.",
            "Remove the copies, or repeat runs with another seed.",
        )
    ratio, gain = error / noise, examined.gain / noise
    unit = f" {examined.fit.outcome.unit}" if examined.fit.outcome.unit else ""
    details = (
        Detail("spread of repeated runs", figure(noise), "PASS"),
        Detail("repeats (degrees of freedom)", float(freedom), "PASS"),
        Detail("error on runs not seen", figure(error), at_most(ratio, MISSED, math.inf)),
        Detail(
            "gain of the recommendations over the noise", figure(gain), "PASS" if gain >= 1.0 else "REVIEW"
        ),
    )
    said = (
        f"Equal runs differ by {compact(noise)}{unit}; the fit misses runs not seen by {compact(error)}, "
        f"{number(ratio, 1)} times that. The recommendations' expected gain is {number(gain, 1)} times the noise."
    )
    status = worst(detail.status for detail in details)
    remedy = (
        "Nothing to do."
        if status == "PASS"
        else "Compare mixtures over several seeds; where the error is far above the noise, a covariate may be missing."
    )
    return Check(ID, TITLE, status, figure(ratio), MISSED, "error over noise", said, remedy, details)


def repeated_noise(table: RunsTable, outcome: Array) -> tuple[float, int]:
    """Pooled standard deviation of runs of one pool and one mixture, and its degrees of freedom."""
    # Without pool names a pool is its state; runs of equal state and mixture are repeats then.
    pools = table.groups()[:, None].astype(float) if table.pool_ids is not None else table.states
    rows = np.concatenate([pools, np.round(table.shares / SAME_SHARE)], axis=1)
    _, group = np.unique(rows, axis=0, return_inverse=True)
    group = group.reshape(-1)
    size = np.bincount(group)
    mean = np.bincount(group, outcome) / size
    freedom = int((size - 1).sum())
    squares = float(((outcome - mean[group]) ** 2).sum())
    return (math.sqrt(squares / freedom) if freedom else 0.0), freedom

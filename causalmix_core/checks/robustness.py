"""How strong must an unmeasured confounder be to undo the gain of following the recommendations?

Omitted variable bias of a linear functional (Chernozhukov, Cinelli, Newey, Sharma and Syrgkanis
2022, "Long story short"): |bias| <= sqrt(C_Y C_T / (1 - C_T)) sigma nu for a confounder that
explains C_Y of what is left of the outcome and C_T of what is left of the mixture. With equal
strength r the bias reaches the gain at

    r = (sqrt(f^4 + 4 f^2) - f^2) / 2,      f = |gain| / (sigma nu):

the robustness value, in Cinelli and Hazlett's (2020) sense. Beside it, as a yardstick, what
leaving out the strongest measured covariate does to the gain.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.check import Check, Detail, Status, figure
from causalmix_core.checks.examined import evenly
from causalmix_core.checks.words import compact, percent
from causalmix_core.decision.solvers.concave import maximise_many
from causalmix_core.effects.moments import PolicyScore, score_moves
from causalmix_core.effects.refit import refit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.checks.examined import Examined
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

ID, TITLE = "robustness", "Unmeasured confounder"
# A confounder of 5 % of what is left of both outcome and mixture is easily overlooked.
ENOUGH = 0.05
LEVEL_Z = 1.645  # of the two-sided 90 % interval that the product shows by default
GAIN_UNDONE = 1.0  # leaving out one measured covariate takes the whole gain away
MOST_POOLS = 96  # more make the value hardly surer
MOST_DROPPED = 3  # covariates that are left out in turn: those most tied to outcome and mixture


def robustness_check(examined: Examined) -> Check:
    """Robustness value of the gain and of its interval's end, with the strongest covariate beside it."""
    table = examined.table
    score = score_policy(examined)
    value = robustness_value(max(score.gain, 0.0), score)
    end = robustness_value(max(score.gain - LEVEL_Z * score.se, 0.0), score)
    drops = dropped_covariates(examined)
    status = _status(score.gain, end, drops, table)
    said = _sentence(value, end, score)
    if drops:
        name, change = max(drops, key=lambda drop: abs(drop[1]))
        said += (
            f" Leaving out the strongest measured covariate, {name}, changes the gain by {percent(change)}."
        )
    if _randomised(table):
        said += (
            " The table says that mixtures were drawn at random or designed, where no such cause is expected."
        )
    details = [
        Detail("robustness value of the gain", figure(value), "PASS"),
        Detail("robustness value of the interval's end", figure(end), status),
        Detail("gain of the recommendations, doubly robust", figure(score.gain), "PASS"),
        Detail("its standard error", figure(score.se), "PASS"),
    ]
    details += [
        Detail(f"gain changed without {name}", figure(change), "REVIEW" if change <= -GAIN_UNDONE else "PASS")
        for name, change in drops
    ]
    remedy = (
        "Nothing to do."
        if status == "PASS"
        else "Ask what else moved both the mixtures and the outcome, and measure it; or run a few random mixtures."
    )
    return Check(ID, TITLE, status, figure(end), ENOUGH, "partial R2", said, remedy, tuple(details))


def _sentence(value: float, end: float, score: PolicyScore) -> str:
    if score.gain <= 0.0:
        return (
            "At pools not seen, following the recommendations gains nothing (doubly robust estimate "
            f"{compact(score.gain)}, standard error {compact(score.se)}): there is no gain to undo."
        )
    weak = f"{percent(end)} would take its interval to 0" if end > 0.0 else "its interval includes 0 already"
    return (
        f"An unmeasured cause of {percent(value)} of what is left of both outcome and mixture would undo the gain of "
        f"following the recommendations; {weak}."
    )


def score_policy(examined: Examined) -> PolicyScore:
    """Doubly robust value of what the folds' own models recommend at pools that they have not seen."""
    table, oof, region = examined.table, examined.oof, examined.region
    groups = table.groups()
    rows = np.flatnonzero(np.isin(groups, groups[evenly(table, MOST_POOLS)]))
    mixtures = np.empty((len(rows), len(table.domains)))
    for epsilon in np.unique(oof.epsilon[rows]):
        same = np.flatnonzero(oof.epsilon[rows] == epsilon)
        # Average effects recommend one mixture a fold, and runs of one pool share theirs.
        different, which = np.unique(oof.coefficients[rows[same]], axis=0, return_inverse=True)
        mixtures[same] = maximise_many(different, float(epsilon), region)[which]
    return score_moves(oof, rows, groups[rows], region.anchor, mixtures)


def robustness_value(gain: float, score: PolicyScore) -> float:
    """Strength 0..1 at which a confounder of outcome and mixture alike takes ``gain`` to 0."""
    size = score.noise * score.weight
    if size <= 0.0:
        return 0.0 if gain == 0.0 else 1.0
    squared = (gain / size) ** 2
    return 0.5 * (math.sqrt(squared**2 + 4.0 * squared) - squared)


def dropped_covariates(examined: Examined) -> list[tuple[str, float]]:
    """Relative change of the recommendations' gain when each of the strongest covariates is left out."""
    if not examined.fit.reads_states:
        return []
    names = list(dict.fromkeys(covariate.name for covariate in examined.table.covariates))
    strength = {name: _ties(examined, name) for name in names}
    found = []
    for name in sorted(names, key=lambda name: -strength[name])[:MOST_DROPPED]:
        smaller = without(examined.table, name)
        gain = examined.mean_gain(refit(examined.fit, smaller), examined.mixtures, smaller)
        found.append((name, gain / examined.gain - 1.0 if examined.gain > 0.0 else 0.0))
    return found


def _ties(examined: Examined, name: str) -> float:
    """How strongly a covariate goes with both the outcome and a share: product of correlations."""
    table = examined.table
    columns = [i for i, covariate in enumerate(table.covariates) if covariate.name == name]

    def standard(values: Array) -> Array:
        spread = values.std(axis=0)
        return (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)

    states = standard(table.states[:, columns])
    with_outcome = np.abs(states.T @ standard(table.score(examined.fit.config.outcome)))
    with_shares = np.abs(states.T @ standard(table.shares)).max(axis=1)
    return float((with_outcome * with_shares).max()) / table.n_runs**2


def without(table: RunsTable, name: str) -> RunsTable:
    """The table without the covariates of one name, over all domains."""
    from causalmix_core.evidence.canonical import content_hash

    keep = [i for i, covariate in enumerate(table.covariates) if covariate.name != name]
    smaller = dataclasses.replace(
        table, covariates=tuple(table.covariates[i] for i in keep), states=table.states[:, keep], sha256=""
    )
    return dataclasses.replace(smaller, sha256=content_hash(smaller))


def _randomised(table: RunsTable) -> bool:
    return table.assignment is not None and "chosen" not in table.assignment


def _status(gain: float, end: float, drops: list[tuple[str, float]], table: RunsTable) -> Status:
    if gain <= 0.0:
        return "FAIL"
    if _randomised(table):
        return "PASS"
    undone = any(change <= -GAIN_UNDONE for _, change in drops)
    return "PASS" if end >= ENOUGH and not undone else "REVIEW"

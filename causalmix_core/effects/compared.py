"""What a comparison of estimators found, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.evidence.table import Outcome

Kept = Literal["pools and mixtures", "pools"]
Within = Literal["pools", "folds"]


@dataclass(frozen=True)
class Figure:
    """A number with its bootstrap interval."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Compared:
    """One estimator on the common folds.

    Attributes
    ----------
    name : as in the fit's settings; ``complexity`` : 1 is the simplest.
    mixture_r2 : the main criterion: share of what the mixture does that is foretold.
    behind : how much less of it than the best estimator (paired on the same resamples).
    within_noise : whether the interval of ``behind`` reaches 0.
    rank_correlation, r2 : of out-of-fold predictions, level included.
    pairs_right : share of same-pool pairs whose better run is foretold, or None without such pairs.
    r_score : 1 - error of the effects over the error of the best average effects, both out of fold.
    regret : outcome units lost by taking the run that the estimator prefers.
    seconds : wall seconds of one of its fits, residuals that all share not counted.
    """

    name: EstimatorName
    complexity: int
    mixture_r2: Figure
    behind: Figure
    within_noise: bool
    rank_correlation: Figure
    r2: Figure
    pairs_right: Figure | None
    r_score: Figure
    regret: Figure
    seconds: float


@dataclass(frozen=True)
class Comparison:
    """Estimators on the same folds of one table and outcome.

    Attributes
    ----------
    outcome, n_runs : of what; ``folds`` made from ``islands`` groups that no fold splits.
    kept : "pools and mixtures" where no fold splits either; "pools" where that was not possible.
    within : "pools" where the mixture's effect is judged between runs of one pool, so that the
        level cancels; "folds" where it is judged on outcomes purged of the pool's state.
    level : nominal level of all intervals. seed : of folds and resamples.
    estimators : simplest first.
    refused : estimators that could not be fitted, each with the reason in a sentence.
    best : of the largest ``mixture_r2``. chosen : the simplest within noise of it.
    recommended : the estimator that "recommended" stands for on this table.
    """

    outcome: Outcome
    n_runs: int
    folds: int
    islands: int
    kept: Kept
    within: Within
    level: float
    seed: int
    estimators: tuple[Compared, ...]
    refused: tuple[tuple[EstimatorName, str], ...]
    best: EstimatorName
    chosen: EstimatorName
    recommended: EstimatorName

    def of(self, name: EstimatorName) -> Compared:
        """One estimator's figures."""
        return next(found for found in self.estimators if found.name == name)

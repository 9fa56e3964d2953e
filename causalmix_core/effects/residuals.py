"""Cross-fitted residuals of outcome and mixture, computed once and shared by all estimators.

What is left of outcome and mixture once the pool's state has said what it can: every run is
foretold by nuisance models of folds that hold neither it nor another run of its pool
(Chernozhukov et al. 2018; the R-learner of Nie and Wager 2021 regresses the one on the other).
The shares, and the logarithms at one epsilon, are each foretold as a block by one linear smoother
where the nuisance is a ridge, so that residuals of shares sum to zero and any contrast of them is
the contrast's own residual.
"""

from __future__ import annotations

from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from causalmix_core.effects.coding import Coding, helmert
from causalmix_core.effects.coding_choice import candidate_codings
from causalmix_core.effects.folds import group_folds, repeated_folds
from causalmix_core.effects.nuisance import Foreteller, NuisanceName
from causalmix_core.effects.ridge import column_scale, cross_validated_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from numpy.typing import NDArray

    from causalmix_core.effects.folds import Index
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


Made = TypeVar("Made")


class Residuals:
    """Residuals of one outcome of one table; every part is made on first use and kept.

    Parameters
    ----------
    table : n runs with shares (n, K) and states (n, d); without covariates nuisances are means.
    target : (n,) the outcome, higher is better.
    folds : number of folds by pool. seed : shuffles pools and grows trees.
    partitions : how many make a choice; more are steadier and slower.
    nuisance : "ridge" (second degree), "boosted" (LightGBM), or "constant" (nothing is purged).

    Attributes
    ----------
    splits : the folds, as (train rows, test rows).
    steady_splits : folds of ``partitions`` independent partitions, for choices.
    """

    def __init__(
        self,
        table: RunsTable,
        target: Array,
        folds: int,
        seed: int,
        nuisance: NuisanceName = "ridge",
        partitions: int = 3,
    ) -> None:
        self.table, self.target, self.nuisance = table, target, nuisance
        self.splits: list[tuple[Index, Index]] = group_folds(table.groups(), folds, seed)
        self.steady_splits = repeated_folds(table.groups(), folds, seed, partitions)
        self._seed = seed
        self._blocks: dict[str, Array] = {}
        self._codings: dict[float | None, Coding] = {}
        self._shared: dict[Hashable, object] = {}
        self._lock = RLock()  # estimators may be fitted side by side

    @property
    def outcome(self) -> Array:
        """(n,) Y - E[Y | x]."""
        return self._residual("outcome", self.target[:, None])[:, 0]

    def mixture(self, coding: Coding) -> Array:
        """(n, p) encode(T) - E[encode(T) | x]."""
        shares = self.table.shares
        if coding.name == "contrast":
            return self._residual("shares", shares) @ helmert(coding.k)
        logs = self._residual(f"log {coding.epsilon!r}", np.log(shares + coding.epsilon))
        if coding.name == "log":
            return logs
        return np.concatenate([logs, self._residual("shares", shares)], axis=1)

    def coding(self, epsilon: float | None) -> Coding:
        """The coding whose residuals foretell those of the outcome best with constant slopes.

        ``epsilon`` : given, it asks for logs beside shares at that epsilon; None chooses.
        """
        with self._lock:
            if epsilon not in self._codings:
                candidates = candidate_codings(self.table.shares.shape[1], epsilon)
                self._codings[epsilon] = min(candidates, key=self._error)
            return self._codings[epsilon]

    def _error(self, coding: Coding) -> float:
        columns = self.mixture(coding)
        scale = column_scale(columns, np.ones(coding.size), coding.parts)
        return float(cross_validated_errors(columns, self.outcome, scale, self.steady_splits).min())

    def shared(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What several estimators build on (a trend under a forest), made once for each key."""
        with self._lock:
            if key not in self._shared:
                self._shared[key] = make()
            return cast("Made", self._shared[key])

    def _residual(self, name: str, values: Array) -> Array:
        with self._lock:
            if name not in self._blocks:
                block = np.empty_like(values)
                for (_, test), foretell in zip(self.splits, self._foretellers, strict=True):
                    block[test] = values[test] - foretell(values)
                self._blocks[name] = block
            return self._blocks[name]

    @cached_property
    def _foretellers(self) -> list[Foreteller]:
        states = self.table.states
        return [Foreteller(self.nuisance, states, *split, self._seed) for split in self.splits]

"""What a method may look at, and what it gives: the same for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from causalmix_core.decision.correction import Correction
    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence import RunsTable

    Array = NDArray[np.float64]

Value = TypeVar("Value")
Uses = Literal["nothing", "runs", "runs and state", "state", "hidden quality"]


@dataclass(frozen=True, eq=False)
class PoolAtHand:
    """A new pool: ``state`` (d,) covariates in the table's order and units; ``quality`` (K,) hidden, for the privileged rule."""

    id: str
    state: Array
    quality: Array


@dataclass(frozen=True)
class Predicted:
    """Gain over the anchor that is expected: outcome units, higher is better; ``interval`` at the study's level."""

    gain: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class Choice:
    """A mixture (K,), sum 1, and what the method itself expects of it; None where it expects nothing."""

    shares: Array
    own: Predicted | None = None


@dataclass(frozen=True)
class Method:
    """A way to choose: its sentence, the radius it keeps to (total variation around the anchor) or None, what it looks at."""

    name: str
    words: str
    uses: Uses
    choose: Callable[[Ground, PoolAtHand], Choice]
    radius: float | None = None


@dataclass(eq=False)
class Ground:
    """The study's runs and what follows from them, made once and shared by the methods.

    Attributes
    ----------
    table : the study's runs. outcome : name of the outcome. weights : domain -> weight of its loss, sum 1.
    natural : (K,) shares that the domains have in the text. clean : (d,) state of the text as it is, undamaged.
    held_out : domain that the method ``domain-held-out`` does without, or "". level : of intervals. seed : of all searches.
    present : domains that a mixture may hold; empty for all.
    """

    table: RunsTable
    outcome: str
    weights: Mapping[str, float]
    natural: Array
    clean: Array
    held_out: str
    level: float
    seed: int
    estimator: EstimatorName = "recommended"
    present: tuple[str, ...] = ()
    _fits: dict[str, Fit] = field(default_factory=dict, init=False)
    _kept: dict[object, object] = field(default_factory=dict, init=False)

    @property
    def anchor(self) -> Array:
        """(K,) the outcome's weights, of the domains present: the anchor of every trust region."""
        return self.within(np.array([self.weights.get(domain, 0.0) for domain in self.table.domains]))

    def within(self, shares: Array) -> Array:
        """(..., K) mixtures restricted to the domains present and closed again."""
        held = [not self.present or domain in self.present for domain in self.table.domains]
        kept: Array = np.where(held, shares, 0.0)
        closed: Array = kept / kept.sum(axis=-1, keepdims=True)
        return closed

    def fit(self, estimator: EstimatorName) -> Fit:
        """A fit of the study's runs, made once."""
        from causalmix_core.effects.config import FitConfig
        from causalmix_core.effects.fit import fit

        if estimator not in self._fits:
            config = FitConfig(self.outcome, estimator, seed=self.seed)
            self._fits[estimator] = fit(self.table, config)
        return self._fits[estimator]

    @property
    def correction(self) -> Correction:
        """What halves of the runs leave of the product's gains; measured once."""
        from causalmix_core.checks.gain import measure_correction

        found: Correction = self.once("correction", lambda: measure_correction(self.fit(self.estimator)))
        return found

    def once(self, key: object, make: Callable[[], Value]) -> Value:
        """A value that does not depend on the pool, made on first use."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast("Value", self._kept[key])

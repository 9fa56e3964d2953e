"""DMO on per-domain losses: a law of each domain's loss in its own share, and the mixture that minimises their sum.

``L_i(w) = C_i (w_i + k_i (1 - w_i)^a_i)^-b_i + E_i``: data mixing optimisation with the amount of data held fixed, so that
it is part of C_i and k_i. The laws are fitted to the runs' losses by least squares; the sum, weighted as the outcome is,
is minimised over all mixtures (SLSQP). It knows nothing of the pool: one answer for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.rivals.ground import Choice, Predicted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.study.rivals.ground import Ground, PoolAtHand

    Array = NDArray[np.float64]

LEAST = 1e-4  # share at which a loss is still finite
# Bounds of C, k, a, b, E; and where the fit starts from, besides the data's own level.
LOW = np.array([1e-3, 1e-3, 0.05, 1e-3, 0.0])
HIGH = np.array([10.0, 10.0, 5.0, 2.0, 10.0])
STARTS = ((1.0, 0.1, 1.0, 0.1), (0.5, 0.5, 1.0, 0.3), (2.0, 0.05, 0.5, 0.05))


@dataclass(frozen=True)
class Law:
    """Parameters of one domain's law."""

    c: float
    k: float
    a: float
    b: float
    e: float

    def loss(self, share: Array) -> Array:
        """(...) losses at shares (...) in 0..1."""
        w = np.clip(share, LEAST, 1.0)
        found: Array = self.c * (w + self.k * (1.0 - w + LEAST) ** self.a) ** -self.b + self.e
        return found


def dmo(ground: Ground, pool: PoolAtHand) -> Choice:
    """The mixture that the laws of the per-domain losses say is the best: one answer for all pools."""
    return ground.once("dmo", lambda: _choose(ground))


def fit_law(share: Array, loss: Array) -> Law:
    """The law that is nearest, in least squares, to losses (n,) at shares (n,) of the domain; the best of three starts."""
    from scipy.optimize import least_squares

    floor = 0.7 * float(loss.min())
    fits = [
        least_squares(
            lambda p: Law(*p).loss(share) - loss, np.clip([*start, floor], LOW, HIGH), bounds=(LOW, HIGH)
        )
        for start in STARTS
    ]
    return Law(*min(fits, key=lambda fit: float(fit.cost)).x.tolist())


def best_mixture(laws: list[Law], weights: Array, start: Array) -> Array:
    """(K,) the mixture with the least weighted sum of losses, from ``start`` and from the weights.

    Domains with no share in ``start`` keep none.
    """
    from scipy.optimize import minimize

    bounds = [(LEAST, 1.0) if share > 0.0 else (0.0, 0.0) for share in start]

    def total(mixture: Array) -> float:
        return float(sum(w * law.loss(t) for w, law, t in zip(weights, laws, mixture, strict=True)))

    closed = {"type": "eq", "fun": lambda mixture: mixture.sum() - 1.0}
    found = [
        minimize(total, first, method="SLSQP", bounds=bounds, constraints=[closed]).x
        for first in (start, np.where(start > 0.0, np.maximum(weights, LEAST), 0.0))
    ]
    best = np.clip(min(found, key=total), 0.0, 1.0)
    shares: Array = best / best.sum()
    return shares


def _choose(ground: Ground) -> Choice:
    table, anchor = ground.table, ground.anchor
    losses = [-table.score(f"bpb_{domain}") for domain in table.domains]
    laws = [fit_law(table.shares[:, k], loss) for k, loss in enumerate(losses)]
    best = best_mixture(laws, anchor, ground.within(np.ones(len(laws))))
    gains = [float(law.loss(anchor[k]) - law.loss(best[k])) for k, law in enumerate(laws)]
    return Choice(best, Predicted(float(np.dot(anchor, gains)), None))

"""RegMix (Liu et al. 2024, arXiv 2407.01492): trees on the mixture, and the mean of the best of many random mixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.rivals.ground import Choice, Predicted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.study.rivals.ground import Ground, PoolAtHand

    Array = NDArray[np.float64]

DRAWN, KEPT = 100_000, 128


def regmix(ground: Ground, pool: PoolAtHand) -> Choice:
    """The mean of the 128 best of 100,000 random mixtures by LightGBM on the mixture alone: one answer for all pools."""
    return ground.once("regmix", lambda: _search(ground))


def _search(ground: Ground) -> Choice:
    from causalmix_core.decision.solvers.candidates import candidate_mixtures

    engine = ground.fit("regmix").engine
    drawn = ground.within(candidate_mixtures(ground.anchor, ground.seed, DRAWN))
    nowhere = np.zeros((1, ground.table.states.shape[1]))

    def predicted(mixtures: Array) -> Array:
        found: Array = engine.predict(mixtures, np.repeat(nowhere, len(mixtures), axis=0))
        return found

    best = drawn[np.argsort(-predicted(drawn), kind="stable")[:KEPT]].mean(axis=0)
    chosen, anchor = predicted(np.stack([best, ground.anchor]))
    return Choice(best, Predicted(float(chosen - anchor), None))

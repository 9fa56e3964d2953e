"""Mixtures that need no model: equal, the text's own, the outcome's weights, the best run, and two rules of thumb."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.rivals.ground import Choice

if TYPE_CHECKING:
    from causalmix_core.study.rivals.ground import Ground, PoolAtHand

LEAST_QUALITY = 0.02  # added to a quality, so that a domain without any keeps a trace


def equal(ground: Ground, pool: PoolAtHand) -> Choice:
    """The same share for every domain."""
    return Choice(ground.within(np.ones(len(ground.table.domains))))


def natural(ground: Ground, pool: PoolAtHand) -> Choice:
    """As much of each domain as there is text of it."""
    return Choice(ground.within(ground.natural))


def weights(ground: Ground, pool: PoolAtHand) -> Choice:
    """The outcome's weights: what somebody does who knows only what the model is for. The anchor."""
    return Choice(ground.anchor)


def best_run(ground: Ground, pool: PoolAtHand) -> Choice:
    """The mixture of the run whose outcome lies highest above what its pool's state foretells."""
    from causalmix_core.effects.best_run import best_mixture

    return Choice(ground.within(best_mixture(ground.table, ground.outcome)))


def looks(ground: Ground, pool: PoolAtHand) -> Choice:
    """The outcome's weights, less where a domain's covariates lie far from those of clean text.

    w_k / (1 + d_k), d_k the mean over its covariates of |x - x of clean text| in standard deviations of the study's
    pools. No run's outcome is used.
    """
    from causalmix_core.evidence.domain_state import own_columns

    spread = ground.table.states.std(axis=0)
    far = np.abs(pool.state - ground.clean) / np.where(spread > 0.0, spread, 1.0)
    distance = far[own_columns(ground.table)].mean(axis=1)
    return Choice(ground.within(ground.anchor / (1.0 + distance)))


def quality(ground: Ground, pool: PoolAtHand) -> Choice:
    """The outcome's weights times each domain's hidden quality, which nobody knows of a real pool."""
    return Choice(ground.within(ground.anchor * (pool.quality + LEAST_QUALITY)))

"""Distances between mixtures: how far a recommendation is from its anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Metric

    Array = NDArray[np.float64]


def total_variation(anchor: Array, shares: Array) -> Array:
    """Share of the data that moves, 0..1: (K,) anchor and (..., K) mixtures -> (...)."""
    moved: Array = 0.5 * np.abs(shares - anchor).sum(axis=-1)
    return moved


def kullback_leibler(anchor: Array, shares: Array) -> Array:
    """KL(p || T) = sum_k p_k log(p_k / T_k) in nats, infinite where T_k = 0 < p_k; shape (...).

    Domains absent from the anchor add nothing of their own. Summed as the Bregman form
    ``p (u - log(1 + u))`` with ``u = T / p - 1``, whose terms are all >= 0: the plain form
    loses every digit when T is close to p.
    """
    present = anchor > 0.0
    p, t = anchor[present], shares[..., present]
    with np.errstate(divide="ignore"):
        terms = p * ((t - p) / p - np.log(t / p))
    entered: Array = shares[..., ~present].sum(axis=-1)
    divergence: Array = np.maximum(terms.sum(axis=-1) + entered, 0.0)
    return divergence


def euclidean(anchor: Array, shares: Array) -> Array:
    """Euclidean norm of T - p, 0..sqrt 2; shape (...)."""
    norm: Array = np.sqrt(np.square(shares - anchor).sum(axis=-1))
    return norm


def distance(metric: Metric, anchor: Array, shares: Array) -> Array:
    """D(anchor, shares) in ``metric``: (K,) and (..., K) -> (...)."""
    if metric == "tv":
        return total_variation(anchor, shares)
    if metric == "kl":
        return kullback_leibler(anchor, shares)
    return euclidean(anchor, shares)

"""Which coding of the mixture foretells unseen pools best: linear in the shares, or logs beside them.

On a wide, sparse design a linear response throws most of the signal away, on a narrow one the logs
only add noise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.coding import EPSILONS, Coding
from causalmix_core.effects.ridge import column_scale, cross_validated_errors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.folds import Index

    Array = NDArray[np.float64]


def candidate_codings(k: int, epsilon: float | None) -> list[Coding]:
    """The codings to choose among; a given epsilon asks for the logarithm."""
    if epsilon is not None:
        return [Coding("log-linear", k, epsilon)]
    return [Coding("contrast", k), *(Coding("log-linear", k, e) for e in EPSILONS)]


def choose_coding(
    candidates: list[Coding], shares: Array, target: Array, beside: Array, folds: list[tuple[Index, Index]]
) -> tuple[Coding, Array]:
    """The coding that foretells unseen pools best in a ridge on (coding, ``beside``).

    Parameters
    ----------
    candidates : at least one; an earlier one wins a tie.
    shares : (n, K). target : (n,). beside : (n, c) further columns, c may be 0.
    folds : from :func:`~causalmix_core.effects.folds.repeated_folds`.

    Returns
    -------
    the coding and its (L,) out-of-fold errors over the penalties.
    """
    tried = []
    for coding in candidates:
        columns = np.concatenate([coding.encode(shares), beside], axis=1)
        extra = coding.parts.max() + 1 + np.arange(beside.shape[1])
        scale = column_scale(columns, np.ones(columns.shape[1]), np.concatenate([coding.parts, extra]))
        tried.append(cross_validated_errors(columns, target, scale, folds))
    best = min(range(len(candidates)), key=lambda i: tried[i].min())
    return candidates[best], tried[best]

"""Folds that never split a pool: rows of one pool share what the covariates do not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Index = NDArray[np.intp]


def group_folds(groups: NDArray[np.int64], folds: int, seed: int) -> list[tuple[Index, Index]]:
    """Split rows into folds of about equal size, whole groups at a time.

    Parameters
    ----------
    groups : (n,) group number of each row.
    folds : at least 2; fewer are made when there are fewer groups.
    seed : shuffles the groups; the same seed gives the same folds.

    Returns
    -------
    list of (train rows, test rows), each sorted; every row is in exactly one test set.
    """
    names, member = np.unique(groups, return_inverse=True)
    sizes = np.bincount(member)
    count = min(folds, len(names))
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(-sizes[order], kind="stable")]
    load = np.zeros(count)
    fold_of = np.empty(len(names), dtype=np.intp)
    for group in order:
        target = int(np.argmin(load))
        fold_of[group] = target
        load[target] += sizes[group]
    row_fold = fold_of[member]
    return [(np.flatnonzero(row_fold != f), np.flatnonzero(row_fold == f)) for f in range(count)]


def repeated_folds(
    groups: NDArray[np.int64], folds: int, seed: int, repeats: int = 3
) -> list[tuple[Index, Index]]:
    """Several independent partitions one after the other: steadier choices than one partition."""
    return [split for repeat in range(repeats) for split in group_folds(groups, folds, seed + 1000 * repeat)]


def linked_groups(groups: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """(n,) number of each row's island: rows of one pool, or of one mixture, are on one island.

    Parameters
    ----------
    groups : (n,) pool number of each row.
    shares : (n, K) mixtures; equal to nine decimals is the same mixture.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    mixture = np.unique(shares.round(9), axis=0, return_inverse=True)[1].ravel()
    pool = np.unique(groups, return_inverse=True)[1]
    pools, mixtures = pool.max() + 1, mixture.max() + 1
    edges = coo_array((np.ones(len(pool)), (pool, pools + mixture)), shape=(pools + mixtures,) * 2)
    islands: NDArray[np.int64] = connected_components(edges, directed=False)[1][pool].astype(np.int64)
    return islands


def pools_up_to(groups: NDArray[np.int64], rows: int, seed: int) -> Index:
    """Row numbers of randomly chosen whole pools, about ``rows`` of them; all where there are fewer."""
    if len(groups) <= rows:
        return np.arange(len(groups))
    order = np.random.default_rng(seed).permutation(int(groups.max()) + 1)
    rank = order[groups]
    return np.sort(np.argsort(rank, kind="stable")[:rows])

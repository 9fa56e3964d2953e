"""Were later mixtures picked by looking at earlier results? Read from the order of the rows.

Three traces of such a search (Bayesian optimisation, greedy tuning, a person with a notebook) are
measured: each next mixture leans towards what did better so far, lies near the best so far, and
mixtures come closer to the overall best as the log goes on; each on the figures as they stand and
purged of the pool's state. Where no result led to the next mixture, any order of the pools is as
likely as theirs, so the largest trace is held against those of shuffled orders (a permutation
test, exact whatever else mixtures and outcomes have in common).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.check import Check, Detail, Status, figure
from causalmix_core.checks.words import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.out_of_fold import OutOfFold
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]
    Index = NDArray[np.intp]

ID, TITLE = "order", "Order of the runs"
SHUFFLES = 199
SEED = 20
LEAST_ROWS = 20  # fewer rows cannot tell a search from chance
LEAST_BLOCKS = 20
SIGNIFICANT = 0.01  # one table in a hundred with runs in random order is looked at in vain
STRONG = 0.3
TOP = 0.1  # of the runs: whose centre is the best mixture
START = 0.1  # of the rows: before them there is nothing yet that could be looked at


@dataclass(frozen=True)
class Traces:
    """What the order of the rows shows.

    ``lean`` : mean cosine (-1..1) between the next mixture and the better side so far;
    ``approach`` : rank correlation (-1..1) of row number and closeness to the best mixtures;
    ``drift`` : of row number and outcome; ``p`` : of the permutation test on lean and approach.
    """

    lean: float
    approach: float
    drift: float
    p: float


def order_check(table: RunsTable, oof: OutOfFold) -> Check:
    """Recognise an adaptive log from the order of its rows."""
    column = sorted_by(table)
    if column is not None:
        return _untold(f"the rows are sorted by {column}, so their order does not say when they were run")
    if table.n_runs < LEAST_ROWS:
        return _untold(f"{table.n_runs} runs are too few to tell a search from chance")
    k = len(table.domains)
    purged = (oof.feature_residual[:, k:], oof.outcome_residual)
    found = traces(table.shares, oof.observed, purged, blocks(table))
    status = _status(found, table)
    shuffled = "fewer than 1 %" if found.p < 0.01 else percent(found.p)
    verdict = (
        "the rows look as if no result had led to the next mixture"
        if status == "PASS"
        else "mixtures seem to have been picked by looking at earlier results"
    )
    return Check(
        ID,
        TITLE,
        status,
        figure(found.p),
        SIGNIFICANT,
        "p",
        f"Of shuffled orders of the rows, {shuffled} show as strong a trace of a search as theirs: {verdict}.",
        "Nothing to do." if status == "PASS" else _REMEDY,
        (
            Detail("lean of the next mixture to the better side (cosine)", figure(found.lean), status),
            Detail("later mixtures closer to the best (rank correlation)", figure(found.approach), status),
            Detail("later outcomes better (rank correlation)", figure(found.drift), "PASS"),
        ),
    )


_REMEDY = (
    "Mark these rows chosen in an assignment column and add runs whose mixtures are drawn at random; until then "
    "take the effects near the best runs as what a search made of them, intervals as too narrow."
)


def _untold(why: str) -> Check:
    return Check(
        ID,
        TITLE,
        "REVIEW",
        None,
        SIGNIFICANT,
        "p",
        f"Whether mixtures were picked by earlier results cannot be seen: {why}.",
        "Keep the rows in the order in which they were run, or say in an assignment column how they were chosen.",
    )


def _status(found: Traces, table: RunsTable) -> Status:
    if found.p > SIGNIFICANT:
        return "PASS"
    says_random = table.assignment is not None and "chosen" not in table.assignment
    return "FAIL" if says_random or max(found.lean, found.approach) >= STRONG else "REVIEW"


def sorted_by(table: RunsTable) -> str | None:
    """Name of an outcome, domain or covariate by which the rows are sorted, or None."""
    names = [*(o.name for o in table.outcomes), *table.domains, *table.covariate_columns]
    values = np.concatenate([table.scores, table.shares, table.states], axis=1)
    steps = np.diff(values, axis=0)
    # A column of few distinct values (a share that is mostly 0) can be in order by accident.
    varied = (steps != 0).mean(axis=0) > 0.5
    ordered = ((steps >= 0).all(axis=0) | (steps <= 0).all(axis=0)) & varied
    return next((name for name, found in zip(names, ordered, strict=True) if found), None)


def blocks(table: RunsTable) -> Index:
    """(n,) block of each row: neighbours of one pool are shuffled together.

    Where that leaves hardly any blocks (one long log on one pool), each row is its own.
    """
    groups = table.groups()
    number_of = np.concatenate([[0], np.cumsum(groups[1:] != groups[:-1])]).astype(np.intp)
    return number_of if number_of[-1] + 1 >= LEAST_BLOCKS else np.arange(len(groups), dtype=np.intp)


def traces(mixtures: Array, outcomes: Array, residuals: tuple[Array, Array], block: Index) -> Traces:
    """All traces, with the p-value of the largest.

    Parameters
    ----------
    mixtures : (n, K) shares; outcomes : (n,) higher is better, as somebody looking at the log saw them.
    residuals : both, purged of the pool's state. block : (n,) from :func:`blocks`.
    """
    views = [(mixtures, _ranks(outcomes)), (residuals[0], _ranks(residuals[1]))]
    distances = [_ranks(_distance_to_top(*view)) for view in views]
    rows_of = np.split(np.arange(len(block)), np.flatnonzero(np.diff(block)) + 1)
    draw = np.random.default_rng(SEED)
    orders = [np.concatenate([rows_of[i] for i in draw.permutation(len(rows_of))]) for _ in range(SHUFFLES)]
    values = np.array(
        [
            [
                *(_lean(mixture[order], rank[order]) for mixture, rank in views),
                *(_approach(distance[order]) for distance in distances),
                *(_nearness(mixture[order], rank[order]) for mixture, rank in views),
            ]
            for order in [np.arange(len(block)), *orders]
        ]
    )
    spread = values.std(axis=0)
    largest = ((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)).max(axis=1)
    return Traces(
        lean=float(values[0, :2].max()),
        approach=float(values[0, 2:4].max()),
        drift=_approach(-views[0][1]),
        p=float((largest >= largest[0] - 1e-12).mean()),
    )


def _ranks(values: Array) -> Array:
    """(n,) ranks of values, centred, from -1/2 to 1/2."""
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return order / (len(values) - 1.0) - 0.5


def _distance_to_top(mixtures: Array, ranks: Array) -> Array:
    """(n,) distance of each mixture to the centre of those with the best outcomes."""
    centre = mixtures[ranks >= np.quantile(ranks, 1.0 - TOP)].mean(axis=0)
    distance: Array = np.linalg.norm(mixtures - centre, axis=1)
    return distance


def _approach(distance_ranks: Array) -> float:
    """Minus the rank correlation of distance and row number: above 0 where later rows come closer."""
    n = len(distance_ranks)
    position = np.arange(n) / (n - 1.0) - 0.5
    return -float(position @ distance_ranks / (position @ position))


def _lean(mixtures: Array, ranks: Array) -> float:
    """Mean cosine between each row's step away from the mean so far and the better side so far."""
    n = len(ranks)
    before = np.arange(1, n)[:, None]
    mean = np.cumsum(mixtures, axis=0)[:-1] / before
    rank = np.cumsum(ranks)[:-1, None] / before
    better = np.cumsum(mixtures * ranks[:, None], axis=0)[:-1] / before - rank * mean
    step = mixtures[1:] - mean
    lengths = np.sqrt((better**2).sum(axis=1) * (step**2).sum(axis=1))
    cosine = (better * step).sum(axis=1) / np.where(lengths > 0, lengths, 1.0)
    return float(cosine[max(2, int(START * n)) :].mean())


def _nearness(mixtures: Array, ranks: Array) -> float:
    """Minus the mean distance between each mixture and that of the best outcome before it."""
    n = len(ranks)
    record = np.maximum.accumulate(np.where(ranks >= np.maximum.accumulate(ranks), np.arange(n), 0))
    gap = np.linalg.norm(mixtures[1:] - mixtures[record[:-1]], axis=1)
    return -float(gap[max(2, int(START * n)) :].mean())

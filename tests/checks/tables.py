"""Tables for checks: a clean one, and one for each way in which a table can be bad."""

from __future__ import annotations

import dataclasses

import numpy as np

from benchmarks.worlds import World, make_world
from causalmix_core.evidence.canonical import content_hash
from causalmix_core.evidence.table import Covariate, Outcome, RunsTable

REPEATS = 8


def changed(table: RunsTable, **values) -> RunsTable:
    """The table with some fields replaced and the hash that belongs to it."""
    fresh = dataclasses.replace(table, **values, sha256="")
    return dataclasses.replace(fresh, sha256=content_hash(fresh))


def world(k: int = 3, seed: int = 3, confounding: float = 0.0) -> World:
    """A small world with one covariate a domain and some noise."""
    return make_world(k, 1, True, confounding, seed, noise=0.2)


def clean_table(runs: int = 240, seed: int = 3) -> RunsTable:
    """Mixtures at random, strong effects, and repeats of the first runs: nothing to find fault with."""
    source = world(seed=seed)
    table = source.table(runs, seed)
    draw = np.random.default_rng(99 + seed)
    shares = np.concatenate([table.shares, table.shares[:REPEATS]])
    states = np.concatenate([table.states, table.states[:REPEATS]])
    again = table.states[:REPEATS] @ source.level + source.value(shares[:REPEATS], states[:REPEATS])
    scores = np.concatenate([table.scores[:, 0], again + source.noise * draw.normal(size=REPEATS)])
    pools = table.pool_ids or ()
    return changed(
        table,
        shares=shares,
        states=states,
        scores=scores[:, None],
        run_ids=tuple(f"r{i}" for i in range(len(shares))),
        pool_ids=(*pools, *pools[:REPEATS]),
        assignment=("random",) * len(shares),
    )


def noise_table(runs: int = 120, seed: int = 0, k: int = 3) -> RunsTable:
    """Outcomes that have nothing to do with mixture or pool."""
    table = world(k).table(runs, seed)
    scores = np.random.default_rng(seed).normal(size=(runs, 1))
    return changed(table, scores=scores)


def decided_by_the_pool(runs: int = 160, slack: float = 0.01) -> RunsTable:
    """Mixtures that follow from the pool's state but for ``slack``."""
    table = world().table(runs, 1)
    wish = 1.0 + 0.15 * np.clip(table.states, -3.0, 3.0)
    wish += slack * np.random.default_rng(1).random(wish.shape)
    return changed(table, shares=wish / wish.sum(axis=1, keepdims=True))


def with_covariate(table: RunsTable, name: str, values: np.ndarray) -> RunsTable:
    """One covariate of the whole pool more."""
    return changed(
        table,
        covariates=(*table.covariates, Covariate(f"x_{name}", name)),
        states=np.column_stack([table.states, values]),
    )


def log_table(shares: np.ndarray, states: np.ndarray, score: np.ndarray) -> RunsTable:
    """A log of runs in the order in which they were made, a pool each."""
    n, k = shares.shape
    return changed(
        RunsTable(
            name="log",
            domains=tuple(f"d{i}" for i in range(k)),
            shares=shares,
            covariates=tuple(Covariate(f"x_c{j}", f"c{j}") for j in range(states.shape[1])),
            states=states,
            outcomes=(Outcome("score", True),),
            scores=score[:, None],
            run_ids=tuple(f"r{i}" for i in range(n)),
            pool_ids=None,
            assignment=None,
            provenance={},
            natural=None,
            natural_label="",
            default_outcome="score",
            description="",
            issues=(),
            sha256="",
        )
    )


def adaptive_log(seed: int, how: str, runs: int = 80, k: int = 4, start: int = 12) -> RunsTable:
    """A log that starts at random and then looks at its results.

    ``greedy``: each next mixture is drawn near the best so far. ``model``: each next one is the best
    of many candidates by a ridge on all runs before it, with some exploration (what Bayesian
    optimisation does). ``random``: it never looks.
    """
    source = make_world(k, 2, False, 0.0, seed)
    draw = np.random.default_rng(1000 + seed)
    states = source.draw_states(runs, draw)
    shares = source.draw_mixtures(states, draw)
    score = np.empty(runs)
    for t in range(runs):
        if t >= start and how == "greedy":
            shares[t] = draw.dirichlet(40.0 * shares[int(np.argmax(score[:t]))] + 0.1)
        elif t >= start and how == "model":
            shares[t] = _by_model(shares[:t], score[:t], draw)
        value = source.value(shares[t : t + 1], states[t : t + 1])[0]
        score[t] = states[t] @ source.level + value + source.noise * draw.normal()
    return log_table(shares, states, score)


def _by_model(shares: np.ndarray, score: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    k = shares.shape[1]
    centre = shares.mean(axis=0)
    inside = shares - centre
    slopes = np.linalg.solve(inside.T @ inside + 0.1 * np.eye(k), inside.T @ (score - score.mean()))
    candidates = draw.dirichlet(np.ones(k), 200)
    best = candidates[int(np.argmax((candidates - centre) @ slopes))]
    return 0.7 * best + 0.3 * draw.dirichlet(np.ones(k))

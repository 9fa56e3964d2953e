"""The best observed run."""

from __future__ import annotations

import dataclasses

import numpy as np

from causalmix_core.effects.best_run import best_mixture, best_run
from causalmix_core.evidence.table import Covariate, Outcome
from tests.figures.examples import runs_table


def table(scores, states):
    """32 runs of three mixtures in turn."""
    shares = np.array([[0.2, 0.5, 0.3], [0.6, 0.2, 0.2], [0.1, 0.1, 0.8]])[np.arange(32) % 3]
    return dataclasses.replace(
        runs_table(),
        shares=shares,
        scores=scores[:, None],
        states=states,
        covariates=tuple(Covariate(f"x_{i}", f"c{i}") for i in range(states.shape[1])),
        outcomes=(Outcome("score", True),),
        run_ids=tuple(f"r{i}" for i in range(32)),
        assignment=None,
    )


def test_without_covariates_it_is_the_run_of_the_highest_score():
    scores = np.sin(np.arange(32.0))
    found = table(scores, np.empty((32, 0)))
    assert best_run(found, "score") == int(np.argmax(scores))
    assert best_mixture(found, "score").tolist() == found.shares[int(np.argmax(scores))].tolist()


def test_a_good_pool_alone_makes_no_best_run():
    """The score is 10 times the pool's state, and run 4's mixture adds 2 to it."""
    state = np.linspace(-1.0, 1.0, 32)
    scores = 10.0 * state + np.where(np.arange(32) == 4, 2.0, 0.0)
    assert int(np.argmax(scores)) == 31
    assert best_run(table(scores, state[:, None]), "score") == 4

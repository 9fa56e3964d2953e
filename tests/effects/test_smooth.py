"""The Gaussian process of the mixture alone."""

import numpy as np

from causalmix_core.effects.estimators.mixture_process import MixtureProcess

RNG = np.random.default_rng(0)
SHARES = RNG.dirichlet(np.full(5, 0.4), size=160).round(3)
SHARES = SHARES / SHARES.sum(axis=1, keepdims=True)


def outcome(shares):
    """Diminishing returns, a pair that helps together, and a domain that helps by being there at all."""
    return np.log(shares[:, 0] + 0.02) + 4.0 * shares[:, 1] * shares[:, 2] + 0.5 * (shares[:, 3] > 0)


def test_process_foretells_unseen_mixtures_and_interactions():
    target = outcome(SHARES) + 0.05 * np.random.default_rng(1).normal(size=len(SHARES))
    process = MixtureProcess(seed=0).fit(SHARES[:120], target[:120])
    off = process.predict(SHARES[120:]) - outcome(SHARES[120:])
    assert off.std() < 0.35 * outcome(SHARES[120:]).std()


def test_process_is_the_same_each_time():
    first, second = (MixtureProcess(seed=0).fit(SHARES[:60], outcome(SHARES[:60])) for _ in range(2))
    assert first.predict(SHARES).tobytes() == second.predict(SHARES).tobytes()

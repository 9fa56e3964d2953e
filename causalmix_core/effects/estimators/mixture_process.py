"""A Gaussian process of the mixture alone, for wide and sparse designs.

Kernels of the shares in several logarithms (slopes), of whether a domain is there at all (a share
of nothing and a small one differ more than any smooth function says), of each share alone and of
the whole mixture together. The variance of each is learned
(:mod:`~causalmix_core.effects.components`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.components import learn_variances
from causalmix_core.effects.folds import pools_up_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MOST_RUNS = 2048
LEARNING_RUNS, LEARNING_STEPS = 512, 40
SLOPE_EPSILONS = (0.001, 0.01, 0.1)
SMOOTH_EPSILONS = (0.001, 0.01)
PRESENT = 5e-4  # half of the step to which mixtures are commonly rounded
WHOLE_LENGTH, SINGLE_LENGTH = 2.0, 0.5  # in spreads of a share
CONSTANT = 100.0  # variance of the constant, in units of the outcome's


class MixtureProcess:
    """Fits and predicts like a regression of scikit-learn; ``seed`` chooses runs where there are too many."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def fit(self, shares: Array, target: Array) -> MixtureProcess:
        """Learn from mixtures (n, K) and their outcomes (n,)."""
        rows = pools_up_to(np.arange(len(target)), MOST_RUNS, self._seed)
        few = pools_up_to(np.arange(len(target)), LEARNING_RUNS, self._seed)
        self._runs = shares[rows]
        self._level, self._spread = float(target[few].mean()), float(target[few].std())
        plain = self._kernels(shares[few], shares[few])
        self._norms = 1.0 / np.maximum([float(np.diag(kernel).mean()) for kernel in plain], 1e-12)
        grams = np.stack(plain) * self._norms[:, None, None]
        self._components = learn_variances(grams, target[few], steps=LEARNING_STEPS)
        kernel = self._kernel(self._runs, self._runs)
        kernel[np.diag_indices(len(rows))] += self._components.noise
        outcome = (target[rows] - self._level) / self._spread
        self._weights = np.asarray(np.linalg.solve(kernel, outcome), dtype=np.float64)
        return self

    def predict(self, shares: Array) -> Array:
        """(m, K) mixtures -> (m,) outcomes."""
        predicted: Array = self._level + self._spread * (self._kernel(shares, self._runs) @ self._weights)
        return predicted

    def _kernel(self, a: Array, b: Array) -> Array:
        weights = self._components.variances * self._norms
        kernel: Array = sum(w * k for w, k in zip(weights, self._kernels(a, b), strict=True)) + CONSTANT
        return kernel

    def _kernels(self, a: Array, b: Array) -> list[Array]:
        found = []
        for form in _slope_forms():
            mean = form(self._runs).mean(axis=0)
            found.append((form(a) - mean) @ (form(b) - mean).T)
        for form in _smooth_forms():
            spread = float(form(self._runs).std(axis=0).mean()) or 1.0
            found.append(_matern(form(a) / spread, form(b) / spread, WHOLE_LENGTH))
        for epsilon in SMOOTH_EPSILONS:
            logs = _log(epsilon)
            spread = float(logs(self._runs).std(axis=0).mean()) or 1.0
            single = [(logs(a)[:, [k]] / spread, logs(b)[:, [k]] / spread) for k in range(a.shape[1])]
            found.append(np.sum([_matern(x, y, SINGLE_LENGTH) for x, y in single], axis=0))
        return found


def _log(epsilon: float) -> Callable[[Array], Array]:
    return lambda shares: np.log(shares + epsilon)


def _slope_forms() -> list[Callable[[Array], Array]]:
    return [
        *map(_log, SLOPE_EPSILONS),
        lambda shares: shares,
        lambda shares: (shares > PRESENT).astype(float),
    ]


def _smooth_forms() -> list[Callable[[Array], Array]]:
    return [*map(_log, SMOOTH_EPSILONS), np.sqrt]


def _matern(a: Array, b: Array, length: float) -> Array:
    """Matern 3/2 kernel of points (m, c) and (n, c), the squared distance averaged over columns."""
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2.0 * a @ b.T
    distance = np.sqrt(3.0 * np.maximum(squared, 0.0) / a.shape[1]) / length
    kernel: Array = (1.0 + distance) * np.exp(-distance)
    return kernel

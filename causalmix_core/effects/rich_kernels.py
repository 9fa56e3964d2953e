"""The parts of the rich model as kernels of mixtures on pools (:mod:`~causalmix_core.effects.rich_model`).

Parts come one at a time: together, for two thousand runs, they would fill a gigabyte.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.state_basis import draw_waves, standardised
from causalmix_core.effects.state_scale import fit_state_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from causalmix_core.effects.state_scale import StateScale
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]
    Index = NDArray[np.intp]

LOG_EPSILONS = (0.01, 0.1)
SHARE_LENGTH = 2.0  # of smooth functions of a share, in its spreads
WAVES = 100
THRESHOLDS = np.arange(0.1, 0.95, 0.1)  # quantiles of a covariate at which slopes may jump
LEVEL_PARTS = 3


@dataclass(frozen=True, eq=False)
class Points:
    """Mixtures (m, K) on pools: ``states`` (m, d) in spreads, ``own`` (m, K, J) where there are any."""

    shares: Array
    states: Array
    own: Array | None

    def rows(self, rows: slice) -> Points:
        """Some of them."""
        return Points(self.shares[rows], self.states[rows], None if self.own is None else self.own[rows])


@dataclass(frozen=True, eq=False)
class Kernels:
    """Kernels of two sets of points, each of mean diagonal 1 on the runs.

    Attributes
    ----------
    mean, spread : (d,) of the states; ``scale`` standardises own covariates where there are any.
    means (F, K), spreads (F,) : of the forms of a share that get slopes. share_spread : of a share.
    thresholds : (Q, d), or (Q, K, J) of own covariates, where slopes may jump.
    norms : (B,) from the runs, those of the level first.
    """

    mean: Array
    spread: Array
    scale: StateScale | None
    means: Array
    spreads: Array
    share_spread: float
    thresholds: Array
    norms: Array

    def points(self, shares: Array, states: Array) -> Points:
        """Mixtures (m, K) on pools (m, d) in table units."""
        own = None if self.scale is None else self.scale(states)
        return Points(shares, standardised(states, self.mean, self.spread), own)

    def grams(self, a: Points) -> Array:
        """(B, n, n) normed kernels of all parts, the level's first: for few points."""
        return np.stack([norm * part for norm, part in zip(self.norms, self._all(a), strict=True)])

    def mixture_grams(self, a: Points) -> Array:
        """(B, n, n) the same of the parts that depend on the mixture alone."""
        norms = self.norms[self.level_parts :]
        return np.stack([norm * part for norm, part in zip(norms, self._mixture(a, a), strict=True)])

    def whole(self, variances: Array, a: Points) -> Array:
        """(n, n) sum of all parts, each times its variance (B,)."""
        return _weighted(variances * self.norms, self._all(a))

    def mixture(self, variances: Array, a: Points, b: Points) -> Array:
        """(m, n) sum of the parts that depend on the mixture; ``variances`` (B,) of all parts."""
        skipped = self.level_parts
        return _weighted((variances * self.norms)[skipped:], self._mixture(a, b))

    @property
    def level_parts(self) -> int:
        """How many of the parts, the first ones, depend on the pool alone."""
        return LEVEL_PARTS if len(self.mean) else 0

    def _all(self, a: Points) -> Iterator[Array]:
        if self.level_parts:
            linear = a.states @ a.states.T / a.states.shape[1]
            yield linear
            yield linear**2
            yield _gaussian(a.states, a.states, 1.0)
        yield from self._mixture(a, a)

    def _mixture(self, a: Points, b: Points) -> Iterator[Array]:
        f = self._forms(a.shares)
        g = f if a is b else self._forms(b.shares)
        state = _gaussian(a.states, b.states, 1.0) if len(self.mean) else None
        yield from _slopes(f, g, a, b, state)
        if state is not None:
            yield _jumping(f[:, LARGE], g[:, LARGE], self._above(a), self._above(b))
        yield (f[:, PLAIN] @ g[:, PLAIN].T) ** 2
        yield from self._smooth(a, b, state)

    def _forms(self, shares: Array) -> Array:
        """(m, K) -> (m, F, K): every form of a share that gets slopes."""
        forms = np.stack([form(shares) for form in _FORMS], axis=1)
        return (forms - self.means) / self.spreads[:, None]

    def _above(self, points: Points) -> Array:
        """(m, Q d), or (m, K, Q J) of own covariates: 1 above a threshold and -1 below, normed."""
        values = points.states if points.own is None else points.own
        above = np.stack([np.where(values > at, 1.0, -1.0) for at in self.thresholds], axis=-2)
        return above.reshape(*above.shape[:-2], -1) / np.sqrt(above.shape[-2] * above.shape[-1])

    def _smooth(self, a: Points, b: Points, state: Array | None) -> Iterator[Array]:
        """Smooth in each share, in share and state, in mixture and state."""
        s, t = a.shares / self.share_spread, b.shares / self.share_spread
        alone, with_state = np.zeros((len(s), len(t))), np.zeros((len(s), len(t)))
        for k in range(s.shape[1]):
            single = _gaussian(s[:, [k]], t[:, [k]], SHARE_LENGTH)
            alone += single
            if a.own is not None and b.own is not None:
                with_state += single * _gaussian(a.own[:, k], b.own[:, k], 1.0)
        yield alone
        whole = _gaussian(s, t, SHARE_LENGTH)
        if state is None:
            yield whole
            return
        yield alone * state if a.own is None else with_state
        yield whole * state


def make_kernels(table: RunsTable, some: Index) -> Kernels:
    """Scales from all runs, norms from ``some`` of them."""
    forms = np.stack([form(table.shares) for form in _FORMS])
    mean, spread = table.states.mean(axis=0), table.states.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    scale = fit_state_scale(table) if table.covariates_are_per_domain else None
    inside = standardised(table.states, mean, spread) if scale is None else scale(table.states)
    plain = Kernels(
        mean=mean,
        spread=spread,
        scale=scale,
        means=forms.mean(axis=1),
        spreads=np.sqrt(forms.var(axis=1).sum(axis=1)),
        share_spread=float(np.sqrt(table.shares.var(axis=0).mean())),
        thresholds=np.quantile(inside, THRESHOLDS, axis=0),
        norms=np.ones(0),
    )
    points = plain.points(table.shares[some], table.states[some])
    means = [float(np.diag(part).mean()) for part in plain._all(points)]
    return dataclasses.replace(plain, norms=1.0 / np.maximum(means, 1e-12))


def _log_small(shares: Array) -> Array:
    return np.log(shares + LOG_EPSILONS[0])


def _log_large(shares: Array) -> Array:
    return np.log(shares + LOG_EPSILONS[1])


def _plain(shares: Array) -> Array:
    return shares


def _squared(shares: Array) -> Array:
    squared: Array = shares**2
    return squared


# Forms of a share that get slopes.
_FORMS: tuple[Callable[[Array], Array], ...] = (_log_small, _log_large, _plain, _squared)
LARGE, PLAIN = 1, 2


def _slopes(f: Array, g: Array, a: Points, b: Points, state: Array | None) -> Iterator[Array]:
    """Slopes of all forms (m, F, K) and (n, F, K): average, and linear and smooth in the state.

    With own covariates: linear, squared and smooth in them by one law for all domains, and linear
    by a law of each domain.
    """
    average = _flat(f) @ _flat(g).T
    yield average
    if state is None:
        return
    if a.own is None or b.own is None:
        yield average * (a.states @ b.states.T)
        yield average * state
        return
    for look in (_unchanged, _centred_square, draw_waves(a.own.shape[2], WAVES, 0)):
        x = _shared(f, look(a.own))
        yield x @ (x if a is b else _shared(g, look(b.own))).T
    x = _each(f, a.own)
    yield x @ (x if a is b else _each(g, b.own)).T


def _shared(forms: Array, features: Array) -> Array:
    """(m, F, K) and (m, K, c) -> (m, F c): products summed over domains, one law for all of them."""
    return _flat(np.einsum("nqk,nkf->nqf", forms, features))


def _each(forms: Array, features: Array) -> Array:
    """(m, F, K) and (m, K, c) -> (m, F K c): products of each domain, a law of its own."""
    return _flat(np.einsum("nqk,nkf->nqkf", forms, features))


def _unchanged(own: Array) -> Array:
    return own


def _centred_square(own: Array) -> Array:
    squared: Array = own**2 - 1.0
    return squared


def _flat(parts: Array) -> Array:
    return parts.reshape(len(parts), -1)


def _jumping(f: Array, g: Array, above: Array, others: Array) -> Array:
    """Slopes of (m, K) and (n, K) that jump where a covariate crosses a threshold, any of them alike."""
    if above.ndim == others.ndim == 2:
        pooled: Array = (f @ g.T) * (above @ others.T)
        return pooled
    own: Array = _flat(f[:, :, None] * above) @ _flat(g[:, :, None] * others).T
    return own


def _weighted(weights: Array, parts: Iterator[Array]) -> Array:
    total: Array | None = None
    for weight, part in zip(weights, parts, strict=True):
        total = weight * part if total is None else total + weight * part
    if total is None:
        raise ValueError("no parts")
    return total


def _gaussian(a: Array, b: Array, length: float) -> Array:
    """Gaussian kernel of points (m, c) and (n, c), the squared distance averaged over columns."""
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2.0 * a @ b.T
    kernel: Array = np.exp(-0.5 * np.maximum(squared, 0.0) / (a.shape[1] * length**2))
    return kernel

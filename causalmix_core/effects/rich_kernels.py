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
    means, spreads : per form of a share that gets slopes. share_spread : of a share.
    norms : (B,) from the runs, those of the level first.
    """

    mean: Array
    spread: Array
    scale: StateScale | None
    means: tuple[Array, ...]
    spreads: tuple[float, ...]
    share_spread: float
    norms: Array

    def points(self, shares: Array, states: Array) -> Points:
        """Mixtures (m, K) on pools (m, d) in table units."""
        own = None if self.scale is None else self.scale(states)
        return Points(shares, standardised(states, self.mean, self.spread), own)

    def grams(self, a: Points) -> Array:
        """(B, n, n) normed kernels of all parts, the level's first: for few points."""
        return np.stack([norm * part for norm, part in zip(self.norms, self._all(a), strict=True)])

    def whole(self, variances: Array, a: Points) -> Array:
        """(n, n) sum of all parts, each times its variance (B,)."""
        return _weighted(variances * self.norms, self._all(a))

    def mixture(self, variances: Array, a: Points, b: Points) -> Array:
        """(m, n) sum of the parts that depend on the mixture; ``variances`` (B,) of all parts."""
        skipped = self._level_parts
        return _weighted((variances * self.norms)[skipped:], self._mixture(a, b))

    @property
    def _level_parts(self) -> int:
        return LEVEL_PARTS if len(self.mean) else 0

    def _all(self, a: Points) -> Iterator[Array]:
        if self._level_parts:
            linear = a.states @ a.states.T / a.states.shape[1]
            yield linear
            yield linear**2
            yield _gaussian(a.states, a.states, 1.0)
        yield from self._mixture(a, a)

    def _mixture(self, a: Points, b: Points) -> Iterator[Array]:
        state = _gaussian(a.states, b.states, 1.0) if len(self.mean) else None
        pairs = _own_features(a, b)
        for form, mean, spread in zip(_FORMS, self.means, self.spreads, strict=True):
            f, g = (form(a.shares) - mean) / spread, (form(b.shares) - mean) / spread
            yield from _slopes(f, g, a, b, state, pairs)
        yield from self._smooth(a, b, state)

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
    k = len(table.domains)
    forms = [form(table.shares) for form in _FORMS]
    spread = table.states.std(axis=0)
    plain = Kernels(
        mean=table.states.mean(axis=0),
        spread=np.where(spread > 0, spread, 1.0),
        scale=fit_state_scale(table) if table.covariates_are_per_domain else None,
        means=tuple(form.mean(axis=0) for form in forms),
        spreads=tuple(float(np.sqrt(form.var(axis=0).mean() * k)) for form in forms),
        share_spread=float(np.sqrt(table.shares.var(axis=0).mean())),
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


def _own_features(a: Points, b: Points) -> list[tuple[Array, Array]]:
    """What slopes may depend on in a domain's own covariates, of both: linear, squared, smooth; none without any."""
    if a.own is None or b.own is None:
        return []
    waves = draw_waves(a.own.shape[2], WAVES, 0)
    both = (a.own, b.own) if a is not b else (a.own,)
    found = [(u, u**2 - 1.0, waves(u)) for u in both]
    return list(zip(found[0], found[-1], strict=True))


def _slopes(
    f: Array, g: Array, a: Points, b: Points, state: Array | None, own: list[tuple[Array, Array]]
) -> Iterator[Array]:
    """Kernels of one form with average, linear and smooth slopes in the state."""
    average = f @ g.T
    yield average
    if state is None:
        return
    if not own:
        yield average * (a.states @ b.states.T)
        yield average * state
        return
    for x, y in own:
        yield np.einsum("nk,nkf->nf", f, x) @ np.einsum("nk,nkf->nf", g, y).T
    u, v = own[0]
    yield (f[:, :, None] * u).reshape(len(f), -1) @ (g[:, :, None] * v).reshape(len(g), -1).T


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

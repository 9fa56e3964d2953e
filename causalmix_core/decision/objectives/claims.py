"""Claims about a mixture, many at once: gains of several responses, or the lower ends of their intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Claim:
    """``gain(T) - quantile * se(T) - least`` of one response: what is to be large, or at least 0.

    Attributes
    ----------
    response : of an outcome at a pool.
    quantile : >= 0, standard errors taken off; 0 is the gain itself.
    least : outcome units, taken off as well.
    """

    response: Response
    quantile: float = 0.0
    least: float = 0.0

    def at(self, shares: Array, anchor: Array) -> Array:
        """Value at mixtures (..., K), shape (...)."""
        value: Array = self.response.gain(shares, anchor) - self.least
        if self.quantile > 0.0:
            value = value - self.quantile * self.response.gain_se(shares, anchor)
        return value

    @property
    def size(self) -> float:
        """Largest coefficient: what values are of the order of."""
        return float(np.abs(self.response.coefficients).max())


def scaled(claim: Claim, unit: float) -> Claim:
    """The claim in units of ``unit`` > 0, so that the least of several compares like with like."""
    response = claim.response
    smaller = replace(
        response,
        log_coefficients=response.log_coefficients / unit,
        linear_coefficients=response.linear_coefficients / unit,
        covariance=response.covariance / unit**2,
    )
    return Claim(smaller, claim.quantile, claim.least / unit)


class Slopes:
    """Values (m,) and derivatives (m, K) of m claims at one mixture, the last one remembered.

    A generic solver asks for the values and for the derivatives apart, at the same mixture.
    """

    def __init__(self, claims: Sequence[Claim], anchor: Array) -> None:
        self._claims = claims
        self._epsilon = np.array([claim.response.epsilon for claim in claims])[:, None]
        self._coefficients = np.stack([claim.response.coefficients for claim in claims])
        self._least = np.array([claim.least for claim in claims])
        self._start = self._features(anchor)
        self._unsure = [i for i, claim in enumerate(claims) if claim.quantile > 0.0]
        self._key = b""
        self._known: tuple[Array, Array] = (self._least, self._coefficients)

    def at(self, shares: Array) -> tuple[Array, Array]:
        """Values and derivatives at ``shares`` (K,); where a standard error is 0 it has none."""
        key = shares.tobytes()
        if key != self._key:
            self._key, self._known = key, self._compute(shares)
        return self._known

    def _compute(self, shares: Array) -> tuple[Array, Array]:
        k = len(shares)
        step = self._features(shares) - self._start
        believed = self._coefficients
        values = (step * believed).sum(axis=1) - self._least
        if self._unsure:
            believed = believed.copy()
        for i in self._unsure:
            claim = self._claims[i]
            spread = claim.response.covariance @ step[i]
            se = float(np.sqrt(max(step[i] @ spread, 0.0)))
            values[i] -= claim.quantile * se
            if se > 0.0:
                believed[i] -= claim.quantile / se * spread
        return values, believed[:, :k] / (shares + self._epsilon) + believed[:, k:]

    def _features(self, shares: Array) -> Array:
        plain = np.broadcast_to(shares, (len(self._epsilon), len(shares)))
        return np.concatenate([np.log(plain + self._epsilon), plain], axis=1)

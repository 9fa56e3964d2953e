"""Claims about a mixture: the gain of a response, or the lower end of its interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
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
    def concave(self) -> bool:
        """True where no log coefficient is negative and no standard error is taken off: then every local best is global."""
        return self.quantile == 0.0 and bool((self.response.log_coefficients >= 0.0).all())

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

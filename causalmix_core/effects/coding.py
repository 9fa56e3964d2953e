"""Treatment codings: how an estimator sees a mixture, and the way back to a Response.

An estimator regresses on ``encode(T)`` and finds slopes theta (p,); ``decode`` turns theta and
its covariance into the (log, linear) coefficients of a Response. Three codings are used:
the paper's K logs, the K - 1 orthonormal contrasts of the shares, and logs beside shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from causalmix_core.effects.response import Response

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

CodingName = Literal["log", "contrast", "log-linear"]
EPSILONS: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1)


def helmert(k: int) -> Array:
    """(K, K-1) orthonormal basis of the directions whose entries sum to zero (Helmert)."""
    basis = np.zeros((k, k - 1))
    for j in range(1, k):
        basis[:j, j - 1] = 1.0 / j
        basis[j, j - 1] = -1.0
        basis[:, j - 1] *= np.sqrt(j / (j + 1.0))
    return basis


@dataclass(frozen=True)
class Coding:
    """A coding of K shares by p numbers.

    Attributes
    ----------
    name : "log" (p = K), "contrast" (p = K - 1, no reference domain, zeros are fine) or
        "log-linear" (p = 2K).
    k : number of domains; ``epsilon`` : inside the logarithm.
    """

    name: CodingName
    k: int
    epsilon: float = EPSILONS[2]

    @property
    def size(self) -> int:
        """Number of coded columns p."""
        return {"log": self.k, "contrast": self.k - 1, "log-linear": 2 * self.k}[self.name]

    @property
    def words(self) -> str:
        """The response in words: ``"linear"``, or ``"log and linear, epsilon 0.01"``."""
        if self.name == "contrast":
            return "linear"
        return f"log{' and linear' if self.name == 'log-linear' else ''}, epsilon {self.epsilon:g}"

    def encode(self, shares: Array) -> Array:
        """(..., K) shares -> (..., p)."""
        if self.name == "contrast":
            return shares @ helmert(self.k)
        logs = np.log(shares + self.epsilon)
        return logs if self.name == "log" else np.concatenate([logs, shares], axis=-1)

    @property
    def parts(self) -> NDArray[np.intp]:
        """(p,) which part each coded column belongs to: 0, or 1 for the shares beside logs."""
        return np.repeat([0, 1], self.k) if self.name == "log-linear" else np.zeros(self.size, dtype=np.intp)

    @property
    def decode(self) -> Array:
        """(2K, p) matrix D with (a, b) = D theta."""
        eye, zero = np.eye(self.k), np.zeros((self.k, self.k))
        if self.name == "contrast":
            basis = helmert(self.k)
            return np.vstack([np.zeros_like(basis), basis])
        if self.name == "log":
            return np.vstack([eye, zero])
        return np.eye(2 * self.k)

    def response(self, domains: tuple[str, ...], slopes: Array, covariance: Array) -> Response:
        """Response from theta (p,) and its covariance (p, p)."""
        decode = self.decode
        coefficients = decode @ slopes
        return Response(
            domains=domains,
            epsilon=self.epsilon,
            log_coefficients=coefficients[: self.k],
            linear_coefficients=coefficients[self.k :],
            covariance=decode @ covariance @ decode.T,
        )

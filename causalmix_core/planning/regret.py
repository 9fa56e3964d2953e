"""What a decision is expected to cost by not knowing better, before and after further runs.

With coefficients drawn from the posterior, the regret of the present recommendation is what the best rival
of each draw brings over it. After further runs the recommendation follows the new posterior mean, which
given a draw is normal: with S and S' the covariance before and after and D = S - S', its mean is
D S^-1 draw and its covariance S' S^-1 D (preposterior analysis, Raiffa and Schlaifer 1961, chapter 5).
The same draws serve every design, so that designs are compared without the noise of drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.response import Response
    from causalmix_core.planning.rivals import Rivals

    Array = NDArray[np.float64]

SEED = 17
LEAST = 1e-10  # of the largest eigenvalue: directions below are known, or no part of a decision


def expected_regret(response: Response, rivals: Rivals, after: Array | None = None) -> float:
    """Outcome units, >= 0: of the first rival, or of what will be chosen at the covariance ``after`` (2K, 2K)."""
    features = response.features(rivals.shares)
    steps = features - features[0]
    gains = (response.coefficients + rivals.draws) @ steps.T
    chosen = np.zeros(len(gains), dtype=np.intp)
    if after is not None:
        chosen = np.argmax((response.coefficients + _new_means(response, rivals, after)) @ steps.T, axis=1)
    found = gains[np.arange(len(gains)), chosen]
    return float(np.maximum((gains.max(axis=1) - found).mean(), 0.0))


def _new_means(response: Response, rivals: Rivals, after: Array) -> Array:
    """(S, 2K) new posterior means, less the present one, each given its draw of the truth."""
    before = response.covariance
    inverse = np.linalg.pinv(before, rcond=LEAST, hermitian=True)
    taken = before - after
    rest = after @ inverse @ taken
    values, vectors = np.linalg.eigh(0.5 * (rest + rest.T))
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    half = np.random.default_rng(SEED).normal(size=(len(rivals.draws) // 2, len(values)))
    noise = np.repeat(half, 2, axis=0) @ root.T
    means: Array = rivals.draws @ inverse @ taken + noise
    return means

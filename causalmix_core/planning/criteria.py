"""What a plan wants to know: quantities whose uncertainty it makes small.

- "regret": contrasts between the recommended mixture and its rivals, each as often as draws pick it;
- "contrast": the gain of the recommended mixture over the anchor;
- "d-optimal": the whole response at the target pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.response import Response
    from causalmix_core.planning.choices import Criterion
    from causalmix_core.planning.rivals import Rivals

    Array = NDArray[np.float64]

LEAST = 1e-9


def wanted_quantities(criterion: Criterion, response: Response, rivals: Rivals, anchor: Array) -> Array:
    """(r, 2K) rows: the sum of their variances (their determinant, for "d-optimal") is made small."""
    features = response.features(rivals.shares)
    if criterion == "contrast" and np.abs(features[0] - response.features(anchor)).max() > 0.0:
        return (features[0] - response.features(anchor))[None]
    if criterion == "d-optimal" or len(features) == 1:
        return np.eye(features.shape[1])
    steps = features - features[0]
    values, vectors = np.linalg.eigh((steps * rivals.weights[:, None]).T @ steps)
    kept = values > LEAST * values[-1]
    rows: Array = (vectors[:, kept] * np.sqrt(values[kept])).T
    return rows

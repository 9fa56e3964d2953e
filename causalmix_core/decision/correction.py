"""The winner's curse, taken out of a gain.

A mixture is chosen because its estimated gain is large, so the estimate is too large on average.
By how much is measured on halves of the runs (:mod:`causalmix_core.checks.gain`): what one half recommends is
valued by the other. The gain is multiplied by what is left of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from causalmix_core.effects.response import Response


@dataclass(frozen=True)
class Correction:
    """Factor on the gain of a mixture that was chosen for its gain.

    Attributes
    ----------
    factor : 0..1, expected part of the estimated gain that is real.
    error : >= 0, its standard error.
    """

    factor: float = 1.0
    error: float = 0.0

    def apply(self, response: Response) -> Response:
        """The response as it is to be believed of chosen mixtures: smaller, and no more certain for that."""
        coefficients = response.coefficients
        return replace(
            response,
            log_coefficients=self.factor * response.log_coefficients,
            linear_coefficients=self.factor * response.linear_coefficients,
            covariance=response.covariance + self.error**2 * np.outer(coefficients, coefficients),
        )


NONE = Correction()

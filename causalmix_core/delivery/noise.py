"""The error on runs not seen beside what equal runs differ by, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.noise import FEWEST_REPEATS, repeated_noise
from causalmix_core.delivery.numbers import decimals_for, plain, thousands

if TYPE_CHECKING:
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.views import CrossValidation


def noise_sentence(found: CrossValidation, fit: Fit) -> str:
    """How far a fit misses runs not seen, and the noise that no fit can foretell; "" where no runs are repeated."""
    noise, freedom = repeated_noise(fit.table, fit.table.score(fit.config.outcome))
    if freedom < FEWEST_REPEATS or noise == 0.0:
        return ""
    missed = float(np.sqrt(((found.observed - found.predicted) ** 2).mean()))
    digits = decimals_for(min(noise, missed))
    unit = f" {fit.outcome.unit}" if fit.outcome.unit else ""
    return (
        f"Runs not seen are missed by {plain(missed, digits)}{unit}; equal runs, of which the table has "
        f"{thousands(freedom)} repeats, differ by {plain(noise, digits)}, which no fit can foretell."
    )

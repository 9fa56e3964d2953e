"""RegMix as a yardstick: LightGBM on the mixture alone (Liu et al. 2024), its own settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.cross_validation import cross_validate
from causalmix_core.effects.estimators.regmix import regmix_model

if TYPE_CHECKING:
    from causalmix_core.effects.views import CrossValidation
    from causalmix_core.evidence.table import RunsTable

__all__ = ["cross_validate_regmix", "regmix_model"]


def cross_validate_regmix(table: RunsTable, outcome: str, folds: int = 6, seed: int = 1) -> CrossValidation:
    """The same folds and scores as for the product's own estimators."""
    return cross_validate(table, FitConfig(outcome, "regmix", seed=42), folds, seed)

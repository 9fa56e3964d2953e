"""Cross-fitted predictions: every run foretold by a fit that has seen no run of its pool."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.comparison import PARTITIONS
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.residuals import Residuals
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.study.analysis.setting import FittedOn, Setting

    Array = NDArray[np.float64]

FEWEST = 16  # runs that anything is fitted to
WITHOUT_COVARIATES, WITHOUT_PURGING = "without covariates", "without orthogonalisation"


@dataclass(frozen=True)
class Variant:
    """An estimator, whole or in one of the paper's ablations (its section 5)."""

    name: EstimatorName
    ablation: str = "none"

    def config(self, outcome: str, seed: int) -> FitConfig:
        """Its settings."""
        return FitConfig(
            outcome,
            self.name,
            covariates=self.ablation != WITHOUT_COVARIATES,
            orthogonalise=self.ablation != WITHOUT_PURGING,
            seed=seed,
        )

    @property
    def key(self) -> str:
        """Short name for what is kept."""
        return re.sub(r"[^a-z]+", "-", f"{self.name} {self.ablation}")


class Foreteller:
    """Fits without each fold in turn. Residuals of a fold's runs are made once for all estimators."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._parts: dict[tuple[int, FittedOn], tuple[RunsTable, Residuals]] = {}

    def foretell(self, variant: Variant, fitted_on: FittedOn) -> Array | str:
        """(n,) predictions for all runs by fits on some of them, or why it cannot be fitted to these."""
        found = self._setting.kept.get(
            f"foretold-{variant.key}-{fitted_on}", lambda: self._made(variant, fitted_on)
        )
        return str(found["refused"]) if "refused" in found else np.array(found["predicted"])

    def _made(self, variant: Variant, fitted_on: FittedOn) -> dict[str, Any]:
        setting = self._setting
        few = min(int(setting.rows(fitted_on)[train].sum()) for train, _ in setting.folds)
        if few < FEWEST:
            return {"refused": f"Of runs called {fitted_on}, {few} are left to fit on; {FEWEST} are needed."}
        predicted = np.empty(setting.table.n_runs)
        config = variant.config(setting.outcome, setting.fit_seed)
        for number, (_, test) in enumerate(setting.folds):
            table, residuals = self._part(number, fitted_on)
            try:
                fitted = fit(table, config, residuals=residuals, calibrate=False)
            except ConfigError as error:
                return {"refused": str(error)}
            predicted[test] = fitted.predict(setting.table.shares[test], setting.table.states[test])
        return {"predicted": predicted.tolist()}

    def _part(self, number: int, fitted_on: FittedOn) -> tuple[RunsTable, Residuals]:
        """The runs that one fold leaves for fitting, with their residuals."""
        key = (number, fitted_on)
        if key not in self._parts:
            setting, train = self._setting, self._setting.folds[number][0]
            table = setting.only(train[setting.rows(fitted_on)[train]])
            folds = FitConfig(setting.outcome).folds
            target = table.score(setting.outcome)
            self._parts[key] = (
                table,
                Residuals(table, target, folds, setting.fit_seed, partitions=PARTITIONS),
            )
        return self._parts[key]

"""Settings of a fit: everything that, with the table, decides its result."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

EstimatorName = Literal[
    "recommended",
    "constant",
    "log-linear",
    "shared-slopes",
    "components",
    "linear-dml",
    "ridge",
    "shared-slopes-r",
    "hybrid",
    "forest",
    "shared-slopes-forest",
    "shared-slopes-r-forest",
    "s-learner",
    "regmix",
    "smooth",
    "paper",
]
ESTIMATORS: tuple[EstimatorName, ...] = get_args(EstimatorName)

MAX_SEED = 2**32 - 1  # what forests take
TARGETS = ("target_params", "target_tokens")


@dataclass(frozen=True)
class FitConfig:
    """Settings of a fit.

    Attributes
    ----------
    outcome : name of an outcome, or "mean".
    estimator : "recommended" (learned components, or averages without covariates),
        "paper" (CausalForestDML on log(T + eps)), or another that
        :mod:`causalmix_core.effects.estimators.registry` lists.
    covariates : False is the ablation without X: one answer for all pools.
    orthogonalise : False is the ablation without purging Y and T of the pool's state.
    epsilon : > 0, the eps of log(T + eps); None chooses it by cross-validation.
        Which of these three an estimator knows, the registry says.
    folds : 2..20 folds of cross-fitting and cross-validation; a pool never straddles folds.
    seed : 0..2**32 - 1, the only source of randomness.
    trees : 40..4000 trees of a forest, a multiple of 4.
    target_params, target_tokens : > 0, size and budget that effects and decisions are for, where the
        table has them as covariates; None leaves the average of the runs.
    """

    outcome: str
    estimator: EstimatorName = "recommended"
    covariates: bool = True
    orthogonalise: bool = True
    epsilon: float | None = None
    folds: int = 5
    seed: int = 0
    trees: int = 200
    target_params: float | None = None
    target_tokens: float | None = None

    def __post_init__(self) -> None:
        """Refuse settings outside their ranges, naming the setting."""
        if self.estimator not in ESTIMATORS:
            raise ConfigError(
                f"There is no estimator {self.estimator!r}; choose one of {', '.join(ESTIMATORS)}."
            )
        if self.epsilon is not None and not (math.isfinite(self.epsilon) and 1e-9 <= self.epsilon <= 1.0):
            raise ConfigError(f"epsilon is {self.epsilon}; give a number from 1e-9 to 1, or leave it out.")
        if not 2 <= self.folds <= 20:
            raise ConfigError(f"folds is {self.folds}; give a whole number from 2 to 20.")
        if not 0 <= self.seed <= MAX_SEED:
            raise ConfigError(f"seed is {self.seed}; give a whole number from 0 to {MAX_SEED}.")
        if not 40 <= self.trees <= 4000 or self.trees % 4:
            raise ConfigError(f"trees is {self.trees}; give a multiple of 4 from 40 to 4000.")
        for name in TARGETS:
            size = getattr(self, name)
            if size is not None and not (math.isfinite(size) and size > 0):
                raise ConfigError(f"{name} is {size}; give a number greater than 0, or leave it out.")

    def to_json(self) -> dict[str, Any]:
        """Plain dictionary, keys sorted."""
        return dict(sorted(dataclasses.asdict(self).items()))

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FitConfig:
        """Rebuild from :meth:`to_json`; unknown or missing settings and wrong types are refused."""
        known = {f.name: f for f in dataclasses.fields(cls)}
        unknown = sorted(set(values) - set(known))
        if unknown or "outcome" not in values:
            raise ConfigError(
                f"The stored configuration is not readable: {', '.join(unknown) or 'outcome is missing'}."
            )
        types: dict[str, tuple[type, ...]] = {
            "outcome": (str,),
            "estimator": (str,),
            "covariates": (bool,),
            "orthogonalise": (bool,),
            "epsilon": (float, int, type(None)),
            "folds": (int,),
            "seed": (int,),
            "trees": (int,),
            **{name: (float, int, type(None)) for name in TARGETS},
        }
        for name, value in values.items():
            if not isinstance(value, types[name]) or (isinstance(value, bool) and bool not in types[name]):
                raise ConfigError(
                    f"The stored configuration has {name} = {value!r}, which is not of its type."
                )
        return cls(**dict(values))

    @property
    def sha256(self) -> str:
        """Hash of the settings (64 hex digits); a target that is not given is no part of it."""
        values = {k: v for k, v in self.to_json().items() if k not in TARGETS or v is not None}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

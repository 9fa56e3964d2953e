"""Settings for a fit of another outcome that can be weighed against one at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.fit import Fit


def settings_beside(fit: Fit, outcome: str) -> FitConfig:
    """The settings of ``fit`` for another outcome of its table, with the estimator and epsilon it ended with.

    Responses of one epsilon can be added, which weights of outcomes need.

    Raises
    ------
    ConfigError : no such outcome, or the fit's own.
    """
    from causalmix_core.effects.estimators.registry import switches

    names = [described.name for described in fit.table.outcomes]
    if outcome not in names or outcome == fit.config.outcome:
        others = ", ".join(name for name in names if name != fit.config.outcome) or "none"
        raise ConfigError(f"There is no other outcome {outcome!r} in {fit.table.name}; it has {others}.")
    has_one = "epsilon" in switches(fit.config.estimator) and fit.engine.coding.name != "contrast"
    epsilon = fit.epsilon if has_one else fit.config.epsilon
    return replace(fit.config, outcome=outcome, epsilon=epsilon, estimator=fit.resolved.estimator)

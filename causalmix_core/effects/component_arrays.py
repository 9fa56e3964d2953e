"""Learned components as plain arrays, for storing without pickle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.components import Components
from causalmix_core.effects.estimators.components import ComponentsEngine
from causalmix_core.effects.state_basis import LevelBasis, OwnBasis, PoolBasis, SlopeBasis, Waves
from causalmix_core.effects.state_scale import StateScale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from causalmix_core.effects.coding import Coding
    from causalmix_core.effects.ridge import RidgeFit

    Stored = NDArray[Any]


def component_arrays(engine: ComponentsEngine) -> dict[str, Stored]:
    """All of an engine but its coding and its ridge."""
    found = engine.components
    arrays = {
        "centre": engine.centre,
        "variances": found.variances,
        "noise": np.array(found.noise),
        "evidence": np.array(found.evidence),
        **_slope_arrays(engine.basis),
    }
    level = engine.level_part
    if level is None:
        return arrays
    moments = {"level_mean": level.mean, "level_spread": level.spread, "level_order": level.order}
    return {**arrays, **moments, **_wave_arrays("level", level.waves)}


def read_components(coding: Coding, ridge: RidgeFit, stored: Mapping[str, Stored]) -> ComponentsEngine:
    """The engine that :func:`component_arrays` took apart."""
    level = None
    if "level_mean" in stored:
        waves = _read_waves("level", stored)
        level = LevelBasis(stored["level_mean"], stored["level_spread"], waves, stored["level_order"])
    components = Components(stored["variances"], float(stored["noise"]), float(stored["evidence"]))
    return ComponentsEngine(coding, _read_slopes(coding, stored), level, stored["centre"], components, ridge)


def _slope_arrays(basis: SlopeBasis) -> dict[str, Stored]:
    if isinstance(basis, OwnBasis):
        scale = basis.scale
        own = {"own_order": scale.order, "own_mean": scale.mean, "own_spread": scale.spread}
        return {**own, **_wave_arrays("slope", basis.waves)}
    if isinstance(basis, PoolBasis):
        return {"pool_mean": basis.mean, "pool_spread": basis.spread, **_wave_arrays("slope", basis.waves)}
    raise ValueError(f"no arrays for a basis of kind {type(basis).__name__}")


def _read_slopes(coding: Coding, stored: Mapping[str, Stored]) -> SlopeBasis:
    waves = _read_waves("slope", stored)
    if "own_order" in stored:
        return OwnBasis(StateScale(stored["own_order"], stored["own_mean"], stored["own_spread"]), waves)
    return PoolBasis(coding.k, stored["pool_mean"], stored["pool_spread"], waves)


def _wave_arrays(name: str, waves: Waves) -> dict[str, Stored]:
    return {f"{name}_frequencies": waves.frequencies, f"{name}_phases": waves.phases}


def _read_waves(name: str, stored: Mapping[str, Stored]) -> Waves:
    return Waves(stored[f"{name}_frequencies"], stored[f"{name}_phases"])

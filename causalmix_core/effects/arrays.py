"""Fitted models as plain arrays, for storing without pickle.

Ridge engines are a handful of arrays. Forests and boosted trees are not: a fit that holds some is
refitted from its stored table and settings, which gives the same trees.
"""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from causalmix_core.effects.calibration import CalibratedEngine, Calibration
from causalmix_core.effects.coding import Coding, CodingName
from causalmix_core.effects.component_arrays import component_arrays, read_components
from causalmix_core.effects.estimators.components import ComponentsEngine
from causalmix_core.effects.estimators.linear_slopes import LinearSlopesEngine, StateFeatures
from causalmix_core.effects.estimators.log_linear import AverageEngine
from causalmix_core.effects.estimators.shared_slopes import OwnStateEngine
from causalmix_core.effects.estimators.shared_slopes_r import SharedSlopesREngine
from causalmix_core.effects.level import Level
from causalmix_core.effects.ridge import RidgeFit
from causalmix_core.effects.state_scale import StateScale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from causalmix_core.effects.engine import Engine

    Stored = NDArray[Any]

CALIBRATION = "calibration"


def engine_arrays(engine: Engine) -> dict[str, Stored] | None:
    """Arrays that :func:`engine_from_arrays` turns back, or None where trees are inside."""
    if isinstance(engine, CalibratedEngine):
        inside = engine_arrays(engine.engine)
        return None if inside is None else {**inside, CALIBRATION: np.array(astuple(engine.calibration))}
    return _uncalibrated(engine)


def _uncalibrated(engine: Engine) -> dict[str, Stored] | None:
    if isinstance(engine, OwnStateEngine):
        scale = engine.scale
        own = {"order": scale.order, "mean": scale.mean, "spread": scale.spread}
        flags = {"with_level": np.array(engine.with_level), "own_weight": np.array(engine.own_weight)}
        return {
            "kind": np.array("own-state"),
            **_coding(engine.coding),
            **_ridge(engine.ridge),
            **own,
            **flags,
        }
    if isinstance(engine, ComponentsEngine):
        parts = {**_coding(engine.coding), **_ridge(engine.ridge)}
        return {"kind": np.array("components"), **parts, **component_arrays(engine)}
    if isinstance(engine, AverageEngine):
        words = {"method": np.array(engine.method), "summary": np.array(engine.summary)}
        return {"kind": np.array("average"), **_coding(engine.coding), **_ridge(engine.ridge), **words}
    if isinstance(engine, LinearSlopesEngine):
        return {"kind": np.array("linear-slopes"), **_coding(engine.coding), **_linear_slopes(engine)}
    if isinstance(engine, SharedSlopesREngine):
        own = engine_arrays(engine.own) or {}
        return {**own, "kind": np.array("own-state-r"), **_level(engine.fitted_level)}
    return None


def engine_from_arrays(stored: Mapping[str, Stored]) -> Engine:
    """The engine that :func:`engine_arrays` took apart.

    Raises
    ------
    KeyError, ValueError
        If an array is missing or of another kind.
    """
    if CALIBRATION in stored:
        inside = {name: value for name, value in stored.items() if name != CALIBRATION}
        parts = stored[CALIBRATION]
        if parts.shape != (len(fields(Calibration)),):
            raise ValueError("the calibration is of another kind")
        return CalibratedEngine(engine_from_arrays(inside), Calibration(*map(float, parts)))
    coding = Coding(cast("CodingName", str(stored["coding"])), int(stored["k"]), float(stored["epsilon"]))
    kind = str(stored["kind"])
    if kind == "linear-slopes":
        return _read_linear_slopes(coding, stored)
    ridge = RidgeFit(
        float(stored["intercept"]),
        stored["coefficients"],
        stored["covariance"],
        float(stored["penalty"]),
        float(stored["cv_error"]),
    )
    if kind == "average":
        return AverageEngine(coding, ridge, str(stored["method"]), str(stored["summary"]))
    if kind == "components":
        return read_components(coding, ridge, stored)
    if kind in {"own-state", "own-state-r"}:
        scale = StateScale(stored["order"], stored["mean"], stored["spread"])
        own = OwnStateEngine(coding, scale, ridge, bool(stored["with_level"]), float(stored["own_weight"]))
        return own if kind == "own-state" else SharedSlopesREngine(own, _read_level(stored))
    raise ValueError(f"no engine of kind {kind}")


def _linear_slopes(engine: LinearSlopesEngine) -> dict[str, Stored]:
    features = engine.features
    return {
        "columns": features.columns,
        "mean": features.mean,
        "spread": features.spread,
        "coefficients": engine.coefficients,
        "covariance": engine.coefficient_covariance,
        "method": np.array(engine.method),
        "summary": np.array(engine.summary),
        **_level(engine.fitted_level),
    }


def _read_linear_slopes(coding: Coding, stored: Mapping[str, Stored]) -> LinearSlopesEngine:
    return LinearSlopesEngine(
        coding,
        StateFeatures(stored["columns"], stored["mean"], stored["spread"]),
        stored["coefficients"],
        stored["covariance"],
        _read_level(stored),
        str(stored["method"]),
        str(stored["summary"]),
    )


def _level(level: Level) -> dict[str, Stored]:
    return {f"level_{name}": np.asarray(value) for name, value in vars(level).items()}


def _read_level(stored: Mapping[str, Stored]) -> Level:
    return Level(
        stored["level_mean"],
        stored["level_spread"],
        float(stored["level_intercept"]),
        stored["level_coefficients"],
        stored["level_centre"],
    )


def _coding(coding: Coding) -> dict[str, Stored]:
    return {"coding": np.array(coding.name), "k": np.array(coding.k), "epsilon": np.array(coding.epsilon)}


def _ridge(ridge: RidgeFit) -> dict[str, Stored]:
    return {
        "intercept": np.array(ridge.intercept),
        "coefficients": ridge.coefficients,
        "covariance": ridge.covariance,
        "penalty": np.array(ridge.penalty),
        "cv_error": np.array(ridge.cv_error),
    }

"""Fitted models as plain arrays, for storing without pickle.

Ridge engines are a handful of arrays. Forests are not: a fit that holds one is refitted from its
stored table and settings, which gives the same forest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from causalmix_core.effects.average import AverageEngine
from causalmix_core.effects.coding import Coding, CodingName
from causalmix_core.effects.own_state import OwnStateEngine, StateScale
from causalmix_core.effects.ridge import RidgeFit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from causalmix_core.effects.engine import Engine

    Stored = NDArray[Any]


def engine_arrays(engine: Engine) -> dict[str, Stored] | None:
    """Arrays that :func:`engine_from_arrays` turns back, or None where a forest is inside."""
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
    if isinstance(engine, AverageEngine):
        words = {"method": np.array(engine.method), "summary": np.array(engine.summary)}
        return {"kind": np.array("average"), **_coding(engine.coding), **_ridge(engine.ridge), **words}
    return None


def engine_from_arrays(stored: Mapping[str, Stored]) -> Engine:
    """The engine that :func:`engine_arrays` took apart.

    Raises
    ------
    KeyError, ValueError
        If an array is missing or of another kind.
    """
    coding = Coding(cast("CodingName", str(stored["coding"])), int(stored["k"]), float(stored["epsilon"]))
    ridge = RidgeFit(
        float(stored["intercept"]),
        stored["coefficients"],
        stored["covariance"],
        float(stored["penalty"]),
        float(stored["cv_error"]),
    )
    if str(stored["kind"]) == "average":
        return AverageEngine(coding, ridge, str(stored["method"]), str(stored["summary"]))
    if str(stored["kind"]) == "own-state":
        scale = StateScale(stored["order"], stored["mean"], stored["spread"])
        return OwnStateEngine(coding, scale, ridge, bool(stored["with_level"]), float(stored["own_weight"]))
    raise ValueError(f"no engine of kind {stored['kind']}")


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

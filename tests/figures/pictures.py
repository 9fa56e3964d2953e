"""Pictures of one small decision: three domains whose worth turns with the duplicates of code."""

from __future__ import annotations

from functools import cache

import numpy as np

from causalmix_core.decision.pareto import Pareto, pareto
from causalmix_core.decision.region import Region, make_region
from causalmix_core.decision.ternary import Others, Ternary, ternary
from causalmix_core.decision.trajectory import Trajectory, trajectory
from causalmix_core.effects.pool_path import PoolPath, pool_path
from causalmix_core.effects.response import Response
from causalmix_core.evidence.table import Outcome
from causalmix_core.figures.proxy import DesignView
from tests.figures.examples import ANCHOR, BPB, DOMAINS, SHARES, runs_table

OUTCOMES = (BPB, Outcome("recall", higher_is_better=True, unit="points"))


def region(bounds: dict[str, tuple[float, float]] | None = None) -> Region:
    return make_region(DOMAINS, ANCHOR, 0.1, "tv", bounds)


def response(slopes: list[float]) -> Response:
    return Response(DOMAINS, 0.01, np.zeros(3), np.array(slopes), 1e-3 * np.eye(6))


@cache
def path() -> PoolPath:
    """Duplicates of code from 0.1 to 0.4."""
    table = runs_table()
    return pool_path(table, table.states.mean(axis=0), "x_code__duplicate_rate", 7)


@cache
def moved() -> Trajectory:
    """Web is always worst; code is worth more than math below duplicates of 0.26."""

    def respond(positions: np.ndarray) -> list[Response]:
        return [response([0.26 - float(x), -1.0, 0.0]) for x in positions]

    return trajectory(respond, region(), path().positions)


@cache
def traded() -> Pareto:
    """Code is what the first outcome wants, math what the second."""
    logs = [np.array([0.4, 0.1, 0.1]), np.array([0.05, 0.1, 0.5])]
    first, second = (Response(DOMAINS, 0.01, a, np.zeros(3), 1e-4 * np.eye(6)) for a in logs)
    return pareto((first, second), region(), ANCHOR)


@cache
def divided(others: Others = "held") -> Ternary:
    """Three domains of three: code gains, web loses."""
    runs = runs_table().shares
    return ternary(
        response([1.0, -1.0, 0.0]), region({"code": (0.1, 0.4)}), SHARES, DOMAINS, others, runs, 21
    )


def designed() -> DesignView:
    """Three planned runs beside two that were made."""
    planned = np.array([[0.5, 0.25, 0.25], [0.2, 0.5, 0.3], [0.4, 0.3, 0.3]])
    had = np.array([[0.1, 0.1, 0.8], [0.3, 0.3, 0.4]])
    kinds = ("random", "random", "chosen")
    names = ("r0000", "r0001", "r0002")
    return DesignView(DOMAINS, planned, kinds, names, ("p000", "p001", "p000"), had, 1)


def losses():
    """Two runs in the making and one that has told no loss yet."""
    from causalmix_core.proxy.engine.curves import LossCurve

    return (
        LossCurve("r0016", (20, 40, 60), (5.5, 5.0, 4.75), 125),
        LossCurve("r0000", (20,), (5.25,), 125),
        LossCurve("r0001", (), (), 0),
    )

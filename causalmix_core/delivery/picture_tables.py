"""The pictures of a decision as small tables of text: a header and rows, for pages and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery.numbers import decimals_for, percentages, plain, signed
from causalmix_core.delivery.pictures import position_text, radius_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.pareto import Pareto
    from causalmix_core.decision.region import Metric
    from causalmix_core.decision.result import Frontier
    from causalmix_core.decision.ternary import Ternary
    from causalmix_core.decision.trajectory import Trajectory
    from causalmix_core.effects.pool_path import PoolPath
    from causalmix_core.evidence.table import Outcome

    Array = NDArray[np.float64]

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
# Rows of a table that stands beside a line of many points.
MOST_ROWS = 11


def frontier_table(path: Frontier, metric: Metric, radius: float | None, support: float | None) -> Table:
    """Radius, gain and interval at each radius; the marks in the row nearest to them."""
    marks: dict[int, list[str]] = {}
    for name, place in (
        ("now", radius),
        ("knee", path.knee),
        ("returns halved", path.half_marginal_radius),
        ("the runs end", support),
    ):
        if place is not None:
            marks.setdefault(int(np.argmin(np.abs(path.radii - place))), []).append(name)
    digits = _digits(path.gains, path.lower, path.upper)
    columns = zip(path.radii, path.gains, path.lower, path.upper, strict=True)
    return ("radius", "gain", "interval", ""), [
        (
            radius_text(float(at), metric),
            signed(float(gain), digits),
            _interval(lower, upper, digits),
            ", ".join(marks.get(i, [])),
        )
        for i, (at, gain, lower, upper) in enumerate(columns)
    ]


def trajectory_table(path: PoolPath, moved: Trajectory) -> Table:
    """Shares in percent of every domain at five places: the ends, this pool, and half way to it."""
    first, last = float(moved.positions[0]), float(moved.positions[-1])
    wanted = (first, 0.5 * (first + path.here), path.here, 0.5 * (path.here + last), last)
    rows = list(dict.fromkeys(int(np.argmin(np.abs(moved.positions - place))) for place in wanted))
    columns = [percentages(moved.shares[row].tolist()) for row in rows]
    digits = _digits(moved.gains)
    gains = tuple(signed(float(moved.gains[row]), digits) for row in rows)
    header = ("share, %", *(_place(path, float(moved.positions[row])) for row in rows))
    shares = [(domain, *(column[k] for column in columns)) for k, domain in enumerate(moved.domains)]
    return header, [*shares, ("gain", *gains)]


def pareto_table(found: Pareto, outcomes: tuple[Outcome, Outcome]) -> Table:
    """Weight of the second outcome, both gains with intervals; eleven rows at most, then the mixture at hand."""
    path, present = found.path, found.present
    rows = np.unique(np.linspace(0, len(path.gains) - 1, MOST_ROWS).round().astype(int))
    digits = [_digits(path.gains[:, j], path.lower[:, j], path.upper[:, j]) for j in (0, 1)]

    def cells(gains: Array, lower: Array, upper: Array) -> tuple[str, ...]:
        return tuple(
            cell
            for j in (0, 1)
            for cell in (signed(float(gains[j]), digits[j]), _interval(lower[j], upper[j], digits[j]))
        )

    header = (f"weight of {outcomes[1].name}", *(w for o in outcomes for w in (o.name, "interval")))
    line = [
        (f"{found.weights[i]:.2f}", *cells(path.gains[i], path.lower[i], path.upper[i]))
        for i in rows.tolist()
    ]
    return header, [*line, ("at hand", *cells(present.gains[0], present.lower[0], present.upper[0]))]


def ternary_table(found: Ternary) -> Table:
    """Division among the three domains in percent, and its gain, at the corners and the best grid point."""
    best = int(np.argmax(np.where(found.inside, found.gains, -np.inf)))
    points = [("best inside", best)] if found.inside.any() else []
    points += [
        (f"all {name}", int(np.argmax(found.parts[:, corner]))) for corner, name in enumerate(found.names)
    ]
    digits = _digits(found.gains)
    marks = [("anchor", found.anchor, ""), ("proposed", found.recommended, "")]
    marks += [(name, found.parts[i], signed(float(found.gains[i]), digits)) for name, i in points]
    return ("share, %", *found.names, "gain"), [
        (name, *(plain(100.0 * found.whole * float(part), 1) for part in parts), gain)
        for name, parts, gain in marks
    ]


def _place(path: PoolPath, position: float) -> str:
    return "this pool" if position == path.here else position_text(path, position)


def _interval(lower: float, upper: float, digits: int) -> str:
    return f"{plain(float(lower), digits)} to {plain(float(upper), digits)}"


def _digits(*columns: Array) -> int:
    return decimals_for(max(float(np.abs(column).max(initial=0.0)) for column in columns)) + 1

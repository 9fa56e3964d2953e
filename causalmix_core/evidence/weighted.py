"""One outcome made of several: their weighted sum, as a further column of the table.

What is fitted on it is an ordinary fit: its table, and with it its hash, holds the weights.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import ObjectiveError
from causalmix_core.evidence.canonical import content_hash
from causalmix_core.evidence.entered import json_object, number
from causalmix_core.evidence.table import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.evidence.table import RunsTable

    Weights = Sequence[tuple[str, float]]

HOW = "give each outcome a number, such as a=1,b=0.5"


def parse_weights(entered: str | bytes | Mapping[str, object]) -> tuple[tuple[str, float], ...]:
    """(outcome, weight) pairs from ``"a=1,b=0.5"``, or from JSON ``{"a": 1, "b": 0.5}``.

    Raises
    ------
    ObjectiveError : an entry is no number, naming the outcome; or an outcome stands there twice.
    """
    if isinstance(entered, str):
        return _inline(entered)
    found = json_object(entered, "outcome weights", "write one weight per outcome, by name", ObjectiveError)
    return tuple(
        (name, number(value, f"The weight of {name}", HOW, ObjectiveError)) for name, value in found.items()
    )


def _inline(text: str) -> tuple[tuple[str, float], ...]:
    pairs: list[tuple[str, float]] = []
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.rpartition("="))
        if not equals or not name:
            raise ObjectiveError(f"The outcome weights hold {part.strip()!r}: {HOW}.")
        try:
            pairs.append((name, float(value)))
        except ValueError:
            raise ObjectiveError(f"The weight of {name} is {value!r}: {HOW}.") from None
    twice = [name for i, (name, _) in enumerate(pairs) if name in dict(pairs[:i])]
    if twice:
        raise ObjectiveError(f"The outcome {twice[0]} has two weights: give it one.")
    return tuple(pairs)


def closed_weights(table: RunsTable, weights: Weights) -> tuple[tuple[str, float], ...]:
    """The weights in the table's order with absolute values that add to 1; outcomes of weight 0 are left out.

    Raises
    ------
    ObjectiveError : an outcome that the table does not have, a weight that is no number, or all are 0.
    """
    known, given = [outcome.name for outcome in table.outcomes], dict(weights)
    for name, weight in weights:
        if name not in known:
            raise ObjectiveError(
                f"There is no outcome {name!r} in {table.name} to weigh: choose among {', '.join(known)}."
            )
        if not math.isfinite(weight):
            raise ObjectiveError(f"The weight of {name} is {weight}: {HOW}.")
    total = math.fsum(abs(weight) for weight in given.values())
    if total == 0.0:
        raise ObjectiveError("All outcome weights are 0: give at least one outcome another weight.")
    return tuple((name, given[name] / total) for name in known if given.get(name))


def weighted_name(weights: Weights) -> str:
    """Name of a weighted outcome that tells its parts: ``"0.6 code + 0.4 math"``."""
    parts = []
    for i, (name, weight) in enumerate(weights):
        sign = ("- " if i else "-") if weight < 0.0 else ("+ " if i else "")
        parts.append(f"{sign}{abs(weight):.6g} {name}")
    return " ".join(parts)


def with_weighted(table: RunsTable, weights: Weights) -> tuple[RunsTable, str]:
    """The table with the weighted sum of its outcomes as a further one, and that outcome's name.

    Scores are summed as they are held, higher is better; a negative weight wants an outcome worse. Of
    losses alone the sum is a loss. The new table's hash differs by the weights.

    Raises
    ------
    ObjectiveError : see :func:`closed_weights`.
    """
    closed = closed_weights(table, weights)
    name = weighted_name(closed)
    if name in {outcome.name for outcome in table.outcomes}:
        raise ObjectiveError(f"{table.name} has an outcome called {name!r} already; rename it in the table.")
    parts = [table.outcome(part) for part, _ in closed]
    units = {part.unit for part in parts}
    # A sum of losses is a loss to people; where directions differ, only "higher is better" has a meaning.
    higher = any(part.higher_is_better for part in parts)
    total = np.sum([weight * table.score(part) for part, weight in closed], axis=0)
    made = dataclasses.replace(
        table,
        outcomes=(*table.outcomes, Outcome(name, higher, units.pop() if len(units) == 1 else "")),
        scores=np.column_stack([table.scores, total]),
        sha256="",
    )
    return dataclasses.replace(made, sha256=content_hash(made)), name

"""A scale for covariates: fitted once over reference pools, stored, and re-applied unchanged to every later pool.

Fits of CausalMix standardise by themselves and keep how, so a runs table wants covariates in their own units. A scale is for
who needs the paper's [0, 1] or z scores outside.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from causalmix_core.errors import PoolSourceError
from causalmix_core.files import write_atomically
from causalmix_core.pools.pool_file import pretty_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    State = Mapping[str, float]

SCHEMA = "causalmix/scaling@1"
Kind = Literal["minmax", "z"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DECIMALS = 9


@dataclass(frozen=True)
class Scaling:
    """(value - origin) / width by column.

    Attributes
    ----------
    kind : "minmax" maps the reference pools onto 0..1, "z" to mean 0 and standard deviation 1 (n - 1). Later pools may lie
        outside.
    columns : column -> (origin, width); width 0 where all reference pools agree: everything is 0 there.
    pools : ids of the reference pools.
    """

    kind: Kind
    columns: Mapping[str, tuple[float, float]]
    pools: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Hash of all that decides what it does, and of the reference's ids."""
        told = [SCHEMA, self.kind, sorted(self.columns.items()), list(self.pools)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def apply(self, state: State) -> dict[str, float]:
        """A state on this scale.

        Raises
        ------
        PoolSourceError : the state has other columns than the reference pools.
        """
        odd = sorted(set(state) ^ set(self.columns))
        if odd:
            raise PoolSourceError(
                f"The scale and the pool differ in {odd[0]!r}; score the pool by the same covariates as the scale's."
            )
        found = {}
        for column, value in state.items():
            origin, width = self.columns[column]
            found[column] = round((value - origin) / width, DECIMALS) if width > 0.0 else 0.0
        return found


def fit_scaling(states: Mapping[str, State], kind: Kind) -> Scaling:
    """The scale of reference pools.

    Parameters
    ----------
    states : pool id -> state; all with the same columns.

    Raises
    ------
    PoolSourceError : fewer than two pools, other columns in one of them, or an unknown kind.
    """
    if kind not in KINDS:
        raise PoolSourceError(f"There is no scale {kind!r}; choose among {', '.join(KINDS)}.")
    if len(states) < 2:
        raise PoolSourceError(f"A scale needs two reference pools or more; here is {len(states)}.")
    first = next(iter(states.values()))
    for pool, state in states.items():
        odd = sorted(set(state) ^ set(first))
        if odd:
            raise PoolSourceError(f"Only some of the pools have {odd[0]!r} (see {pool}); score all alike.")
    columns = {}
    for column in first:
        values = np.array([state[column] for state in states.values()])
        if kind == "minmax":
            origin, width = values.min(), np.ptp(values)
        else:
            origin, width = values.mean(), values.std(ddof=1)
        columns[column] = float(origin), float(width) if np.ptp(values) > 0.0 else 0.0
    return Scaling(kind, columns, tuple(states))


def write_scaling(scaling: Scaling, path: Path) -> None:
    """Write it as JSON."""
    content = {
        "schema": SCHEMA,
        "kind": scaling.kind,
        "columns": {
            name: {"origin": origin, "width": width} for name, (origin, width) in scaling.columns.items()
        },
        "pools": list(scaling.pools),
        "sha256": scaling.sha256,
    }
    write_atomically(path, pretty_json(content))


def read_scaling(path: Path) -> Scaling:
    """Read what :func:`write_scaling` wrote.

    Raises
    ------
    PoolSourceError : no such file, or it was changed.
    """
    try:
        content = json.loads(path.read_bytes())
        columns = {
            str(name): (float(pair["origin"]), float(pair["width"]))
            for name, pair in content["columns"].items()
        }
        scaling = Scaling(content["kind"], columns, tuple(map(str, content["pools"])))
        sound = (
            content["schema"] == SCHEMA
            and content["kind"] in KINDS
            and scaling.sha256 == content["sha256"]
            and all(math.isfinite(v) for pair in columns.values() for v in pair)
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise PoolSourceError(f"{path} holds no scale that can be read ({problem}); fit it again.") from None
    if not sound:
        raise PoolSourceError(f"{path} was changed after it was written; fit the scale again.")
    return scaling

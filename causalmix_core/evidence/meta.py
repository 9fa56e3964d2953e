"""The sidecar ``<runs>.meta.json``: what a table of numbers cannot say about itself."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from causalmix_core.evidence.issues import listed, refusal, shown
from causalmix_core.evidence.limits import MAX_META_BYTES
from causalmix_core.evidence.roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from causalmix_core.errors import TableError
    from causalmix_core.evidence.roles import Role

Direction = Literal["lower", "higher"]
MOST_TEXT = 5_000
MOST_TITLE = 200


@dataclass(frozen=True)
class TableMeta:
    """What the user says about a table.

    Attributes
    ----------
    title : short label; "" takes the file's name.
    description : where the runs come from.
    default_outcome : outcome opened first; "" takes the first.
    outcomes : outcome name -> (direction, unit); the direction says which scores are better, None
        lets the name decide.
    natural : domain -> natural share, sums to 1; None when unknown.
    natural_label : what the natural shares are, in words.
    roles : column -> role, where the guess from the name is to be corrected.
    """

    title: str = ""
    description: str = ""
    default_outcome: str = ""
    outcomes: Mapping[str, tuple[Direction | None, str]] = field(default_factory=dict)
    natural: Mapping[str, float] | None = None
    natural_label: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)


def meta_path(runs_path: str | PathLike[str]) -> Path:
    """Where the sidecar of a table lies: ``runs.csv`` -> ``runs.meta.json``."""
    path = Path(runs_path)
    return path.with_name(f"{path.stem}.meta.json")


def parse_meta(data: bytes) -> TableMeta:
    """Read a sidecar.

    Raises
    ------
    TableError : too large, not JSON, an unknown key, or a value of the wrong kind.
    """
    if len(data) > MAX_META_BYTES:
        raise _bad(f"The description file is {len(data) / 1e6:,.1f} MB, more than 1 MB")
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _bad(f"The description file is not JSON ({shown(error)})") from None
    if not isinstance(found, dict):
        raise _bad("The description file is not a JSON object")
    known = set(TableMeta.__dataclass_fields__)
    unknown = [key for key in found if key not in known]
    if unknown:
        raise _bad(
            f"The description file has the unknown key {shown(unknown[0])!r}; known are {listed(sorted(known))}"
        )
    natural = found.get("natural")
    return TableMeta(
        title=_text(found, "title", MOST_TITLE),
        description=_text(found, "description", MOST_TEXT),
        default_outcome=_text(found, "default_outcome", MOST_TITLE),
        outcomes={name: _outcome(name, value) for name, value in _object(found, "outcomes").items()},
        natural=None if natural is None else _natural(_object(found, "natural")),
        natural_label=_text(found, "natural_label", MOST_TITLE),
        roles={column: _role(column, value) for column, value in _object(found, "roles").items()},
    )


def _bad(message: str) -> TableError:
    return refusal("bad-meta", message, "Correct it as docs/RUNS_TABLE.md tells, or remove it")


def _text(found: Mapping[str, Any], key: str, most: int) -> str:
    value = found.get(key, "")
    if not isinstance(value, str) or len(value) > most:
        raise _bad(f"In the description file, {key!r} is not a text of at most {most:,} characters")
    return value


def _object(found: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = found.get(key, {})
    if not isinstance(value, dict):
        raise _bad(f"In the description file, {key!r} is not a JSON object")
    return value


def _outcome(name: str, value: object) -> tuple[Direction | None, str]:
    if not isinstance(value, dict) or not set(value) <= {"direction", "unit"}:
        raise _bad(
            f"In the description file, outcome {shown(name)!r} needs an object with direction and unit"
        )
    direction = value.get("direction")
    if direction not in ("lower", "higher", None):
        raise _bad(
            f"In the description file, the direction of {shown(name)!r} is neither 'lower' nor 'higher'"
        )
    return cast("Direction | None", direction), _text(value, "unit", MOST_TITLE)


def _natural(shares: Mapping[str, Any]) -> dict[str, float]:
    for domain, share in shares.items():
        # Comparing is safe where turning a whole number of any length into a float is not.
        if (
            isinstance(share, bool)
            or not isinstance(share, int | float)
            or not 0 <= share <= sys.float_info.max
        ):
            raise _bad(
                f"In the description file, the natural share of {shown(domain)!r} is not a number >= 0"
            )
    return {domain: float(share) for domain, share in shares.items()}


def _role(column: str, value: object) -> Role:
    if value not in ROLES:
        raise _bad(f"In the description file, the role of {shown(column)!r} is none of {listed(ROLES, 9)}")
    return value

"""Floors, caps and locks from a JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.decision.json_input import is_number, load_object, names, shown
from causalmix_core.errors import InfeasibleRegion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_KEYS = ("min", "max", "lock")
_FORMS = '[0.1, 0.4], {"min": 0.1}, {"max": 0.4} or {"lock": true}'


def parse_bounds(
    data: bytes | Mapping[str, object], domains: Sequence[str]
) -> tuple[dict[str, tuple[float, float]], tuple[str, ...]]:
    """Bounds {domain: (floor, cap)} as shares in [0, 1] and the locked domains.

    Each domain's value is ``[floor, cap]`` or an object with ``min``, ``max`` or ``lock``. Whether
    the bounds go together is for :func:`~causalmix_core.decision.region.make_region` to say.

    Raises
    ------
    InfeasibleRegion
        Not a JSON object, an unknown domain, a form not listed above, no number, or a number
        outside [0, 1]; the message names the row.
    """
    found = load_object(data, "The bounds file", InfeasibleRegion)
    unknown = [str(name) for name in found if name not in domains]
    if unknown:
        raise InfeasibleRegion(
            f"The bounds name {names(unknown)}, not among the domains {names(list(domains))}: "
            "use the domains of the runs."
        )
    bounds: dict[str, tuple[float, float]] = {}
    locked: list[str] = []
    for name, value in found.items():
        low, high, lock = _row(name, value)
        if lock:
            locked.append(name)
        if (low, high) != (0.0, 1.0):
            bounds[name] = (low, high)
    return bounds, tuple(locked)


def _row(name: str, value: object) -> tuple[float, float, bool]:
    if isinstance(value, list | tuple) and len(value) == 2:
        return _share(name, "floor", value[0]), _share(name, "cap", value[1]), False
    if isinstance(value, dict) and value and set(value) <= set(_KEYS):
        lock = value.get("lock", False)
        if isinstance(lock, bool):
            low, high = value.get("min", 0.0), value.get("max", 1.0)
            return _share(name, "floor", low), _share(name, "cap", high), lock
    raise InfeasibleRegion(f"The bounds of {name} are {shown(value)}: write {_FORMS}.")


def _share(name: str, word: str, value: object) -> float:
    if is_number(value):
        share = float(value)  # type: ignore[arg-type]
        if 0.0 <= share <= 1.0:
            return share
        if share > 1.0:
            raise InfeasibleRegion(
                f"The {word} of {name} is {share:g}: bounds are shares from 0 to 1, 0.4 for 40 %."
            )
    raise InfeasibleRegion(f"The {word} of {name} is {shown(value)}: give a share from 0 to 1.")

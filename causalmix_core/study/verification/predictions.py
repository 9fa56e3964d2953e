"""What every method chooses for every new pool and expects of it, written and hashed before any of it is trained."""

from __future__ import annotations

import hashlib
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.errors import StudyError
from causalmix_core.files import write_atomically
from causalmix_core.study.place import read_json
from causalmix_core.study.rivals.registry import method_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.study.rivals.ground import Choice, Ground, Method, PoolAtHand
    from causalmix_core.study.verification.groups import NewPool

    Array = NDArray[np.float64]
    Progress = Callable[[float, str], None]

SCHEMA = "causalmix/study-predictions@1"
PREDICTIONS = "predictions.json"


def predict(
    ground: Ground,
    names: Sequence[str],
    pools: Mapping[str, NewPool],
    at_hand: Mapping[str, PoolAtHand],
    hashes: Mapping[str, str],
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The choices of the methods ``names`` for every pool, as predictions.json holds them.

    Parameters
    ----------
    hashes : of plan, runs and pools, kept beside the choices.
    """
    methods = [method_of(name) for name in names]
    chosen: dict[str, Any] = {}
    for number, (name, pool) in enumerate(pools.items()):
        chosen[name] = {
            "group": pool.group,
            "choices": {method.name: _chosen(ground, method, at_hand[name]) for method in methods},
        }
        if progress is not None:
            progress((number + 1) / len(pools), "choosing mixtures")
    said = {
        "schema": SCHEMA,
        **hashes,
        "outcome": ground.outcome,
        "level": ground.level,
        "domains": list(ground.table.domains),
        "anchor": _by_domain(ground, ground.anchor),
        "methods": {m.name: {"words": m.words, "radius": m.radius, "uses": m.uses} for m in methods},
        "pools": chosen,
    }
    return {**said, "sha256": hashlib.sha256(canonical_json(said)).hexdigest()}


def keep_predictions(path: Path, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The predictions of a file; made and written where there is none. What was predicted is never predicted again.

    Raises
    ------
    StudyError : the file was changed after it was written.
    """
    if not path.exists():
        write_atomically(path, canonical_json(make()))
    return read_predictions(path)


def read_predictions(path: Path) -> dict[str, Any]:
    """Predictions whose hash fits their content.

    Raises
    ------
    StudyError : it does not.
    """
    found: dict[str, Any] = read_json(path)
    said = {key: value for key, value in found.items() if key != "sha256"}
    if found.get("sha256") != hashlib.sha256(canonical_json(said)).hexdigest():
        raise StudyError(f"{path} was changed after it was written: its hash does not fit its content.")
    return found


def _chosen(ground: Ground, method: Method, pool: PoolAtHand) -> dict[str, Any]:
    choice: Choice = method.choose(ground, pool)
    own = choice.own
    return {
        "mixture": _by_domain(ground, choice.shares),
        "own": None
        if own is None
        else {"gain": own.gain, "interval": None if own.interval is None else list(own.interval)},
        "predictor": _predictor(ground, pool, choice.shares),
    }


def _predictor(ground: Ground, pool: PoolAtHand, shares: Array) -> dict[str, Any]:
    """What the study's own fit says of a mixture that it did not choose."""
    response = ground.once(("response", pool.id), lambda: ground.fit(ground.estimator).response(pool.state))
    gain, se = float(response.gain(shares, ground.anchor)), float(response.gain_se(shares, ground.anchor))
    half = NormalDist().inv_cdf(0.5 + ground.level / 2.0) * se
    return {"gain": gain, "interval": [gain - half, gain + half], "se": se}


def _by_domain(ground: Ground, shares: Array) -> dict[str, float]:
    return dict(zip(ground.table.domains, map(float, shares), strict=True))

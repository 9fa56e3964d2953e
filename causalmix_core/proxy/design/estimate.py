"""What a design costs before it is launched: tokens, FLOP, hours at a speed that was given or measured."""

from __future__ import annotations

import json
import math
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.errors import DesignError
from causalmix_core.pools.tokenizer_folder import BASE_FOLDER

if TYPE_CHECKING:
    from os import PathLike

    from causalmix_core.proxy.design.design import Design

FLOP_A_TOKEN = 6  # times parameters, forward and backward (Kaplan et al. 2020, section 2.1)
SECONDS_AN_HOUR = 3600.0
SMALLEST = 108_864  # parameters of the default tiny model (0.1M)
MOST_HEADER = 100_000_000  # bytes, the limit of the format


@dataclass(frozen=True)
class Estimate:
    """Cost of all runs of a design.

    Attributes
    ----------
    runs : how many.
    tokens : trained on in all.
    flop : 6 x parameters x tokens; attention over long sequences is not counted.
    hours : tokens over the speed of all slots together, None where no speed is known.
    """

    runs: int
    tokens: int
    flop: float
    hours: float | None


def estimate(
    design: Design,
    params: float,
    *,
    tokens_per_second: float | None = None,
    slots: int = 1,
    tokens_per_document: float | None = None,
) -> Estimate:
    """Cost of a design's runs.

    Parameters
    ----------
    params : parameters of the model, > 0.
    tokens_per_second : of one run on one slot. ``slots`` : runs at a time.
    tokens_per_document : mean length, needed where the design counts documents.

    Raises
    ------
    DesignError : a number that is not > 0, or documents without their mean length.
    """
    for name, value in (
        ("params", params),
        ("tokens_per_second", tokens_per_second),
        ("slots", slots),
        ("tokens_per_document", tokens_per_document),
    ):
        if value is not None and not (math.isfinite(value) and value > 0):
            raise DesignError(f"The cost estimate has {name} {value:g}; give a number > 0.")
    examples = sum(run.total for run in design.runs)
    if design.settings.unit == "windows":
        tokens = examples * design.settings.seq
    elif tokens_per_document is None:
        raise DesignError("The design counts documents; give their mean length in tokens for an estimate.")
    else:
        tokens = round(examples * tokens_per_document)
    hours = None if tokens_per_second is None else tokens / tokens_per_second / slots / SECONDS_AN_HOUR
    return Estimate(len(design.runs), tokens, FLOP_A_TOKEN * params * tokens, hours)


def base_params(pool_dir: str | PathLike[str]) -> int:
    """Parameters of the base model that a pool's tiny runs start from; ``SMALLEST`` where the pool has none yet.

    Counted in the header of its weights, which are not loaded.
    """
    path = Path(pool_dir) / BASE_FOLDER / "model.safetensors"
    try:
        with path.open("rb") as weights:
            size = int.from_bytes(weights.read(8), "little")
            header = json.loads(weights.read(min(size, MOST_HEADER)))
        shapes = [tensor["shape"] for name, tensor in header.items() if name != "__metadata__"]
        return sum(math.prod(shape) for shape in shapes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return SMALLEST


def measured_speed(study: str | PathLike[str]) -> float:
    """Tokens a second of one run: the median of the runs that a study has finished on this or another machine.

    Raises
    ------
    DesignError : the study has no finished run.
    """
    speeds: list[float] = []
    for path in sorted(Path(study).glob("runs/*/result.json")):
        try:
            result = json.loads(path.read_bytes())
            speeds.append(float(result["tokens"]) / float(result["seconds"]))
        except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
            continue
    if not speeds:
        raise DesignError(
            f"{study} has no finished run to measure the speed by; give tokens a second instead."
        )
    return statistics.median(speeds)

"""Which scores are better, and in which unit: said by the sidecar, else guessed from the name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from causalmix_core.evidence.issues import listed, shown
from causalmix_core.evidence.table import MEAN_OUTCOME, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.evidence.issues import IssueLog
    from causalmix_core.evidence.meta import TableMeta

LOWER_ANYWHERE = ("loss", "perplexity", "error", "entropy")
LOWER_WORDS = frozenset({"bpb", "ppl", "nll", "err", "wer", "cer", "rmse", "mse", "mae", "xent", "bits"})


def lower_is_better(name: str) -> bool:
    """Whether an outcome's name says that lower is better: loss, bpb, perplexity, nll, error, ..."""
    folded = name.casefold()
    words = set(re.split(r"[^a-z0-9]+", folded))
    return bool(words & LOWER_WORDS) or any(part in folded for part in LOWER_ANYWHERE)


def unit_of(name: str) -> str:
    """Unit that an outcome's name says, else ""."""
    return "bits per byte" if "bpb" in re.split(r"[^a-z0-9]+", name.casefold()) else ""


def describe_outcomes(names: Sequence[str], meta: TableMeta, log: IssueLog) -> tuple[Outcome, ...]:
    """Direction and unit of every outcome; guessed directions are reported."""
    for name in meta.outcomes:
        if name not in names:
            _unknown(name, names, log)
    guessed: list[Outcome] = []
    outcomes: list[Outcome] = []
    for name in names:
        direction, unit = meta.outcomes.get(name, (None, unit_of(name)))
        higher = direction == "higher" if direction else not lower_is_better(name)
        outcomes.append(Outcome(name, higher, unit))
        if direction is None:
            guessed.append(outcomes[-1])
    for higher, word in ((False, "lower"), (True, "higher")):
        same = [outcome.name for outcome in guessed if outcome.higher_is_better is higher]
        if same:
            log.add(
                "note",
                f"direction-guessed-{word}",
                f"By their names, {word} is taken to be better for {listed(same)}.",
                "Set the direction in the description file or on the Runs page if that is wrong.",
            )
    return tuple(outcomes)


def default_outcome(outcomes: Sequence[Outcome], meta: TableMeta, log: IssueLog) -> str:
    """The outcome opened first: the one the sidecar names, else the first."""
    names = [outcome.name for outcome in outcomes]
    if not meta.default_outcome:
        return names[0]
    if meta.default_outcome not in (*names, MEAN_OUTCOME):
        _unknown(meta.default_outcome, names, log)
        return names[0]
    return meta.default_outcome


def _unknown(name: str, names: Sequence[str], log: IssueLog) -> None:
    log.add(
        "error",
        "unknown-outcome",
        f"The description file names the outcome {shown(name)!r}, which the table does not have.",
        f"Use one of {listed(list(names))}",
    )

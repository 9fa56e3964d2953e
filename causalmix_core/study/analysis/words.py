"""The analysis in a table and a few lines, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER = (
    "estimator",
    "R2",
    "rank correlation",
    "pair R2",
    "pairs right",
    "random rows, R2",
    "fitted on random",
    "on chosen",
)
NONE = "-"


def rows(found: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """One row an estimator and ablation."""
    ablated = [row for row in found["ablations"]["rows"] if row["ablation"] != "none"]
    return [
        *(_row(row["name"], row) for row in found["estimators"]["rows"]),
        *(_row(f"{row['name']}, {row['ablation']}", row) for row in ablated),
    ]


def _row(name: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    scores, random = row["all_rows"], row["random_rows"]
    return (
        name,
        *(_figure(scores, key) for key in ("r2", "spearman", "pair_r2", "pairs_right")),
        *(_figure(random[half], "r2") for half in ("all", "random", "chosen")),
    )


def _figure(scores: Mapping[str, Any] | None, key: str) -> str:
    return NONE if scores is None or scores[key] is None else plain(scores[key]["value"], 2)


def lines(found: Mapping[str, Any]) -> list[str]:
    """What was left out and refused, which covariates it takes, and the verdict of the checks."""
    runs, said = found["runs"], []
    said.append(
        f"{runs['used']:,} runs on {runs['pools']:,} pools, {runs['random']:,} random and {runs['chosen']:,} chosen; "
        f"{runs['repeats_left_out']:,} repeats left out."
    )
    said += [
        f"not fitted to {one['fitted_on']} runs: {one['name']}: {one['reason']}"
        for one in found["estimators"]["refused"]
    ]
    for row in found["covariates"]["rows"]:
        enough = row["steps"][row["enough"]]
        listed = ", ".join(enough["measures"]) or "none"
        said.append(
            f"covariates that are enough for {row['name']}: {listed} "
            f"(rank correlation {plain(enough['spearman']['mean'], 3)})."
        )
    said += [
        f"slopes, {row['name']}: error {plain(row['error'], 2)} (of noise alone {plain(row['noise'], 2)})."
        for row in found["confounding"].get("rows", ())
        if row["error"] is not None
    ]
    said.append(f"checks of {found['checks']['estimator']}: {found['checks']['verdict']}.")
    return said

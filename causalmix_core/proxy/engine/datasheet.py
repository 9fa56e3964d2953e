"""The datasheet of a study, written from its rows: what they are, how they came about, how noisy they are.

After Gebru et al., Datasheets for Datasets (2021), as far as rows can tell.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.evidence import RunsTable

_MOST_VALUES = 6
_TITLES = {
    "model_sha256": "model each run began from (SHA-256)",
    "design_sha256": "design (SHA-256)",
    "pool_sha256": "pool of text (SHA-256)",
    "versions": "versions",
    "device": "device",
    "tokens": "tokens a run",
    "params": "parameters",
    "law": "law of the mixtures",
}


def datasheet(table: RunsTable, left_out: Mapping[tuple[str, str], int]) -> str:
    """A Markdown text.

    Parameters
    ----------
    table : as :func:`.collect.collect` made it.
    left_out : (state, kind of failure) -> number of designed runs that are not in the table.
    """
    lines = [
        f"# Datasheet: {table.name}",
        "",
        f"{table.n_runs:,} proxy runs on mixtures of {len(table.domains)} domains ({', '.join(table.domains)}), "
        f"{len(set(table.pool_ids or ()))} pools. Content hash of the table: `{table.sha256}`.",
        "",
        "## What was left out",
        "",
        *_left_out(left_out),
        "",
        "## How the runs were made",
        "",
        *_made(table),
        "",
        "## How mixtures were assigned",
        "",
        *_assigned(table),
        "",
        "## Outcomes and their noise",
        "",
        *_noise(table),
        "",
        "## Columns",
        "",
        *_columns(table),
        "",
    ]
    return "\n".join(lines)


def _left_out(left_out: Mapping[tuple[str, str], int]) -> list[str]:
    if not left_out:
        return ["Nothing: every designed run is in the table."]
    said = [f"- {n} {state}{f' ({kind})' if kind else ''}" for (state, kind), n in sorted(left_out.items())]
    return [
        "Designed runs without a row. Where they failed because of their mixture, the rest is no random part of the "
        "design.",
        "",
        *said,
    ]


def _made(table: RunsTable) -> list[str]:
    lines = [
        f"- {title}: {_values(table.provenance[column])}"
        for column, title in _TITLES.items()
        if column in table.provenance
    ]
    trained = table.provenance.get("trained_tokens")
    if trained:
        counts = sorted(map(int, trained))
        lines.append(f"- tokens a run: {counts[0]:,} to {counts[-1]:,}; they follow from the mixture")
    seconds = sorted(map(float, table.provenance.get("seconds", ())))
    if seconds:
        lines.append(
            f"- seconds a run: {seconds[len(seconds) // 2]:.1f} in the median, {seconds[-1]:.1f} at most, "
            f"{sum(seconds) / 3600.0:.2f} hours in all"
        )
    lines.append(f"- seeds of the order of text: {_values(table.provenance.get('seed', ()))}")
    lines.append(f"- different data (SHA-256): {len(set(table.provenance.get('data_sha256', ())))}")
    return lines


def _assigned(table: RunsTable) -> list[str]:
    kinds = Counter(table.assignment or ())
    lines = [f"- {kind}: {n} runs" for kind, n in sorted(kinds.items())]
    densities = table.provenance.get("log_density", ())
    known = sum(text != "" for text in densities)
    lines.append(f"- {known} of {table.n_runs} rows carry the logarithm of the density they were drawn with")
    return lines


def _noise(table: RunsTable) -> list[str]:
    """Standard deviation over repeats of one mixture on one pool, beside that over all runs."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for i in range(table.n_runs):
        pool = (table.pool_ids or ("",) * table.n_runs)[i]
        groups[pool, *table.shares[i].tolist()].append(i)
    repeated = [rows for rows in groups.values() if len(rows) > 1]
    head = [
        "| outcome | better | unit | mean | sd over runs | sd over repeats |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines = []
    for j, outcome in enumerate(table.outcomes):
        own = (table.scores[:, j] * outcome.sign).tolist()
        noise = _pooled_sd([[own[i] for i in rows] for rows in repeated])
        better = "higher" if outcome.higher_is_better else "lower"
        mean = sum(own) / len(own)
        lines.append(
            f"| {outcome.name} | {better} | {outcome.unit} | {mean:.4f} | {_pooled_sd([own]):.4f} | "
            f"{'not repeated' if not repeated else f'{noise:.4f}'} |"
        )
    said = f"{len(repeated)} mixtures were trained more than once, {sum(map(len, repeated))} runs in all."
    return [*head, *lines, "", said]


def _pooled_sd(groups: Sequence[Sequence[float]]) -> float:
    squares, freedom = 0.0, 0
    for group in groups:
        mean = sum(group) / len(group)
        squares += sum((value - mean) ** 2 for value in group)
        freedom += len(group) - 1
    return float((squares / freedom) ** 0.5) if freedom else 0.0


def _columns(table: RunsTable) -> list[str]:
    covariates = ", ".join(f"`{c.column}`" for c in table.covariates) or "none"
    return [
        "- shares: of what was trained on, by counts",
        f"- covariates, of the pool before mixing: {covariates}",
        f"- kept as text: {', '.join(f'`{name}`' for name in table.provenance)}",
        *[f"- note: {issue.message}" for issue in table.issues],
    ]


def _values(values: Sequence[str]) -> str:
    counts = Counter(values)
    if not counts:
        return "not known"
    if len(counts) == 1:
        return next(iter(counts)) or "not known"
    common = [f"{value or 'not known'} ({n} runs)" for value, n in counts.most_common(_MOST_VALUES)]
    more = len(counts) - len(common)
    return ", ".join(common) + (f" and {more} more" if more else "")

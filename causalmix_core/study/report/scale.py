"""Scale: what the small runs recommended, trained with more tokens, on larger models and on another outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.study.prediction_statistics import rank_correlation
from causalmix_core.study.report.comparison import seed_of
from causalmix_core.study.report.dots import Panel, Rows, draw_dots
from causalmix_core.study.report.markdown import paragraph, table
from causalmix_core.study.report.section import Section
from causalmix_core.study.report.source import numbers
from causalmix_core.study.report.verification import KINDS
from causalmix_core.study.report.words import NOTHING, between, counted, listed, number, verdict, with_error
from causalmix_core.study.rivals.names import ANCHOR, EQUAL
from causalmix_core.study.statistics import Outcomes, outcomes_of, pool_means, summarise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.source import StudyTables
    from causalmix_core.study.statistics import Paired

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One case: what the plan says of it, its outcomes, and whether its choices are those of the verification."""

    name: str
    declared: dict[str, Any]
    outcomes: Outcomes

    @property
    def same_choices(self) -> bool:
        """False where the case has domains or weights of its own, and so its own mixtures."""
        return not {"domains", "weights"} & set(self.declared)

    def paired(self, method: str, over: str) -> Paired:
        """Gain of one method over another in short."""
        return summarise(pool_means(self.outcomes.gain(method, over)), seed_of(self.name, method, over))


def cases_of(tables: StudyTables) -> list[Case]:
    """The cases that were run, in the plan's order."""
    rows = tables.scale or []
    declared = tables.plan.plain.get("scale", {}).get("cases", {})
    found = []
    for name in dict.fromkeys([*declared, *(row["case"] for row in rows)]):
        own = [row for row in rows if row["case"] == name]
        if own:
            outcomes = outcomes_of(
                [row["pool_id"] for row in own],
                [row["method"] for row in own],
                [int(row["order"]) for row in own],
                numbers(own, tables.outcome),
            )
            found.append(Case(name, declared.get(name, {}), outcomes))
    return found


def scale(tables: StudyTables, verified: Verified | None) -> Section:
    """Case by case: what the choices gain there, and whether the small runs had foretold it."""
    section = Section(tables.plan.name)
    section.add("## Where it transfers, and where not")
    cases = cases_of(tables)
    if not cases or verified is None:
        section.add(
            paragraph("This part has not been run: there is no scale.csv with a verification beside it.")
        )
        return section
    section.add(paragraph(_opening()))
    section.show(
        "scale",
        "Mean gain over the anchor of every method in each case of scale, with 95 % intervals.",
        lambda mode: draw_dots(
            *_rows(cases, verified),
            mode,
            "Gain over the anchor by case of scale",
            "gain over the anchor, mbpb",
        ),
    )
    section.add(paragraph("Means over pools with 95 % t intervals, every panel on its own scale."))
    for case in cases:
        section.add(f"### {case.name}", paragraph(_case_words(case, verified)), _case_table(case, verified))
    return section


def headline_of(case: Case, verified: Verified) -> str | None:
    """The recommended method that a case has trained."""
    there = [m for m in verified.headline if m in case.outcomes.methods]
    return there[0] if there else None


def transfers(case: Case, verified: Verified) -> str:
    """What became of the recommended gain in a case: *beats*, *loses*, *no difference*, or *cannot be told*."""
    method = headline_of(case, verified)
    if method is None or ANCHOR not in case.outcomes.methods:
        return "cannot be told"
    return verdict(case.paired(method, ANCHOR))


def agreement(case: Case, verified: Verified) -> tuple[float, int]:
    """Rank correlation of the case's and the small runs' gains over the anchor, and of how many (pool and method).

    nan where the case trains mixtures of its own.
    """
    small, large = _paired_gains(case, verified)
    return (rank_correlation(small, large) if case.same_choices else float("nan")), small.size


def _paired_gains(case: Case, verified: Verified) -> tuple[Floats, Floats]:
    methods = [m for m in case.outcomes.methods if m in verified.methods and m != ANCHOR]
    pools = [p for p in case.outcomes.pools if p in verified.outcomes.pools]
    if not methods or not pools:
        return np.zeros(0), np.zeros(0)
    here = [case.outcomes.pools.index(p) for p in pools]
    there = [verified.outcomes.pools.index(p) for p in pools]
    large = [pool_means(case.outcomes.gain(m, ANCHOR))[here] for m in methods]
    small = [pool_means(verified.gains(m))[there] for m in methods]
    return np.concatenate(small), np.concatenate(large)


def _opening() -> str:
    return (
        "No run of these sizes was seen before the choice: the mixtures are those that the small runs recommended. A case "
        "*transfers* where the recommended mixture beats the anchor there too, by the same rule of two standard errors."
    )


def _rows(cases: list[Case], verified: Verified) -> tuple[Rows, list[Panel]]:
    names = [m for m in verified.methods if m != ANCHOR and any(m in c.outcomes.methods for c in cases)]
    panels = []
    for case in cases:
        values = {}
        for method in (m for m in names if m in case.outcomes.methods):
            found = case.paired(method, ANCHOR)
            values[method] = (1_000 * found.mean, 1_000 * found.low, 1_000 * found.high)
        panels.append(Panel(case.name, values))
    return Rows(names, {m: verified.kind(m) for m in names}, KINDS), panels


def _case_words(case: Case, verified: Verified) -> str:
    pools, orders = len(case.outcomes.pools), len(case.outcomes.orders)
    asked = [
        f"{key} {listed(value) if isinstance(value, list) else value}"
        for key, value in case.declared.items()
        if key not in ("pools", "orders", "weights")
    ]
    method, became = headline_of(case, verified), transfers(case, verified)
    said = f"{counted(pools, 'pool')}, {counted(orders, 'order')} of text ({listed([a.replace('_', ' ') for a in asked])})."
    if method is not None:
        word = {"beats": "transfers", "loses": "does not transfer: it loses to the anchor"}.get(
            became, "does not show: there is no difference from the anchor beyond two standard errors"
        )
        said += f" `{method}` {word} ({with_error(case.paired(method, ANCHOR))} mbpb)."
    rank, count = agreement(case, verified)
    if np.isfinite(rank):
        said += f" Gains over the anchor of {count} choices (pool and method) have a rank correlation of {number(rank, 2)} with the small runs'."
    elif not case.same_choices:
        said += " Its mixtures were chosen for its own domains and weights, so they cannot be set beside the small runs' gains."
    return said


def _case_table(case: Case, verified: Verified) -> str:
    rows = []
    for method in (m for m in verified.methods if m in case.outcomes.methods):
        equal = (
            with_error(case.paired(method, EQUAL))
            if EQUAL in case.outcomes.methods and method != EQUAL
            else NOTHING
        )
        if method == ANCHOR:
            rows.append([f"`{method}`, the anchor", equal, *[NOTHING] * 5])
            continue
        found = case.paired(method, ANCHOR)
        rows.append([
            f"`{method}`", equal, with_error(found), between(found.low, found.high), f"{found.wins}/{found.pools}",
            _small(case, verified, method), verdict(found),
        ])  # fmt: skip
    header = [
        "method",
        "over `equal` (se)",
        "over the anchor (se)",
        "95 % interval",
        "wins",
        "small runs, same pools",
        "verdict",
    ]
    return table(header, rows)


def _small(case: Case, verified: Verified, method: str) -> str:
    if not case.same_choices or method not in verified.methods:
        return NOTHING
    there = [verified.outcomes.pools.index(p) for p in case.outcomes.pools if p in verified.outcomes.pools]
    if not there:
        return NOTHING
    return with_error(summarise(pool_means(verified.gains(method))[there]))

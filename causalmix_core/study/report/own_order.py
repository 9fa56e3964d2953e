"""The study's own order of text: what the recommended mixtures gain in it, beside what was foretold and what new orders gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.report.comparison import seed_of
from causalmix_core.study.report.markdown import paragraph, table
from causalmix_core.study.report.source import numbers
from causalmix_core.study.report.words import counted, listed, milli, percent, verdict, with_error
from causalmix_core.study.rivals.names import ANCHOR
from causalmix_core.study.statistics import outcomes_of, pool_means, summarise

if TYPE_CHECKING:
    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.section import Section
    from causalmix_core.study.report.source import StudyTables
    from causalmix_core.study.statistics import Outcomes, Paired

SAID = {
    "beats": "more in its own order",
    "loses": "less in its own order",
    "no difference": "no difference",
    "cannot be told": "cannot be told",
}


def own_order(section: Section, tables: StudyTables, verified: Verified) -> None:
    """Add the comparison, where these runs were made."""
    rows = tables.own_order
    if not rows:
        return
    own = outcomes_of(
        [row["pool_id"] for row in rows],
        [row["method"] for row in rows],
        [int(row["order"]) for row in rows],
        numbers(rows, tables.outcome),
    )
    section.add(
        "### In the study's own order of text", paragraph(_words(tables, own)), _table(verified, own),
        paragraph(_share(verified, own)),
    )  # fmt: skip


def of_own_order(verified: Verified, own: Outcomes, method: str, group: str) -> tuple[Paired, Paired]:
    """On a group: the gain over the anchor in the study's own orders, and how much more that is than in new ones."""
    at = [own.pools.index(pool) for pool in verified.groups[group]]
    gains = pool_means(own.gain(method, ANCHOR))[at]
    more = gains - pool_means(verified.gains(method, ANCHOR, group))
    return summarise(gains, seed_of("own order", method, group)), summarise(
        more, seed_of("more in own order", method, group)
    )


def _words(tables: StudyTables, own: Outcomes) -> str:
    made = tables.plan.own_orders
    runs = len({row["run_id"] for row in tables.own_order or ()})
    why = (
        "All runs of the study but the repeats share one order of text, so a fit learns that order too: what looks like a mixture's "
        "gain is in part its own luck. To tell how much,"
        if made == 1
        else f"The study's pools take {made} orders of text in turn, so that a fit should learn no order's own luck. To see whether that holds,"
    )
    return (
        f"{why} the recommended mixtures of all new pools were trained once more, in {counted(len(own.orders), 'order')} of the "
        f"study's own ({runs:,} runs). A gain that is larger there than in new orders was never the mixture's. Gain over the anchor, "
        "mbpb (se):"
    )


def _table(verified: Verified, own: Outcomes) -> str:
    rows = []
    for group in verified.groups:
        for method in (m for m in verified.headline if m in own.methods):
            said = verified.predicted(method, "own", group)
            here, more = of_own_order(verified, own, method, group)
            foretold = milli(float(said.gain.mean())) if said is not None else ""
            new = verified.paired(method, ANCHOR, group)
            rows.append([
                group, f"`{method}`", foretold, with_error(here), with_error(new), with_error(more), SAID[verdict(more)],
            ])  # fmt: skip
    header = ["pools", "method", "foretold", "own order", "new orders", "difference", "verdict"]
    return table(header, rows, left=2)


def _share(verified: Verified, own: Outcomes) -> str:
    """How much of the first method's miss its own order explains, in each group where it promised too much."""
    method = verified.headline[0]
    if method not in own.methods:
        return ""
    said = []
    for group in verified.groups:
        foretold = verified.predicted(method, "own", group)
        if foretold is None:
            continue
        here, more = of_own_order(verified, own, method, group)
        missed = float(foretold.gain.mean()) - (here.mean - more.mean)
        if missed > 0.0:
            said.append(f"{percent(float(np.clip(more.mean / missed, 0.0, 1.0)))} on {group} pools")
    if not said:
        return f"On no group of pools does `{method}` promise too much."
    return f"Of what `{method}` promised too much, that order's luck is {listed(said)}; the rest is the fit's own error."

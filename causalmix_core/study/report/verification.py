"""The verification: every method on pools that no run has seen, by group, with predictions and paired differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.report.dots import Panel, Rows, draw_dots
from causalmix_core.study.report.followed import followed
from causalmix_core.study.report.foretold import foretold
from causalmix_core.study.report.markdown import folded, paragraph, points, table
from causalmix_core.study.report.own_order import own_order
from causalmix_core.study.report.section import Section
from causalmix_core.study.report.setting import held_out_damage
from causalmix_core.study.report.words import (
    NOTHING,
    between,
    counted,
    in_words,
    listed,
    milli,
    number,
    p_value,
    percent,
    verdict,
    versus,
    with_error,
)
from causalmix_core.study.rivals.names import ANCHOR, EQUAL, FREE
from causalmix_core.study.statistics import pool_means

if TYPE_CHECKING:
    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.source import StudyTables

KINDS = {
    "own": "conditioned on the pool's state, of this product",
    "rival": "rival",
    "privileged": "knows the hidden quality",
}


def verification(tables: StudyTables, verified: Verified | None) -> Section:
    """What every method gained on new pools."""
    section = Section(tables.plan.name)
    section.add("## On pools that no run has seen")
    if verified is None:
        section.add(
            paragraph("This part has not been run: there is no verification.csv with predictions.json.")
        )
        return section
    section.add(paragraph(_opening(tables, verified)), points(_methods(verified)))
    section.show(
        "gains",
        "Mean gain over the outcome's weights of every method, by group of pools, with 95 % intervals.",
        lambda mode: draw_dots(
            *_gain_rows(verified),
            mode,
            "Gain over the anchor by method and group",
            "gain over the anchor, mbpb",
        ),
    )
    section.add(
        paragraph(
            "Gain over the anchor by group: means over pools with 95 % t intervals, every panel on its own scale. Right of 0 is better."
        )
    )
    for group in verified.groups:
        section.add(
            f"### {group.capitalize()} pools ({len(verified.groups[group])})", _group_table(verified, group)
        )
    section.add("### Paired differences", paragraph(_paired_words(verified)), *_paired_tables(verified))
    section.add(*_held_out(tables, verified), *_radii(verified))
    followed(section, verified)
    foretold(section, verified)
    own_order(section, tables, verified)
    section.add("### Do the runs improve on their start?", _starts(verified))
    return section


def _opening(tables: StudyTables, verified: Verified) -> str:
    runs = len({row["run_id"] for row in tables.verification or ()})
    groups = listed([f"{len(pools)} {group}" for group, pools in verified.groups.items()])
    return (
        f"{len(verified.outcomes.pools)} new pools ({groups}); {counted(len(verified.methods), 'method')}, each trained in "
        f"{counted(len(verified.outcomes.orders), 'order')} of text: {runs:,} runs, as methods that choose the same mixture share "
        "one. Choices and predicted gains were written and hashed before the first of these runs, and every row names that hash "
        f"(`{tables.predictions['sha256'][:16]}…`)."
        if tables.predictions
        else ""
    )


def _methods(verified: Verified) -> list[str]:
    return [f"`{m}`: {str(verified.about[m]['words']).rstrip('.')}." for m in verified.methods]


def _gain_rows(verified: Verified) -> tuple[Rows, list[Panel]]:
    names = [m for m in verified.methods if m != ANCHOR]
    panels = []
    for group in verified.groups:
        values = {}
        for method in names:
            found = verified.paired(method, ANCHOR, group)
            values[method] = (1_000 * found.mean, 1_000 * found.low, 1_000 * found.high)
        panels.append(Panel(f"{group} ({len(verified.groups[group])})", values))
    return Rows(names, {m: verified.kind(m) for m in names}, KINDS), panels


def _group_table(verified: Verified, group: str) -> str:
    header = [
        "method",
        "over `equal` (se)",
        "over the anchor (se)",
        "median",
        "wins",
        "worst pool",
        "harmed",
        "surely",
        "against the anchor",
    ]
    rows = []
    for method in verified.methods:
        equal = with_error(verified.paired(method, EQUAL, group)) if EQUAL in verified.methods else NOTHING
        if method == ANCHOR:
            rows.append([f"`{method}`, the anchor", equal, *[NOTHING] * 7])
            continue
        found, harmed = verified.paired(method, ANCHOR, group), verified.harm(method, group)
        name = f"**`{method}`**" if method in verified.headline else f"`{method}`"
        rows.append([
            name, NOTHING if method == EQUAL else equal, with_error(found), milli(found.median), f"{found.wins}/{found.pools}",
            milli(found.worst), percent(harmed.rate), percent(harmed.surely / harmed.pools), verdict(found),
        ])  # fmt: skip
    return table(header, rows)


def _paired_words(verified: Verified) -> str:
    return (
        f"{listed([f'`{m}`' for m in verified.headline])} less each rival, pool by pool, mbpb: mean (standard error), 95 % t "
        "interval, 95 % bootstrap interval over pools, two-sided p of Wilcoxon's signed ranks (pools where both trained the same "
        "mixture do not count in it), pools won."
    )


def _paired_tables(verified: Verified) -> list[str]:
    """The headline group in full view, the others folded away."""
    first, *others = verified.groups
    return [
        f"{first.capitalize()} pools:",
        _paired_table(verified, first),
        *(folded(f"{group.capitalize()} pools", _paired_table(verified, group)) for group in others),
    ]


def _paired_table(verified: Verified, group: str) -> str:
    rows = []
    for method in verified.headline:
        for rival in (m for m in verified.methods if m != method):
            found = verified.paired(method, rival, group)
            rows.append([
                f"`{method}` − `{rival}`", with_error(found), between(found.low, found.high),
                between(found.boot_low, found.boot_high), p_value(found.p), f"{found.wins}/{found.pools}", verdict(found),
            ])  # fmt: skip
    header = ["difference", "mean (se)", "t interval", "bootstrap", "p", "wins", "verdict"]
    return table(header, rows)


def _held_out(tables: StudyTables, verified: Verified) -> list[str]:
    """A paragraph on the damage that no run has seen, and one on the domain that the fit has not."""
    said, groups = [], tables.plan.verification["groups"]
    kinds = held_out_damage(tables.plan.plain)
    for group in verified.groups:
        new = [kind for kind in kinds if kind in groups.get(group, {}).get("damage", {})]
        if new:
            found = [f"`{m}` {_over_anchor(verified, m, group)}" for m in verified.headline]
            said.append(
                f"**A kind of damage that was held out.** No run of the study saw {listed(new)}. On the "
                f"{counted(len(verified.groups[group]), 'pool')} damaged by it, {'; '.join(found)}."
            )
    held_domain = tables.plan.verification.get("held_out_domain")
    for method in (m for m in verified.methods if m.startswith("domain-held-out")):
        twin = f"{FREE}-{method.rsplit('-', 1)[-1]}"
        group = verified.headline_group
        beside = _beside(verified, method, twin, group) if twin in verified.methods else ""
        said.append(
            f"**A domain that was held out of the fit.** `{method}` foretells the effects of {held_domain} from the other domains "
            f"and its own state alone. On {group} pools it {_over_anchor(verified, method, group)}. {beside}"
        )
    return ["### Held out", *(paragraph(one) for one in said)] if said else []


def _beside(verified: Verified, method: str, twin: str, group: str) -> str:
    """The same method with the domain in its fit."""
    cost = verified.paired(twin, method, group)
    return f"With it in the fit `{twin}` {_over_anchor(verified, twin, group)}, and {versus(cost, f'`{method}`')} ({in_words(cost)})."


def _over_anchor(verified: Verified, method: str, group: str) -> str:
    found = verified.paired(method, ANCHOR, group)
    return f"{versus(found, 'the anchor')} ({in_words(found)})"


def _radii(verified: Verified) -> list[str]:
    """Trust regions side by side, from the smallest to none."""
    names = sorted(
        (m for m in verified.methods if m == FREE or m.startswith(f"{FREE}-")), key=verified.radius
    )
    if len(names) < 2:
        return []
    rows = []
    for method in names:
        radius = verified.radius(method)
        found = [verified.paired(method, ANCHOR, group) for group in verified.groups]
        harmed = verified.harm(method)
        rows.append([
            "none" if radius == float("inf") else f"{radius:g}", *(with_error(one) for one in found),
            milli(float(np.nanmin(pool_means(verified.gains(method))))), f"{harmed.below}/{harmed.pools}",
        ])  # fmt: skip
    header = ["radius", *verified.groups, "worst pool of all", "harmed, of all"]
    return [
        "### The trust region",
        paragraph(
            "A trust region holds the recommended mixture within a total variation distance of the anchor. Gain over the anchor, mbpb (se):"
        ),
        table(header, rows),
    ]


def _starts(verified: Verified) -> str:
    rows = [[f"`{m}`", percent(verified.beats_start(m))] for m in verified.methods]
    start = f"the base's own outcome is {number(verified.start, 3)}"
    return "\n\n".join(
        [
            paragraph(f"Share of runs on new pools that end better than they started ({start})."),
            table(["method", "runs better than their start"], rows),
        ]
    )

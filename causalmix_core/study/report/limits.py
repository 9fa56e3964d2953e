"""What failed, and what the study does not show: findings that the numbers give, then limits that the plan gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.report.answer import NAMES, coverage, missed_goals, rivals
from causalmix_core.study.report.markdown import paragraph, points
from causalmix_core.study.report.scale import cases_of, headline_of, transfers
from causalmix_core.study.report.section import Section
from causalmix_core.study.report.setting import beats_start, own_rows
from causalmix_core.study.report.words import (
    HARM_GOAL,
    counted,
    held,
    listed,
    milli,
    percent,
    promises,
    verdict,
    with_error,
)
from causalmix_core.study.rivals.names import ANCHOR

if TYPE_CHECKING:
    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.source import StudyTables


def limits(tables: StudyTables, verified: Verified | None) -> Section:
    """Losses first, then what lies outside of what was tried."""
    section = Section(tables.plan.name)
    section.add("## What failed, and what this does not show")
    found = failures(tables, verified)
    section.add(
        "Found in the numbers, by the rules above:"
        if found
        else paragraph("By the rules above nothing failed."),
        points(found),
        "What it does not show:",
        points(_not_shown(tables)),
    )
    return section


def failures(tables: StudyTables, verified: Verified | None) -> list[str]:
    """Every finding against the recommended methods, in sentences."""
    missing = [
        f"{what} has not been run."
        for what, rows in (
            ("The verification", tables.verification), ("The near-oracle", tables.oracle), ("The scale part", tables.scale),
            ("The analysis of the study's own runs", tables.analysis),
        )
        if rows is None
    ]  # fmt: skip
    if verified is None:
        return missing
    return [
        *_goals(verified),
        *_groups(verified),
        *_rivals(verified),
        *_promises(verified),
        *_cases(tables, verified),
        *missing,
    ]


def _goals(verified: Verified) -> list[str]:
    return [
        f"`{method}` misses the goal on {verified.headline_group} pools: {listed(missed)}."
        for method in verified.headline
        if (missed := missed_goals(verified, method))
    ]


def _groups(verified: Verified) -> list[str]:
    """Groups where a recommended method does not beat the plain rivals, or harms too many pools."""
    said = []
    for group in list(verified.groups)[1:]:
        for method in verified.headline:
            found = {rival: verified.paired(method, rival, group) for rival in rivals(verified)}
            lost = [
                f"{_fails(verdict(one))} {NAMES[rival]} ({with_error(one)} mbpb, {one.wins} of {one.pools} pools)"
                for rival, one in found.items()
                if verdict(one) != "beats"
            ]
            if lost:
                said.append(f"On {group} pools `{method}` {listed(lost)}.")
            harmed = verified.harm(method, group)
            if harmed.rate >= HARM_GOAL:
                said.append(
                    f"On {group} pools `{method}` ends below the anchor in {harmed.below} of {harmed.pools}, surely in "
                    f"{harmed.surely}; its worst pool is {milli(verified.paired(method, ANCHOR, group).worst)} mbpb."
                )
    return said


def _fails(judged: str) -> str:
    return {"loses": "loses to", "no difference": "does not differ from"}.get(judged, "cannot be told from")


def _rivals(verified: Verified) -> list[str]:
    """Other methods that the headline one does not beat on the headline group; of its own kind those it loses to."""
    said, group, method = [], verified.headline_group, verified.headline[0]
    for rival in verified.methods:
        if rival == method or rival in rivals(verified):
            continue
        found = verified.paired(method, rival, group)
        fine = ("beats", "no difference") if verified.kind(rival) == "own" else ("beats",)
        if verdict(found) not in fine:
            said.append(f"`{rival}` ({with_error(found)}, {verdict(found)})")
    if not said:
        return []
    return [f"On {group} pools `{method}` does not beat {listed(said)}."]


def _promises(verified: Verified) -> list[str]:
    """Headline methods whose predictions or intervals did not hold, on all pools or on a group."""
    from causalmix_core.study.prediction_statistics import calibrate

    said = []
    for method in verified.headline:
        found = verified.predicted(method)
        if found is None:
            continue
        fit = calibrate(found.gain, found.realised)
        if promises(fit) == "promises too much":
            said.append(
                f"`{method}` promises too much over all pools: {milli(fit.predicted)} predicted, {milli(fit.realised)} realised (mbpb)."
            )
        for group in (None, *verified.groups):
            kept = coverage(verified, method, group)
            if kept is not None and held(kept, verified.level) != "as stated":
                where = "all pools" if group is None else f"{group} pools"
                said.append(
                    f"On {where} the interval of `{method}` held in {percent(kept.fair)} of {kept.intervals}, "
                    f"{held(kept, verified.level).removesuffix('stated')}the stated {percent(verified.level)}."
                )
    return said


def _cases(tables: StudyTables, verified: Verified) -> list[str]:
    said = []
    for case in cases_of(tables):
        method = headline_of(case, verified)
        if method is None:
            said.append(f"In the case {case.name} no recommended method was trained.")
        elif transfers(case, verified) != "beats":
            found = case.paired(method, ANCHOR)
            said.append(
                f"The recommendation does not show in the case {case.name}: `{method}` {_fails(verdict(found))} the anchor "
                f"({with_error(found)} mbpb, {counted(found.pools, 'pool')})."
            )
    return said


def _not_shown(tables: StudyTables) -> list[str]:
    plan, share = tables.plan.plain, beats_start(own_rows(tables))
    trained = f" of {plan['base']['size']} parameters" if "base" in plan else ""
    stated = [
        f"One corpus of {counted(len(tables.domains), 'domain')}: {listed(list(tables.domains))}. New pools differ in their state, "
        "not in their subject.",
        f"One model{trained} and one recipe of training for the study's own runs; nothing here is a claim about large models "
        "beyond the cases of scale.",
        "The damage is made, one kind a domain, and much worse at its worst than that of a filtered corpus.",
        f"One evaluation, {'the answers to its tasks' if tables.plan.tasks else 'held-out text of the same domains'}, under one set of "
        "weights that was fixed beforehand.",
        "The chosen mixtures follow a rule of this study; other people confound otherwise.",
        "Rivals are re-implemented here at this size with their published rules; their authors could tune them further.",
        f"{_orders_of_the_runs(tables.plan.own_orders)}, and {counted(_new_orders(tables), 'order')} of it were trained on new pools.",
    ]  # fmt: skip
    if np.isfinite(share):
        stated.insert(2, f"{percent(1.0 - share)} of the study's runs end no better than they started.")
    return stated


def _orders_of_the_runs(made: int) -> str:
    if made == 1:
        return "All runs of the study but the repeats share one order of text"
    return f"The runs of the study took {made} orders of text in turn, a pool's runs the same one"


def _new_orders(tables: StudyTables) -> int:
    return int(tables.plan.verification["orders"])

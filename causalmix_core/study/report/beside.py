"""Beside other studies: what another plan of runs, with the same outcome, made of the same methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.study.document import shown_path
from causalmix_core.study.report.answer import coverage, missed_goals
from causalmix_core.study.report.followed import followed_harm, followed_paired, following
from causalmix_core.study.report.markdown import paragraph, table
from causalmix_core.study.report.section import Section
from causalmix_core.study.report.words import (
    MANY_ERRORS,
    NOTHING,
    counted,
    listed,
    milli,
    milli_size,
    percent,
    with_error,
)
from causalmix_core.study.rivals.names import ANCHOR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.source import StudyTables
    from causalmix_core.study.statistics import Paired

DECLARED = ("text", "base", "scorer", "covariates", "runs", "pools", "mixtures", "replicates", "fit")
NOT_A_CHANGE = ("seed",)

Other = tuple["StudyTables", "Verified"]


def beside(tables: StudyTables, verified: Verified | None, others: Sequence[Other]) -> Section:
    """A part for each other study; nothing where there is none."""
    section = Section(tables.plan.name)
    if verified is None or not others:
        return section
    section.add("## Beside other studies", paragraph(_opening()))
    for other, there in others:
        name = other.plan.name
        section.add(f"### {other.plan.plain['title']}", paragraph(_words(tables, other)))
        for group in (g for g in verified.groups if g in there.groups):
            section.add(
                f"{group.capitalize()} pools ({len(verified.groups[group])} here, {len(there.groups[group])} in `{name}`):",
                _gains(verified, there, group, name),
                *_promises(verified, there, group, name),
            )
    return section


def in_short(tables: StudyTables, verified: Verified | None, others: Sequence[Other]) -> Section:
    """A paragraph for the answer: what each other study's recommended mixtures came to."""
    section = Section(tables.plan.name)
    if verified is not None:
        section.add(*(paragraph(_short(tables, other, there)) for other, there in others))
    return section


def _short(tables: StudyTables, other: StudyTables, there: Verified) -> str:
    group, said = there.headline_group, []
    for method in there.headline:
        gain, harmed, kept = (
            there.paired(method, ANCHOR, group),
            there.harm(method, group),
            coverage(there, method, group),
        )
        held = f", intervals held in {percent(kept.fair)}" if kept else ""
        said.append(
            f"`{method}` {with_error(gain)} mbpb over the outcome's weights ({gain.wins} of {gain.pools} pools, {harmed.below} harmed, "
            f"{harmed.surely} surely{held}); {_goal(there, method)}"
        )
    what = listed(changes(tables.plan.plain, other.plan.plain))
    return (
        f"**Another plan of runs,** `{other.plan.name}` ({what}), on {group} pools of its own: {'. '.join(said)}. It is told "
        f"[further down](#beside-other-studies), and in {shown_path(other.plan.name)}."
    )


def _goal(there: Verified, method: str) -> str:
    """Whether a method reaches the goal, always moving and with its verdict followed."""
    asked = {"always moving,": missed_goals(there, method)}
    if method in following(there):
        asked["with the verdict followed,"] = missed_goals(there, method, follow=True)
    return listed(
        [
            f"{how} it {'misses the goal (' + listed(m) + ')' if m else 'reaches the goal'}"
            for how, m in asked.items()
        ]
    )


def comparable(one: StudyTables, other: StudyTables) -> bool:
    """Whether two studies have the same outcome."""
    return one.plan.plain["outcome"] == other.plan.plain["outcome"]


def changes(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """What another plan declares otherwise for its own runs: key, its value, and the value here."""
    said = []
    for key in DECLARED:
        mine, its = _flat(one.get(key), key), _flat(other.get(key), key)
        for name in dict.fromkeys([*mine, *its]):
            if mine.get(name) != its.get(name) and name.rsplit(".", 1)[-1] not in NOT_A_CHANGE:
                said.append(f"{name} {its.get(name, 'not said')} (here {mine.get(name, 'not said')})")
    return said


def _flat(value: Any, name: str) -> dict[str, str]:
    if isinstance(value, dict):
        return {
            key: said for part, one in value.items() for key, said in _flat(one, f"{name}.{part}").items()
        }
    if value is None:
        return {}
    return {name: " ".join(map(str, value)) if isinstance(value, list) else str(value)}


def _opening() -> str:
    return (
        "Studies with the same outcome and another plan of runs. Their new pools are others, drawn by the same laws, so a difference "
        "between two studies is one of means over different pools (Welch's standard error), and says *more* or *less* where it is "
        "beyond two of them."
    )


def _words(tables: StudyTables, other: StudyTables) -> str:
    plan = other.plan.plain
    said = changes(tables.plan.plain, plan)
    return (
        f"**Asked:** {plan['question']} The plan `{plan['name']}` declares, apart from seeds: {listed(said)}. It has "
        f"{counted(len(other.runs), 'run')}; its own document is {shown_path(other.plan.name)}, its predictions have the hash "
        f"`{other.predictions['sha256'][:16] if other.predictions else NOTHING}…`."
    )


def _gains(here: Verified, there: Verified, group: str, name: str) -> str:
    rows = []
    for method in (m for m in here.methods if m in there.methods and m != ANCHOR):
        mine, its = (v.paired(method, ANCHOR, group) for v in (here, there))
        mean, error = its.mean - mine.mean, float(np.hypot(its.error, mine.error))
        harmed = [v.harm(method, group) for v in (here, there)]
        rows.append([
            f"`{method}`", with_error(mine), with_error(its), f"{milli(mean)} ({milli_size(error)})", _judged(mean, error),
            *(f"{h.below}/{h.pools}, {h.surely}" for h in harmed), milli(mine.worst), milli(its.worst),
        ])  # fmt: skip
    header = [
        "over the anchor, mbpb (se)", "here", f"`{name}`", "difference", "verdict", "harmed, surely: here", f"`{name}`",
        "worst pool: here", f"`{name}`",
    ]  # fmt: skip
    return table(header, rows)


def _judged(mean: float, error: float) -> str:
    mean, error = round(mean, 9), round(error, 9)
    if mean > MANY_ERRORS * error:
        return "more there"
    return "less there" if mean < -MANY_ERRORS * error else "no difference"


def _promises(here: Verified, there: Verified, group: str, name: str) -> list[str]:
    """What was foretold, how often intervals held, and what the verdict brings, where both studies foretell."""
    rows = []
    for method in (m for m in following(here) if m in following(there)):
        cells = [
            cell
            for pair in zip(*(_foretold(v, method, group) for v in (here, there)), strict=True)
            for cell in pair
        ]
        rows.append([f"`{method}`", *cells])
    if not rows:
        return []
    header = ["", *(h for what in ("foretold, realised", "held, with noise", "verdict followed, moved, harmed") for h in (f"{what}: here", f"`{name}`"))]  # fmt: skip
    return [table(header, rows)]


def _foretold(verified: Verified, method: str, group: str) -> list[str]:
    said, kept = verified.predicted(method, "own", group), coverage(verified, method, group)
    if said is None:
        return [NOTHING] * 3
    moved = int((said.low > 0.0).sum())
    found: Paired = followed_paired(verified, method, ANCHOR, group)
    return [
        f"{milli(float(said.gain.mean()))}, {milli(float(said.realised.mean()))}",
        f"{percent(kept.held)}, {percent(kept.held_widened)}" if kept else NOTHING,
        f"{with_error(found)}, {moved}, {followed_harm(verified, method, group).below}",
    ]

"""The answer, first: what the recommended mixture gained on ordinary new pools, and whether the goal was reached."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.prediction_statistics import cover
from causalmix_core.study.report.followed import (
    followed_harm,
    followed_paired,
    following,
    verdict_sentence,
)
from causalmix_core.study.report.markdown import paragraph, table
from causalmix_core.study.report.section import Section
from causalmix_core.study.report.units import unit_word
from causalmix_core.study.report.words import (
    HARM_GOAL,
    RULES,
    between,
    counted,
    held,
    in_words,
    listed,
    percent,
    verdict,
    versus,
    with_error,
)
from causalmix_core.study.rivals.names import ANCHOR, EQUAL, REGMIX

if TYPE_CHECKING:
    from causalmix_core.study.prediction_statistics import Coverage
    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.source import StudyTables

NAMES = {EQUAL: "equal shares", ANCHOR: "the outcome's weights", REGMIX: "RegMix"}


def answer(tables: StudyTables, verified: Verified | None) -> Section:
    """Four or five sentences, and the table they come from."""
    section = Section(tables.plan.name)
    section.add("## The answer", paragraph(f"**Asked:** {tables.plan.plain['question']}"))
    if verified is None:
        section.add(
            paragraph("The verification has not been run on these tables, so there is no answer yet.")
        )
        return section
    sentences = [_against_rivals(verified, method) for method in verified.headline]
    sentences += [
        _harm_words(verified),
        _interval_words(verified),
        _elsewhere(verified),
        verdict_sentence(verified),
    ]
    section.add(*(paragraph(sentence) for sentence in sentences if sentence))
    section.add(_table(verified), paragraph(_unit(tables)), paragraph(RULES), paragraph(_goal(verified)))
    return section


def rivals(verified: Verified) -> list[str]:
    """The three that the answer compares with, as far as they were trained."""
    return [name for name in (EQUAL, ANCHOR, REGMIX) if name in verified.methods]


def describe(verified: Verified, method: str) -> str:
    """A recommended method in words."""
    radius = verified.radius(method)
    bound = "without a trust region" if radius == float("inf") else f"within {radius:g} of the anchor"
    which = "highest lower end of its gain" if method == verified.surest else "highest expected gain"
    return f"the mixture with the {which} {bound} (`{method}`)"


def _against_rivals(verified: Verified, method: str) -> str:
    group = verified.headline_group
    said = []
    for rival in rivals(verified):
        found = verified.paired(method, rival, group)
        said.append(f"{versus(found, NAMES[rival])} ({in_words(found)})")
    pools = counted(len(verified.groups[group]), f"new {group} pool")
    return f"On {pools}, {describe(verified, method)} {listed(said)}."


def _harm_words(verified: Verified) -> str:
    group, said = verified.headline_group, []
    for method in verified.headline:
        found = verified.harm(method, group)
        within = "within" if found.rate < HARM_GOAL else "not within"
        said.append(
            f"`{method}` ends below the anchor in {found.below} of {found.pools} ({percent(found.rate)}, surely in "
            f"{found.surely}), {within} the goal of under {percent(HARM_GOAL)}"
        )
    return f"Harm on {group} pools: {'; '.join(said)}."


def coverage(verified: Verified, method: str, group: str | None = None, by: str = "own") -> Coverage | None:
    """How often a method's interval (its own, or the ``by`` predictor's) held its realised gain; None without intervals."""
    found = verified.predicted(method, by, group)
    if found is None or not np.isfinite(found.low).any():
        return None
    kept = np.isfinite(found.low)
    noise = verified.noise_of_a_gain(method)
    return cover(found.low[kept], found.high[kept], found.realised[kept], noise, verified.level)


def _interval_words(verified: Verified) -> str:
    group, said = verified.headline_group, []
    for method in verified.headline:
        found = coverage(verified, method, group)
        if found is not None:
            said.append(
                f"`{method}` in {percent(found.held)} of {found.intervals} pools, {percent(found.held_widened)} with the noise "
                f"between orders added ({held(found, verified.level)})"
            )
    if not said:
        return ""
    return (
        f"The predicted gain's {percent(verified.level)} interval, written down before training, held the realised gain: "
        f"{'; '.join(said)}."
    )


def _elsewhere(verified: Verified) -> str:
    method, said = verified.headline[0], []
    for group in list(verified.groups)[1:]:
        found = verified.paired(method, ANCHOR, group)
        said.append(f"{group} {with_error(found)}, {verdict(found)}, {found.wins} of {found.pools}")
    return f"The other groups, `{method}` over the outcome's weights: {'; '.join(said)}." if said else ""


def _table(verified: Verified) -> str:
    rows = []
    for method in verified.headline:
        for rival in rivals(verified):
            found = verified.paired(method, rival, verified.headline_group)
            interval = between(found.low, found.high)
            wins = f"{found.wins} of {found.pools}"
            rows.append([f"`{method}`", f"`{rival}`", with_error(found), interval, wins, verdict(found)])
    return table(["method", "against", "mbpb (se)", "95 % interval", "wins", "verdict"], rows, left=2)


def _unit(tables: StudyTables) -> str:
    plan = tables.plan
    weights = listed([f"{weight:.2f} {name}" for name, weight in (plan.tasks or plan.weights).items()])
    what = "unanswered questions" if plan.tasks else "held-out loss"
    unit = "share of questions not answered" if plan.tasks else "bit per byte"
    return (
        f"{unit_word(plan)}: thousandths of a {unit} of the plan's outcome, {what} weighted by {weights}. A gain is the other's "
        f"outcome minus the method's own: higher is better. The anchor, `{ANCHOR}`, mixes by the domains' weights: it is what "
        "somebody does who knows only what the model is for. Intervals are Student's t over pools."
    )


def _goal(verified: Verified) -> str:
    """Whether the goal that was set beforehand was reached, by each headline method."""
    said = []
    for method in verified.headline:
        for follow in (False, True) if method in following(verified) else (False,):
            missed = missed_goals(verified, method, follow=follow)
            name = f"`{method}`, the verdict followed," if follow else f"`{method}`"
            said.append(f"{name} {'reaches it' if not missed else 'misses it: ' + listed(missed)}")
    return (
        f"**Goal set beforehand**, on {verified.headline_group} pools: beats {listed([NAMES[r] for r in rivals(verified)])}, "
        f"harms under {percent(HARM_GOAL)}, its intervals hold as often as stated. {'; '.join(said)}.{_at_all_radii(verified)}"
    )


def _at_all_radii(verified: Verified) -> str:
    """Which of the product's methods reach the goal with their verdict followed, whatever their radius."""
    reached = {m: not missed_goals(verified, m, follow=True) for m in following(verified)}
    if not reached:
        return ""
    did, not_ = ([f"`{m}`" for m, done in reached.items() if done is want] for want in (True, False))
    return (
        f" Of the plan's {counted(len(reached), 'method')} of this product, their verdict followed, {listed(did)} "
        f"{'reaches' if len(did) == 1 else 'reach'} it and {listed(not_)} {'does' if len(not_) == 1 else 'do'} not; who picks among "
        "them afterwards picks the luckiest, too."
    )


def missed_goals(verified: Verified, method: str, *, follow: bool = False) -> list[str]:
    """Parts of the goal that a method misses, in words; none where it reaches it.

    ``follow`` : of who moves from the anchor only where the method's verdict says so.
    """
    group = verified.headline_group
    compare = partial(followed_paired, verified) if follow else verified.paired
    found = {rival: compare(method, rival, group) for rival in rivals(verified)}
    missed = [versus(one, NAMES[rival]) for rival, one in found.items() if verdict(one) != "beats"]
    harmed = followed_harm(verified, method, group) if follow else verified.harm(method, group)
    if harmed.rate >= HARM_GOAL:
        missed.append(f"harms {percent(harmed.rate)}")
    kept = coverage(verified, method, group)
    if kept is not None and held(kept, verified.level) == "less often than stated":
        missed.append(f"its intervals held {percent(kept.fair)}")
    return missed

"""Had one followed the verdict: the product moves only where the predicted gain's interval lies above 0, else keeps the anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.report.comparison import seed_of
from causalmix_core.study.report.markdown import paragraph, table
from causalmix_core.study.report.words import (
    HARM_GOAL,
    NOTHING,
    counted,
    listed,
    milli,
    percent,
    verdict,
    with_error,
)
from causalmix_core.study.rivals.names import ANCHOR, FREE
from causalmix_core.study.statistics import harm, pool_means, summarise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.section import Section
    from causalmix_core.study.statistics import Harm, Paired

    Floats = NDArray[np.float64]


def following(verified: Verified) -> list[str]:
    """The product's own methods whose predictions have intervals, in the plan's order."""
    names = [m for m in verified.methods if verified.kind(m) == "own"]
    found = {m: verified.predicted(m, "own") for m in names}
    return [m for m in names if (p := found[m]) is not None and bool(np.isfinite(p.low).all())]


def followed_gains(
    verified: Verified, method: str, group: str, over: str = ANCHOR
) -> tuple[Floats, NDArray[np.bool_]]:
    """(P, O) gains over another method of who moves from the anchor only where told to, and (P,) where that was."""
    found, gains = verified.predicted(method, "own", group), verified.gains(method, over, group)
    sure = np.zeros(len(gains), dtype=bool) if found is None else found.low > 0.0
    return np.where(sure[:, None], gains, verified.gains(ANCHOR, over, group)), sure


def followed(section: Section, verified: Verified) -> None:
    """Add what following the verdict would have brought."""
    methods = following(verified)
    if not methods:
        return
    section.add("### Had one followed the verdict", paragraph(_words(verified)))
    for group in verified.groups:
        section.add(f"{group.capitalize()} pools:", _table(verified, methods, group))
    section.add(*_surest_against_expected(verified, methods))


def verdict_sentence(verified: Verified) -> str:
    """For the answer: what the headline methods bring where their verdict is followed, in all groups."""
    said = []
    for method in (m for m in verified.headline if m in following(verified)):
        parts = []
        for group in verified.groups:
            found, harmed, sure = _in_short(verified, method, group)
            parts.append(
                f"{group} {with_error(found)}, moving on {int(sure.sum())} of {counted(len(sure), 'pool')} and harming "
                f"{harmed.below}"
            )
        said.append(f"`{method}`: {'; '.join(parts)}")
    if not said:
        return ""
    return (
        "The product says *recommend* only where the predicted gain's interval lies above 0, and else to keep the anchor. Gains "
        f"over the anchor for who follows that: {listed(said)}."
    )


def followed_paired(verified: Verified, method: str, over: str, group: str) -> Paired:
    """Gain over a rival, the verdict followed, in short."""
    gains, _ = followed_gains(verified, method, group, over)
    return summarise(pool_means(gains), seed_of("followed", method, over, group))


def followed_harm(verified: Verified, method: str, group: str) -> Harm:
    """Pools that end below the anchor, the verdict followed."""
    return harm(followed_gains(verified, method, group)[0])


def _surest_against_expected(verified: Verified, methods: list[str]) -> list[str]:
    """What the surest method brings over the highest expected gain, both followed, pool by pool."""
    sure, others = verified.surest, [m for m in methods if m.startswith(FREE)]
    if sure not in methods or not others:
        return []
    rows = []
    for method in others:
        cells = [f"over `{method}`"]
        for group in verified.groups:
            mine, other = (pool_means(followed_gains(verified, m, group)[0]) for m in (sure, method))
            found = summarise(mine - other, seed_of("surest", method, group))
            cells.append(f"{with_error(found)}, {verdict(found)}")
        rows.append(cells)
    worst = min(float(pool_means(followed_gains(verified, sure, g)[0]).min()) for g in verified.groups)
    return [
        paragraph(
            f"Both followed, what `{sure}` gains more, pool by pool, mbpb (se); its worst pool of all is {milli(worst)} mbpb:"
        ),
        table(["", *verified.groups], rows),
    ]


def _in_short(verified: Verified, method: str, group: str) -> tuple[Paired, Harm, NDArray[np.bool_]]:
    sure = followed_gains(verified, method, group)[1]
    found = followed_paired(verified, method, ANCHOR, group)
    return found, followed_harm(verified, method, group), sure


def _words(verified: Verified) -> str:
    return (
        f"The product says *recommend* only where the {percent(verified.level)} interval of the corrected gain, written down before "
        "training, lies above 0; everywhere else it says to keep the anchor, or that the evidence is not enough, and nothing moves. "
        "The gain is then 0 in pools where nothing moves; *harmed* are pools that moved and ended below the anchor."
    )


def _table(verified: Verified, methods: list[str], group: str) -> str:
    header = [
        "method",
        "moved",
        "gain if followed (se)",
        "against the anchor",
        "gain where moved",
        "harmed",
        "goal",
        "if always moved",
    ]
    rows = []
    for method in methods:
        found, harmed, sure = _in_short(verified, method, group)
        always = verified.paired(method, ANCHOR, group)
        where = pool_means(verified.gains(method, ANCHOR, group))[sure]
        moved = summarise(where, seed_of("moved", method, group)) if sure.any() else None
        rows.append([
            f"`{method}`", f"{int(sure.sum())} of {len(sure)}", with_error(found), verdict(found),
            with_error(moved) if moved else NOTHING, str(harmed.below),
            "kept" if harmed.rate < HARM_GOAL else "missed", with_error(always),
        ])  # fmt: skip
    return table(header, rows)

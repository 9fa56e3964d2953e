"""How a check's status looks, and its one-line summary; the same on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from causalmix_core.checks.check import STATUSES, count, worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.checks.check import Check, Status

Colour = Literal["green", "orange", "red"]

COLOURS: dict[Status, Colour] = {"PASS": "green", "REVIEW": "orange", "FAIL": "red"}
ICONS: dict[Status, str] = {
    "PASS": ":material/check_circle:",
    "REVIEW": ":material/visibility:",
    "FAIL": ":material/block:",
}
WORDS: dict[Status, str] = {"PASS": "pass", "REVIEW": "to review", "FAIL": "fail"}


def badge(status: Status, text: str) -> None:
    """A status as a coloured badge with words, so that colour is not all that says it."""
    st.badge(text, icon=ICONS[status], color=COLOURS[status])


def inline(status: Status) -> str:
    """The same inside a line of Markdown."""
    return f":{COLOURS[status]}-badge[{ICONS[status]} {status}]"


def summary(checks: Sequence[Check]) -> str:
    """``"1 fail · 3 to review · 15 pass"``, worst first, without what there is none of."""
    counts = [(status, count(checks, status)) for status in reversed(STATUSES)]
    return " · ".join(f"{found} {WORDS[status]}" for status, found in counts if found)


def verdict_badge(checks: Sequence[Check]) -> None:
    """The verdict with its counts."""
    badge(worst(check.status for check in checks), f"Checks: {summary(checks)}")


def short_badge(checks: Sequence[Check]) -> None:
    """The verdict with the count of the worst only, for narrow places."""
    status = worst(check.status for check in checks)
    badge(status, f"Checks: {count(checks, status)} {WORDS[status]}")

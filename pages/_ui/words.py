"""Small text helpers of the pages: user text made safe for Markdown, column names in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from causalmix_core.evidence import RunsTable

_MARKDOWN = re.compile(r"([\\`*_\[\]<>$|#~])")


def escape(text: str) -> str:
    """Text from a user's file, shown as it is and never as Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def plain(name: str) -> str:
    """A column's name as words: ``duplicate_rate`` -> ``duplicate rate``."""
    return name.replace("_", " ").strip()


def sentence(name: str) -> str:
    """The same with a capital, for labels."""
    words = plain(name)
    return words[:1].upper() + words[1:]


def outcome_names(table: RunsTable) -> list[str]:
    """Outcomes to choose among: the table's own, and their mean where there are several."""
    from causalmix_core.evidence import MEAN_OUTCOME

    names = [outcome.name for outcome in table.outcomes]
    return [*names, MEAN_OUTCOME] if len(names) > 1 and MEAN_OUTCOME not in names else names


def unseen(table: RunsTable) -> str:
    """What a test leaves out whole: pools where the table names them, else runs."""
    return "runs" if table.pool_ids is None else "pools"

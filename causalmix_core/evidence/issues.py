"""Collecting what validation finds, so that one reading reports everything and not only the first fault."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from causalmix_core.errors import TableError
from causalmix_core.evidence.table import Issue

if TYPE_CHECKING:
    from causalmix_core.evidence.table import Severity

# A column of 100,000 bad cells is one fault, not 100,000 lines for a page to show.
MOST_OF_ONE_KIND = 20
LONGEST_VALUE_SHOWN = 60


class IssueLog:
    """Issues in the order found; at most ``MOST_OF_ONE_KIND`` of a code are kept, the rest counted."""

    def __init__(self, issues: tuple[Issue, ...] = ()) -> None:
        self._kept: list[Issue] = list(issues)
        self._listed: Counter[tuple[Severity, str]] = Counter((i.severity, i.code) for i in issues)
        self._found = self._listed.copy()

    def add(
        self,
        severity: Severity,
        code: str,
        message: str,
        remedy: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        """Keep one issue, or only count it where its kind has been reported often enough."""
        self._found[severity, code] += 1
        if self._listed[severity, code] < MOST_OF_ONE_KIND:
            self._listed[severity, code] += 1
            self._kept.append(Issue(severity, code, message, remedy, row, column, value))

    def count_unlisted(self, severity: Severity, code: str, number: int) -> None:
        """Count ``number`` further issues of a kind whose first ones were added."""
        self._found[severity, code] += number

    def failed(self) -> bool:
        """True once there is an error."""
        return any(severity == "error" and count for (severity, _), count in self._found.items())

    def issues(self) -> tuple[Issue, ...]:
        """Errors first, then warnings, then notes; each kind in the order found, then how many more."""
        order = {"error": 0, "warning": 1, "note": 2}
        rest = [
            Issue(
                severity,
                code,
                f"{count - self._listed[severity, code]:,} more of the kind {code!r}.",
                "Mend these too.",
            )
            for (severity, code), count in self._found.items()
            if count > self._listed[severity, code]
        ]
        return tuple(sorted([*self._kept, *rest], key=lambda issue: order[issue.severity]))

    def refuse(self) -> TableError:
        """The error to raise: the first fault in a sentence, how many more, and all issues."""
        errors = sum(count for (severity, _), count in self._found.items() if severity == "error")
        first = next(issue for issue in self._kept if issue.severity == "error")
        return TableError(sentence(first, errors - 1), self.issues())


def sentence(issue: Issue, others: int = 0) -> str:
    """One sentence with what is wrong, where, and how to mend it."""
    remedy = issue.remedy.rstrip(".")
    more = "" if others < 1 else f" (and {others:,} more problem{'s' if others > 1 else ''})"
    return f"{issue.message.rstrip('.')}; {remedy[0].lower()}{remedy[1:]}{more}."


def refusal(
    code: str, message: str, remedy: str, *, row: int | None = None, column: str | None = None
) -> TableError:
    """A :class:`TableError` for a file that cannot be read any further."""
    log = IssueLog()
    log.add("error", code, message, remedy, row=row, column=column)
    return log.refuse()


def shown(value: object) -> str:
    """A cell as text for a message, shortened."""
    text = str(value)
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[: LONGEST_VALUE_SHOWN - 1] + "…"


def listed(names: list[str] | tuple[str, ...], most: int = 8) -> str:
    """Names for a message: the first few, then how many more."""
    head = ", ".join(shown(name) for name in names[:most])
    return head if len(names) <= most else f"{head} and {len(names) - most:,} more"

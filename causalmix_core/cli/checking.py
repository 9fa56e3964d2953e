"""The checks of a fit folder: read where they are kept, else made and kept there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from causalmix_core.cli.progress import Progress
from causalmix_core.delivery.numbers import thousands
from causalmix_core.delivery.verdict import accepted_because, is_blocked
from causalmix_core.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from causalmix_core.checks.check import Check, Checkup, Status
    from causalmix_core.effects.fit import Fit

SYMBOLS: dict[Status, str] = {
    "PASS": "\N{CHECK MARK}",
    "REVIEW": "!",
    "FAIL": "\N{MULTIPLICATION SIGN}",
}


def checkup_of(directory: Path, fit: Fit, *, anew: bool = False, speak: bool = False) -> Checkup:
    """The checkup of a fit in its folder; making it takes some seconds, with progress on stderr."""
    from causalmix_core.checks.checkup import check_fit
    from causalmix_core.checks.stored import load_checkup, save_checkup

    kept = None if anew else load_checkup(directory, fit)
    if kept is not None:
        return kept
    progress = Progress(speak=speak)
    try:
        made = check_fit(fit, progress=progress)
    finally:
        progress.close()
    try:
        save_checkup(made, directory)
    except OSError as error:
        # A folder that is only read is no reason to withhold what was found.
        print(f"note: the checks were not kept in {directory} ({error.strerror}).", file=sys.stderr)
    return made


def verdict_line(checks: Sequence[Check]) -> str:
    """``"REVIEW: 15 of 18 checks pass, 3 to review, 0 fail."``."""
    from causalmix_core.checks.check import count, worst

    passed, review, failed = (count(checks, status) for status in ("PASS", "REVIEW", "FAIL"))
    verdict = worst(check.status for check in checks)
    return f"{verdict}: {passed} of {thousands(len(checks))} checks pass, {review} to review, {failed} fail."


def accepted_reason(given: str | None) -> str:
    """The text of --accept; "" where it was not given.

    Raises
    ------
    ExportError : it was given and says nothing.
    """
    if given is not None and not given.strip():
        raise ExportError("--accept is empty; say in words why the mixture is used although a check fails.")
    return given or ""


def print_checks(checks: Sequence[Check], document: Mapping[str, Any]) -> None:
    """Verdict, what does not pass, and whether the document can be handed over."""
    print(f"checks: {verdict_line(checks)}")
    for check in checks:
        if check.status != "PASS":
            print(f"{check.status} {check.title}: {check.sentence}")
    if accepted_because(document) is not None:
        print(f"accepted because: {accepted_because(document)}")
    elif is_blocked(document):
        print("export refuses this document until --accept REASON says why it is used all the same.")

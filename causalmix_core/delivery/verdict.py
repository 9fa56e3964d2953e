"""Checks in a mixture document, and the rule that a failed one stops the hand-over.

A document whose checks fail is written, so that it can be read and argued about; trainer files,
shares and copies are made of it only once somebody has said why, and that text is in the document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.checks.check import worst
from causalmix_core.delivery.identity import document_id
from causalmix_core.errors import DocumentError, ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.checks.check import Check

_MOST_NAMED = 3


def checks_json(checks: Sequence[Check], accepted_because: str = "") -> dict[str, Any]:
    """The document's ``checks``; a reason is kept only where a check fails."""
    verdict = worst(check.status for check in checks)
    reason = accepted_because.strip()
    return {
        "verdict": verdict,
        "accepted_because": reason if reason and verdict == "FAIL" else None,
        "results": [
            {
                "id": check.id,
                "title": check.title,
                "status": check.status,
                "value": check.value,
                "threshold": check.threshold,
                "unit": check.unit,
                "sentence": check.sentence,
                "remedy": check.remedy,
            }
            for check in checks
        ],
    }


def verdict_of(document: Mapping[str, Any]) -> str | None:
    """PASS, REVIEW or FAIL; None for a document from before there were checks."""
    checks = document.get("checks")
    return None if checks is None else str(checks["verdict"])


def is_blocked(document: Mapping[str, Any]) -> bool:
    """True where a check fails and nobody has said why the mixture is used all the same."""
    return verdict_of(document) == "FAIL" and accepted_because(document) is None


def accepted_because(document: Mapping[str, Any]) -> str | None:
    """The reason given for handing over in spite of a failed check, or None."""
    checks = document.get("checks")
    return None if checks is None else checks["accepted_because"]


def refuse_blocked(document: Mapping[str, Any]) -> None:
    """Stop the hand-over of a document that is blocked.

    Raises
    ------
    ExportError : naming the checks that fail.
    """
    if not is_blocked(document):
        return
    failed = [result["title"] for result in document["checks"]["results"] if result["status"] == "FAIL"]
    more = f" and {len(failed) - _MOST_NAMED} more" if len(failed) > _MOST_NAMED else ""
    raise ExportError(
        f"This mixture is not handed over, because checks fail: {', '.join(failed[:_MOST_NAMED])}{more}. Mend "
        "what they say, or say in words why it is used all the same (--accept REASON)."
    )


def with_acceptance(document: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """The same document with the reason in it, under a new id.

    Raises
    ------
    ExportError : the reason is empty, or no check fails.
    """
    if not reason.strip():
        raise ExportError("A failed check is accepted with a reason in words; an empty one is none.")
    if verdict_of(document) != "FAIL":
        raise ExportError("No check of this mixture fails, so there is nothing to accept.")
    accepted = {**document, "checks": {**document["checks"], "accepted_because": reason.strip()}}
    accepted["id"] = document_id(accepted)
    return accepted


def check_verdict(document: Mapping[str, Any]) -> None:
    """Verdict and results must agree.

    Raises
    ------
    DocumentError : they do not, or a reason stands where nothing fails.
    """
    checks = document.get("checks")
    if checks is None:
        return
    found = worst(result["status"] for result in checks["results"])
    if checks["verdict"] != found:
        raise DocumentError(
            f"The verdict of the checks is {checks['verdict']}, their results say {found}; "
            "restore the original file."
        )
    if checks["accepted_because"] is not None and found != "FAIL":
        raise DocumentError("The checks were accepted although none fails; restore the original file.")

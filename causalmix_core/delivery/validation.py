"""Whether a mixture document keeps its schema and its arithmetic, said in one sentence."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.verdict import check_verdict
from causalmix_core.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema.protocols import Validator

CLOSED_WITHIN = 1e-12
_LONGEST_REASON = 200


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of ``causalmix/mixture@1``."""
    text = resources.files("causalmix_core.delivery").joinpath("mixture.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def check_document(document: Mapping[str, Any]) -> None:
    """Schema, finite numbers, and shares that sum to 1 over the same domains.

    Raises
    ------
    DocumentError : naming the first place that is wrong.
    """
    from jsonschema.exceptions import best_match

    check_values(document, "the top level")
    worst = best_match(_validator().iter_errors(document))
    if worst is not None:
        where = "/".join(str(part) for part in worst.absolute_path) or "its top level"
        raise DocumentError(
            f"This is not a mixture document: at {where}, {_shortened(worst.message)}; "
            "export it again or restore the original file."
        )
    for name in ("mixture", "reference"):
        _check_closed(name, document[name])
    for name in ("reference", "effects"):
        if document[name].keys() != document["mixture"].keys():
            raise DocumentError(
                f"The domains of {name!r} differ from those of 'mixture'; restore the original file."
            )
    _check_counts(document)
    new = document.get("new_domain")
    if new is not None and document["mixture"].get(new["domain"]) is None:
        raise DocumentError("The new domain is none of those of 'mixture'; restore the original file.")
    check_verdict(document)


@lru_cache(maxsize=1)
def _validator() -> Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema())


def _shortened(reason: str) -> str:
    """The start, which names the value, and the end, which says what is wrong with it."""
    if len(reason) <= _LONGEST_REASON:
        return reason
    return f"{reason[: _LONGEST_REASON // 2]} ... {reason[-_LONGEST_REASON // 2 :]}"


def _check_closed(name: str, shares: Mapping[str, float]) -> None:
    total = math.fsum(shares.values())
    if abs(total - 1.0) > CLOSED_WITHIN:
        raise DocumentError(
            f"The shares of {name!r} add up to {total!r}, not to 1 within {CLOSED_WITHIN}; "
            "restore the original file."
        )


def _check_counts(document: Mapping[str, Any]) -> None:
    """Counts, where there are any, are of domains of the mixture and add up to the budget."""
    counts, budget = document.get("counts"), document.get("budget")
    if counts is None and budget is None:
        return
    if counts is None or budget is None or sum(counts.values()) != budget:
        raise DocumentError("The counts do not add up to the budget; restore the original file.")
    for name in ("counts", "available", "epochs", "max_epochs"):
        if not (document.get(name) or {}).keys() <= document["mixture"].keys():
            raise DocumentError(
                f"The domains of {name!r} differ from those of 'mixture'; restore the original file."
            )


def check_values(value: Any, where: str) -> None:
    """Refuse what canonical JSON cannot hold: infinities, huge integers, half characters.

    Raises
    ------
    DocumentError : naming the place, which starts at ``where``.
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise DocumentError(f"The number at {where} is {value}; every number must be finite.")
    # Beyond 64 bits no other reader of JSON keeps an integer, and floats overflow.
    if isinstance(value, int) and abs(value) >= 2**63:
        raise DocumentError(f"The number at {where} is too large; every number must fit 64 bits.")
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise DocumentError(f"The text at {where} holds half a character; write it as UTF-8.")
    if isinstance(value, dict):
        for key, inner in value.items():
            check_values(key, f"a key of {where}")
            check_values(inner, ascii(key))
    elif isinstance(value, list):
        for inner in value:
            check_values(inner, where)

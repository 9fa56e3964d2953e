"""Reading a mixture document back: nothing in it is trusted before it is checked."""

from __future__ import annotations

import json
from typing import Any

from causalmix_core.delivery.identity import document_id
from causalmix_core.delivery.validation import check_document
from causalmix_core.errors import DocumentError

MAX_BYTES = 5_000_000


def read_document(data: bytes) -> dict[str, Any]:
    """A checked mixture document.

    Size, JSON without repeated keys, schema, finite numbers, shares that sum to 1 and the id are
    checked in this order.

    Raises
    ------
    DocumentError : one sentence naming the first thing that is wrong.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"The file holds {len(data):,} bytes; a mixture document has at most {MAX_BYTES:,}."
        )
    try:
        document = _parsed(data)
        check_document(document)
        found = document_id(document)
    except RecursionError:
        raise DocumentError("The file nests too deeply to be a mixture document.") from None
    if document["id"] != found:
        raise DocumentError(
            f"The document says id {document['id'][:15]}..., its content gives {found[:15]}...: "
            "it was changed after it was written; decide again instead of editing the file."
        )
    return document


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_without_repeats, parse_constant=_refused
        )
    except UnicodeDecodeError:
        raise DocumentError("The file is not UTF-8 text, so it is not a mixture document.") from None
    except json.JSONDecodeError as error:
        raise DocumentError(f"The file is not JSON: {error.msg} at line {error.lineno}.") from None
    except ValueError:
        # The interpreter refuses integers of thousands of digits with a plain ValueError.
        raise DocumentError("The file holds a number too long to read.") from None
    if not isinstance(document, dict):
        raise DocumentError("The file holds JSON, but not an object, so it is not a mixture document.")
    return document


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise DocumentError(f"The key {repeated!r} stands twice in one object; restore the original file.")
    return found


def _refused(word: str) -> float:
    raise DocumentError(f"The file holds {word}; every number must be finite.")

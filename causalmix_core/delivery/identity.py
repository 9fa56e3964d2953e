"""Identity of a mixture document: equal content, equal id."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.canonical_json import canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping


def document_id(document: Mapping[str, Any]) -> str:
    """``"cm-"`` and the SHA-256 of the canonical document without ``id`` and ``created_at``."""
    content = {key: value for key, value in document.items() if key != "id"}
    provenance = dict(content["provenance"])
    provenance.pop("created_at", None)
    content["provenance"] = provenance
    return "cm-" + hashlib.sha256(canonical_json(content)).hexdigest()

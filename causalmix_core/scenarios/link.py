"""A scenario in a link: compact text for a query parameter, and strict reading of what comes back.

The text is base64url of zlib of canonical JSON. Links are hostile: the text's length, the length
of what it unpacks to and the content itself are all checked.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.errors import ScenarioError
from causalmix_core.scenarios.codec import canonical_bytes, check_scenario, from_json, to_json

if TYPE_CHECKING:
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.scenario import Scenario

SCHEMA = "causalmix/link@1"
LONGEST_LINK = 8_000  # characters; servers and chats cut longer addresses off
MOST_UNPACKED = 256_000  # bytes
_DAMAGED = (
    "The link's scenario cannot be read: it was cut off or changed on the way. Copy the whole link anew."
)


@dataclass(frozen=True)
class Shared:
    """What a link holds.

    Attributes
    ----------
    scenario : what was decided about; ``fit_sha256`` : hash of the fit that it was made with.
    """

    scenario: Scenario
    fit_sha256: str


def to_link(scenario: Scenario, table: RunsTable, fit_sha256: str) -> str:
    """Text for the query parameter ``scenario``; letters, digits, "-" and "_" only.

    Raises
    ------
    ScenarioError : too long for a link.
    """
    content = {"schema": SCHEMA, "table": table.sha256, "fit": fit_sha256, "scenario": to_json(scenario)}
    packed = zlib.compress(canonical_bytes(content), 9)
    text = base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
    if len(text) > LONGEST_LINK:
        raise ScenarioError(
            f"This scenario takes {len(text):,} characters, more than the {LONGEST_LINK:,} of a link; save it and "
            "hand its file over instead."
        )
    return text


def from_link(text: str, table: RunsTable) -> Shared:
    """What :func:`to_link` wrote for this table.

    Raises
    ------
    ScenarioError : damaged, too long, of another table, or not a scenario of this one.
    """
    values = _unpacked(text)
    if set(values) != {"schema", "table", "fit", "scenario"} or values["schema"] != SCHEMA:
        raise ScenarioError(_DAMAGED)
    of_table, fit, inner = values["table"], values["fit"], values["scenario"]
    if not isinstance(fit, str) or not isinstance(inner, dict):
        raise ScenarioError(_DAMAGED)
    if of_table != table.sha256:
        raise ScenarioError(
            f"The link's scenario belongs to another table than {table.name}; open the project that it was made in."
        )
    scenario = from_json(inner)
    check_scenario(scenario, table)
    return Shared(scenario, fit)


def _unpacked(text: str) -> dict[str, object]:
    if len(text) > LONGEST_LINK:
        raise ScenarioError(
            f"The link's scenario has more than {LONGEST_LINK:,} characters; no link is that long."
        )
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(packed, MOST_UNPACKED)
        whole = unpacker.eof and not unpacker.unused_data
        found = json.loads(data.decode()) if whole else None
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise ScenarioError(_DAMAGED) from None
    if not isinstance(found, dict):
        raise ScenarioError(_DAMAGED)
    return found

"""What a mixture document says of what there is to train on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.delivery.supply import supply_of, supply_rows

if TYPE_CHECKING:
    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision

DEFAULT_UNIT = "examples"


def supply_fields(decision: Decision) -> dict[str, Any]:
    """Unit, budget, counts, amounts and epochs by domain, and the domains present; null without a supply."""
    region, supply = decision.region, supply_of(decision.region)
    rows = supply_rows(decision)
    absent = () if region.availability is None else region.availability.absent
    fields: dict[str, Any] = {
        "unit": DEFAULT_UNIT if supply is None else supply.unit,
        "domains_present": [d for d in region.domains if d not in absent],
        "budget": None,
        "counts": None,
        "available": None,
        "epochs": None,
        "max_epochs": None,
    }
    if supply is not None:
        fields |= {
            "budget": round(supply.budget),
            "counts": {row.domain: row.count for row in rows},
            "available": {row.domain: row.available for row in rows},
            "epochs": {row.domain: row.epochs for row in rows},
            "max_epochs": {row.domain: float(row.most_epochs) for row in rows},
        }
    return fields


def reference_words(label: str, region: Region) -> str:
    """What the reference is, in words, when what is there changed it."""
    there = region.availability
    if there is None or np.array_equal(there.asked, region.anchor):
        return label
    return f"{label}, as far as it is there"

"""What a mixture document says of a domain that no run has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.unseen import (
    held_sentence,
    law_sentence,
    lodo_sentence,
    unseen_json,
    unseen_sentence,
)
from causalmix_core.effects.joined import JoinedFit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.unseen import UnseenEffect

    Array = NDArray[np.float64]


def effect_of(fit: Fit, pool: Array, decision: Decision) -> UnseenEffect | None:
    """Effect of the domain without runs at a pool (d,), the decision's anchor giving way; None without one."""
    if not isinstance(fit, JoinedFit):
        return None
    return fit.effect(pool, decision.region.anchor[:-1], decision.level)


def unseen_fields(fit: Fit, pool: Array, decision: Decision) -> dict[str, Any]:
    """The field ``new_domain``; nothing where runs have seen all domains."""
    from causalmix_core.evidence.domain_state import own_names

    found = effect_of(fit, pool, decision)
    if not isinstance(fit, JoinedFit) or found is None:
        return {}
    unseen, table = fit.unseen, fit.seen.table
    return {
        "new_domain": {
            "domain": unseen.name,
            "seen_in_runs": False,
            "share": float(decision.shares[-1]),
            "cap": float(decision.region.upper[-1]),
            "state": dict(zip(own_names(table), map(float, unseen.state), strict=True)),
            **unseen_json(found, unseen.report),
            "sentences": [
                held_sentence(decision, unseen.report),
                unseen_sentence(fit.outcome, found),
                lodo_sentence(unseen.report),
            ],
        }
    }


def unseen_assumptions(fit: Fit) -> list[str]:
    """What the estimate rests on besides, where the mixture may hold a domain that no run has seen."""
    return [law_sentence(fit.unseen.name)] if isinstance(fit, JoinedFit) else []

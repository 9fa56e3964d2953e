"""``--new-domain NAME=STATE.json``: a domain that no run has seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.cli.progress import Progress
from causalmix_core.cli.reading import read_file
from causalmix_core.errors import UnseenDomainError

if TYPE_CHECKING:
    import argparse

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.cli.situation import Situation
    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.effects.unseen import UnseenEffect
    from causalmix_core.evidence.table import Outcome


def add_new_domain(parser: argparse.ArgumentParser) -> None:
    """--new-domain."""
    parser.add_argument(
        "--new-domain",
        metavar="NAME=STATE.json",
        help="also foretell a domain that no run has seen from its state, {covariate: value}; refused where leaving "
        "out each seen domain shows that the table does not support it",
    )


@dataclass(frozen=True, eq=False)
class NewDomain:
    """The foretold effect and what it rests on; ``state`` (J,) is the domain's own."""

    effect: UnseenEffect
    report: LodoReport
    state: NDArray[np.float64]

    def as_json(self) -> dict[str, Any]:
        """Two keys beside those of the effects of seen domains."""
        effect, report = self.effect, self.report
        return {
            "new_domain": {
                "domain": effect.name,
                "seen_in_runs": False,
                "effect": effect.effect,
                "se": effect.se,
                "lower": effect.lower,
                "upper": effect.upper,
                "share": effect.share,
                "beyond_seen_domains": list(effect.beyond),
            },
            "leave_one_domain_out": {
                "rank": report.rank,
                "within_rank": report.within_rank,
                "within": dict(zip(report.domains, report.within.tolist(), strict=True)),
                "sign_agreement": report.sign_agreement,
                "sd": report.sd,
            },
        }

    def words(self, outcome: Outcome) -> str:
        """Both sentences."""
        from causalmix_core.delivery.unseen import lodo_sentence, unseen_sentence

        return f"{unseen_sentence(outcome, self.effect)}\n{lodo_sentence(self.report)}"


def read_new_domain(spec: str, situation: Situation, level: float) -> NewDomain:
    """Read the state, leave each domain out, foretell.

    Raises
    ------
    UnseenDomainError : no NAME=FILE, or the table does not support it.
    PoolError : the state is not one of a domain of this table.
    """
    from causalmix_core.effects.leave_one_domain_out import check_supported, leave_one_domain_out
    from causalmix_core.effects.unseen import unseen_effect
    from causalmix_core.evidence.domain_state import parse_domain_state

    name, _, path = spec.partition("=")
    if not name.strip() or not path:
        raise UnseenDomainError(
            f"--new-domain {spec} does not name a domain and a file; write NAME=STATE.json."
        )
    fit, name = situation.fit, name.strip()
    check_supported(fit)
    state = parse_domain_state(read_file(Path(path)), name, fit.table)
    progress = Progress(speak=False)
    try:
        report = leave_one_domain_out(fit, progress=progress)
    finally:
        progress.close()
    effect = unseen_effect(fit, name, state, situation.pool, situation.anchor, report, level)
    return NewDomain(effect, report, state)

"""``--new-domain NAME=STATE.json``: a domain that no run has seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.cli.progress import Progress
from causalmix_core.cli.reading import read_file
from causalmix_core.errors import UnseenDomainError

if TYPE_CHECKING:
    import argparse

    from causalmix_core.cli.situation import Situation
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.effects.unseen import UnseenEffect
    from causalmix_core.evidence.table import Outcome, RunsTable
    from causalmix_core.scenarios.new_domain import NewDomain


def add_new_domain(parser: argparse.ArgumentParser, what: str) -> None:
    """--new-domain; ``what`` the command does with it."""
    parser.add_argument(
        "--new-domain",
        metavar="NAME=STATE.json",
        help=f"{what} a domain that no run has seen, by its state, {{covariate: value}}; refused where leaving out each "
        "seen domain shows that the table does not support it",
    )


@dataclass(frozen=True, eq=False)
class ForetoldDomain:
    """The foretold effect and what it rests on."""

    effect: UnseenEffect
    report: LodoReport

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


def read_new_domain(spec: str, situation: Situation, level: float) -> ForetoldDomain:
    """Read the state, leave each domain out, foretell.

    Raises
    ------
    UnseenDomainError : no NAME=FILE, or the table does not support it.
    PoolError : the state is not one of a domain of this table.
    """
    from causalmix_core.effects.leave_one_domain_out import check_supported
    from causalmix_core.effects.unseen import unseen_effect
    from causalmix_core.evidence.domain_state import parse_domain_state

    fit = situation.fit
    name, path = _parts(spec)
    check_supported(fit)
    state = parse_domain_state(read_file(path), name, fit.table)
    report = leave_out(fit)
    effect = unseen_effect(fit, name, state, situation.pool, situation.anchor, report, level)
    return ForetoldDomain(effect, report)


def new_domain_of(arguments: argparse.Namespace, table: RunsTable) -> NewDomain | None:
    """The domain that --new-domain adds to the pool, or None.

    Raises
    ------
    UnseenDomainError : no NAME=FILE. PoolError : the state is not one of a domain of this table.
    ScenarioError : the name is taken or none.
    """
    from causalmix_core.scenarios.new_domain import check_new_domain, new_domain

    spec = getattr(arguments, "new_domain", None)
    if spec is None:
        return None
    name, path = _parts(spec)
    found = new_domain(name, read_file(path), table)
    check_new_domain(found, table)
    return found


def new_names(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The name that --new-domain gives, which --bounds, --supply and --domains may use; empty without it."""
    spec = getattr(arguments, "new_domain", None)
    return () if spec is None else (_parts(spec)[0],)


def _parts(spec: str) -> tuple[str, Path]:
    name, _, path = spec.partition("=")
    if not name.strip() or not path:
        raise UnseenDomainError(
            f"--new-domain {spec} does not name a domain and a file; write NAME=STATE.json."
        )
    return name.strip(), Path(path)


@lru_cache(maxsize=1)
def leave_out(fit: Fit) -> LodoReport:
    """Leave each domain out, with progress on stderr, once for a fit.

    Raises
    ------
    UnseenDomainError : the fit has no law shared by domains, or too few domains.
    """
    from causalmix_core.effects.leave_one_domain_out import leave_one_domain_out

    progress = Progress(speak=False)
    try:
        return leave_one_domain_out(fit, progress=progress)
    finally:
        progress.close()

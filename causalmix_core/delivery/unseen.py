"""Sentences on a domain that no run has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.numbers import decimals_for, percent, plain, signed
from causalmix_core.delivery.sentences import AT_ZERO, interval_phrase, outcome_phrase, verdict
from causalmix_core.effects.leave_one_domain_out import LEAST_RANK, LEAST_WITHIN

if TYPE_CHECKING:
    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.effects.unseen import UnseenEffect
    from causalmix_core.evidence.table import Outcome


def marked_domains(region: Region) -> tuple[str, ...]:
    """The K names, those of domains without runs with a mark that says so, for pictures and tables."""
    unseen = dict(region.unseen)
    return tuple(f"{name} (no runs)" if name in unseen else name for name in region.domains)


def unseen_sentence(outcome: Outcome, found: UnseenEffect) -> str:
    """The effect of a domain without runs, marked as such."""
    decimals = decimals_for(found.effect, found.lower, found.upper)
    interval = interval_phrase(found.lower, found.upper, found.level, decimals)
    beyond = ""
    if found.beyond:
        verb = "lies" if len(found.beyond) == 1 else "lie"
        beyond = f" Its {', '.join(found.beyond)} {verb} beyond those of all seen domains: extrapolated."
    return (
        f"No run has seen {found.name}. From its state alone, giving it {percent(found.share)} of the mixture changes "
        f"{outcome_phrase(outcome)} by {signed(found.effect, decimals)} per percentage point ({interval}, as wide as leaving "
        f"out each seen domain shows): {verdict(found.lower, found.upper)}.{beyond}"
    )


def held_sentence(made: Decision, report: LodoReport) -> str:
    """How much of the domain without runs, the last one, a mixture holds, and what was allowed."""
    name, share, cap = made.region.domains[-1], float(made.shares[-1]), float(made.region.upper[-1])
    why = ", the share at which leaving out each seen domain was checked" if cap >= report.share else ""
    allowed = f"at most {percent(cap)} was allowed{why}"
    if share <= AT_ZERO:
        return f"The mixture holds nothing of {name}, which no run has seen; {allowed}."
    return (
        f"The mixture holds {percent(share)} of {name}, which no run has seen; {allowed}. Train about {report.runs_needed} "
        f"runs with changing shares of {name} to know its own effect."
    )


def brings_sentence(outcome: Outcome, without: Decision, made: Decision) -> str:
    """What the domain without runs, the last of ``made``, brings over the decision ``without`` it."""
    name, share, cap = made.region.domains[-1], float(made.shares[-1]), float(made.region.upper[-1])
    if share <= AT_ZERO:
        return f"Allowed up to {percent(cap)} of {name}, which no run has seen, the best mixture holds nothing of it."
    decimals = decimals_for(made.gain, *made.interval, without.gain)
    unit = f" {outcome.unit}" if outcome.unit else ""
    interval = interval_phrase(*made.interval, made.level, decimals)
    return (
        f"Allowed up to {percent(cap)} of {name}, which no run has seen, the best mixture holds {percent(share)} of it, "
        f"with an estimated gain of {signed(made.gain, decimals)}{unit} ({interval}) instead of "
        f"{signed(without.gain, decimals)} without it."
    )


def law_sentence(name: str) -> str:
    """What an effect without runs rests on."""
    return (
        f"{name}, which no run has seen, is worth what the seen domains would be worth in its state: one law of a domain's "
        "own state holds for all."
    )


def unseen_json(found: UnseenEffect, report: LodoReport) -> dict[str, Any]:
    """The effect of a domain without runs and what it rests on, for machines."""
    return {
        "effect": {
            "effect": found.effect,
            "se": found.se,
            "lower": found.lower,
            "upper": found.upper,
            "level": found.level,
            "share": found.share,
            "beyond_seen_domains": list(found.beyond),
        },
        "leave_one_domain_out": {
            "passed": report.passed,
            "rank": report.rank,
            "least_rank": LEAST_RANK,
            "within_rank": report.within_rank,
            "least_within_rank": LEAST_WITHIN,
            "within": dict(zip(report.domains, report.within.tolist(), strict=True)),
            "sign_agreement": report.sign_agreement,
            "sd": report.sd,
            "share": report.share,
            "runs_needed": report.runs_needed,
        },
    }


def lodo_sentence(found: LodoReport) -> str:
    """How well domains left out are foretold, and whether that is enough."""
    said = (
        f"Leaving out each of the {len(found.domains)} domains in turn, the others and its state foretell its effect with a rank "
        f"correlation of {plain(found.rank, 2)} over all domains and pools and {plain(found.within_rank, 2)} over the pools of "
        f"one domain (median); {plain(100 * found.sign_agreement, 0)} % of signs agree"
    )
    typical = found.full.mean(axis=1)
    low, high = int(typical.argmin()), int(typical.argmax())
    digits = decimals_for(float(typical[low]), float(typical[high]))
    usual = (
        f"Brought in the same way, seen domains change it by {signed(float(typical[low]), digits)} ({found.domains[low]}) to "
        f"{signed(float(typical[high]), digits)} ({found.domains[high]})"
    )
    enough = "enough to foretell a new domain" if found.passed else "not enough to foretell a new domain"
    return f"{said}: {enough}. {usual}."

"""Sentences on a domain that no run has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery.numbers import decimals_for, percent, plain, signed
from causalmix_core.delivery.sentences import AT_ZERO, interval_phrase, outcome_phrase, verdict

if TYPE_CHECKING:
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.effects.unseen import UnseenEffect
    from causalmix_core.evidence.table import Outcome


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


def unseen_decision_sentence(outcome: Outcome, without: Decision, made: Decision) -> str:
    """What a domain without runs, the last of ``made``, would bring to the decision ``without`` it."""
    name, share, cap = made.region.domains[-1], float(made.shares[-1]), float(made.region.upper[-1])
    if share <= AT_ZERO:
        return f"Allowed up to {percent(cap)} of {name}, which no run has seen, the best mixture holds nothing of it."
    decimals = decimals_for(made.gain, *made.interval, without.gain)
    unit = f" {outcome.unit}" if outcome.unit else ""
    interval = interval_phrase(*made.interval, made.level, decimals)
    return (
        f"Allowed up to {percent(cap)} of {name}, which no run has seen, the best mixture would hold {percent(share)} of "
        f"it, with an estimated gain of {signed(made.gain, decimals)}{unit} ({interval}) instead of "
        f"{signed(without.gain, decimals)}. The mixture document is of the decision without it: train some runs with "
        f"{name} before relying on this."
    )


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

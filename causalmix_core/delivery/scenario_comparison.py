"""Scenarios side by side: as a table, in sentences and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.delivery.answer import answer_title
from causalmix_core.delivery.numbers import (
    decimals_for,
    level_percent,
    percent,
    percentages,
    plain,
    probability,
    signed,
)
from causalmix_core.delivery.scenarios import (
    anchor_words,
    new_domain_words,
    objective_words,
    pool_words,
    radius_words,
    support_words,
)
from causalmix_core.delivery.sentences import interval_phrase, outcome_phrase
from causalmix_core.scenarios.codec import scenario_id, to_json

if TYPE_CHECKING:
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.compare import Entry, ScenarioComparison

SURE = 0.95


@dataclass(frozen=True)
class Row:
    """One line of the table: what it is, its cell for each scenario, and whether the cells differ."""

    label: str
    cells: tuple[str, ...]
    differs: bool


def table_rows(found: ScenarioComparison, table: RunsTable) -> tuple[Row, ...]:
    """The comparison line by line: what it brings and what was asked for, then the shares in percent."""
    entries = found.entries
    lines: list[tuple[str, list[str]]] = [
        ("gain", [_gain(entry, entries) for entry in entries]),
        ("interval", [_interval(entry, entries) for entry in entries]),
        ("in", [_outcome(entry) for entry in entries]),
        ("P(gain > 0)", [probability(entry.decision.p_positive) for entry in entries]),
        ("verdict", [answer_title(entry.decision) for entry in entries]),
        ("data moved", [percent(entry.decision.moved) for entry in entries]),
        ("support", [support_words(entry) for entry in entries]),
        ("radius", [radius_words(entry.scenario) for entry in entries]),
        ("from", [anchor_words(table, entry.scenario.anchor) for entry in entries]),
        ("pool", [pool_words(entry.scenario.pool) for entry in entries]),
        ("objective", [objective_words(entry.scenario) for entry in entries]),
        ("policy", [str(entry.scenario.policy) for entry in entries]),
    ]
    if any(entry.scenario.new_domain for entry in entries):
        lines.append(("new domain", [new_domain_words(entry.scenario) for entry in entries]))
    columns = [percentages([entry.share_of(domain) for domain in found.domains]) for entry in entries]
    shares = zip(found.domains, zip(*columns, strict=True), strict=True)
    lines += [(f"{name} %", list(texts)) for name, texts in shares]
    return tuple(Row(label, tuple(texts), len(set(texts)) > 1) for label, texts in lines)


def matrix_rows(found: ScenarioComparison) -> tuple[tuple[str, ...], ...]:
    """P(row better than column) as text, the diagonal empty; the row's name leads."""
    return tuple(
        (entry.name, *("" if i == j else probability(float(p)) for j, p in enumerate(found.p_better[i])))
        for i, entry in enumerate(found.entries)
    )


def pool_sentence(found: ScenarioComparison) -> str:
    """At which pool, and in which outcome, the mixtures are valued against each other, and what that means."""
    name = found.entries[found.pool_of].name
    if len({entry.outcome.name for entry in found.entries}) > 1:
        return (
            f"Each gain is in what the scenario raises, at its own pool and over its own reference. The scenarios raise "
            f"different outcomes, so that their mixtures are compared in that of {name}, at the pool of {name}."
        )
    if found.same_pool:
        return "All scenarios are for the same pool, and there their mixtures are compared."
    return (
        f"Each gain is at the scenario's own pool, over its own reference. The scenarios are for different pools, so "
        f"that their mixtures are compared at one of them, that of {name}: what each would bring there."
    )


def better_sentences(found: ScenarioComparison) -> tuple[str, ...]:
    """The mixture that is best in expectation against each of the others, and how sure that is."""
    lead = int(np.argmax(found.differences.sum(axis=1)))
    level = found.entries[0].decision.level
    return tuple(_against(found, lead, other, level) for other in range(len(found.entries)) if other != lead)


def _against(found: ScenarioComparison, lead: int, other: int, level: float) -> str:
    first, second = found.entries[lead].name, found.entries[other].name
    difference, error = float(found.differences[lead, other]), float(found.errors[lead, other])
    if difference == 0.0 and error == 0.0:
        return f"{first} and {second} are the same mixture."
    half = NormalDist().inv_cdf(0.5 + level / 2.0) * error
    decimals = decimals_for(difference, difference - half, difference + half)
    chance = float(found.p_better[lead, other])
    verdict = "surely better" if chance >= SURE else "not surely better"
    return (
        f"{first} over {second}: {signed(difference, decimals)} in {outcome_phrase(found.outcome)} "
        f"({interval_phrase(difference - half, difference + half, level, decimals)}; probability of being better "
        f"{probability(chance)}): {verdict}."
    )


def comparison_json(found: ScenarioComparison) -> dict[str, Any]:
    """The comparison with full precision, for machines, and its sentences."""
    return {
        "outcome": {"name": found.outcome.name, "unit": found.outcome.unit, "higher_is_better": True},
        "scenarios": [_entry_json(entry) for entry in found.entries],
        "compared_at_pool_of": found.entries[found.pool_of].name,
        "same_pool": found.same_pool,
        "difference": found.differences.tolist(),
        "standard_error": found.errors.tolist(),
        "p_better": found.p_better.tolist(),
        "sentences": [pool_sentence(found), *better_sentences(found)],
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    made, domains = entry.decision, entry.decision.region.domains
    return {
        "name": entry.name,
        "id": scenario_id(entry.scenario),
        "scenario": to_json(entry.scenario),
        "mixture": dict(zip(domains, made.shares.tolist(), strict=True)),
        "reference": dict(zip(domains, made.region.anchor.tolist(), strict=True)),
        "gain": made.gain,
        "standard_error": made.se,
        "level": made.level,
        "interval": list(made.interval),
        "p_positive": made.p_positive,
        "outcome": entry.outcome.name,
        "verdict": None if made.verdict is None else made.verdict.kind,
        "moved": made.moved,
        "active_constraints": list(made.active),
        "pool_inside": entry.pool_support.inside,
        "mixture_inside": entry.mixture_support.inside,
    }


def _outcome(entry: Entry) -> str:
    return f"{entry.outcome.name} ({entry.outcome.unit})" if entry.outcome.unit else entry.outcome.name


def _gain(entry: Entry, entries: tuple[Entry, ...]) -> str:
    return signed(entry.decision.gain, _decimals(entries))


def _interval(entry: Entry, entries: tuple[Entry, ...]) -> str:
    lower, upper = entry.decision.interval
    decimals = _decimals(entries)
    return f"{plain(lower, decimals)}…{plain(upper, decimals)} ({level_percent(entry.decision.level)})"


def _decimals(entries: tuple[Entry, ...]) -> int:
    """One number of decimals for all columns, fine enough for the finest of them."""
    return max(decimals_for(e.decision.gain, *e.decision.interval) for e in entries)

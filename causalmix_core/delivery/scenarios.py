"""Scenarios in words: what they start from, are for, ask for and brought when they were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery.numbers import (
    decimals_for,
    percent,
    plain,
    signed,
)

if TYPE_CHECKING:
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.compare import Entry
    from causalmix_core.scenarios.pool_choice import PoolChoice
    from causalmix_core.scenarios.saved import SavedScenario
    from causalmix_core.scenarios.scenario import AnchorKind, Scenario


def anchor_words(table: RunsTable, kind: AnchorKind) -> str:
    """What an anchor is called."""
    if kind == "natural":
        return table.natural_label or "natural shares"
    words = {
        "equal": "equal shares",
        "mean": "mean of the runs",
        "best": "best observed run",
        "entered": "entered mixture",
    }
    return words[kind]


def pool_words(choice: PoolChoice) -> str:
    """Which pool, and in how many places it was shifted."""
    named = {
        "average": "average of the runs",
        "table": f"pool {choice.pool_id}",
        "file": choice.label or "pool from a file",
    }[choice.kind]
    shifts = len(choice.own) + len(choice.whole)
    return f"{named}, {shifts} shift{'' if shifts == 1 else 's'}" if shifts else named


def objective_words(scenario: Scenario) -> str:
    """What the best mixture of the region is, in a few words."""
    objective = scenario.objective
    wanted = objective.wanted or 0.0
    words = {
        "mean_gain": "expected gain",
        "lower_bound": "lower end of the gain",
        "least_change": f"least change for {signed(wanted, decimals_for(wanted))}",
        "maximin": f"worst of {1 + len(scenario.futures)} pools",
    }[objective.kind]
    floors = len(scenario.floors)
    return f"{words}, {floors} floor{'' if floors == 1 else 's'}" if floors else words


def new_domain_words(scenario: Scenario) -> str:
    """The domain that no run has seen, or that there is none."""
    return "none" if scenario.new_domain is None else f"{scenario.new_domain.name} (seen by no run)"


def radius_words(scenario: Scenario) -> str:
    """A radius in its metric's own way of being read."""
    if scenario.metric == "tv":
        return percent(scenario.radius)
    return f"{scenario.radius:.3g} {scenario.metric.upper()}"


def support_words(entry: Entry) -> str:
    """That pool and mixture lie inside the runs, or which of them does not."""
    outside = [
        name
        for name, support in (("pool", entry.pool_support), ("mixture", entry.mixture_support))
        if not support.inside
    ]
    return f"{' and '.join(outside)} outside the runs" if outside else "inside the runs"


def stale_sentence(saved: SavedScenario) -> str:
    """Why a kept scenario's numbers are not those of the present fit."""
    config = saved.content.fit_config
    return (
        f"{saved.name} was saved with another fit ({config.estimator}, outcome {config.outcome}, "
        f"{saved.updated_at[:10]}): its numbers are as they were then and are not comparable with others."
    )


def saved_gain(saved: SavedScenario) -> str:
    """The kept gain with its interval and unit, in one cell."""
    kept = saved.content.decision
    lower, upper = kept.interval
    decimals = decimals_for(kept.gain, lower, upper)
    numbers = f"{signed(kept.gain, decimals)} ({plain(lower, decimals)}…{plain(upper, decimals)})"
    return f"{numbers} {kept.unit}".strip()

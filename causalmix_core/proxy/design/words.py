"""What a design is and costs, in sentences for the command line and the page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from causalmix_core.proxy.design.design import Design
    from causalmix_core.proxy.design.estimate import Estimate


def design_sentence(design: Design) -> str:
    """How many runs of what length on how many pools, and how many of them repeat another."""
    repeats = sum(run.replicate > 0 for run in design.runs)
    pools = len({run.pool for run in design.runs})
    length = f"{design.settings.examples:,} {design.settings.unit}"
    if design.settings.unit == "windows":
        length += f" of {design.settings.seq:,} tokens"
    return (
        f"{_many(len(design.runs), 'run')} of {length} on {_many(pools, 'pool')}, "
        f"{repeats or 'none'} of them {'a repeat' if repeats == 1 else 'repeats'} in another order of text."
    )


def law_sentences(design: Design) -> tuple[str, ...]:
    """Each assignment law with the number of its runs, and of those with a density."""
    laws = Counter((run.assignment.kind, run.assignment.law) for run in design.runs)
    dense = Counter(run.assignment.law for run in design.runs if run.assignment.log_density is not None)
    return tuple(
        f"{_many(count, 'run')} {kind}: {law}"
        + (f"; density known for {dense[law]:,}." if dense[law] else "; density not known.")
        for (kind, law), count in laws.items()
    )


def state_sentence(design: Design) -> str:
    """How many domains of the pools are damaged, by kind, and what the mean quality is."""
    states = [state for pool in design.pools.values() for state in pool.values()]
    kinds = Counter(state.damage for state in states if state.damage)
    handled = sum(state.keep is not None or state.tilt is not None for state in states)
    if not kinds and not handled:
        return "Nothing was done to the pool before mixing."
    if not kinds:
        return f"Of {len(states):,} domains in all pools {handled:,} are filtered or tilted, none is damaged."
    mean = sum(state.quality for state in states) / len(states)
    told = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()))
    more = f"; {handled:,} filtered or tilted" if handled else ""
    return (
        f"Of {len(states):,} domains in all pools {sum(kinds.values()):,} are damaged ({told}){more}; "
        f"undamaged on average {100 * mean:.1f} %."
    )


def cost_sentence(cost: Estimate, params: float, tokens_per_second: float | None, slots: int) -> str:
    """Tokens, FLOP and hours."""
    said = f"Cost: {cost.tokens:,} tokens, {cost.flop:.2e} FLOP with {params:,.0f} parameters"
    if cost.hours is None or tokens_per_second is None:
        return f"{said}; hours are not known without a speed."
    return (
        f"{said}; {_time(cost.hours)} at {tokens_per_second:,.0f} tokens a second "
        f"on {'each of ' if slots > 1 else ''}{_many(slots, 'slot')}."
    )


def _time(hours: float) -> str:
    if hours < 1.0 / 60.0:
        return f"{3600.0 * hours:.0f} s"
    return f"{60.0 * hours:.1f} minutes" if hours < 1.0 else f"{hours:.1f} hours"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"

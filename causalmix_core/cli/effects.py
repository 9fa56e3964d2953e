"""``effects FIT_DIR``: what one percent more of each domain does at a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.cli.arguments import add_anchor, add_fit_directory, add_level, add_pool
from causalmix_core.cli.new_domain import add_new_domain, read_new_domain
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.situation import Situation, read_situation
from causalmix_core.delivery.certainty import interval_help
from causalmix_core.delivery.numbers import decimals_for, level_percent, plain, signed
from causalmix_core.delivery.sentences import outcome_phrase, verdict

if TYPE_CHECKING:
    import argparse

    from causalmix_core.effects.views import EffectsView

_HALF_BAR = 10


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "effects",
        help="show the effect of each domain at a pool",
        description="Substitution effects: the change of the outcome, in its own unit, when one percent of "
        "the anchor is replaced by a domain. Effects are always counted so that higher is better: for an "
        "outcome where lower is better the sign is turned.",
    )
    add_fit_directory(parser)
    add_pool(parser)
    add_anchor(parser)
    add_level(parser)
    add_new_domain(parser, "also foretell")
    parser.add_argument("--json", action="store_true", help="print JSON with full precision")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the effects."""
    from causalmix_core.effects.explore import effects_view

    situation = read_situation(arguments)
    view = effects_view(situation.fit, situation.pool, situation.anchor, arguments.level)
    new = read_new_domain(arguments.new_domain, situation, arguments.level) if arguments.new_domain else None
    if arguments.json:
        print_json(_as_json(situation, view) | (new.as_json() if new else {}))
    else:
        _print_text(situation, view)
        if new:
            print(f"\n{new.words(situation.fit.outcome)}")
    return 0


def _as_json(situation: Situation, view: EffectsView) -> dict[str, Any]:
    from causalmix_core.evidence.pool_state import pool_json

    columns = zip(view.domains, view.effects, view.se, view.lower, view.upper, strict=True)
    return {
        "outcome": view.outcome,
        "anchor": dict(zip(view.domains, situation.anchor.tolist(), strict=True)),
        "pool": pool_json(situation.fit.table, situation.pool),
        "level": view.level,
        "intervals": interval_help(situation.fit, view.level),
        "effects": [
            {
                "domain": domain,
                "effect": float(effect),
                "se": float(se),
                "lower": float(lower),
                "upper": float(upper),
            }
            for domain, effect, se, lower, upper in columns
        ],
    }


def _print_text(situation: Situation, view: EffectsView) -> None:
    largest = float(abs(view.effects).max())
    triples = list(zip(view.effects.tolist(), view.lower.tolist(), view.upper.tolist(), strict=True))
    decimals = max(decimals_for(*triple) for triple in triples)
    rows = [
        (
            domain,
            signed(effect, decimals),
            f"{plain(lower, decimals)} to {plain(upper, decimals)}",
            _bar(effect, largest),
            verdict(lower, upper),
        )
        for domain, (effect, lower, upper) in zip(view.domains, triples, strict=True)
    ]
    print(f"Change of {outcome_phrase(situation.fit.outcome)}")
    where = "at this pool" if situation.fit.depends_on_pool else "an average over pools"
    print(f"when 1 % of the mixture ({situation.anchor_label}) is replaced by the domain, {where}.\n")
    print(text_table(("domain", "effect", f"{level_percent(view.level)} interval", "", ""), rows))
    print(f"\n{interval_help(situation.fit, view.level)}")


def _bar(effect: float, largest: float) -> str:
    """A bar from the middle: to the right for gains, to the left for losses."""
    length = round(_HALF_BAR * abs(effect) / largest) if largest > 0.0 else 0
    blocks = "#" * length
    return (
        f"{blocks:>{_HALF_BAR}}|" + " " * _HALF_BAR
        if effect < 0.0
        else " " * _HALF_BAR + f"|{blocks:<{_HALF_BAR}}"
    )

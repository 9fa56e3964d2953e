"""What there is to train on, from arguments: budget, amounts, epochs, and the domains that are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import finite, size
from causalmix_core.cli.new_domain import new_names
from causalmix_core.cli.output import text_table
from causalmix_core.cli.reading import read_file
from causalmix_core.delivery.supply import amount_words, availability_sentences, epochs_words, supply_rows
from causalmix_core.errors import SupplyError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from causalmix_core.decision.prices import Relaxation
    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision
    from causalmix_core.decision.supply import Supply
    from causalmix_core.evidence.table import Outcome

DEFAULT_UNIT = "tokens"


def add_supply(parser: argparse.ArgumentParser) -> None:
    """--budget, --unit, --supply, --max-epochs and --domains."""
    parser.add_argument(
        "--budget",
        type=size,
        metavar="AMOUNT",
        help="examples or tokens to train on in all, such as 20e9 or 20B",
    )
    parser.add_argument(
        "--unit",
        choices=("tokens", "examples"),
        default=DEFAULT_UNIT,
        help="of the budget and the amounts (default: %(default)s)",
    )
    parser.add_argument(
        "--supply",
        metavar="SUPPLY.json",
        type=Path,
        help='what there is of each domain, e.g. {"web": 4e9, "math": {"available": 1e9, "max_epochs": 4}}; domains '
        "that are not named are not limited",
    )
    parser.add_argument(
        "--max-epochs",
        type=finite,
        help="how often a domain's data may be seen (default: 1)",
        metavar="TIMES",
    )
    parser.add_argument(
        "--domains",
        metavar="A,B,...",
        help="domains that the pool has; all others are held at 0 (default: all)",
    )


def supply_of(arguments: argparse.Namespace, domains: tuple[str, ...]) -> Supply | None:
    """The supply that the arguments describe, or None without a budget.

    Raises
    ------
    SupplyError : amounts or epochs without a budget, or a supply that cannot be worked with.
    """
    from causalmix_core.decision.supply import Supply
    from causalmix_core.decision.supply_entry import parse_supply

    if arguments.budget is None:
        given = [name for name in ("supply", "max_epochs") if getattr(arguments, name) is not None] + [
            "unit"
        ] * (arguments.unit != DEFAULT_UNIT)
        if given:
            option = f"--{given[0].replace('_', '-')}"
            raise SupplyError(
                f"{option} limits nothing without a budget; give --budget, such as --budget 20e9."
            )
        return None
    epochs = 1.0 if arguments.max_epochs is None else arguments.max_epochs
    if arguments.supply is None:
        return Supply(arguments.budget, arguments.unit, max_epochs=epochs)
    return parse_supply(read_file(arguments.supply), domains, arguments.budget, arguments.unit, epochs)


def domains_of(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The domains of the table that are present, in the order given; empty for all.

    A new domain is present whether it is named or not.
    """
    if arguments.domains is None:
        return ()
    named = dict.fromkeys(name.strip() for name in arguments.domains.split(","))
    return tuple(name for name in named if name not in new_names(arguments))


def print_supply(decision: Decision) -> None:
    """Amounts and epochs of each domain, and what became of the anchor."""
    region = decision.region
    for sentence in availability_sentences(region):
        print(sentence)
    rows = supply_rows(decision)
    there = region.availability
    if there is None or there.supply is None:
        return
    supply = there.supply
    head = ("domain", supply.unit, "available", "epochs", "at most", "cap %", "")
    print(f"\nbudget: {amount_words(supply.budget, supply.unit)}")
    print(
        text_table(
            head,
            [
                (
                    row.domain,
                    amount_words(row.count),
                    "not limited" if row.available is None else amount_words(row.available),
                    "-" if row.epochs is None else f"{row.epochs:.2f}",
                    epochs_words(row.most_epochs),
                    f"{100.0 * row.cap:.1f}",
                    "binds" if row.binds else "",
                )
                for row in rows
            ],
        )
    )


def print_limits(
    outcome: Outcome,
    decision: Decision,
    solve: Callable[[Region], Decision],
    floors: Iterable[tuple[Relaxation, Callable[[], Decision]]] = (),
) -> None:
    """What each active limit is worth, and the optima with fewer limits beside the feasible one.

    ``solve`` and ``floors`` as in :func:`~causalmix_core.decision.prices.prices`.
    """
    from causalmix_core.decision.prices import compare_limits, prices
    from causalmix_core.delivery.numbers import decimals_for, plain, signed
    from causalmix_core.delivery.prices import limits_rows, limits_sentence, price_sentences

    compared = compare_limits(solve, decision)
    rows = limits_rows(compared)
    for sentence in price_sentences(outcome, decision, prices(solve, decision, floors)):
        print(sentence)
    if len(rows) < 2:
        return
    digits = decimals_for(*(value for row in rows for value in (row.gain, row.lower, row.upper)))
    cells = [
        (row.words, signed(row.gain, digits), f"{plain(row.lower, digits)} to {plain(row.upper, digits)}")
        for row in rows
    ]
    print("\n" + text_table(("limits", "gain", "interval"), cells))
    print(limits_sentence(outcome, compared))

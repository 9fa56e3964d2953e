"""``study cost NAME``: runs, tokens and hours of a plan before anything is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import size
from causalmix_core.cli.design_arguments import speed, whole
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.delivery.numbers import thousands

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "cost",
        help="what a plan costs",
        description="Count the runs of every round of training at most, their tokens, FLOP and hours. Text, base and scorer "
        "come on top.",
    )
    parser.add_argument("plan", metavar="NAME", help="a plan of docs/studies, or a YAML file")
    parser.add_argument(
        "--params", type=size, help="of the model, such as 135M (default: the size of the plan's base)"
    )
    parser.add_argument(
        "--speed",
        metavar="TOKENS|STUDY_DIR",
        type=speed,
        help="tokens a second of one run, or a study to measure it by; larger models are taken to be slower in proportion",
    )
    parser.add_argument("--slots", type=whole, default=1, help="runs at a time (default: %(default)s)")
    parser.add_argument(
        "--document-tokens", type=size, help="mean tokens of a document, where documents are counted"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Count and print."""
    from causalmix_core.proxy.design.estimate import measured_speed
    from causalmix_core.study.cost import cost_of
    from causalmix_core.study.plan import read_plan

    plan, fast = read_plan(arguments.plan), arguments.speed
    costs = cost_of(
        plan,
        params=arguments.params,
        tokens_per_second=measured_speed(fast) if isinstance(fast, Path) else fast,
        slots=arguments.slots,
        document_tokens=arguments.document_tokens,
    )
    if arguments.json:
        print_json([{**vars(cost), "flop": cost.flop} for cost in costs])
        return 0
    rows = [
        (
            cost.stage,
            thousands(cost.runs),
            f"{cost.tokens / 1e6:,.0f}",
            f"{cost.flop:.1e}",
            "-" if cost.hours is None else f"{cost.hours:.1f}",
        )
        for cost in costs
    ]
    print(text_table(("training", "runs at most", "million tokens", "FLOP", "hours"), rows))
    return 0

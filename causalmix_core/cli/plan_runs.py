"""``plan-runs FIT_DIR``: the next runs that would tell most about a decision."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_anchor, add_fit_directory, add_pool
from causalmix_core.cli.deciding import add_decision, decide_at
from causalmix_core.cli.output import check_output, print_json, text_table
from causalmix_core.cli.progress import Progress
from causalmix_core.cli.situation import read_situation
from causalmix_core.delivery.numbers import percentages
from causalmix_core.files import write_atomically
from causalmix_core.planning.choices import CRITERIA, POOLS

if TYPE_CHECKING:
    from causalmix_core.cli.situation import Situation
    from causalmix_core.decision.result import Decision
    from causalmix_core.planning.learning import LearningCurve
    from causalmix_core.planning.plan import Plan

DEFAULT_RUNS = 16


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "plan-runs",
        help="plan the next runs",
        description="Runs whose results would tell most about the decision that the other arguments ask for.",
    )
    add_fit_directory(parser)
    parser.add_argument(
        "--runs", metavar="N", type=_count, default=DEFAULT_RUNS, help="budget of runs (default: %(default)s)"
    )
    parser.add_argument(
        "--criterion",
        choices=CRITERIA,
        default="regret",
        help="regret: least expected regret of this decision; contrast: surest gain of the recommended mixture; d-optimal: "
        "surest response as a whole (default: %(default)s)",
    )
    parser.add_argument(
        "--repeats", metavar="N", type=_count, default=1, help="runs of every design (default: %(default)s)"
    )
    parser.add_argument(
        "--on", choices=POOLS, default="target", help="pools that runs can be made on (default: %(default)s)"
    )
    parser.add_argument(
        "--learning-curve", action="store_true", help="say too what more runs of the table's kind would bring"
    )
    add_pool(parser)
    add_anchor(parser)
    add_decision(parser)
    parser.add_argument("--out", metavar="PLAN.csv|.yaml|.json", type=Path, help="file to write the runs to")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan, write, and say what it is expected to bring."""
    from causalmix_core.delivery.plan_files import plan_bytes, plan_format, plan_json
    from causalmix_core.delivery.planning import learning_json
    from causalmix_core.planning.plan import plan_runs

    ending = None
    if arguments.out is not None:
        ending = plan_format(arguments.out)
        check_output(arguments.out, [path for path in (arguments.bounds, arguments.supply) if path])
    situation = read_situation(arguments)
    decision = decide_at(arguments, situation)
    plan = plan_runs(
        situation.fit,
        situation.pool,
        decision.region,
        arguments.runs,
        criterion=arguments.criterion,
        repeats=arguments.repeats,
        pools=arguments.on,
        seed=arguments.seed,
        level=arguments.level,
        correction=decision.correction,
        chosen=decision.shares,
    )
    curve = _curve(arguments, situation, decision) if arguments.learning_curve else None
    if ending is not None:
        write_atomically(arguments.out, plan_bytes(situation.fit, plan, ending))
    if arguments.json:
        learned = {} if curve is None else {"learning_curve": learning_json(curve)}
        print_json(plan_json(situation.fit, plan) | learned)
    else:
        _print(arguments, situation, plan, curve)
    return 0


def _curve(arguments: argparse.Namespace, situation: Situation, decision: Decision) -> LearningCurve:
    from causalmix_core.planning.learning import learning_curve

    progress = Progress(speak=arguments.progress)
    try:
        return learning_curve(
            situation.fit,
            situation.pool,
            decision.region,
            seed=arguments.seed,
            correction=decision.correction,
            progress=progress,
        )
    finally:
        progress.close()


def _print(
    arguments: argparse.Namespace, situation: Situation, plan: Plan, curve: LearningCurve | None
) -> None:
    from causalmix_core.delivery.plan_files import pool_name
    from causalmix_core.delivery.planning import (
        LEARNING_HEADER,
        designs_sentence,
        learning_rows,
        learning_sentence,
        plan_notes,
        settle_sentence,
        shrinkage_sentence,
        worth_sentence,
    )

    rows = [
        (pool_name(situation.fit, design), str(design.repeats), *percentages(design.shares.tolist()))
        for design in plan.designs
    ]
    print(text_table(("pool", "repeats", *(f"{domain} %" for domain in plan.domains)), rows))
    print()
    for sentence in (
        designs_sentence(plan),
        shrinkage_sentence(plan),
        settle_sentence(plan),
        *plan_notes(plan),
    ):
        print(sentence)
    if curve is not None:
        print(f"\n{text_table(LEARNING_HEADER, learning_rows(curve))}\n")
        print(learning_sentence(curve))
        print(worth_sentence(curve, arguments.level))
    if arguments.out is not None:
        print(f"\n{arguments.out}: {plan.n_runs} runs")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)

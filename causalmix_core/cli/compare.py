"""``compare RUNS``: which estimator foretells held-out pools of this table, and the simplest that will do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_drop_incomplete, estimators, seed
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.progress import Progress

if TYPE_CHECKING:
    import argparse

    from causalmix_core.effects.compared import Comparison


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "compare",
        help="compare estimators on held-out pools",
        description="Refit every estimator without each fold of the runs and score it there; the same folds for "
        "all, never splitting a pool or a mixture where that can be. The simplest within noise of the best is named.",
    )
    parser.add_argument("runs", metavar="RUNS", type=Path, help="the runs table")
    parser.add_argument(
        "--outcome", metavar="NAME|mean", help="outcome to fit (default: the table's own); mean averages all"
    )
    parser.add_argument(
        "--estimators",
        metavar="A,B",
        type=estimators,
        help="names with commas (default: all that the table allows, less the slow ones); the average that "
        "R-scores are measured by always joins",
    )
    parser.add_argument("--folds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--seed", type=seed, default=1, help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    add_drop_incomplete(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare and print."""
    from causalmix_core.delivery.comparison import comparison_json
    from causalmix_core.effects.comparison import compare
    from causalmix_core.evidence import read_runs

    table = read_runs(arguments.runs, drop_incomplete=arguments.drop_incomplete)
    outcome = arguments.outcome or table.default_outcome
    progress = Progress(speak=arguments.progress)
    try:
        found = compare(table, outcome, arguments.estimators, arguments.folds, arguments.seed, progress)
    finally:
        progress.close()
    if arguments.json:
        print_json(comparison_json(found))
    else:
        _print_text(found)
    return 0


def _print_text(found: Comparison) -> None:
    from causalmix_core.delivery.comparison import HEADER, comparison_sentence, criterion_sentence, rows
    from causalmix_core.delivery.numbers import level_percent
    from causalmix_core.delivery.sentences import outcome_phrase

    print(f"{outcome_phrase(found.outcome)}, {found.n_runs} runs; simplest estimator first.\n")
    print(text_table(HEADER, rows(found)))
    print(
        f"\n{criterion_sentence(found)} In brackets: {level_percent(found.level)} bootstrap intervals; *: chosen."
    )
    for name, reason in found.refused:
        print(f"left out: {name}: {reason}")
    print(f"\n{comparison_sentence(found)}")

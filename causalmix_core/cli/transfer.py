"""``transfer RUNS``: whether small runs tell what larger ones will do, outcome by outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.cli.arguments import add_drop_incomplete, add_level, seed
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.progress import Progress
from causalmix_core.delivery.numbers import level_percent, plain, thousands

if TYPE_CHECKING:
    import argparse

    from causalmix_core.effects.transfer import OutcomeTransfer, SizeScore, Transfer


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "transfer",
        help="foretell larger runs from smaller ones",
        description="For a table with runs of several sizes (columns params, tokens): fits on the smaller sizes "
        "foretell each larger one, per outcome.",
    )
    parser.add_argument("runs", metavar="RUNS", type=Path, help="the runs table")
    parser.add_argument(
        "--outcome", metavar="NAME|mean", help="one outcome (default: all of them, then their mean)"
    )
    add_level(parser)
    parser.add_argument("--seed", type=seed, default=0, help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print JSON with full precision")
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    add_drop_incomplete(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check and print."""
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.transfer import transfer_check
    from causalmix_core.evidence import read_runs

    table = read_runs(arguments.runs, drop_incomplete=arguments.drop_incomplete)
    names = [arguments.outcome] if arguments.outcome else None
    config = FitConfig(outcome=table.default_outcome, seed=arguments.seed)
    progress = Progress(speak=arguments.progress)
    try:
        found = transfer_check(table, names, config, arguments.level, progress)
    finally:
        progress.close()
    if arguments.json:
        print_json(_as_json(found))
    else:
        _print_text(found)
    return 0


def _as_json(found: Transfer) -> dict[str, Any]:
    return {
        "sizes": list(found.labels),
        "level": found.level,
        "outcomes": [
            {
                "outcome": one.outcome.name,
                "verdict": one.verdict,
                "sizes": [_size_json(one, score) for score in one.sizes],
            }
            for one in found.outcomes
        ],
    }


def _size_json(one: OutcomeTransfer, score: SizeScore) -> dict[str, Any]:
    sign = one.outcome.sign
    return {
        "size": score.label,
        "foretold_by": "its own runs, out of fold" if score.own else "smaller sizes",
        "n": len(score.observed),
        "rank": score.rank,
        "lower": score.lower,
        "upper": score.upper,
        "slope": score.slope,
        "same_order": score.same_order,
        "n_same": score.n_same,
        "observed": (sign * score.observed).tolist(),
        "predicted": (sign * score.predicted).tolist(),
    }


def _print_text(found: Transfer) -> None:
    from causalmix_core.delivery.transfer import THRESHOLDS, transfer_sentence

    header = (
        "outcome",
        "size",
        "runs",
        "rank",
        f"{level_percent(found.level)} interval",
        "slope",
        "same order",
        "",
    )
    rows = [
        (
            one.outcome.name if place == 0 else "",
            score.label,
            thousands(len(score.observed)),
            plain(score.rank, 3),
            f"{plain(score.lower, 3)} to {plain(score.upper, 3)}",
            plain(score.slope, 2),
            "" if score.same_order is None else f"{plain(100 * score.same_order, 1)} %",
            one.verdict if score is one.largest else "out of fold" if score.own else "",
        )
        for one in found.outcomes
        for place, score in enumerate(one.sizes)
    ]
    print(text_table(header, rows))
    print(f"\n{transfer_sentence(found)}")
    print(THRESHOLDS)

"""``check FIT_DIR``: may this fit, and a decision made with it, be believed?

A failed check is a finding about the data, not a mistake in the command: the exit status is 0,
so that a pipeline can read the findings. ``--strict`` asks for 1 instead, for use as a gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_anchor, add_fit_directory, add_pool, finite
from causalmix_core.cli.checking import SYMBOLS, checkup_of, verdict_line
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.situation import Situation, read_situation
from causalmix_core.delivery.numbers import MINUS

if TYPE_CHECKING:
    import argparse

    from causalmix_core.checks.check import Check

FAILED = 1


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "check",
        help="say whether a fit may be believed",
        description="Checks of a fit, and of the decision that the pool, anchor and radius lead to. What is "
        "found is kept in FIT_DIR/checks.json and goes into the documents that decide writes.",
        epilog="Exit status 0 whatever is found, 1 on a FAIL with --strict.",
    )
    add_fit_directory(parser)
    add_pool(parser)
    add_anchor(parser)
    parser.add_argument(
        "--radius", type=finite, default=0.1, help="how far the mixture may move (default: %(default)s)"
    )
    parser.add_argument("--metric", choices=("tv", "kl", "l2"), default="tv", help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print one JSON object, with all details")
    parser.add_argument("--strict", action="store_true", help="exit status 1 when a check fails")
    parser.add_argument(
        "--anew", action="store_true", help="check again although FIT_DIR/checks.json is there"
    )
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check, keep, and say what was found."""
    from causalmix_core.checks.check import Checkup, worst

    situation = read_situation(arguments)
    checkup = checkup_of(arguments.fit_dir, situation.fit, anew=arguments.anew, speak=arguments.progress)
    checks = (*checkup.checks, *_decision_checks(arguments, situation))
    if arguments.json:
        whole = Checkup(checkup.fit_sha256, checkup.table_sha256, checkup.config_sha256, checks)
        print_json(whole.to_json())
    else:
        _print(checks)
    failed = worst(check.status for check in checks) == "FAIL"
    return FAILED if failed and arguments.strict else 0


def _decision_checks(arguments: argparse.Namespace, situation: Situation) -> tuple[Check, ...]:
    from causalmix_core.checks.checkup import check_decision
    from causalmix_core.decision.decide import decide
    from causalmix_core.decision.region import make_region

    fit = situation.fit
    region = make_region(fit.table.domains, situation.anchor, arguments.radius, arguments.metric)
    decision = decide(fit.response(situation.pool), region)
    return check_decision(fit, situation.pool, decision)


def _print(checks: tuple[Check, ...]) -> None:
    rows = [
        (f"{SYMBOLS[c.status]} {c.title}", c.status, _number(c.value), _number(c.threshold), c.unit or "-")
        for c in checks
    ]
    print(text_table(("check", "status", "figure", "threshold", "unit"), rows))
    for check in checks:
        if check.status != "PASS":
            print(f"\n{check.status} {check.title}: {check.sentence}\n  {check.remedy}")
    print(f"\n{verdict_line(checks)}")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}".replace("-", MINUS)

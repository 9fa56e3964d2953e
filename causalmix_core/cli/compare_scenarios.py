"""``compare-scenarios FIT_DIR A.json B.json``: up to four scenarios side by side."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_fit_directory, seed
from causalmix_core.cli.deciding import decided
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.reading import open_fit
from causalmix_core.cli.scenario_arguments import read_scenario

if TYPE_CHECKING:
    import argparse

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.scenarios.compare import ScenarioComparison
    from causalmix_core.scenarios.scenario import Scenario


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "compare-scenarios",
        help="put scenarios side by side",
        description="Decide two to four scenarios with one fit and say how sure it is that one mixture is better than "
        "another, valued at one pool.",
    )
    add_fit_directory(parser)
    parser.add_argument(
        "scenarios",
        metavar="SCENARIO.json",
        type=Path,
        nargs="+",
        help="two to four files that decide --save-scenario wrote; each is called by its file's name",
    )
    parser.add_argument(
        "--pool-of",
        metavar="NAME",
        help="value all mixtures at the pool of this scenario (default: of the first)",
    )
    parser.add_argument("--seed", type=seed, default=0, help="seed of the search (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON with full precision")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare and print."""
    from causalmix_core.delivery.scenario_comparison import comparison_json
    from causalmix_core.scenarios.compare import check_names, compare_scenarios

    names = [path.stem for path in arguments.scenarios]
    pool_of = 0 if arguments.pool_of is None else _place(names, arguments.pool_of)
    check_names(names, pool_of)
    fit = open_fit(arguments.fit_dir)
    asked = [(name, read_scenario(path, fit)) for name, path in zip(names, arguments.scenarios, strict=True)]
    found = compare_scenarios(fit, asked, pool_of=pool_of, decide=partial(_decided, arguments, fit))
    if arguments.json:
        print_json({"fit": fit.sha256, **comparison_json(found)})
    else:
        _print_text(found, fit)
    return 0


def _decided(arguments: argparse.Namespace, fit: Fit, scenario: Scenario) -> tuple[Fit, Decision]:
    return decided(arguments.fit_dir, fit, scenario, arguments.seed)


def _place(names: list[str], asked: str) -> int:
    from causalmix_core.errors import ScenarioError

    if asked not in names:
        raise ScenarioError(f"--pool-of {asked} is none of the scenarios {', '.join(names)}.")
    return names.index(asked)


def _print_text(found: ScenarioComparison, fit: Fit) -> None:
    from causalmix_core.delivery.scenario_comparison import (
        better_sentences,
        matrix_rows,
        pool_sentence,
        table_rows,
    )

    names = tuple(entry.name for entry in found.entries)
    print("Lines marked * differ.\n")
    rows = [(f"{row.label}{' *' * row.differs}", *row.cells) for row in table_rows(found, fit.table)]
    print(text_table(("", *names), rows))
    print("\nprobability that the row is better than the column:\n")
    print(text_table(("", *names), matrix_rows(found)))
    print(f"\n{pool_sentence(found)}")
    print("\n".join(better_sentences(found)))

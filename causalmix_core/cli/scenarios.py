"""``scenarios FIT_DIR``: list, keep, hand out and delete the scenarios of the fit's project, as the app does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_fit_directory, seed
from causalmix_core.cli.deciding import decided
from causalmix_core.cli.output import check_output, print_json, text_table
from causalmix_core.cli.reading import open_fit
from causalmix_core.cli.scenario_arguments import read_scenario, write_scenario

if TYPE_CHECKING:
    import argparse

    from causalmix_core.effects.fit import Fit
    from causalmix_core.scenarios.saved import SavedScenario
    from causalmix_core.scenarios.shelf import Shelf
    from causalmix_core.store import Project


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "scenarios",
        help="list, save, export or delete kept scenarios",
        description="The scenarios kept with the project of the fit's table: what the app shows too. They keep "
        "the numbers of the fit that they were saved with; those of another fit are marked stale.",
    )
    add_fit_directory(parser)
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what is kept")
    listing.add_argument("--json", action="store_true", help="print JSON with full precision")
    listing.set_defaults(run=_list)
    saving = actions.add_parser("save", help="decide a scenario and keep it")
    saving.add_argument("name", metavar="NAME")
    saving.add_argument("--scenario", metavar="SCENARIO.json", type=Path, required=True, help="what to keep")
    saving.add_argument("--seed", type=seed, default=0, help="seed of the search (default: %(default)s)")
    saving.set_defaults(run=_save)
    exporting = actions.add_parser("export", help="write a kept scenario into a file")
    exporting.add_argument("name", metavar="NAME")
    exporting.add_argument("--out", metavar="SCENARIO.json", type=Path, required=True, help="file to write")
    exporting.set_defaults(run=_export)
    deleting = actions.add_parser("delete", help="delete a kept scenario")
    deleting.add_argument("name", metavar="NAME")
    deleting.set_defaults(run=_delete)


def _project(fit: Fit) -> Project | None:
    """The project of the fit's table, or None where the table is none."""
    from causalmix_core.store import ProjectStore, describe, project_id

    store = ProjectStore()
    sample = store.sample()
    if sample is not None and sample.sha256 == fit.table.sha256:
        return describe(sample, sample=True)
    return next((project for project in store.list() if project.id == project_id(fit.table)), None)


def _shelf(fit: Fit) -> Shelf:
    """The shelf of the fit's project, which is made where there is none."""
    from causalmix_core.store import ProjectStore

    store = ProjectStore()
    return store.shelf(_project(fit) or store.add(fit.table))


def _kept(fit: Fit) -> tuple[SavedScenario, ...]:
    return () if _project(fit) is None else _shelf(fit).all()


def _list(arguments: argparse.Namespace) -> int:
    from causalmix_core.delivery.numbers import percent
    from causalmix_core.delivery.scenarios import radius_words, saved_gain
    from causalmix_core.scenarios.saved import saved_json

    fit = open_fit(arguments.fit_dir)
    kept = _kept(fit)
    if arguments.json:
        print_json([{**saved_json(saved), "stale": saved.stale(fit.sha256)} for saved in kept])
        return 0
    header = ("scenario", "gain", "data moved", "radius", "saved", "")
    rows = [
        (
            saved.name,
            saved_gain(saved),
            percent(saved.content.decision.moved),
            radius_words(saved.content.scenario),
            saved.updated_at[:16].replace("T", " "),
            "stale" if saved.stale(fit.sha256) else "",
        )
        for saved in kept
    ]
    print(text_table(header, rows) if rows else "No scenario is kept with this table.")
    return 0


def _save(arguments: argparse.Namespace) -> int:
    from causalmix_core.delivery.scenarios import saved_gain
    from causalmix_core.scenarios.saved import clean_name, content_of

    name = clean_name(arguments.name)
    fit = open_fit(arguments.fit_dir)
    scenario = read_scenario(arguments.scenario, fit)
    raised, decision = decided(arguments.fit_dir, fit, scenario, arguments.seed)
    saved = _shelf(fit).add(name, content_of(fit, scenario, decision, raised.outcome))
    print(f"{saved.name}: {saved_gain(saved)}")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    check_output(arguments.out)
    saved = _named(open_fit(arguments.fit_dir), arguments.name)
    write_scenario(arguments.out, saved.content.scenario)
    print(arguments.out)
    return 0


def _delete(arguments: argparse.Namespace) -> int:
    fit = open_fit(arguments.fit_dir)
    saved = _named(fit, arguments.name)
    _shelf(fit).delete(saved.key, saved.revision)
    print(f"{saved.name} is deleted.")
    return 0


def _named(fit: Fit, name: str) -> SavedScenario:
    from causalmix_core.errors import ScenarioError
    from causalmix_core.scenarios.saved import clean_name

    wanted, kept = clean_name(name).casefold(), _kept(fit)
    found = next((saved for saved in kept if saved.name.casefold() == wanted), None)
    if found is None:
        known = ", ".join(saved.name for saved in kept) or "none is kept"
        raise ScenarioError(f"There is no scenario called {name}; there is: {known}.")
    return found

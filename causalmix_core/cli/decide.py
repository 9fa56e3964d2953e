"""``decide FIT_DIR``: the mixture to train on, and a document that says why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from causalmix_core.cli.arguments import (
    add_accept,
    add_anchor,
    add_fit_directory,
    add_out,
    add_pool,
)
from causalmix_core.cli.checking import accepted_reason, print_checks
from causalmix_core.cli.deciding import add_decision, decide_at, floors_at, solver_at, without_new_domain
from causalmix_core.cli.new_domain import add_new_domain
from causalmix_core.cli.objectives import add_objective, checkup_at, panel_at, print_answer, print_outcomes
from causalmix_core.cli.output import check_output, text_table
from causalmix_core.cli.scenario_arguments import add_scenario, scenario_at, write_scenario
from causalmix_core.cli.situation import read_situation
from causalmix_core.cli.supplying import print_limits, print_supply
from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.delivery.claims import outside_sentences
from causalmix_core.delivery.numbers import percentages, signed
from causalmix_core.delivery.sentences import gain_sentence, why_sentences
from causalmix_core.errors import ExportError
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    import argparse

    from causalmix_core.decision.result import Decision
    from causalmix_core.evidence.table import Outcome


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "decide",
        help="recommend a mixture",
        description="The mixture with the highest expected outcome within a radius of the anchor.",
    )
    add_fit_directory(parser)
    add_pool(parser)
    add_anchor(parser)
    add_decision(parser)
    add_objective(parser)
    add_scenario(parser)
    add_new_domain(parser, "let the mixture hold")
    parser.add_argument("--note", default="", help="free text kept in the document")
    add_accept(parser)
    add_out(parser, "MIXTURE.json", "mixture document to write")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Decide, write, and say what was decided."""
    from causalmix_core.checks.checkup import check_decision
    from causalmix_core.delivery.document import build_document

    accepted_reason(arguments.accept)
    inputs = [path for path in (arguments.bounds, arguments.supply, arguments.scenario) if path]
    check_output(arguments.out, inputs)
    if arguments.save_scenario:
        check_output(arguments.save_scenario, inputs, option="--save-scenario")
        if arguments.save_scenario.resolve() == arguments.out.resolve():
            raise ExportError(f"--save-scenario and --out are both {arguments.out}; give one another name.")
    situation = read_situation(arguments)
    scenario = scenario_at(arguments, situation)
    panel = panel_at(situation, scenario)
    fit, decision = panel.raised, decide_at(arguments, situation, panel)
    checks = (
        *checkup_at(arguments.fit_dir, situation, panel).checks,
        *check_decision(fit, situation.pool, decision),
    )
    document = build_document(
        fit,
        situation.pool,
        decision,
        reference_label=situation.anchor_label,
        seed=arguments.seed,
        created_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        note=arguments.note,
        checks=checks,
        accepted_because=accepted_reason(arguments.accept),
        weights=panel.weights,
        runs=situation.fit.table,
    )
    write_atomically(arguments.out, canonical_json(document))
    if arguments.save_scenario:
        write_scenario(arguments.save_scenario, scenario)
    print_answer(panel, decision)
    _print(fit.outcome, decision, document)
    print_outcomes(decision, scenario)
    print_supply(decision)
    floors = floors_at(arguments, situation, decision, panel)
    print_limits(fit.outcome, decision, solver_at(arguments, situation, panel), floors)
    if scenario.new_domain is not None:
        _print_new(fit.outcome, decision, without_new_domain(arguments, situation), document["new_domain"])
    print_checks(checks, document)
    print(f"\n{arguments.out}: {document['id']}")
    return 0


def _print_new(outcome: Outcome, decision: Decision, without: Decision, new: dict[str, Any]) -> None:
    """What the domain without runs brings to the decision, and what that rests on."""
    from causalmix_core.delivery.unseen import brings_sentence

    print(f"\n{brings_sentence(outcome, without, decision)}")
    for sentence in new["sentences"]:
        print(sentence)


def _print(outcome: Outcome, decision: Decision, document: dict[str, Any]) -> None:
    region = decision.region
    columns = zip(
        region.domains,
        percentages(region.anchor.tolist()),
        percentages(decision.shares.tolist()),
        (100.0 * (decision.shares - region.anchor)).tolist(),
        strict=True,
    )
    rows = [(domain, before, after, signed(change, 1)) for domain, before, after, change in columns]
    print(text_table(("domain", "reference %", "mixture %", "change"), rows))
    print(f"\nreference: {document['reference_label']}")
    print(gain_sentence(outcome, decision))
    for sentence in why_sentences(decision):
        print(sentence)
    for sentence in _warnings(document["support"]):
        print(f"warning: {sentence}")
    print(document["check_after_training"])


def _warnings(support: dict[str, Any]) -> tuple[str, ...]:
    pool, mixture = support["pool"], support["mixture"]
    return outside_sentences(
        pool_inside=pool["inside"],
        pool_outside=pool["outside"],
        widening=pool["widening"],
        mixture_inside=mixture["inside"],
        mixture_outside=mixture["outside"],
    )

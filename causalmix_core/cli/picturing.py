"""What ``frontier`` shows instead of radii: a shift of the pool, another outcome, three domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.cli.deciding import decide_at, region_at
from causalmix_core.cli.objectives import correction_at, panel_at
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.scenario_arguments import scenario_at
from causalmix_core.errors import UnseenDomainError

if TYPE_CHECKING:
    import argparse

    from causalmix_core.cli.situation import Situation
    from causalmix_core.decision.pareto import Gains


def print_along(arguments: argparse.Namespace, situation: Situation) -> None:
    """The recommended mixture along a shift of one covariate."""
    from causalmix_core.decision.trajectory import trajectory
    from causalmix_core.delivery.picture_tables import trajectory_table
    from causalmix_core.delivery.pictures import trajectory_sentence
    from causalmix_core.effects.pool_path import pool_path

    panel = panel_at(situation, scenario_at(arguments, situation))
    fit, region = panel.raised, region_at(arguments, situation)
    path = pool_path(fit.table, situation.pool, arguments.along)
    correction = correction_at(arguments.fit_dir, situation, panel)
    moved = trajectory(
        lambda positions: [fit.response(state) for state in path.states(positions)],
        region,
        path.positions,
        arguments.level,
        correction,
    )
    sentence = trajectory_sentence(path, moved)
    if not arguments.json:
        print(text_table(*trajectory_table(path, moved)))
        print(f"\n{sentence}")
        return
    columns = zip(
        moved.positions,
        path.supported(moved.positions),
        moved.gains,
        moved.lower,
        moved.upper,
        moved.shares,
        strict=True,
    )
    print_json(
        {
            "outcome": fit.outcome.name,
            "along": arguments.along,
            "unit": "sd" if path.whole else "covariate",
            "this_pool": path.here,
            "level": moved.level,
            "jumps": [
                [float(moved.positions[i]), float(moved.positions[i + 1])]
                for i in moved.jumps.nonzero()[0].tolist()
            ],
            "points": [
                {
                    "position": float(position),
                    "within_runs": bool(inside),
                    "gain": float(gain),
                    "lower": float(lower),
                    "upper": float(upper),
                    "mixture": dict(zip(moved.domains, shares.tolist(), strict=True)),
                }
                for position, inside, gain, lower, upper, shares in columns
            ],
            "sentence": sentence,
        }
    )


def print_against(arguments: argparse.Namespace, situation: Situation) -> None:
    """The fit's outcome against another one, fitted here with the same settings and epsilon."""
    from causalmix_core.checks.gain import measure_correction
    from causalmix_core.decision.pareto import pareto
    from causalmix_core.delivery.picture_tables import pareto_table
    from causalmix_core.delivery.pictures import pareto_sentence
    from causalmix_core.effects.beside import settings_beside
    from causalmix_core.effects.fit import fit as make_fit

    panel = panel_at(situation, scenario_at(arguments, situation))
    if panel.raised.seen is not panel.raised:
        raise UnseenDomainError(
            f"A domain that no run has seen has an effect on {panel.raised.outcome.name} alone: leave out --new-domain, or "
            "--against."
        )
    fit, decision = panel.raised, decide_at(arguments, situation, panel)
    other = make_fit(fit.table, settings_beside(fit, arguments.against))
    found = pareto(
        (fit.response(situation.pool), other.response(situation.pool)),
        decision.region,
        decision.shares,
        arguments.level,
        (correction_at(arguments.fit_dir, situation, panel), measure_correction(other)),
    )
    outcomes = (fit.outcome, other.outcome)
    sentence = pareto_sentence(found, outcomes)
    if not arguments.json:
        print(text_table(*pareto_table(found, outcomes)))
        print(f"\n{sentence}")
        return
    names = (fit.outcome.name, other.outcome.name)
    points = [
        {
            "weight": float(weight),
            **_gains(found.path, i, names),
            "mixture": dict(zip(found.domains, shares.tolist(), strict=True)),
        }
        for i, (weight, shares) in enumerate(zip(found.weights, found.shares, strict=True))
    ]
    print_json(
        {
            "outcomes": list(names),
            "level": found.level,
            "present": _gains(found.present, 0, names)
            | {"mixture": dict(zip(found.domains, decision.shares.tolist(), strict=True))},
            "beaten": found.dominated,
            "points": points,
            "sentence": sentence,
        }
    )


def _gains(at: Gains, row: int, names: tuple[str, str]) -> dict[str, Any]:
    parts = {"gain": at.gains, "lower": at.lower, "upper": at.upper}
    return {key: dict(zip(names, values[row].tolist(), strict=True)) for key, values in parts.items()}


def print_ternary(arguments: argparse.Namespace, situation: Situation) -> None:
    """Gain of every division among three domains."""
    from causalmix_core.decision.ternary import ternary
    from causalmix_core.delivery.picture_tables import ternary_table
    from causalmix_core.delivery.pictures import ternary_sentence

    panel = panel_at(situation, scenario_at(arguments, situation))
    fit, decision = panel.raised, decide_at(arguments, situation, panel)
    correction = correction_at(arguments.fit_dir, situation, panel)
    domains = tuple(name.strip() for name in arguments.ternary.split(","))
    found = ternary(
        correction.apply(fit.response(situation.pool)),
        decision.region,
        decision.shares,
        domains,
        arguments.others,
        fit.table.shares,
    )
    sentence = ternary_sentence(found, fit.outcome.unit)
    if not arguments.json:
        print(text_table(*ternary_table(found)))
        print(f"\n{sentence}")
        return
    columns = zip(found.parts, found.gains, found.inside, strict=True)
    print_json(
        {
            "outcome": fit.outcome.name,
            "domains": list(found.names),
            "others": found.others,
            "whole": found.whole,
            "anchor": found.anchor.tolist(),
            "recommended": found.recommended.tolist(),
            "border": found.border.tolist(),
            "points": [
                {"parts": parts.tolist(), "gain": float(gain), "inside": bool(inside)}
                for parts, gain, inside in columns
            ],
            "sentence": sentence,
        }
    )

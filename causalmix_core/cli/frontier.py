"""``frontier FIT_DIR``: gain against radius with its marks, and the other pictures of a decision as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.cli.arguments import add_anchor, add_fit_directory, add_pool, finite
from causalmix_core.cli.deciding import add_decision, region_at
from causalmix_core.cli.new_domain import add_new_domain
from causalmix_core.cli.objectives import add_objective, correction_at, panel_at
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.picturing import print_against, print_along, print_ternary
from causalmix_core.cli.scenario_arguments import scenario_at
from causalmix_core.cli.situation import Situation, read_situation
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    import argparse

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Frontier
    from causalmix_core.effects.response import Response

_RADIUS = 0.15
_POINTS, _MOST_POINTS = 25, 1000


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "frontier",
        help="show what a larger radius, another pool, outcome or division would bring",
        description="The gain of the best mixture at every radius, with its knee, where returns have halved and where "
        "the runs end; --radius is marked in it. Instead of it: --along follows the recommended mixture along a shift of "
        "the pool, --against trades the outcome for another one, --ternary divides the mixture among three domains.",
    )
    add_fit_directory(parser)
    add_pool(parser)
    add_anchor(parser)
    add_decision(parser, _RADIUS)
    add_objective(parser)
    add_new_domain(parser, "let mixtures hold")
    parser.add_argument("--points", type=int, default=_POINTS, help="radii shown (default: %(default)s)")
    parser.add_argument(
        "--until",
        type=finite,
        metavar="RADIUS",
        help="largest radius (default: where nothing moves any more)",
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--along",
        metavar="COVARIATE",
        help="a covariate's column, or its name for a shift in all domains at once",
    )
    instead.add_argument("--against", metavar="OUTCOME", help="another outcome of the table")
    instead.add_argument("--ternary", metavar="A,B,C", help="three domains, with commas between")
    parser.add_argument(
        "--others",
        choices=("held", "summed"),
        default="held",
        help="with --ternary: hold the other domains, or sum them into the third corner (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON with full precision")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the frontier, or what is asked for instead."""
    if not 2 <= arguments.points <= _MOST_POINTS:
        raise ConfigError(f"--points is {arguments.points}; give a number from 2 to {_MOST_POINTS}.")
    situation = read_situation(arguments)
    if arguments.along:
        print_along(arguments, situation)
    elif arguments.against:
        print_against(arguments, situation)
    elif arguments.ternary:
        print_ternary(arguments, situation)
    else:
        _print_frontier(arguments, situation)
    return 0


def _print_frontier(arguments: argparse.Namespace, situation: Situation) -> None:
    from causalmix_core.decision.marks import support_radius
    from causalmix_core.delivery.picture_tables import frontier_table
    from causalmix_core.delivery.pictures import frontier_sentence
    from causalmix_core.effects.joined import seen_part
    from causalmix_core.effects.support import mixtures_inside
    from causalmix_core.scenarios.frontier import scenario_frontier

    fit, region = situation.fit, region_at(arguments, situation)
    scenario = scenario_at(arguments, situation)
    panel = panel_at(situation, scenario)
    radii = _radii(arguments, panel.raised.response(situation.pool), region)
    correction = correction_at(arguments.fit_dir, situation, panel)
    path = scenario_frontier(fit, scenario, radii, correction, panel)
    support = support_radius(path.radii, mixtures_inside(fit.table, seen_part(panel.raised, path.shares)))
    now = region.radius if path.radii[0] <= region.radius <= path.radii[-1] else None
    outcome, unseen = panel.raised.outcome, [name for name, _ in region.unseen]
    sentence = frontier_sentence(path, now, support, region.metric, outcome.unit, unseen)
    if arguments.json:
        print_json({"outcome": outcome.name, **_as_json(situation, region, path, support, sentence)})
        return
    print(text_table(*frontier_table(path, region.metric, now, support)))
    print(f"\n{sentence}")


def _radii(arguments: argparse.Namespace, response: Response, region: Region) -> NDArray[np.float64]:
    """An even grid, with the radius at hand where it lies within."""
    import numpy as np

    from causalmix_core.decision.feasibility import least_radius
    from causalmix_core.decision.frontier import default_radii

    if arguments.until is None:
        grid = default_radii(response, region, arguments.points)
    else:
        least = least_radius(region)
        if arguments.until <= least:
            raise ConfigError(
                f"--until is {arguments.until:g}; give a radius larger than {least:g}, where the frontier starts."
            )
        grid = np.linspace(least, arguments.until, arguments.points)
    within = grid[0] <= region.radius <= grid[-1]
    return np.unique(np.append(grid, region.radius)) if within else grid


def _as_json(
    situation: Situation, region: Region, path: Frontier, support: float | None, sentence: str
) -> dict[str, Any]:
    from causalmix_core.evidence.pool_state import pool_json

    domains = region.domains
    columns = zip(path.radii, path.gains, path.lower, path.upper, path.shares, strict=True)
    return {
        "anchor": dict(zip(domains, region.anchor.tolist(), strict=True)),
        "pool": pool_json(situation.fit.table, situation.pool),
        "metric": region.metric,
        "radius": region.radius,
        "level": path.level,
        "knee": path.knee,
        "half_marginal_radius": path.half_marginal_radius,
        "support_radius": support,
        "points": [
            {
                "radius": float(radius),
                "gain": float(gain),
                "lower": float(lower),
                "upper": float(upper),
                "mixture": dict(zip(domains, shares.tolist(), strict=True)),
            }
            for radius, gain, lower, upper, shares in columns
        ],
        "sentence": sentence,
    }

"""``explain FIT_DIR``: by which rules effects differ, what drives them, and what drives a recommendation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.cli.arguments import add_anchor, add_fit_directory, add_pool
from causalmix_core.cli.deciding import add_decision, decide_at
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.situation import Situation, read_situation
from causalmix_core.delivery.covariates import covariate_words, value
from causalmix_core.delivery.explanations import (
    drivers_sentence,
    here_sentence,
    last_rule_words,
    recommendation_sentences,
    rule_words,
    tree_sentence,
)
from causalmix_core.delivery.numbers import decimals_for, plain, signed

if TYPE_CHECKING:
    import argparse

    from causalmix_core.effects.explain.views import Drivers, EffectTree

_RADIUS = 0.15
_MOST_ROWS = 10
_MOST_NAMED = 3


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "explain",
        help="say what effects and a recommendation depend on",
        description="tree: rules on the pool's state that sort the runs' pools by their effects. shap: how far "
        "each covariate moves the effects, over the runs' pools and at this one. words: what drives the "
        "recommended mixture. Each says how far it holds on pools left out.",
    )
    add_fit_directory(parser)
    parser.add_argument(
        "--what", choices=("tree", "shap", "words"), default="tree", help="default: %(default)s"
    )
    add_pool(parser)
    add_anchor(parser)
    parser.add_argument("--domain", help="explain this domain's effect alone (tree and shap; default: all)")
    parser.add_argument(
        "--depth", type=int, choices=(1, 2, 3, 4), default=3, help="of the tree (default: %(default)s)"
    )
    add_decision(parser, _RADIUS)
    parser.add_argument("--json", action="store_true", help="print JSON with full precision")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one explanation."""
    situation = read_situation(arguments)
    explain = {"tree": _tree, "shap": _shap, "words": _words}[arguments.what]
    explain(arguments, situation)
    return 0


def _tree(arguments: argparse.Namespace, situation: Situation) -> None:
    from causalmix_core.effects.explain.tree import effect_tree

    tree = effect_tree(situation.fit, situation.anchor, arguments.depth, arguments.domain)
    here = tree.path(situation.pool)[-1]
    if arguments.json:
        print_json(_tree_json(tree, here))
        return
    largest = max(float(abs(node.mean).max()) for node in tree.nodes)
    for number, node in enumerate(tree.nodes):
        effects = _effects(tree, number, decimals_for(largest) + 1)
        mark = "  <- this pool" if number == here else ""
        print(f"{'  ' * node.depth}{last_rule_words(tree, number)}: {node.pools} pools, {effects}{mark}")
    print(f"\n{tree_sentence(tree)}")


def _effects(tree: EffectTree, number: int, decimals: int) -> str:
    mean = tree.nodes[number].mean.tolist()
    if len(mean) == 1:
        return signed(mean[0], decimals)
    pairs = sorted(zip(mean, tree.domains, strict=True), reverse=True)
    (best, helps), (worst, hurts) = pairs[0], pairs[-1]
    return f"best {helps} {signed(best, decimals)}, worst {hurts} {signed(worst, decimals)}"


def _tree_json(tree: EffectTree, here: int) -> dict[str, Any]:
    return {
        "domains": list(tree.domains),
        "outcome": tree.outcome,
        "unit": tree.unit,
        "r2": tree.r2,
        "r2_unseen": tree.r2_unseen,
        "this_pool": here,
        "nodes": [
            {
                "rule": rule_words(tree, number),
                "pools": node.pools,
                "mean": dict(zip(tree.domains, node.mean.tolist(), strict=True)),
                "spread": dict(zip(tree.domains, node.spread.tolist(), strict=True)),
                "covariate": node.covariate.column if node.covariate else None,
                "threshold": node.threshold,
                "low": node.low,
                "high": node.high,
            }
            for number, node in enumerate(tree.nodes)
        ],
        "sentence": tree_sentence(tree),
    }


def _shap(arguments: argparse.Namespace, situation: Situation) -> None:
    from causalmix_core.effects.explain.drivers import effect_drivers

    asked = [arguments.domain] if arguments.domain else None
    views = effect_drivers(situation.fit, situation.pool, situation.anchor, asked)
    if arguments.json:
        print_json([_drivers_json(view) for view in views])
    elif len(views) == 1:
        _print_drivers(views[0])
    else:
        _print_all(views)


def _print_drivers(view: Drivers) -> None:
    decimals = decimals_for(float(view.importance.max())) + 1
    rows = [
        (
            covariate_words(view.covariates[i]),
            plain(float(view.importance[i]), decimals),
            value(float(view.here.state[i])),
            signed(float(view.here.values[i]), decimals),
        )
        for i in view.order[:_MOST_ROWS]
    ]
    print(text_table(("covariate", "mean size", "this pool", "moves it by"), rows))
    print(f"\n{drivers_sentence(view)}\n{here_sentence(view)}")


def _print_all(views: tuple[Drivers, ...]) -> None:
    rows = [
        (
            view.domain,
            plain(view.r2, 2),
            plain(view.r2_in_sample, 2),
            ", ".join(covariate_words(view.covariates[i]) for i in view.order[:_MOST_NAMED]),
        )
        for view in views
    ]
    print("What the effect of each domain depends on, the largest part first.\n")
    print(text_table(("domain", "R2, pools left out", "own pools", "depends most on"), rows))


def _drivers_json(view: Drivers) -> dict[str, Any]:
    here, columns = view.here, [c.column for c in view.covariates]
    return {
        "domain": view.domain,
        "quantity": view.quantity,
        "unit": view.unit,
        "r2": view.r2,
        "r2_in_sample": view.r2_in_sample,
        "pools": len(view.states),
        "mean_size": dict(zip(columns, view.importance.tolist(), strict=True)),
        "this_pool": {
            "base": here.base,
            "values": dict(zip(columns, here.values.tolist(), strict=True)),
            "predicted": here.predicted,
            "actual": here.actual,
        },
        "sentences": [drivers_sentence(view), here_sentence(view)],
    }


def _words(arguments: argparse.Namespace, situation: Situation) -> None:
    from causalmix_core.delivery.recommendation import explain_recommendation

    decision = decide_at(arguments, situation)
    made = explain_recommendation(situation.fit, situation.pool, decision)
    sentences = recommendation_sentences(situation.fit.outcome, made)
    if not arguments.json:
        print("\n".join(sentences))
        return
    domains = decision.region.domains
    print_json(
        {
            "mixture": dict(zip(domains, decision.shares.tolist(), strict=True)),
            "anchor": dict(zip(domains, decision.region.anchor.tolist(), strict=True)),
            "drivers": [_drivers_json(view) for view in made.drivers],
            "sentences": list(sentences),
        }
    )

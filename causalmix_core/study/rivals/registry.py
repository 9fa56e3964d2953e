"""The methods by the names that plans use."""

from __future__ import annotations

from functools import partial

from causalmix_core.errors import StudyError
from causalmix_core.study.rivals import plain
from causalmix_core.study.rivals.dmo import dmo
from causalmix_core.study.rivals.ground import Method
from causalmix_core.study.rivals.names import ANCHOR, DOMAIN_HELD_OUT, EQUAL, FREE, REGMIX, SUREST
from causalmix_core.study.rivals.paper import causalmix_a, causalmix_s
from causalmix_core.study.rivals.product import domain_held_out, recommended
from causalmix_core.study.rivals.regression import regmix

FIXED = (
    Method(EQUAL, "the same share for every domain", "nothing", plain.equal),
    Method("natural", "as much of each domain as there is text of it", "nothing", plain.natural),
    Method(ANCHOR, "the outcome's weights: the anchor, which changes nothing", "nothing", plain.weights),
    Method("best-run", "the mixture of the best run, given its pool", "runs", plain.best_run),
    Method(REGMIX, "RegMix: trees on the mixture alone, mean of the best 128 of 100,000", "runs", regmix),
    Method("dmo", "DMO: a law of each domain's loss in its own share", "runs", dmo),
    Method("causalmix-a", "CausalMix-A with the paper's causal forest", "runs and state", causalmix_a),
    Method("causalmix-s", "CausalMix-S with the paper's causal forest", "runs and state", causalmix_s),
    Method(
        "looks",
        "the outcome's weights, less where covariates are far from clean text's",
        "state",
        plain.looks,
    ),
    Method("quality", "the outcome's weights times the hidden quality", "hidden quality", plain.quality),
    Method(FREE, "the product without a trust region", "runs and state", recommended),
)
# Families with a radius behind the name, such as recommended-0.2.
AT_RADIUS = {
    FREE: "the product within {radius:g} of the anchor",
    SUREST: "the product within {radius:g} of the anchor, raising the lower end of the gain's interval",
    DOMAIN_HELD_OUT: "the product within {radius:g} of the anchor, one domain's worth foretold from its state alone",
}


def method_of(name: str) -> Method:
    """The method of a name.

    Raises
    ------
    StudyError : there is none; lists the names there are.
    """
    for method in FIXED:
        if method.name == name:
            return method
    family, _, number = name.rpartition("-")
    if family in AT_RADIUS and _is_radius(number):
        radius = float(number)
        choose = {
            FREE: partial(recommended, radius=radius),
            SUREST: partial(recommended, radius=radius, objective="lower_bound"),
            DOMAIN_HELD_OUT: partial(domain_held_out, radius=radius),
        }[family]
        return Method(name, AT_RADIUS[family].format(radius=radius), "runs and state", choose, radius)
    known = ", ".join([*(method.name for method in FIXED), *(f"{family}-RADIUS" for family in AT_RADIUS)])
    raise StudyError(f"There is no method {name!r}; there are {known}.")


def _is_radius(text: str) -> bool:
    try:
        return 0.0 < float(text) <= 1.0
    except ValueError:
        return False

"""What a declared study costs before anything is made: runs, tokens, FLOP and hours of every round of training."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.errors import StudyError
from causalmix_core.proxy.design.estimate import FLOP_A_TOKEN, SECONDS_AN_HOUR
from causalmix_core.study.own_order import is_trained_again, orders_again

if TYPE_CHECKING:
    from collections.abc import Iterator

    from causalmix_core.study.plan import StudyPlan


@dataclass(frozen=True)
class Cost:
    """One round of training.

    Attributes
    ----------
    stage : its name. runs : how many at most, where choices that are equal are trained once. tokens : of all of them.
    params : of the model. hours : None where no speed is known.
    """

    stage: str
    runs: int
    tokens: int
    params: float
    hours: float | None

    @property
    def flop(self) -> float:
        """6 x parameters x tokens, as a design's estimate has it."""
        return FLOP_A_TOKEN * self.params * self.tokens


def cost_of(
    plan: StudyPlan,
    *,
    params: float | None = None,
    tokens_per_second: float | None = None,
    slots: int = 1,
    document_tokens: float | None = None,
) -> list[Cost]:
    """Costs of the study's own runs, its verification, its own order again, search and cases of scale; text, base and scorer come on top.

    Parameters
    ----------
    params : of the model; None takes the size of the plan's base, which a checkpoint has none of.
    tokens_per_second : of one run on one slot, with a model of ``params``; larger models are slower in proportion.
    slots : runs at a time. document_tokens : mean length, where runs count documents.

    Raises
    ------
    StudyError : a number that the plan does not have and that was not given, or one that is not above 0.
    """
    for name, value in (
        ("params", params),
        ("speed", tokens_per_second),
        ("slots", slots),
        ("document-tokens", document_tokens),
    ):
        if value is not None and not (math.isfinite(value) and value > 0):
            raise StudyError(f"--{name} is {value:g}; give a number above 0.")
    size = _params(plan, params)
    found = []
    for stage, runs, examples, larger in _stages(plan):
        tokens = runs * _tokens(plan, examples, document_tokens)
        times = 1.0 if larger is None else _number(larger) / _number(plan.plain["base"]["size"])
        hours = tokens * times / tokens_per_second / slots / SECONDS_AN_HOUR if tokens_per_second else None
        found.append(Cost(stage, runs, tokens, size * times, hours))
    return found


def _stages(plan: StudyPlan) -> Iterator[tuple[str, int, int, str | None]]:
    """(name, runs, examples a run, size of model or None for the plan's) of every round of training."""
    plain, checked = plan.plain, plan.verification
    yield (
        "runs",
        plain["pools"]["count"] * plain["mixtures"]["per_pool"] + plain["replicates"],
        plan.examples,
        None,
    )
    pools = sum(group["pools"] for group in checked["groups"].values())
    yield "verification", pools * len(checked["methods"]) * checked["orders"], plan.examples, None
    again = sum(is_trained_again(method) for method in checked["methods"])
    yield "own order", pools * again * orders_again(plan), plan.examples, None
    if "oracle" in plain:
        search = plain["oracle"]
        each = search["rounds"] * search["candidates"] + checked["orders"]
        yield "search", sum(search["pools"].values()) * each, plan.examples, None
    for name, case in plain.get("scale", {}).get("cases", {}).items():
        runs = sum(case["pools"].values()) * len(plain["scale"]["methods"]) * case["orders"]
        yield name, runs, case.get("windows", plan.examples), case.get("size")


def _tokens(plan: StudyPlan, examples: int, document_tokens: float | None) -> int:
    if plan.worker == "tiny":
        return examples * int(plan.plain["runs"]["seq"])
    if document_tokens is None:
        raise StudyError(
            f"The runs of {plan.name} count documents; give their mean length in tokens (--document-tokens)."
        )
    return round(examples * document_tokens * plan.plain["runs"].get("epochs", 1))


def _params(plan: StudyPlan, given: float | None) -> float:
    if given is not None:
        return given
    if "base" not in plan.plain:
        raise StudyError(
            f"The runs of {plan.name} start from a checkpoint; give its parameters (--params 135M)."
        )
    return _number(plan.plain["base"]["size"])


def _number(size: str) -> float:
    """Parameters of a size of tiny models, which are all in millions."""
    return 1e6 * float(size.removesuffix("M"))

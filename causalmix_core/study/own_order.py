"""The order of text of the study's own runs, trained on new pools: how much of what was foretold is that order's own luck.

A study whose runs share few orders of text learns these orders too: a mixture that did well may have met its text at a good
moment. The product's choices for the new pools, trained once more in the study's own orders, tell the two apart. What they
gain there and not in new orders was never the mixture's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.files import write_atomically
from causalmix_core.study.making import make_text
from causalmix_core.study.rivals.names import ANCHOR, recommends
from causalmix_core.study.verification.predictions import PREDICTIONS, read_predictions
from causalmix_core.study.verification.verify import Round, rows_csv, train_choices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from causalmix_core.study.making import Means
    from causalmix_core.study.place import StudyPlace
    from causalmix_core.study.plan import StudyPlan

    Progress = Callable[[float, str], None]

OWN_ORDER, STAGE = "own_order.csv", "own-order"


def own_order(
    plan: StudyPlan, place: StudyPlace, means: Means, progress: Progress | None = None
) -> list[dict[str, str]]:
    """Train the product's choices and the anchor in the study's own orders of text; the rows of own_order.csv.

    Of a study with many orders as many of them are trained as the verification has, so that both means are as sure.

    Raises
    ------
    StudyError : the verification's predictions are not made yet, or runs failed at every try.
    """
    place.claim(plan)
    predictions = _recommended(read_predictions(place.tables / PREDICTIONS))
    make_text(plan, place, means, progress)
    own = Round(STAGE, plan.plain["pools"]["seed"], orders_again(plan), "training in the study's own order")
    rows = train_choices(plan, place, means, predictions, progress, own)
    write_atomically(place.tables / OWN_ORDER, rows_csv(rows))
    return rows


def orders_again(plan: StudyPlan) -> int:
    """How many of the study's own orders are trained again."""
    return min(plan.own_orders, int(plan.verification["orders"]))


def is_trained_again(method: str) -> bool:
    """Whether a method's choices are: what the product recommends, and the anchor that it is measured from."""
    return method == ANCHOR or recommends(method)


def _recommended(predictions: Mapping[str, Any]) -> dict[str, Any]:
    """The same predictions, of the anchor and of what the product recommends alone."""
    pools = {}
    for name, said in predictions["pools"].items():
        kept = {m: c for m, c in said["choices"].items() if is_trained_again(m)}
        pools[name] = {**said, "choices": kept}
    return {**predictions, "pools": pools}

"""Numbers and judgements in words: every word that judges comes from a number by a rule that stands here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from causalmix_core.study.prediction_statistics import Calibration, Coverage
    from causalmix_core.study.statistics import Paired

MANY_ERRORS = 2.0
HARM_GOAL = 0.10
NOTHING = "–"
RULES = (
    "A method *beats* another where its mean difference over pools is more than two standard errors above 0, *loses* where it "
    "is more than two below, and there is *no difference* in between. A pool is *harmed* where the mean of its orders lies "
    "below the anchor's, *surely* where by more than two standard errors of the noise between orders. Intervals *hold as "
    "stated* where the nominal share lies within the 95 % Wilson interval of the share that held, with the noise between orders "
    "added. Nothing is corrected for the number of comparisons."
)


def number(value: float, digits: int = 1) -> str:
    """A number with a true minus sign; rounded twice, so that a sum's last digits cannot show."""
    if not math.isfinite(value):
        return NOTHING
    text = f"{round(round(value, 9), digits) + 0.0:.{digits}f}"
    return text.replace("-", "−")


def signed(value: float, digits: int = 1) -> str:
    """The same with a plus sign before what is above 0."""
    text = number(value, digits)
    rounded = text not in (NOTHING,) and float(text.replace("−", "-")) > 0.0
    return f"+{text}" if rounded else text


def milli(value: float, digits: int = 1) -> str:
    """A gain in thousandths of a bit per byte, signed."""
    return signed(1_000.0 * value, digits)


def milli_size(value: float, digits: int = 1) -> str:
    """An error or a spread in thousandths, without a sign."""
    return number(1_000.0 * value, digits)


def percent(share: float) -> str:
    """A share as whole percent."""
    return f"{number(100.0 * share, 0)} %" if math.isfinite(share) else NOTHING


def p_value(p: float) -> str:
    """A p value; what is smaller than can be told is said so."""
    return "< 0.0001" if p < 0.00005 else number(p, 4 if p < 0.01 else 2)


def with_error(found: Paired) -> str:
    """Mean and standard error, as "+16.1 (4.9)"."""
    return f"{milli(found.mean)} ({milli_size(found.error)})"


def in_words(found: Paired) -> str:
    """Mean, error, interval and wins, for a sentence."""
    return (
        f"{milli(found.mean)} mbpb, standard error {milli_size(found.error)}, 95 % interval {between(found.low, found.high)}, "
        f"{found.wins} of {found.pools} pools"
    )


def between(low: float, high: float) -> str:
    """An interval of gains in thousandths."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOTHING
    return f"{milli(low)} to {milli(high)}"


def verdict(found: Paired) -> str:
    """One of *beats*, *loses*, *no difference*, *cannot be told*; by :data:`RULES`."""
    mean, error = round(found.mean, 9), round(found.error, 9)
    if found.pools < 2:
        return "cannot be told"
    if mean > MANY_ERRORS * error:
        return "beats"
    return "loses" if mean < -MANY_ERRORS * error else "no difference"


def versus(found: Paired, rival: str) -> str:
    """The verdict as a phrase that takes a method before it."""
    return {
        "beats": f"beats {rival}",
        "loses": f"loses to {rival}",
        "no difference": f"does not differ from {rival}",
        "cannot be told": f"cannot be told from {rival}",
    }[verdict(found)]


def held(found: Coverage, level: float) -> str:
    """Whether intervals held as often as stated; by :data:`RULES`."""
    if found.high < level:
        return "less often than stated"
    return "more often than stated" if found.low > level else "as stated"


def promises(found: Calibration) -> str:
    """Whether a slope through 0 is 1 within two standard errors."""
    slope, error = round(found.slope, 9), round(found.slope_error, 9)
    if not (math.isfinite(slope) and math.isfinite(error)):
        return NOTHING
    if slope < 1.0 - MANY_ERRORS * error:
        return "promises too much"
    return "promises too little" if slope > 1.0 + MANY_ERRORS * error else "as predicted"


def listed(names: list[str], last: str = "and") -> str:
    """Names in a row: "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}" if names else "none"


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"

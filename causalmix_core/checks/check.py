"""What a check is: a question about a fit, its figure, and what to do about the answer."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Status = Literal["PASS", "REVIEW", "FAIL"]
STATUSES: tuple[Status, ...] = get_args(Status)  # from good to bad

SIGNIFICANT = 6  # digits kept: more than anybody reads, few enough to be equal on two machines


class Detail(NamedTuple):
    """A row of a check: one domain, one direction, one refit; ``value`` None where there is none."""

    name: str
    value: float | None
    status: Status


@dataclass(frozen=True)
class Check:
    """One check of a fit or of a decision.

    Attributes
    ----------
    id : stable short name, e.g. ``"overlap"``; ``title`` : for people.
    status : "PASS", "REVIEW" (look at it, then decide) or "FAIL" (do not rely on it).
    value : the figure, in ``unit``; None where the check does not apply or nothing could be measured.
    threshold : where PASS ends; None where there is no such number.
    unit : of value, threshold and details' values, e.g. ``"R2"``; "" for plain numbers.
    sentence : the figure in words; ``remedy`` : what to do, also where nothing is wrong.
    details : rows behind the figure.
    """

    id: str
    title: str
    status: Status
    value: float | None
    threshold: float | None
    unit: str
    sentence: str
    remedy: str
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True)
class Checkup:
    """All checks of one fit, with what they were made from.

    ``fit_sha256``, ``table_sha256`` and ``config_sha256`` are 64 hex digits each.
    """

    fit_sha256: str
    table_sha256: str
    config_sha256: str
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Status:
        """The worst status among the checks."""
        return worst(check.status for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Plain values; :meth:`from_json` reads them back."""
        return {
            "fit_sha256": self.fit_sha256,
            "table_sha256": self.table_sha256,
            "config_sha256": self.config_sha256,
            "verdict": self.verdict,
            "checks": [
                {**asdict(check), "details": [list(detail) for detail in check.details]}
                for check in self.checks
            ],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Checkup:
        """Rebuild; raises KeyError, TypeError or ValueError for anything else."""
        checks = [
            Check(**{**found, "details": tuple(Detail(*row) for row in found["details"])})
            for found in values["checks"]
        ]
        if any(check.status not in STATUSES for check in checks):
            raise ValueError("unknown status")
        names = ("fit_sha256", "table_sha256", "config_sha256")
        fit, table, config = (str(values[name]) for name in names)
        return cls(fit, table, config, tuple(checks))


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of several; PASS when there are none."""
    return max(statuses, key=STATUSES.index, default="PASS")


def count(checks: Iterable[Check], status: Status) -> int:
    """How many checks have a status."""
    return sum(check.status == status for check in checks)


def figure(value: float) -> float | None:
    """A number as it is kept: rounded to ``SIGNIFICANT`` digits, None when it is not finite."""
    return float(f"{value:.{SIGNIFICANT}g}") + 0.0 if math.isfinite(value) else None


def at_least(value: float, enough: float, too_little: float) -> Status:
    """PASS from ``enough`` up, FAIL below ``too_little``; NaN is FAIL."""
    if value >= enough:
        return "PASS"
    return "REVIEW" if value >= too_little else "FAIL"


def at_most(value: float, fine: float, too_much: float) -> Status:
    """PASS up to ``fine``, FAIL above ``too_much``; NaN is FAIL."""
    return at_least(-value, -fine, -too_much)


def not_applicable(identity: str, title: str, why: str) -> Check:
    """A check whose question does not arise for this fit: PASS without a figure."""
    return Check(identity, title, "PASS", None, None, "", f"Does not apply: {why}", "Nothing to do.")

"""Runs that were chosen against runs that were drawn, on any table: what confounding does to it, and what is left.

The same computation as a study's analysis (:mod:`causalmix_core.study.analysis.confounding`), for a table without a plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.numbers import decimals_for, plain, signed, thousands
from causalmix_core.errors import StudyError
from causalmix_core.study.plan import StudyPlan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.evidence.table import RunsTable

DRAWN = ("random", "designed")  # mixtures that nobody chose by looking at the pool
REAL = 0.05  # p below which slopes are said to differ


@dataclass(frozen=True)
class HalfSlopes:
    """Average slopes in log share from one half of the runs, one way.

    Attributes
    ----------
    name, words : of the half and the way. runs : in it. values, errors : domain -> slope and standard error.
    error : root mean square distance from the yardstick over its own; noise : what that would be of sampling error alone.
    p : of the joint test that the slopes equal the yardstick's. The yardstick itself has none of the three.
    """

    name: str
    words: str
    runs: int
    values: Mapping[str, float]
    errors: Mapping[str, float]
    error: float | None
    noise: float | None
    p: float | None


@dataclass(frozen=True)
class Halves:
    """All four: the yardstick (drawn, purged) first, then drawn and chosen as they are, then chosen and purged."""

    domains: tuple[str, ...]
    unit: str
    rows: tuple[HalfSlopes, ...]

    def of(self, name: str) -> HalfSlopes:
        """One row by its name."""
        return next(row for row in self.rows if row.name == name)


def can_be_halved(table: RunsTable) -> bool:
    """True where a table says of some runs that they were drawn and of others that they were chosen."""
    said = set(table.assignment or ())
    return "chosen" in said and bool(said & set(DRAWN)) and bool(table.covariates)


def halves_of(table: RunsTable, outcome: str | None = None, seed: int = 0) -> Halves:
    """Compare the halves of a table; repeats (``replicate`` above 0) are left out.

    Parameters
    ----------
    outcome : name of one; None takes the table's own. seed : of folds and resamples.

    Raises
    ------
    StudyError : the table has no covariates, does not say how mixtures came about, or has too few runs or pools.
    """
    from causalmix_core.study.analysis.confounding import confounding
    from causalmix_core.study.analysis.kept import Kept
    from causalmix_core.study.analysis.setting import Setting, without_repeats

    if not can_be_halved(table):
        raise StudyError(
            f"{table.name} cannot be halved: that takes covariates of the pool and a column assignment with chosen runs "
            "beside random or designed ones."
        )
    drawn = tuple("random" if how in DRAWN else how for how in table.assignment or ())
    marked = replace(table, assignment=drawn)
    name = outcome or table.default_outcome
    plan = StudyPlan(
        {"name": "halves", "outcome": {"name": name}, "fit": {"seed": seed}, "analysis": {"seed": seed}}, b""
    )
    found = confounding(Setting(plan, marked, without_repeats(marked), Kept(None)))
    if "refused" in found:
        raise StudyError(f"{table.name} cannot be halved: {found['refused']}")
    return Halves(tuple(found["domains"]), str(found["unit"]), tuple(_row(row) for row in found["rows"]))


def _row(row: Mapping[str, Any]) -> HalfSlopes:
    slopes = row["slopes"]
    return HalfSlopes(
        row["name"],
        row["words"],
        int(row["runs"]),
        {domain: float(one["value"]) for domain, one in slopes.items()},
        {domain: float(one["se"]) for domain, one in slopes.items()},
        row["error"],
        row["noise"],
        row["p"],
    )


def halves_sentence(found: Halves) -> str:
    """What choosing did to the slopes, and whether taking the state out mended it."""
    naive, purged = found.of("chosen naive"), found.of("chosen orthogonalised")
    return (
        f"Average slopes of the {thousands(naive.runs)} runs whose mixture was chosen are {_stand(naive)} away from those of the "
        f"{thousands(found.rows[0].runs)} that were drawn; with the pool's state taken out {_stand(purged)}. Sampling error alone "
        f"would make {_percent(purged.noise)}."
    )


def _stand(row: HalfSlopes) -> str:
    differ = row.p is not None and row.p < REAL
    return f"{_percent(row.error)} (p {_p(row.p)}: {'a difference' if differ else 'no difference is shown'})"


def _percent(value: float | None) -> str:
    return "an unknown part" if value is None else f"{plain(100.0 * value, 0)} %"


def _p(value: float | None) -> str:
    return "unknown" if value is None else "below 0.001" if value < 0.001 else plain(value, 3)


HALVES_HEADER = (
    "domain",
    "drawn, state taken out",
    "drawn, as is",
    "chosen, as is",
    "chosen, state taken out",
)


def halves_rows(found: Halves) -> list[tuple[str, ...]]:
    """A row a domain: slopes with standard errors, in the table's outcome, higher is better; below :data:`HALVES_HEADER`."""
    largest = max(abs(value) for row in found.rows for value in row.values.values())
    digits = decimals_for(largest) + 1
    return [
        (
            domain,
            *(
                f"{signed(row.values[domain], digits)} ({plain(row.errors[domain], digits)})"
                for row in found.rows
            ),
        )
        for domain in found.domains
    ]


def halves_json(found: Halves) -> dict[str, Any]:
    """Everything, for machines."""
    from dataclasses import asdict

    return asdict(found)

"""A study in short, computed from its tables as the report computes it: what the pages say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery.study_findings import Findings, GroupGains, MethodGain, Promise
from causalmix_core.study.report.answer import NAMES, coverage
from causalmix_core.study.report.comparison import verified_of
from causalmix_core.study.report.source import read_tables
from causalmix_core.study.report.words import verdict
from causalmix_core.study.rivals.names import ANCHOR
from causalmix_core.study.statistics import LEVEL

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.source import StudyTables

PLAN = "plan.json"


def read_findings(tables: Path) -> Findings | None:
    """The findings of the study whose tables lie in a folder; None where it holds no study.

    Raises
    ------
    StudyError : tables of different studies, or one that was changed by hand.
    """
    return findings_of(read_tables(tables)) if (tables / PLAN).is_file() else None


def findings_of(tables: StudyTables) -> Findings:
    """The findings of tables that were read and checked."""
    verified = verified_of(tables)
    return Findings(
        title=tables.plan.plain["title"],
        question=tables.plan.plain["question"],
        outcome=tables.plan.outcome,
        plan_sha256=tables.plan.sha256,
        runs=len(tables.runs),
        run_pools=len({row["pool_id"] for row in tables.runs}),
        anchor=ANCHOR,
        anchor_title=NAMES[ANCHOR],
        headline="" if verified is None else verified.headline[0],
        trained=len({row["run_id"] for row in tables.verification or ()}),
        orders=0 if verified is None else len(verified.outcomes.orders),
        groups=() if verified is None else tuple(_group(verified, name) for name in verified.groups),
        promises=() if verified is None else _promises(verified),
        level=LEVEL,
    )


def _group(verified: Verified, name: str) -> GroupGains:
    headline = verified.headline[0]
    return GroupGains(
        name,
        len(verified.groups[name]),
        tuple(_gain(verified, m, m, ANCHOR, name) for m in verified.methods if m != ANCHOR),
        tuple(_gain(verified, m, headline, m, name) for m in verified.methods if m not in (headline, ANCHOR)),
    )


def _gain(verified: Verified, shown: str, method: str, over: str, group: str) -> MethodGain:
    """``method`` over ``over`` on a group of pools, under the name ``shown``."""
    found = verified.paired(method, over, group)
    return MethodGain(
        method=shown,
        title=NAMES.get(shown, shown),
        words=str(verified.about[shown].get("words", "")),
        kind=verified.kind(shown),
        pools=found.pools,
        mean=found.mean,
        error=found.error,
        low=found.low,
        high=found.high,
        wins=found.wins,
        worst=found.worst,
        verdict=verdict(found),
    )


def _promises(verified: Verified) -> tuple[Promise, ...]:
    """What each method foretold of its own choices on all new pools, where it did."""
    from causalmix_core.study.prediction_statistics import calibrate

    made = []
    for method in verified.methods:
        said, held = verified.predicted(method), coverage(verified, method)
        if method == ANCHOR or said is None or held is None:
            continue
        found = calibrate(said.gain, said.realised)
        made.append(
            Promise(
                method,
                found.pools,
                found.predicted,
                found.realised,
                found.slope,
                found.slope_error,
                held.fair,
                verified.level,
            )
        )
    return tuple(made)

"""From a study's runs to ``analysis.json``: every part in turn, each kept as it is done."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from causalmix_core import __version__
from causalmix_core.checks.noise import repeated_noise
from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.effects.comparison_scores import LEVEL
from causalmix_core.files import write_atomically
from causalmix_core.study.analysis.ablations import ablations
from causalmix_core.study.analysis.checkup import checkup
from causalmix_core.study.analysis.confounding import confounding
from causalmix_core.study.analysis.covariates import covariates
from causalmix_core.study.analysis.curve import curve
from causalmix_core.study.analysis.estimators import estimators
from causalmix_core.study.analysis.foretold import Foreteller
from causalmix_core.study.analysis.kept import Kept
from causalmix_core.study.analysis.setting import FOLDS, Setting, read_whole, without_repeats
from causalmix_core.study.analysis.trees import trees

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from causalmix_core.study.plan import StudyPlan

    Progress = Callable[[float, str], None]
    Part = Callable[[Progress], dict[str, Any]]

SCHEMA = "causalmix/study-analysis@1"
FILE = "analysis.json"


def analyse(
    plan: StudyPlan, tables: Path, progress: Progress | None = None, work: Path | None = None
) -> dict[str, Any]:
    """Compute what the plan's part ``analysis`` asks for, and write it to ``tables/analysis.json``.

    Parameters
    ----------
    tables : folder with ``proxy_runs.csv``.
    progress : called with (done 0..1, phase).
    work : folder in which what is done is kept for the next time; None keeps nothing.

    Returns
    -------
    the file's content (see :mod:`causalmix_core.study.analysis`).

    Raises
    ------
    StudyError : no runs table, another outcome, too few pools, or a plan without the part ``analysis``.
    """
    from threadpoolctl import threadpool_limits

    plan.part("analysis")
    whole = read_whole(plan, tables)
    kept = Kept(None if work is None else work / "analysis", plan.sha256, whole.sha256)
    setting = Setting(plan, whole, without_repeats(whole), kept)
    # One limit around everything: small matrices are faster so, and results do not depend on the machine's cores.
    with threadpool_limits(limits=1):
        made = _all_parts(setting, progress or (lambda done, phase: None))
    content = {**_head(setting), **made}
    content["sha256"] = hashlib.sha256(canonical_json(content)).hexdigest()
    write_atomically(tables / FILE, canonical_json(content))
    return content


def _all_parts(setting: Setting, report: Progress) -> dict[str, Any]:
    foreteller = Foreteller(setting)
    # Part -> about how much of the time it takes.
    parts: dict[str, tuple[float, Part]] = {
        "estimators": (0.35, lambda inner: estimators(setting, foreteller, inner)),
        "ablations": (0.1, lambda inner: ablations(setting, foreteller, inner)),
        "covariates": (0.25, lambda inner: covariates(setting, inner)),
        "trees": (0.03, lambda inner: trees(setting, inner)),
        "curve": (0.2, lambda inner: curve(setting, inner)),
        "confounding": (0.02, lambda inner: confounding(setting)),
        "checks": (0.05, lambda inner: checkup(setting, inner)),
    }
    made, start = {}, 0.0
    for name, (width, make) in parts.items():
        made[name] = make(_within(report, start, width, name))
        start += width
    report(1.0, "done")
    return made


def _within(report: Progress, start: float, width: float, name: str) -> Progress:
    """Progress of one part as progress of the whole."""
    return lambda done, phase: report(start + width * done, f"{name}: {phase}")


def _head(setting: Setting) -> dict[str, Any]:
    plan, whole, table = setting.plan, setting.whole, setting.table
    outcome = table.outcome(setting.outcome)
    noise, freedom = repeated_noise(whole, whole.score(setting.outcome))
    return {
        "schema": SCHEMA,
        "plan": plan.name,
        "plan_sha256": plan.sha256,
        "runs_sha256": whole.sha256,
        "version": __version__,
        "outcome": {"name": outcome.name, "unit": outcome.unit},
        "domains": list(table.domains),
        "measures": list(setting.measures),
        "level": LEVEL,
        "folds": FOLDS,
        "seed": setting.seed,
        "runs": {
            "table": whole.n_runs,
            "used": table.n_runs,
            "repeats_left_out": whole.n_runs - table.n_runs,
            "random": int(setting.rows("random").sum()),
            "chosen": int(setting.rows("chosen").sum()),
            "pools": int(setting.pools.max()) + 1,
        },
        "noise": {"sd": noise if freedom else None, "freedom": freedom},
    }

"""The mixture document ``causalmix/mixture@1``: a decision with all that it rests on.

What it holds is described in ``mixture.schema.json`` beside this file. Its identity is the
SHA-256 of its canonical form without ``id`` and without the time of writing, so the same
decision from the same runs on the same installation has the same id at any time.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.delivery.claims import assumptions, check_after_training, outside_sentences
from causalmix_core.delivery.document_objective import objective_fields, objective_policy
from causalmix_core.delivery.document_supply import DEFAULT_UNIT, reference_words, supply_fields
from causalmix_core.delivery.document_unseen import effect_of, unseen_assumptions, unseen_fields
from causalmix_core.delivery.identity import document_id
from causalmix_core.delivery.installation import installation
from causalmix_core.delivery.reading import read_document
from causalmix_core.delivery.supply import availability_sentences, supply_of
from causalmix_core.delivery.validation import CLOSED_WITHIN, check_document, check_values
from causalmix_core.delivery.verdict import checks_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.checks.check import Check
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.support import MixtureSupport, PoolSupport
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

__all__ = ["SCHEMA_NAME", "build_document", "close_shares", "document_id", "read_document"]

SCHEMA_NAME = "causalmix/mixture@1"


def build_document(
    fit: Fit,
    pool: Array,
    decision: Decision,
    *,
    reference_label: str,
    seed: int,
    created_at: str,
    note: str = "",
    checks: Sequence[Check] = (),
    accepted_because: str = "",
    weights: Sequence[tuple[str, float]] = (),
    runs: RunsTable | None = None,
) -> dict[str, Any]:
    """The document of one decision, ready for ``canonical_json``.

    Parameters
    ----------
    fit : what the decision was made with; ``pool`` : (d,) its state in table units.
    decision : its region's anchor is the document's reference.
    reference_label : what the anchor is, in words, e.g. ``"equal shares"``; never a file path.
    seed : the seed the decision was made with.
    created_at : UTC time, ``YYYY-MM-DDTHH:MM:SSZ``.
    note : free text of the person who decided.
    checks : of the fit and of this decision; without any, the document says nothing of checks.
    accepted_because : why the mixture is used although a check fails; dropped where none does.
    weights : (outcome, weight) pairs where ``fit`` is of their weighted sum; ``runs`` : then the table
        that the sum was taken from, which the document names.

    Raises
    ------
    DocumentError : a value does not keep the schema, e.g. a gain that is not finite.
    """
    from causalmix_core.effects.support import mixture_support, pool_support

    region, widening = decision.region, fit.widening(pool)
    in_pool, in_mixture = pool_support(fit.table, pool), mixture_support(fit.table, decision.shares)
    document = {
        "schema": SCHEMA_NAME,
        **supply_fields(decision),
        "mixture": _named(region.domains, decision.shares),
        "reference": _named(region.domains, region.anchor),
        "reference_label": reference_words(reference_label, region),
        "distance_to_reference": {"tv": decision.moved, region.metric: decision.distance},
        "policy": {**_policy(decision), **objective_policy(decision, weights)},
        "estimate": _estimate(fit, decision),
        **objective_fields(fit.outcome, decision),
        "effects": _effects(fit, pool, decision),
        **unseen_fields(fit, pool, decision),
        "pool_state": dict(zip(fit.table.covariate_columns, map(float, pool), strict=True)),
        "support": {"pool": _pool_support(in_pool, widening), "mixture": _mixture_support(in_mixture)},
        "check_after_training": check_after_training(fit.outcome, decision),
        "assumptions": _assumptions(fit, decision, in_pool, in_mixture, widening),
        "provenance": _provenance(fit, fit.table if runs is None else runs, seed, created_at, note),
    }
    if checks:
        document["checks"] = checks_json(checks, accepted_because)
    check_values(document, "the top level")
    document["id"] = document_id(document)
    check_document(document)
    return document


def close_shares(shares: Array) -> Array:
    """Shares that sum to 1 within 1e-12; returned untouched where they already do.

    The largest share takes what dividing by the sum leaves over, and rounding dust below 0 is
    set to 0, so the result depends on nothing but the input.
    """
    closed = np.maximum(np.asarray(shares, dtype=np.float64), 0.0)
    if abs(math.fsum(closed) - 1.0) <= CLOSED_WITHIN:
        return closed
    closed = closed / math.fsum(closed)
    closed[int(np.argmax(closed))] += 1.0 - math.fsum(closed)
    return closed


def _named(domains: Sequence[str], shares: Array) -> dict[str, float]:
    return dict(zip(domains, map(float, close_shares(shares)), strict=True))


def _policy(decision: Decision) -> dict[str, Any]:
    region, there = decision.region, decision.region.availability
    upper, absent = (region.upper, ()) if there is None else (there.upper, there.absent)
    rows = list(zip(region.domains, map(float, region.lower), map(float, upper), strict=True))
    locked = [
        domain
        for (domain, lower, upper), share in zip(rows, region.anchor, strict=True)
        if lower == upper == share and domain not in absent
    ]
    bounds = {
        domain: [lower, upper]
        for domain, lower, upper in rows
        if domain not in (*locked, *absent) and (lower > 0.0 or upper < 1.0)
    }
    return {
        "variant": decision.policy,
        "trust_region": {
            "metric": region.metric,
            "radius": float(region.radius),
            "used": decision.distance,
            "binding": "radius" in decision.active,
        },
        "bounds": bounds,
        "locked": locked,
        "active_constraints": list(decision.active),
    }


def _estimate(fit: Fit, decision: Decision) -> dict[str, Any]:
    outcome = fit.outcome
    return {
        "outcome": outcome.name,
        "unit": outcome.unit,
        "direction": "higher_is_better" if outcome.higher_is_better else "lower_is_better",
        "gain": decision.gain,
        "estimated_gain": decision.estimated_gain,
        "correction": {"factor": decision.correction.factor, "error": decision.correction.error},
        "level": decision.level,
        "interval": list(decision.interval),
        "p_positive": decision.p_positive,
    }


def _effects(fit: Fit, pool: Array, decision: Decision) -> dict[str, dict[str, float]]:
    from causalmix_core.effects.explore import effects_view

    anchor = decision.region.anchor[: len(fit.seen.table.domains)]
    view = effects_view(fit.seen, pool, anchor, decision.level)
    columns = list(zip(view.domains, view.effects, view.lower, view.upper, strict=True))
    unseen = effect_of(fit, pool, decision)
    if unseen is not None:
        columns.append((unseen.name, unseen.effect, unseen.lower, unseen.upper))
    return {
        domain: {"effect": float(effect), "lower": float(lower), "upper": float(upper)}
        for domain, effect, lower, upper in columns
    }


def _assumptions(
    fit: Fit, decision: Decision, pool: PoolSupport, mixture: MixtureSupport, widening: float
) -> list[str]:
    supply = supply_of(decision.region)
    said = assumptions(
        assignment=fit.table.assignment,
        with_covariates=fit.reads_states,
        level=decision.level,
        calibration=fit.calibration,
        correction=decision.correction,
        unit=DEFAULT_UNIT if supply is None else supply.unit,
    )
    outside = outside_sentences(
        pool_inside=pool.inside,
        pool_outside=pool.outside,
        widening=widening,
        mixture_inside=mixture.inside,
        mixture_outside=mixture.outside,
    )
    return [*said, *unseen_assumptions(fit), *outside, *availability_sentences(decision.region)]


def _pool_support(support: PoolSupport, widening: float) -> dict[str, Any]:
    return {
        "inside": bool(support.inside),
        "distance": float(support.distance),
        "threshold": float(support.threshold),
        "outside": list(support.outside),
        "widening": widening,
    }


def _mixture_support(support: MixtureSupport) -> dict[str, Any]:
    return {
        "inside": bool(support.inside),
        "distance": float(support.distance),
        "threshold": float(support.threshold),
        "outside": list(support.outside),
        "nearest_run": support.nearest_run,
    }


def _provenance(fit: Fit, runs: RunsTable, seed: int, created_at: str, note: str) -> dict[str, Any]:
    here = installation()
    return {
        "runs": runs.name,
        "runs_sha256": runs.sha256,
        "n_runs": fit.table.n_runs,
        "fit_config": fit.config.to_json(),
        "fit_config_sha256": fit.config.sha256,
        "fit_sha256": fit.seen.sha256,
        "estimator": fit.config.estimator,
        "method": fit.method,
        "epsilon": float(fit.epsilon),
        "seed": seed,
        "package": here.package,
        "python": here.python,
        "versions": dict(here.versions),
        "git": here.commit,
        "dirty": here.dirty,
        "created_at": created_at,
        "note": note,
    }

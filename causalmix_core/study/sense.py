"""What a plan's schema cannot say: names that must be known, groups that others refer to, radii that are declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.errors import StudyError
from causalmix_core.study.plan import closed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.study.plan import StudyPlan


def check_sense(plan: StudyPlan, file: str) -> None:
    """Refuse a plan of the right shape whose names are not known or do not fit each other.

    Raises
    ------
    StudyError : says what is named, and what there is.
    """
    from causalmix_core.effects.config import ESTIMATORS
    from causalmix_core.proxy.design.names import KINDS, SAMPLERS
    from causalmix_core.proxy.training.architecture import SIZES
    from causalmix_core.study.worker_rules import check_worker

    check_worker(plan, file)
    plain, weights, verification = plan.plain, plan.plain["outcome"]["weights"], plan.verification
    closed(weights)
    kinds = [plain["pools"]["damage"], *(g.get("damage", {}) for g in verification["groups"].values())]
    scale, cases = plain.get("scale", {}), list(plain.get("scale", {}).get("cases", {}).values())
    held = verification.get("held_out_domain")
    domains = [*plain["mixtures"]["favoured"], *plain["mixtures"]["fallback"], *([held] if held else [])]
    domains += [name for case in cases for name in (*case.get("domains", ()), *case.get("weights", ()))]
    chosen = [plain.get("oracle", {}).get("pools", {}), *(case["pools"] for case in cases)]
    models = [plain[part] for part in ("base", "scorer") if part in plain]
    sizes = [part["size"] for part in (*models, *cases) if "size" in part]
    estimators = [
        plain["fit"]["estimator"],
        verification["predictor"],
        *plain.get("analysis", {}).get("estimators", ()),
    ]
    for what, named, known in (
        ("kind of damage", [k for damage in kinds for k in damage], KINDS),
        ("sampler", plain["mixtures"]["samplers"], SAMPLERS),
        ("domain with a weight", domains, weights),
        ("model size", sizes, SIZES),
        ("estimator", estimators, ESTIMATORS),
        ("group of pools", [g for some in chosen for g in some], verification["groups"]),
        ("method of the verification", scale.get("methods", ()), verification["methods"]),
    ):
        for name in named:
            if name not in known:
                raise StudyError(
                    f"{file}: there is no {what} {name!r}; there are {', '.join(map(str, known))}."
                )
    _check_methods(verification, file)
    for some in chosen:
        for group, count in some.items():
            there = verification["groups"][group]["pools"]
            if count > there:
                raise StudyError(
                    f"{file}: {count} pools of the group {group!r} are asked for; it has {there}."
                )


def _check_methods(verification: Mapping[str, Any], file: str) -> None:
    """Every method is a known one, within a radius that the plan declares."""
    from causalmix_core.study.rivals.registry import method_of

    for name in verification["methods"]:
        radius = method_of(name).radius
        if radius is not None and radius not in verification["radii"]:
            raise StudyError(
                f"{file}: the method {name} has a radius that is not among radii; add {radius:g} to them."
            )

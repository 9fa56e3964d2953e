"""A study of five methods in short, with round gains."""

from __future__ import annotations

from causalmix_core.delivery.study_findings import Findings, GroupGains, MethodGain


def one(
    method: str, mean: float, error: float = 0.004, *, kind: str = "rival", pools: int = 20
) -> MethodGain:
    """A method whose interval is two errors wide on each side."""
    return MethodGain(
        method=method,
        title=method,
        words=f"what {method} does",
        kind=kind,
        pools=pools,
        mean=mean,
        error=error,
        low=mean - 2 * error,
        high=mean + 2 * error,
        wins=12,
        worst=mean - 0.02,
        verdict="beats" if mean > 2 * error else "no difference",
    )


METHODS = (
    one("equal", -0.02),
    one("regmix", 0.002),
    one("quality", 0.03, kind="privileged"),
    one("recommended", 0.02, kind="own"),
    one("recommended-0.4", 0.018, kind="own"),
)


def found(methods: tuple[MethodGain, ...] = METHODS) -> Findings:
    return Findings(
        title="A study",
        question="Does it work?",
        outcome="bpb",
        plan_sha256="0" * 64,
        runs=536,
        run_pools=256,
        anchor="weights",
        anchor_title="the outcome's weights",
        headline="recommended-0.4",
        trained=100,
        orders=3,
        groups=(GroupGains("ordinary", 20, methods, ()),),
        promises=(),
        level=0.95,
    )

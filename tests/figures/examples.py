"""Made-up views with round numbers, shared by the tests of the figures."""

from __future__ import annotations

import dataclasses

import numpy as np

from causalmix_core.decision.result import Frontier
from causalmix_core.effects.explain.views import Drivers, EffectTree, PoolDrivers, TreeNode
from causalmix_core.effects.leave_one_domain_out import LodoReport
from causalmix_core.effects.transfer import OutcomeTransfer, SizeScore
from causalmix_core.effects.unseen import UnseenEffect
from causalmix_core.effects.views import CateMap, CrossValidation, EffectsView, ResponseCurve, Slice
from causalmix_core.evidence.table import Covariate, Outcome, RunsTable

DOMAINS = ("code", "web", "math")
ANCHOR = np.array([0.2, 0.5, 0.3])
SHARES = np.array([0.264, 0.436, 0.3])
LOWER = np.array([0.1, 0.436, 0.3])
UPPER = np.array([0.4, 1.0, 0.3])
CONTRIBUTIONS = np.array([0.03, -0.01, 0.0])
DUPLICATES = Covariate("x_code__duplicate_rate", "duplicate_rate", "code")
LOSS = Covariate("x_code__loss", "loss", "code")
BPB = Outcome("bpb", higher_is_better=False, unit="bits per byte")


def effects_view() -> EffectsView:
    effects, se = np.array([0.004, -0.003, 0.001]), np.full(3, 0.001)
    return EffectsView(
        DOMAINS, "bpb", "bits per byte", ANCHOR, effects, se, effects - 2 * se, effects + 2 * se, 0.9, effects
    )


def cate_map(size: int = 5, runs: int = 10) -> CateMap:
    """Effects rise with x from -1 to 1; the half-width is 0.6; the last row is unsupported."""
    x, y = np.linspace(-1.0, 1.0, size), np.linspace(0.0, 1.0, size)
    effects = np.tile(x, (size, 1))
    supported = np.ones((size, size), dtype=bool)
    supported[-1] = False
    # 1.6449 is the 95 % point of the normal: the two-sided 90 % interval is +- 0.6.
    se = np.full((size, size), 0.6 / 1.6448536269514722)
    dots = np.linspace(0.0, 1.0, runs)
    return CateMap(
        "code", "bits per byte", DUPLICATES, LOSS, x, y, effects, se, supported, 0.25, 0.5, dots, dots, 0.9
    )


def effect_slice() -> Slice:
    values = np.linspace(0.0, 1.0, 11)
    effects = 0.1 - 0.2 * values
    supported = (values > 0.15) & (values < 0.75)
    return Slice(
        "code", "bits per byte", DUPLICATES, values, effects, effects - 0.05, effects + 0.05, supported, 0.25,
        np.linspace(0.2, 0.7, 6), 0.9,
    )  # fmt: skip


def response_curve() -> ResponseCurve:
    shares = np.linspace(0.0, 1.0, 11)
    gains = 0.25 - (shares - 0.5) ** 2 - 0.16
    return ResponseCurve(
        "code", "bits per byte", shares, gains, gains - 0.02, gains + 0.02, shares <= 0.6, 0.2,
        np.array([0.1, 0.3, 0.6]), 0.9,
    )  # fmt: skip


def frontier() -> Frontier:
    radii = np.array([0.0, 0.1, 0.2, 0.4])
    gains = np.array([0.0, 1.0, 1.5, 2.0])
    shares = np.stack([ANCHOR + r * np.array([1.0, -1.0, 0.0]) for r in radii])
    return Frontier(radii, gains, gains - radii, gains + radii, shares, 0.9, 0.15)


def cross_validation(runs: int = 8) -> CrossValidation:
    observed = -np.linspace(3.0, 4.0, runs)
    return CrossValidation(observed, observed + 0.1, 0.9, 1.0, 0.75, 0.5, 4, 2)


def effect_tree(domains: tuple[str, ...] = ("code",)) -> EffectTree:
    """Forty pools: code hurts where its duplicates are above 0.3, else its loss decides."""

    def node(depth: int, pools: int, mean: float) -> TreeNode:
        means = mean * np.linspace(1.0, -0.5, len(domains))
        return TreeNode(depth, pools, means, np.full(len(domains), 0.001))

    nodes = (
        dataclasses.replace(node(0, 40, 0.0), covariate=DUPLICATES, threshold=0.3, low=1, high=4),
        dataclasses.replace(node(1, 30, 0.002), covariate=LOSS, threshold=-5.5, low=2, high=3),
        node(2, 20, 0.003),
        node(2, 10, 0.0),
        node(1, 10, -0.006),
    )
    columns = (DUPLICATES.column, LOSS.column)
    return EffectTree(domains, "bpb", "bits per byte", columns, nodes, 0.7, 0.6)


def drivers(r2: float = 0.8) -> Drivers:
    """Duplicates of code lower its effect by their value less 0.5; its loss hardly matters."""
    states = np.stack([np.linspace(0.0, 1.0, 11), np.linspace(-6.0, -5.0, 11)], axis=1)
    values = np.stack([0.5 - states[:, 0], 0.01 * np.sign(states[:, 1] + 5.5)], axis=1)
    here = PoolDrivers(np.array([0.02, -5.2]), np.array([0.48, 0.01]), 0.1, 0.59, 0.55)
    observed = 0.1 + values.sum(axis=1)
    return Drivers(
        "code", "effect", "bits per byte per percentage point", (DUPLICATES, LOSS), states, observed, values, 0.1,
        r2, 0.9, here,
    )  # fmt: skip


def transfer() -> OutcomeTransfer:
    """Two sizes; effects at the larger are half of the foretold ones, two levels lower."""
    values = -np.linspace(3.0, 4.0, 8)
    small = SizeScore("1M parameters", True, values, values + 0.1, 1.0, 0.9, 1.0, 1.0, None, 0)
    large = SizeScore("60M parameters", False, 0.5 * values + 2.0, values, 0.75, 0.6, 0.8, 0.5, 0.8, 8)
    return OutcomeTransfer(BPB, (small, large))


def left_out() -> LodoReport:
    full = np.outer([1.0, 2.0, 3.0], np.linspace(0.01, 0.02, 4))
    within = np.array([1.0, 0.9, 0.4])
    return LodoReport(DOMAINS, "bits per byte", full + 0.002, full, 0.8, within, 0.95, 0.0123, 40, 0.05)


def unseen() -> UnseenEffect:
    return UnseenEffect("poetry", 0.02, 0.01, 0.0035, 0.0365, 0.9, 0.05, ("loss",))


def runs_table() -> RunsTable:
    """Four runs; the share of code rises exactly with its own duplicates, math's loss is constant."""
    shares = np.array([[0.1, 0.6, 0.3], [0.2, 0.4, 0.4], [0.3, 0.5, 0.2], [0.4, 0.3, 0.3]])
    covariates = tuple(
        Covariate(f"x_{domain}__{name}", name, domain)
        for domain in DOMAINS
        for name in ("loss", "duplicate_rate")
    )
    states = np.array(
        [
            [5.0, 0.1, 5.0, 0.3, 5.0, 0.0],
            [4.0, 0.2, 6.0, 0.1, 5.0, 0.1],
            [6.0, 0.3, 4.0, 0.2, 5.0, 0.2],
            [5.5, 0.4, 5.5, 0.4, 5.0, 0.3],
        ]
    )
    return RunsTable(
        name="four runs",
        domains=DOMAINS,
        shares=shares,
        covariates=covariates,
        states=states,
        outcomes=(BPB,),
        scores=np.array([[-4.0], [-3.0], [-2.0], [-1.0]]),
        run_ids=("a", "b", "c", "d"),
        pool_ids=None,
        assignment=("random", "chosen", "random", "chosen"),
        provenance={},
        natural=ANCHOR,
        natural_label="the outcome's weights",
        default_outcome="bpb",
        description="",
        issues=(),
        sha256="",
    )

"""One fit of a small known world, shared by the tests of planning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.decision.region import make_region
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.fit import Fit

WORLD = make_world(k=4, covariates=2, own=True, confounding=0.0, seed=3)


@pytest.fixture(scope="session")
def fitted() -> Fit:
    """Learned components of 64 runs of 32 pools, calibrated."""
    return fit(WORLD.table(64, seed=1), FitConfig("score", "components", epsilon=0.03))


@pytest.fixture(scope="session")
def averages() -> Fit:
    """Average effects of the same runs: an estimator that cannot say what pools tell of each other."""
    return fit(WORLD.table(64, seed=1), FitConfig("score", "constant"), calibrate=False)


@pytest.fixture(scope="session")
def pool() -> NDArray[np.float64]:
    """The target pool."""
    return WORLD.draw_states(1, np.random.default_rng(8))[0]


@pytest.fixture(scope="session")
def region(fitted: Fit) -> Region:
    """A fifth of the data may move, d1 has a cap, d3 is locked."""
    anchor = fitted.table.shares.mean(axis=0)
    return make_region(fitted.table.domains, anchor, 0.2, "tv", {"d1": (0.0, 0.35)}, ["d3"])

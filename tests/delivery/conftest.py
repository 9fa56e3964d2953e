"""A real decision on the shipped study, and its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from causalmix_core.decision.decide import decide
from causalmix_core.decision.region import make_region
from causalmix_core.delivery.document import build_document
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from tests.shipped import study

if TYPE_CHECKING:
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit


@pytest.fixture(scope="session")
def study_fit() -> Fit:
    return fit(study(), FitConfig("bpb_weighted"))


@pytest.fixture(scope="session")
def study_decision(study_fit: Fit) -> Decision:
    domains = study_fit.table.domains
    region = make_region(
        domains, np.full(7, 1 / 7), 0.2, bounds={"code": (0.1, 0.2), "wiki": (0.0, 0.3)}, locked=("math",)
    )
    return decide(study_fit.response(study_fit.default_pool), region)


@pytest.fixture
def document(study_fit: Fit, study_decision: Decision) -> dict[str, Any]:
    return build_document(
        study_fit,
        study_fit.default_pool,
        study_decision,
        reference_label="equal shares",
        seed=0,
        created_at="2026-11-21T14:02:11Z",
        note="weekly mix",
    )

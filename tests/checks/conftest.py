"""Checkups that several tests read, each made once."""

from __future__ import annotations

import pytest

from causalmix_core.checks.checkup import check_fit
from causalmix_core.checks.examined import examine
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.out_of_fold import out_of_fold
from tests.checks.tables import clean_table, decided_by_the_pool, noise_table

# One estimator and epsilon by name: what "recommended" stands for is not what is tested.
CONFIG = FitConfig("score", estimator="shared-slopes", epsilon=0.03, folds=3)


class Looked:
    """A table, its fit, its folds, what is examined, and all checks by id."""

    def __init__(self, table, config: FitConfig = CONFIG) -> None:
        self.table, self.fit = table, fit(table, config)
        self.oof = out_of_fold(table, config)
        self.examined = examine(self.fit, self.oof)
        self.checkup = check_fit(self.fit, self.oof)
        self.checks = {check.id: check for check in self.checkup.checks}

    def status(self, identity: str) -> str:
        return self.checks[identity].status


@pytest.fixture(scope="session")
def clean() -> Looked:
    return Looked(clean_table())


@pytest.fixture(scope="session")
def noise() -> Looked:
    return Looked(noise_table())


@pytest.fixture(scope="session")
def decided() -> Looked:
    return Looked(decided_by_the_pool())

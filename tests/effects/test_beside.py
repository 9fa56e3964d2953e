"""Settings for another outcome beside a fit."""

from __future__ import annotations

import dataclasses

import pytest

from causalmix_core.effects.beside import settings_beside
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.errors import ConfigError


@pytest.fixture(scope="module")
def averages(sample_table):
    return fit(sample_table, FitConfig("bpb_code", estimator="constant", seed=3), calibrate=False)


def test_all_settings_but_the_outcome_stay_and_epsilon_is_the_one_chosen(averages):
    config = settings_beside(averages, "bpb_math")
    assert (config.outcome, config.estimator, config.seed) == ("bpb_math", "constant", 3)
    logs = averages.engine.coding.name != "contrast"
    assert config.epsilon == (averages.epsilon if logs else None)


def test_an_estimator_without_epsilon_gets_none(averages):
    config = dataclasses.replace(averages.config, estimator="linear-dml")
    made = dataclasses.replace(averages, config=config, estimator="linear-dml")
    assert settings_beside(made, "bpb_math").epsilon is None


@pytest.mark.parametrize("outcome", ["bpb_code", "taste"])
def test_only_another_outcome_of_the_table_will_do(averages, outcome):
    with pytest.raises(ConfigError, match=f"no other outcome '{outcome}'"):
        settings_beside(averages, outcome)

"""RegMix's published runs: wide and sparse, no covariates."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import spearmanr

from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.evidence import import_regmix


@pytest.fixture(scope="module")
def regmix(real_data):
    def read(part, size):
        names = (f"{part}_mixture_{size}.csv", f"{part}_pile_loss_{size}.csv")
        return import_regmix(*((real_data / "regmix" / name).read_bytes() for name in names))

    return {"train": read("train", "1m"), "1m": read("test", "1m"), "60m": read("test", "60m")}


@pytest.mark.parametrize(("outcome", "small", "large"), [("pile_cc_loss", 0.97, 0.96), ("mean", 0.93, 0.91)])
def test_held_out_mixtures_are_ranked(regmix, outcome, small, large):
    fitted = fit(regmix["train"], FitConfig(outcome))
    assert fitted.engine.coding.name == "log-linear"
    for size, least in (("1m", small), ("60m", large)):
        test = regmix[size]
        assert spearmanr(fitted.predict(test.shares, test.states), test.score(outcome)).statistic >= least


def test_own_share_moves_own_loss_most_for_every_domain(regmix):
    table, right = regmix["train"], 0
    anchor = table.shares.mean(axis=0)
    for outcome in table.outcomes:
        fitted = fit(table, FitConfig(outcome.name))
        elasticities = fitted.response(fitted.default_pool).elasticities(anchor)
        right += outcome.name.startswith(table.domains[int(np.argmax(elasticities))])
    assert right == len(table.outcomes) == 13


def test_the_answer_for_pile_cc_is_not_a_domain_that_the_runs_hardly_hold(regmix):
    """A domain of a fifth of a percent must not win by an effect that the runs cannot show."""
    from causalmix_core.decision.decide import decide
    from causalmix_core.decision.region import make_region

    table = regmix["train"]
    fitted, anchor = fit(table, FitConfig("pile_cc_loss")), table.shares.mean(axis=0)
    made = decide(fitted.response(fitted.default_pool), make_region(table.domains, anchor, 0.2))
    assert table.domains[int(np.argmax(made.shares - anchor))] == "pile_cc"
    assert made.p_positive > 0.99


def test_the_mean_of_losses_is_fitted_loss_by_loss(regmix):
    table = regmix["train"]
    few = dataclasses.replace(table, outcomes=table.outcomes[:2], scores=table.scores[:, :2], sha256="c" * 64)
    alone = [fit(few, FitConfig(o.name, "regmix"), calibrate=False) for o in few.outcomes]
    both = fit(few, FitConfig("mean", "regmix"), calibrate=False)
    separate = [f.predict(few.shares[:9], few.states[:9]) for f in alone]
    assert both.predict(few.shares[:9], few.states[:9]) == pytest.approx(np.mean(separate, axis=0))


def test_process_and_trees_together_rank_as_well_as_trees_alone(regmix):
    table, outcome = regmix["train"], "pile_cc_loss"
    trees, both = (fit(table, FitConfig(outcome, e), calibrate=False) for e in ("regmix", "smooth"))
    for size in ("1m", "60m"):
        test = regmix[size]
        rank = [
            spearmanr(f.predict(test.shares, test.states), test.score(outcome)).statistic
            for f in (trees, both)
        ]
        assert rank[1] > rank[0] - 0.001
        assert rank[1] > 0.985

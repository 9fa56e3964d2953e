"""Every check of a fit passes on a clean table, and does not on one that was made to trip it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.checks.assignment import assignment_check
from causalmix_core.checks.checkup import check_fit
from causalmix_core.checks.descendants import descendants_check
from causalmix_core.checks.examined import examine
from causalmix_core.checks.noise import noise_check, repeated_noise
from causalmix_core.checks.nuisance import nuisance_check
from causalmix_core.checks.overlap import directions_check
from causalmix_core.checks.placebo import placebo_gain
from causalmix_core.checks.robustness import dropped_covariates, robustness_check
from causalmix_core.checks.runs import runs_check
from causalmix_core.checks.stability import seed_check, subset_check, with_noise
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.out_of_fold import out_of_fold
from tests.checks.conftest import CONFIG
from tests.checks.tables import changed, clean_table, noise_table, with_covariate, world

AVERAGES = dataclasses.replace(CONFIG, estimator="log-linear")


def test_a_clean_table_passes_every_check(clean):
    assert {check.id: check.status for check in clean.checkup.checks if check.status != "PASS"} == {}
    assert clean.checkup.verdict == "PASS"
    assert len(clean.checkup.checks) == 16


def test_noise_fails_the_checks_of_effects(noise):
    for identity in ("effects", "heterogeneity", "placebo", "random-cause"):
        assert noise.status(identity) == "FAIL", identity
    assert noise.status("r-score") == "REVIEW"
    assert noise.status("robustness") != "PASS"
    assert noise.checkup.verdict == "FAIL"


def test_mixtures_that_the_pool_decides_leave_no_overlap(decided):
    for identity in ("overlap", "directions", "nuisance"):
        assert decided.status(identity) == "FAIL", identity
    assert decided.checks["overlap"].value < 0.02
    assert {detail.name for detail in decided.checks["overlap"].details} == {"d0", "d1", "d2"}


def test_an_instability_of_subsets_is_seen():
    table = noise_table(60, 0, k=8)
    check = subset_check(examine(fit(table, CONFIG), None))
    assert check.status != "PASS"
    assert check.value < check.threshold


def test_a_forest_of_few_trees_on_noise_depends_on_its_seed():
    table = noise_table(60, 2)
    config = dataclasses.replace(CONFIG, estimator="paper", folds=2, trees=40)
    assert seed_check(examine(fit(table, config), None)).status == "FAIL"


def test_few_runs(clean):
    def status(runs, **settings):
        keep = np.arange(clean.table.n_runs) < runs
        fewer = dataclasses.replace(clean.fit, table=clean.table.with_rows(keep))
        return runs_check(dataclasses.replace(fewer, config=dataclasses.replace(CONFIG, **settings))).status

    assert [status(runs) for runs in (8, 9, 127, 128)] == ["FAIL", "REVIEW", "REVIEW", "PASS"]
    # Averages need no 128 runs.
    assert [status(runs, covariates=False) for runs in (8, 29, 30)] == ["FAIL", "REVIEW", "PASS"]


def chosen(table, runs):
    return changed(table, assignment=("chosen",) * runs + ("random",) * (table.n_runs - runs))


def test_chosen_mixtures():
    table = clean_table(120)

    def check(runs, config=CONFIG):
        fitted = fit(chosen(table, runs), config)
        return assignment_check(examine(fitted, None))

    some = check(60)
    assert some.status == "REVIEW"
    assert some.value == pytest.approx(60 / 128, rel=1e-5)
    assert "count as confounded" in some.sentence
    # What the runs say that nobody chose stands beside what all runs say.
    alone = {detail.name: detail.value for detail in some.details}
    assert alone["gain of the recommendations, other runs alone"] > 0.0
    assert check(128).status == "REVIEW"
    assert [check(runs, AVERAGES).status for runs in (0, 60, 128)] == ["PASS", "REVIEW", "FAIL"]


def test_an_assignment_that_is_not_stated_is_looked_at():
    table = changed(clean_table(60), assignment=None)
    assert assignment_check(examine(fit(table, AVERAGES), None)).status == "REVIEW"


def test_a_covariate_of_the_mixed_data_is_found():
    table = clean_table(120)
    mean = table.shares @ np.array([0.3, 1.0, -2.0])
    check = descendants_check(fit(with_covariate(table, "mixed", mean), CONFIG))
    assert check.status == "FAIL"
    assert check.details[0].name == "x_mixed"
    own = np.random.default_rng(0).normal(size=table.n_runs)
    blurred = mean + 0.4 * mean.std() * own
    assert descendants_check(fit(with_covariate(table, "mixed", blurred), CONFIG)).status == "REVIEW"
    assert descendants_check(fit(with_covariate(table, "own", own), CONFIG)).status == "PASS"


def test_domains_that_never_move_apart_are_named():
    table = clean_table(120)
    halves = np.column_stack([table.shares[:, :2], table.shares[:, 2] / 2, table.shares[:, 2] / 2])
    together = changed(
        table, domains=("d0", "d1", "d2", "d3"), shares=halves, covariates=(), states=np.empty((128, 0))
    )
    check = directions_check(fit(together, AVERAGES), out_of_fold(together, AVERAGES))
    assert check.status == "REVIEW"
    assert "d2" in check.sentence
    assert "d3" in check.sentence


def test_a_confounded_table_is_not_fitted_without_its_covariates():
    table = world(confounding=2.0).table(160, 0)
    averages = fit(table, AVERAGES)
    check = nuisance_check(averages, out_of_fold(table, AVERAGES))
    assert check.status == "REVIEW"
    assert "fit with the pool's state" in check.remedy


def test_repeats_give_the_noise():
    table = clean_table()
    noise, freedom = repeated_noise(table, table.scores[:, 0])
    assert freedom == 8
    pairs = table.scores[:8, 0] - table.scores[240:, 0]
    assert noise == pytest.approx(np.sqrt((pairs**2).sum() / 2 / 8))


def test_runs_that_repeat_none_leave_the_noise_open(clean):
    keep = np.arange(clean.table.n_runs) < 240
    alone = dataclasses.replace(
        clean.examined, fit=dataclasses.replace(clean.fit, table=clean.table.with_rows(keep))
    )
    check = noise_check(alone)
    assert (check.status, check.value) == ("REVIEW", None)


def test_copies_are_no_repeats(clean):
    scores = clean.table.scores.copy()
    scores[240:] = scores[:8]
    copied = dataclasses.replace(clean.fit, table=changed(clean.table, scores=scores))
    check = noise_check(dataclasses.replace(clean.examined, fit=copied))
    assert (check.status, check.value) == ("REVIEW", None)
    assert "copies" in check.sentence


def test_a_model_far_above_the_noise_is_seen(clean):
    far = dataclasses.replace(clean.oof, predicted=clean.oof.predicted + 1.0)
    assert noise_check(dataclasses.replace(clean.examined, oof=far)).status == "REVIEW"


def test_the_strongest_covariate_is_the_yardstick():
    table = with_covariate(clean_table(), "dust", np.random.default_rng(5).normal(size=248))
    fitted = fit(table, CONFIG)
    examined = examine(fitted, out_of_fold(table, CONFIG))
    changes = dict(dropped_covariates(examined))
    assert changes.keys() == {"c0", "dust"}
    assert abs(changes["c0"]) > 5 * abs(changes["dust"])
    assert "the strongest measured covariate, c0" in robustness_check(examined).sentence


def test_a_placebo_is_about_what_the_method_finds_in_nothing(clean, noise):
    real = clean.examined.gain
    assert all(abs(placebo_gain(clean.examined, number)) < 0.3 * real for number in range(4))
    assert placebo_gain(clean.examined, 0) == placebo_gain(clean.examined, 0)
    assert max(placebo_gain(noise.examined, number) for number in range(4)) > noise.examined.gain


def test_checks_that_need_covariates_do_not_apply_without():
    table = changed(clean_table(120), covariates=(), states=np.empty((128, 0)))
    found = {check.id: check for check in check_fit(fit(table, AVERAGES)).checks}
    for identity in ("overlap", "nuisance", "descendants", "heterogeneity", "r-score", "random-cause"):
        assert found[identity].status == "PASS"
        assert found[identity].sentence.startswith("Does not apply")


def test_noise_is_added_as_the_table_describes_its_pools():
    own = with_noise(clean_table(40))
    assert own.covariates_are_per_domain
    assert own.covariate_columns[-3:] == ("x_d0__noise", "x_d1__noise", "x_d2__noise")
    # Runs of one pool share it, as they share the rest of the pool's state.
    assert (own.states[0] == own.states[1]).all()
    assert with_noise(own).covariate_columns[-1] == "x_d2__noise_"
    whole = changed(clean_table(40), covariates=(), states=np.empty((48, 0)))
    assert with_noise(whole).covariate_columns == ("x_noise",)


def test_an_outcome_that_is_a_mean_is_checked():
    table = clean_table(60)
    two = changed(
        table,
        outcomes=(table.outcomes[0], dataclasses.replace(table.outcomes[0], name="other")),
        scores=np.column_stack([table.scores, table.scores**2]),
    )
    config = FitConfig("mean", estimator="log-linear", epsilon=0.03, folds=3)
    assert len(check_fit(fit(two, config)).checks) == 16

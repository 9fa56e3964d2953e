"""Sentences on the next runs and on the learning curve, as text."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from causalmix_core.delivery.planning import (
    designs_sentence,
    learning_json,
    learning_rows,
    learning_sentence,
    plan_notes,
    settle_sentence,
    shrinkage_sentence,
    worth_sentence,
)
from causalmix_core.delivery.yaml_text import yaml_block, yaml_scalar
from tests.figures.planned import curve, plan


def test_what_the_plan_brings():
    assert shrinkage_sentence(plan()) == (
        "4 runs, planned, are expected to bring the standard error of the gain from 0.020 to 0.010 and the expected regret from "
        "0.0100 to 0.0050; as many random runs of the table's own design to 0.018 and 0.0090."
    )


def test_where_the_runs_are():
    assert designs_sentence(plan()) == (
        "4 runs of 3 designs, 3 of the runs on the target pool, made up to 2 times with seeds of their own."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "If the gain is as estimated (+0.020), about 12 runs chosen for it put its 90 % interval above 0; random runs of the "
             "table's own design: about 300."),
        ({"random_settles": None}, "If the gain is as estimated (+0.020), about 12 runs chosen for it put its 90 % interval above "
             "0; random runs of the table's own design: more than 4,080."),
        ({"settles": None}, "If the gain is as estimated (+0.020), not even 4,080 runs of these kinds put its 90 % interval above 0."),
        ({"settles": 0}, "The gain's 90 % interval lies above 0 already; further runs make it narrower."),
        ({"gain": 0.0}, "No gain is expected, so no number of runs settles it as it is estimated; runs may find another mixture."),
    ],
)  # fmt: skip
def test_what_would_settle_the_verdict(changes, said):
    assert settle_sentence(plan(**changes)) == said


def test_an_approximation_is_called_one():
    assert plan_notes(plan()) == ()
    assert "approximation" in plan_notes(plan(exact=False))[0]


def test_how_it_went_as_runs_were_added():
    assert learning_sentence(curve()) == (
        "From 25 to 100 runs, R2 on pools left out went from 0.40 to 0.70 and the standard error of the gain from 0.040 to 0.020: "
        "like n to the power of \N{MINUS SIGN}0.50."
    )
    assert learning_sentence(curve(fitted=0.8)).endswith(
        "like n to the power of \N{MINUS SIGN}0.80, foretold with \N{MINUS SIGN}0.50."
    )


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        (
            {},
            "More runs are worth it: if the gain is as estimated, about 180 more of this kind put its 90 % interval above 0, ",
        ),
        (
            {"now_gain": 0.005},
            "More runs of this kind are hardly worth it: more than 4 times the present ones ",
        ),
        (
            {"now_gain": 0.05},
            "More runs of this kind are not needed for the verdict: the gain is above 0 already; ",
        ),
        ({"now_gain": 0.0}, "No gain is expected, so more runs of this kind settle nothing as it stands; "),
    ],
)
def test_whether_more_runs_are_worth_it(changes, start):
    said = worth_sentence(curve(**changes), 0.9)
    assert said.startswith(start)
    assert "twice the runs would bring the standard error from 0.0200 to 0.0141" in said


def test_what_is_not_known_is_a_dash_and_null():
    assert learning_rows(curve())[0] == ("25", "0.40", "0.60", "-", "+0.030", "0.040", "0.50")
    found = learning_json(curve())
    assert found["pair_r2"] == [None, 0.5]
    assert found["now"] == {"runs": 100, "gain": 0.02, "gain_se": 0.02}


def test_yaml_reads_back_to_the_same_values():
    value = {
        "a: b": [1, 1e-05, 1e16, 0.1, -2.5e-300, None, True, "no", "é\U0001f600\x7f\n#", {"k": [], "m": {}}],
        "nested": {"list": [{"x": 1.0}, {"x": 2}]},
    }
    assert yaml.safe_load("\n".join(yaml_block(value))) == value


def test_yaml_floats_keep_their_bits():
    for number in np.random.default_rng(0).normal(size=50) * 10.0 ** np.arange(-25, 25):
        assert yaml.safe_load(yaml_scalar(float(number))) == float(number)


def test_yaml_refuses_what_it_has_no_word_for():
    with pytest.raises(TypeError, match="no scalar of bytes"):
        yaml_block([b"x"])

"""Words that judge come from numbers by stated rules; numbers are written one way."""

from __future__ import annotations

import math

import pytest

from causalmix_core.study.plan import read_plan
from causalmix_core.study.prediction_statistics import Calibration, Coverage
from causalmix_core.study.report.axes import axis_over, round_step
from causalmix_core.study.report.drawing import at
from causalmix_core.study.report.markdown import paragraph, table
from causalmix_core.study.report.units import in_unit
from causalmix_core.study.report.words import (
    held,
    listed,
    milli,
    number,
    p_value,
    percent,
    promises,
    signed,
    verdict,
)
from causalmix_core.study.statistics import Paired

NAN = float("nan")


def paired(mean: float, error: float, pools: int = 10) -> Paired:
    return Paired(pools, mean, error, mean - error, mean + error, mean, mean, mean, pools, mean, 0.5)


@pytest.mark.parametrize(
    ("mean", "error", "word"),
    [
        (2.01, 1.0, "beats"),
        (2.0, 1.0, "no difference"),
        (-2.0, 1.0, "no difference"),
        (-2.01, 1.0, "loses"),
        (0.0, 0.0, "no difference"),
        (0.1, 0.0, "beats"),
        # Two tenths less what a sum may lose in its last digits are still two tenths.
        (0.1 + 0.1 + 1e-16, 0.1, "no difference"),
    ],
)
def test_a_verdict_takes_more_than_two_standard_errors(mean, error, word):
    assert verdict(paired(mean, error)) == word


def test_one_pool_gives_no_verdict():
    assert verdict(paired(5.0, NAN, pools=1)) == "cannot be told"


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.5, 0.89, "less often than stated"),
        (0.5, 0.9, "as stated"),
        (0.9, 1.0, "as stated"),
        (0.91, 1.0, "more often than stated"),
    ],
)
def test_intervals_hold_as_stated_where_the_nominal_share_lies_in_theirs(low, high, word):
    assert held(Coverage(20, 0.8, 0.8, low, high), 0.9) == word


@pytest.mark.parametrize(
    ("slope", "error", "word"),
    [
        (0.79, 0.1, "promises too much"),
        (0.8, 0.1, "as predicted"),
        (1.2, 0.1, "as predicted"),
        (1.21, 0.1, "promises too little"),
        (NAN, NAN, "–"),
    ],
)
def test_a_prediction_comes_true_within_two_standard_errors(slope, error, word):
    assert promises(Calibration(9, 1.0, 1.0, slope, error, 1.0, 0.5)) == word


def test_numbers_have_a_true_minus_and_no_negative_zero():
    assert number(-1.26) == "−1.3"
    assert number(-0.04) == "0.0"
    assert signed(0.04) == "0.0"
    assert signed(0.06) == "+0.1"
    assert milli(-0.0123) == "−12.3"
    assert number(NAN) == number(math.inf) == "–"
    assert percent(0.625) == "62 %"


def test_numbers_do_not_show_the_last_digits_of_a_sum():
    assert number(0.1 + 0.2, 1) == number(0.3, 1)
    assert number(0.35 - 1e-13) == number(0.35 + 1e-13)
    assert at(10.05 - 1e-12) == at(10.05 + 1e-12)


def test_p_values_say_when_they_are_small():
    assert p_value(0.00004) == "< 0.0001"
    assert p_value(0.0049) == "0.0049"
    assert p_value(0.26) == "0.26"


def test_a_study_of_tasks_counts_in_thousandths_of_its_questions():
    assert in_unit(b"+1.0 mbpb", read_plan("sft")) == "+1.0 ‰".encode()
    assert in_unit(b"+1.0 mbpb", read_plan("flagship")) == b"+1.0 mbpb"


def test_names_in_a_row():
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([]) == "none"


def test_cells_keep_to_their_table():
    assert table(["a", "b"], [["x | y", "1\n2"]]) == "| a | b |\n| --- | ---: |\n| x \\| y | 1 2 |"


def test_paragraphs_break_between_words_only():
    text = paragraph("word " * 60 + "`a-long-name-with-hyphens`")
    assert max(map(len, text.split("\n"))) <= 120
    assert "`a-long-name-with-hyphens`" in text


def test_axes_hold_their_values_and_zero():
    axis = axis_over([3.0, 17.0], 0.0, 100.0, ticks=4)
    assert axis.low < 0.0 < 17.0 < axis.high
    assert axis.ticks() == [0.0, 5.0, 10.0, 15.0]
    assert axis.at(axis.low) == 0.0
    assert axis.at(axis.high) == 100.0
    assert axis.at(1e9) == 100.0


def test_an_axis_of_one_value_is_still_one():
    axis = axis_over([0.0, NAN], 0.0, 10.0)
    assert axis.at(0.0) == 5.0


@pytest.mark.parametrize(
    ("least", "step"), [(0.9, 1.0), (1.0, 1.0), (1.1, 2.0), (2.1, 5.0), (6.0, 10.0), (0.03, 0.05)]
)
def test_steps_are_round(least, step):
    assert round_step(least) == pytest.approx(step)

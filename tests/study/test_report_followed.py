"""Had one followed the verdict: who moves only where the predicted interval lies above 0 gains nothing elsewhere."""

import json

import numpy as np
import pytest

from causalmix_core.study.report.answer import answer, missed_goals
from causalmix_core.study.report.comparison import verified_of
from causalmix_core.study.report.followed import followed_gains, following, verdict_sentence
from causalmix_core.study.report.source import read_tables
from causalmix_core.study.rivals.names import ANCHOR
from tests.study.report_tables import write_tables


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("followed")
    write_tables(place)
    return place


@pytest.fixture(scope="module")
def verified(folder):
    return verified_of(read_tables(folder))


def lower_ends(folder, method):
    said = json.loads((folder / "predictions.json").read_bytes())
    return {pool: one["choices"][method]["own"]["interval"][0] for pool, one in said["pools"].items()}


@pytest.mark.parametrize("group", ["mild", "ordinary"])
def test_pools_move_exactly_where_the_lower_end_is_above_nothing(folder, verified, group):
    ends = lower_ends(folder, "recommended-0.4")
    gains, sure = followed_gains(verified, "recommended-0.4", group)
    assert sure.tolist() == [ends[pool] > 0.0 for pool in verified.groups[group]]
    always = verified.gains("recommended-0.4", ANCHOR, group)
    np.testing.assert_array_equal(gains[sure], always[sure])
    assert not gains[~sure].any()


def test_mild_pools_stay_and_ordinary_ones_move(verified):
    assert not followed_gains(verified, "recommended-0.4", "mild")[1].any()
    assert followed_gains(verified, "recommended-0.4", "ordinary")[1].any()


def test_against_a_rival_who_stays_has_the_anchors_outcome(verified):
    gains, sure = followed_gains(verified, "recommended-0.4", "mild", "equal")
    assert not sure.any()
    np.testing.assert_array_equal(gains, verified.gains(ANCHOR, "equal", "mild"))


def test_methods_without_an_interval_have_no_verdict(verified):
    assert following(verified) == ["recommended", "recommended-0.4"]


def test_the_answer_says_on_how_many_pools_one_moves(verified):
    moved = int(followed_gains(verified, "recommended-0.4", "ordinary")[1].sum())
    assert f"moving on {moved} of 3 pools" in verdict_sentence(verified)


def test_the_goal_is_told_of_every_radius(folder, verified):
    reached = [m for m in following(verified) if not missed_goals(verified, m, follow=True)]
    assert reached
    said = " ".join(" ".join(answer(read_tables(folder), verified).parts).split())
    assert "Of the plan's 2 methods of this product, their verdict followed, " in said
    assert all(f"`{m}`" in said for m in reached)

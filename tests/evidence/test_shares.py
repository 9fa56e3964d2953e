"""Shares: percent, rounding, closing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causalmix_core.evidence import parse_runs
from causalmix_core.evidence.issues import IssueLog
from causalmix_core.evidence.shares import close_shares, rounding_slack


def close(raw):
    log = IssueLog()
    raw = np.asarray(raw, dtype=float)
    columns = [f"share_{k}" for k in range(raw.shape[1])]
    return close_shares(raw, columns, np.arange(1, len(raw) + 1), log), log


def test_percent_is_divided_and_reported(make_frame, csv_of):
    frame = make_frame()
    expected = frame.filter(like="share_").to_numpy()
    frame[["share_web", "share_code", "share_math"]] *= 100
    table = parse_runs(csv_of(frame), "runs.csv")
    assert np.allclose(table.shares, expected, atol=1e-12)
    assert "percent" in {issue.code for issue in table.issues}


def test_whole_percents_with_rounding():
    shares, log = close([[33, 33, 33], [50, 25, 25]])
    assert shares[0].tolist() == pytest.approx([1 / 3] * 3, abs=1e-15)
    assert [issue.code for issue in log.issues()] == ["percent", "shares-reclosed"]


def test_one_row_off_among_percents_is_named_in_shares():
    _, log = close([[50, 50], [30, 70], [20, 20]])
    assert "The shares of row 3 sum to 0.4, not to 1" in log.issues()[0].message


def test_rounded_shares_are_closed_and_reported():
    shares, log = close([[0.333, 0.333, 0.333], [0.5, 0.25, 0.25]])
    assert shares[1].tolist() == [0.5, 0.25, 0.25]
    [issue] = log.issues()
    assert issue.message.startswith(
        "The shares of 1 of 2 rows did not sum to exactly 1 (off by at most 0.001)"
    )


def test_the_slack_is_what_rounding_can_add_up_to():
    assert rounding_slack(np.array([[0.1234567, 0.8765433]])) == pytest.approx(1e-3, abs=1e-8)
    assert rounding_slack(np.full((1, 17), 0.001)) == pytest.approx(17 * 0.0005, abs=1e-8)
    assert rounding_slack(np.full((1, 3), 0.25)) == pytest.approx(0.015, abs=1e-8)
    assert rounding_slack(np.full((1, 200), 0.01)) == pytest.approx(0.02, abs=1e-8)


def test_unrounded_shares_may_be_off_by_a_thousandth_only():
    _, log = close([[0.1234567, 0.8754433]])
    assert log.issues()[0].code == "shares-not-closed"


def test_shares_nearly_closed_are_left_as_they_are():
    raw = [[0.1 + 0.2, 0.7 - 1e-12]]
    shares, log = close(raw)
    assert shares.tolist() == raw
    assert log.issues() == ()


def test_an_optimisers_minus_zero_is_zero():
    shares, log = close([[-1e-12, 1.0], [-0.0, 1.0]])
    assert shares.tolist() == [[0.0, 1.0], [0.0, 1.0]]
    assert not np.signbit(shares).any()
    assert log.issues() == ()


@given(st.integers(2, 64), st.sampled_from([2, 3, 4]), st.integers(0, 10_000))
def test_any_rounded_mixture_is_accepted_and_closed(n_domains, decimals, seed):
    rng = np.random.default_rng(seed)
    exact = rng.dirichlet(np.ones(n_domains), size=20)
    rounded = np.round(exact, decimals)
    worst = abs(rounded.sum(axis=1) - 1).max()
    shares, log = close(rounded)
    if log.failed():
        # Only beyond the stated cap may rounding be refused.
        assert worst > 0.02
    else:
        assert np.abs(shares.sum(axis=1) - 1).max() < 1e-9
        again, second = close(shares)
        assert np.array_equal(again, shares)
        assert second.issues() == ()


@given(st.integers(2, 20), st.floats(0.021, 0.9), st.integers(0, 10_000))
def test_a_missing_domain_is_never_taken_for_rounding(n_domains, gap, seed):
    shares = np.random.default_rng(seed).dirichlet(np.ones(n_domains), size=5)
    shares[2] *= 1 - gap
    _, log = close(shares)
    [issue] = [issue for issue in log.issues() if issue.severity == "error"]
    assert (issue.code, issue.row) == ("shares-not-closed", 3)

"""What pages say of a study: computed from its tables, with known gains."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.delivery.study_findings import (
    HEADER,
    PROMISE_HEADER,
    elsewhere_sentence,
    gain_rows,
    headline_sentence,
    milli,
    promise_rows,
    rivals_sentence,
)
from causalmix_core.errors import StudyError
from causalmix_core.study.findings import read_findings
from tests.study.found_tables import GAINS, plan, write_tables


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return read_findings(write_tables(tmp_path_factory.mktemp("tables")))


def test_a_folder_without_a_study_has_no_findings(tmp_path):
    assert read_findings(tmp_path) is None
    assert read_findings(tmp_path / "absent") is None


def test_the_plan_and_the_counts(found):
    assert (found.title, found.plan_sha256) == (plan().plain["title"], plan().sha256)
    assert (found.runs, found.run_pools, found.orders) == (4, 2, 2)
    assert found.trained == 7 * 6 * 2
    assert [group.group for group in found.groups] == ["ordinary", "mild"]
    assert found.headline == "recommended-0.4"


def test_gains_are_means_over_pools_of_means_over_orders(found):
    group = found.main
    assert [one.method for one in group.methods] == [m for m in GAINS if m != "weights"]
    for method in ("equal", "recommended"):
        expected = np.array(GAINS[method]) + np.array([0.001, 0.0, 0.0, -0.001])
        one = group.of(method)
        assert one.mean == pytest.approx(expected.mean())
        assert one.error == pytest.approx(expected.std(ddof=1) / 2)
        assert one.worst == pytest.approx(expected.min())
        assert (one.pools, one.wins) == (4, int((expected > 0).sum()))
        assert one.low < one.mean < one.high
    assert group.of("dmo") is None
    assert (group.of("quality").kind, group.of("regmix").kind) == ("privileged", "rival")
    assert found.group("mild").of("quality").mean == pytest.approx(0.1 * (0.16 + 0.001) / 3)


def test_the_headline_is_the_tables_and_not_typed(found):
    said = headline_sentence(found)
    assert "On 4 ordinary pools that no run had seen, each trained in 2 orders of text" in said
    assert "beat the outcome's weights: +25.0 thousandths of a bit per byte" in said
    assert said.endswith("better in 4 of 4 pools.")
    assert rivals_sentence(found).startswith("On the same pools it beat equal shares (+45.0, standard error ")


def test_other_groups_are_told_losses_as_plainly_as_wins(found):
    (elsewhere,) = found.groups[1:]
    gain = elsewhere.of(found.headline)
    said = elsewhere_sentence(found)
    assert said.startswith(f"Elsewhere: on {elsewhere.group} pools it ")
    assert f"({milli(gain.mean)}, better in {gain.wins} of {gain.pools})" in said
    lost = dataclasses.replace(gain, verdict="loses", mean=-0.02, wins=0)
    others = dataclasses.replace(elsewhere, methods=(lost,))
    assert "pools it lost to them (−20.0, better in 0 of" in elsewhere_sentence(
        dataclasses.replace(found, groups=(found.groups[0], others))
    )


def test_without_a_verification_nothing_is_claimed(tmp_path):
    found = read_findings(write_tables(tmp_path, verified=False))
    assert found.main is None
    assert headline_sentence(found).startswith("4 runs on 2 pools are shipped;")
    assert rivals_sentence(found) == ""
    assert elsewhere_sentence(found) == ""
    assert promise_rows(found) == []


def test_promises_are_held_against_what_came(found):
    promise = next(one for one in found.promises if one.method == "recommended-0.4")
    assert promise.pools == 7
    assert promise.predicted == pytest.approx(2 * (0.1 + 0.009) / 7)
    assert promise.slope == pytest.approx(0.5, abs=0.05)
    assert [one.method for one in found.promises] == ["recommended", "recommended-0.4"]


def test_rows_have_a_cell_a_column(found):
    rows = gain_rows(found.main)
    assert {len(row) for row in rows} == {len(HEADER)}
    assert {len(row) for row in promise_rows(found)} == {len(PROMISE_HEADER)}
    assert rows[-1][:3] == ("recommended-0.4", "what recommended-0.4 does", "+25.0")


def test_tables_that_were_changed_are_refused(tmp_path):
    folder = write_tables(tmp_path)
    path = folder / "predictions.json"
    path.write_bytes(path.read_bytes().replace(b"what regmix does", b"what REGMIX does"))
    with pytest.raises(StudyError, match="changed by hand"):
        read_findings(folder)

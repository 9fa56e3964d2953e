"""A scale is fitted once and re-applied unchanged."""

import json

import pytest

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.scoring.scaling import fit_scaling, read_scaling, write_scaling

STATES = {
    "p0": {"x_a__hes": 2.0, "x_b__hes": 5.0},
    "p1": {"x_a__hes": 4.0, "x_b__hes": 5.0},
    "p2": {"x_a__hes": 6.0, "x_b__hes": 5.0},
}


def test_both_kinds_by_hand():
    low_high, z = fit_scaling(STATES, "minmax"), fit_scaling(STATES, "z")
    assert low_high.apply(STATES["p1"]) == {"x_a__hes": 0.5, "x_b__hes": 0.0}
    assert z.apply(STATES["p2"]) == {"x_a__hes": 1.0, "x_b__hes": 0.0}
    assert low_high.apply({"x_a__hes": 8.0, "x_b__hes": 1.0}) == {"x_a__hes": 1.5, "x_b__hes": 0.0}


@pytest.mark.parametrize("kind", ["minmax", "z"])
def test_kept_to_the_bit(kind, tmp_path):
    scaling = fit_scaling(STATES, kind)
    write_scaling(scaling, tmp_path / "a.json")
    again = read_scaling(tmp_path / "a.json")
    write_scaling(again, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert again.sha256 == scaling.sha256
    assert again.apply(STATES["p0"]) == scaling.apply(STATES["p0"])


def test_what_does_not_fit_is_refused(tmp_path):
    scaling = fit_scaling(STATES, "z")
    with pytest.raises(PoolSourceError, match="differ in 'x_c__hes'"):
        scaling.apply({**STATES["p0"], "x_c__hes": 1.0})
    with pytest.raises(PoolSourceError, match="two reference pools"):
        fit_scaling({"p0": STATES["p0"]}, "z")
    with pytest.raises(PoolSourceError, match="'x_b__hes'"):
        fit_scaling({**STATES, "p3": {"x_a__hes": 1.0}}, "z")
    with pytest.raises(PoolSourceError, match="no scale 'rank'"):
        fit_scaling(STATES, "rank")


def test_a_changed_file_is_refused(tmp_path):
    path = tmp_path / "scale.json"
    write_scaling(fit_scaling(STATES, "minmax"), path)
    content = json.loads(path.read_bytes())
    content["columns"]["x_a__hes"]["width"] = 5.0
    path.write_text(json.dumps(content))
    with pytest.raises(PoolSourceError, match="was changed"):
        read_scaling(path)
    path.write_text("[1]")
    with pytest.raises(PoolSourceError, match="no scale that can be read"):
        read_scaling(path)

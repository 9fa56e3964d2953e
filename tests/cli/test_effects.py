"""effects: JSON with full precision, a table for people."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from causalmix_core.effects.explore import effects_view
from causalmix_core.effects.fit_directory import load_fit
from tests.shipped import POOL

EQUAL = np.full(7, 1 / 7)


def shown(cli, *words):
    done = cli("effects", *words, "--json")
    assert done.status == 0
    return json.loads(done.out)


def test_json_is_exactly_the_view(cli, fit_dir):
    found = shown(cli, fit_dir, "--anchor", "equal")
    fit = load_fit(fit_dir)
    view = effects_view(fit, fit.default_pool, EQUAL, 0.9)
    assert list(found) == ["outcome", "anchor", "pool", "level", "intervals", "effects"]
    assert found["outcome"] == "bpb_weighted"
    assert found["level"] == 0.9
    assert list(found["anchor"].values()) == pytest.approx(EQUAL)
    assert found["pool"] == dict(zip(fit.table.covariate_columns, fit.default_pool, strict=True))
    assert [e["domain"] for e in found["effects"]] == list(fit.table.domains)
    assert [list(e) for e in found["effects"]] == [["domain", "effect", "se", "lower", "upper"]] * 7
    for name, values in {
        "effect": view.effects,
        "se": view.se,
        "lower": view.lower,
        "upper": view.upper,
    }.items():
        assert [e[name] for e in found["effects"]] == values.tolist()


def test_effects_weighted_by_the_anchor_cancel(cli, fit_dir):
    found = shown(cli, fit_dir)
    total = sum(found["anchor"][e["domain"]] * e["effect"] for e in found["effects"])
    assert abs(total) <= 1e-12 * max(abs(e["effect"]) for e in found["effects"])


def test_default_anchor_is_natural_where_the_table_knows_it(cli, fit_dir):
    assert shown(cli, fit_dir)["anchor"] == shown(cli, fit_dir, "--anchor", "natural")["anchor"]
    assert shown(cli, fit_dir)["anchor"] != shown(cli, fit_dir, "--anchor", "equal")["anchor"]


def test_a_printed_pool_and_anchor_can_be_given_back(cli, fit_dir, tmp_path):
    first = shown(cli, fit_dir, "--pool", POOL, "--anchor", "mean")
    (tmp_path / "pool.json").write_text(json.dumps(first["pool"]))
    (tmp_path / "anchor.json").write_text(json.dumps(first["anchor"]))
    again = shown(cli, fit_dir, "--pool", tmp_path / "pool.json", "--anchor", tmp_path / "anchor.json")
    assert again["pool"] == first["pool"]
    # An entered anchor is closed to 1 again, which may move its last digit.
    assert again["anchor"] == pytest.approx(first["anchor"], rel=1e-12)
    for one, other in zip(first["effects"], again["effects"], strict=True):
        assert list(other.values())[1:] == pytest.approx(list(one.values())[1:], rel=1e-9, abs=1e-12)
    assert first["effects"] != shown(cli, fit_dir, "--anchor", "mean")["effects"]


def test_level_widens_the_intervals(cli, fit_dir):
    narrow, wide = (shown(cli, fit_dir, "--level", level)["effects"] for level in (0.5, 0.99))
    for a, b in zip(narrow, wide, strict=True):
        assert a["effect"] == b["effect"]
        assert b["lower"] < a["lower"] < a["upper"] < b["upper"]


def test_table_for_people(cli, fit_dir):
    done = cli("effects", fit_dir, "--anchor", "equal")
    lines = done.out.splitlines()
    assert lines[0] == "Change of bpb_weighted (bits per byte, sign turned so that higher is better)"
    assert "(equal shares)" in lines[1]
    rows = lines[4:11]
    assert [row.split()[0] for row in rows] == list(load_fit(fit_dir).table.domains)
    for row in rows:
        effect, bar = row.split()[1], row[row.index("|") - 10 : row.index("|") + 11]
        assert ("#|" in bar) <= effect.startswith("\u2212")
        assert ("|#" in bar) <= effect.startswith("+")
        assert row.endswith(("likely helps", "unclear", "likely hurts"))


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--pool", "atlantis"], "atlantis"),
        (["--anchor", "absent.json"], "absent.json"),
    ],
)
def test_unknown_pool_or_anchor(mistake, fit_dir, words, part):
    assert part in mistake("effects", fit_dir, *words)


def test_a_folder_without_a_fit(mistake, tmp_path):
    assert "holds no fit" in mistake("effects", tmp_path)


def test_a_changed_fit_is_fitted_anew_and_says_so(cli, fit_dir, tmp_path):
    changed = tmp_path / "changed"
    shutil.copytree(fit_dir, changed)
    config = json.loads((changed / "config.json").read_text())
    (changed / "config.json").write_text(json.dumps(config | {"outcome": "bpb_code"}))
    done = cli("effects", changed, "--json")
    assert json.loads(done.out)["outcome"] == "bpb_code"
    assert "fitted anew" in done.err

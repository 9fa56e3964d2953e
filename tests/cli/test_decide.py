"""decide: the document, what is printed, and what is refused."""

from __future__ import annotations

import json
import math

import pytest

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.delivery.document import read_document
from tests.shipped import POOL


def decided(cli, fit_dir, out, *words):
    done = cli("decide", fit_dir, *words, "--out", out)
    assert done.status == 0
    return read_document(out.read_bytes()), done.out


def test_same_words_give_the_same_document(cli, fit_dir, tmp_path):
    words = ["--radius", "0.15", "--anchor", "equal", "--note", "weekly"]
    first, _ = decided(cli, fit_dir, tmp_path / "a.json", *words)
    second, _ = decided(cli, fit_dir, tmp_path / "b.json", *words)
    assert first["id"] == second["id"]
    second["provenance"]["created_at"] = first["provenance"]["created_at"]
    assert canonical_json(first) == canonical_json(second)
    assert (tmp_path / "a.json").read_bytes() == canonical_json(first)


def test_what_is_printed_is_what_is_written(cli, fit_dir, tmp_path):
    document, out = decided(cli, fit_dir, tmp_path / "m.json", "--radius", "0.15", "--anchor", "equal")
    lines = out.splitlines()
    lines = lines[2:]  # the verdict stands first
    assert lines[0].split() == ["domain", "reference", "%", "mixture", "%", "change"]
    rows = {line.split()[0]: line.split()[1:] for line in lines[1:8]}
    assert sum(round(float(row[1]) * 10) for row in rows.values()) == 1000
    for domain, (_, after, _) in rows.items():
        assert abs(float(after) - 100 * document["mixture"][domain]) <= 0.1
    assert "reference: equal shares" in out
    assert "The trust radius binds: 15.0 % of the data moves" in out
    assert document["check_after_training"] in out
    assert lines[-1] == f"{tmp_path / 'm.json'}: {document['id']}"
    assert document["estimate"]["gain"] > 0
    assert document["policy"]["active_constraints"][0] == "radius"
    assert math.isclose(document["distance_to_reference"]["tv"], 0.15, rel_tol=1e-6)


def test_radius_zero_is_the_anchor(cli, fit_dir, tmp_path):
    document, out = decided(cli, fit_dir, tmp_path / "m.json", "--radius", "0")
    assert document["mixture"] == document["reference"]
    assert document["estimate"]["gain"] == 0
    assert "The mixture is the reference itself" in out


@pytest.mark.parametrize("metric", ["tv", "kl", "l2"])
def test_metrics(cli, fit_dir, tmp_path, metric):
    words = ["--radius", "0.05", "--metric", metric, "--anchor", "equal"]
    document, _ = decided(cli, fit_dir, tmp_path / "m.json", *words)
    region = document["policy"]["trust_region"]
    assert region["metric"] == metric
    assert region["used"] <= 0.05 * (1 + 1e-9)
    assert document["distance_to_reference"][metric] == region["used"]


def test_search_follows_its_seed(cli, fit_dir, tmp_path):
    words = ["--radius", "0.15", "--anchor", "equal", "--policy", "search", "--seed"]
    first, second, other = (
        decided(cli, fit_dir, tmp_path / f"{i}.json", *words, seed)[0] for i, seed in enumerate((4, 4, 5))
    )
    assert first["id"] == second["id"]
    assert other["id"] != first["id"]
    assert first["policy"]["variant"] == "search"


def test_pool_changes_the_mixture(cli, fit_dir, tmp_path):
    words = ["--radius", "0.15", "--anchor", "equal"]
    average, _ = decided(cli, fit_dir, tmp_path / "a.json", *words)
    other, _ = decided(cli, fit_dir, tmp_path / "b.json", *words, "--pool", POOL)
    assert average["pool_state"] != other["pool_state"]
    assert max(abs(average["mixture"][d] - other["mixture"][d]) for d in average["mixture"]) > 0.001


def test_bounds_are_kept_and_written(cli, fit_dir, tmp_path):
    bounds = tmp_path / "bounds.json"
    bounds.write_text(json.dumps({"wiki": [0.1, 0.2], "code": {"lock": True}, "math": {"min": 0.12}}))
    words = ["--radius", "0.3", "--anchor", "equal", "--bounds", bounds]
    document, _ = decided(cli, fit_dir, tmp_path / "m.json", *words)
    assert 0.1 - 1e-12 <= document["mixture"]["wiki"] <= 0.2 + 1e-12
    assert document["mixture"]["code"] == pytest.approx(1 / 7, abs=1e-12)
    assert document["mixture"]["math"] >= 0.12 - 1e-12
    assert document["policy"]["locked"] == ["code"]
    assert document["policy"]["bounds"] == {"wiki": [0.1, 0.2], "math": [0.12, 1.0]}


def test_an_anchor_file_leaves_no_path_in_the_document(cli, fit_dir, tmp_path, mixture):
    anchor = tmp_path / "secret-anchor.json"
    anchor.write_text(json.dumps(json.loads(mixture.read_text())["mixture"]))
    document, _ = decided(cli, fit_dir, tmp_path / "m.json", "--radius", "0.1", "--anchor", anchor)
    assert document["reference_label"] == "entered mixture"
    assert b"secret-anchor" not in canonical_json(document)
    assert str(tmp_path).encode() not in canonical_json(document)


def test_a_pool_outside_the_runs_is_warned_of(cli, fit_dir, tmp_path):
    pool = json.loads(cli("effects", fit_dir, "--json").out)["pool"]
    path = tmp_path / "pool.json"
    path.write_text(json.dumps({column: value + 50 for column, value in pool.items()}))
    document, out = decided(cli, fit_dir, tmp_path / "m.json", "--radius", "0.1", "--pool", path)
    assert document["support"]["pool"]["inside"] is False
    assert "warning: The pool lies outside the pools of the runs" in out


@pytest.mark.parametrize(
    ("words", "bounds", "part"),
    [
        (["--radius", "-0.1"], None, "radius"),
        (["--radius", "0.1"], {"wiki": [0.6, 1.0], "code": [0.6, 1.0]}, "wiki"),
        (["--radius", "0.01"], {"code": [0.9, 1.0]}, "code"),
        (["--radius", "0.1"], {"poetry": [0, 1]}, "poetry"),
        (["--radius", "0.1", "--anchor", "absent.json"], None, "absent.json"),
        (["--radius", "0.1", "--bounds", "absent.json"], None, "absent.json"),
    ],
)
def test_what_cannot_be_decided_leaves_the_old_file(mistake, fit_dir, tmp_path, words, bounds, part):
    out = tmp_path / "m.json"
    out.write_text("old")
    if bounds is not None:
        (tmp_path / "bounds.json").write_text(json.dumps(bounds))
        words = [*words, "--bounds", tmp_path / "bounds.json"]
    assert part in mistake("decide", fit_dir, "--anchor", "equal", *words, "--out", out)
    assert out.read_text() == "old"


def test_where_the_document_cannot_go(mistake, fit_dir, tmp_path):
    assert "is a folder" in mistake("decide", fit_dir, "--radius", "0.1", "--out", tmp_path)
    absent = tmp_path / "absent" / "m.json"
    assert "does not exist" in mistake("decide", fit_dir, "--radius", "0.1", "--out", absent)

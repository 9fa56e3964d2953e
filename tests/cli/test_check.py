"""check: what is printed and kept, and what it does to decide and export."""

from __future__ import annotations

import csv
import io
import json

import pytest

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.delivery.document import read_document
from tests.checks.tables import noise_table
from tests.shipped import study


@pytest.fixture(scope="module")
def noise_fit(tmp_path_factory):
    """A fit of pure noise, whose checks fail."""
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.fit import fit
    from causalmix_core.effects.fit_directory import save_fit

    out = tmp_path_factory.mktemp("fits") / "noise"
    save_fit(fit(noise_table(), FitConfig("score", epsilon=0.03, folds=3)), out)
    return out


@pytest.fixture
def failing(cli, noise_fit, tmp_path):
    """A mixture document whose checks fail."""
    out = tmp_path / "failing.json"
    assert cli("decide", noise_fit, "--radius", "0.1", "--out", out).status == 0
    return out


def test_a_failed_check_is_a_finding_and_no_error(cli, noise_fit):
    done = cli("check", noise_fit)
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[0].split() == ["check", "status", "figure", "threshold", "unit"]
    assert lines[-1].startswith("FAIL: ")
    assert (
        len([line for line in lines if line[:2] in ("\N{CHECK MARK} ", "! ", "\N{MULTIPLICATION SIGN} ")])
        == 19
    )
    assert "FAIL Effects come true" in done.out
    assert cli("check", noise_fit, "--strict").status == 1


def test_json_has_every_check_with_its_rows(cli, fit_dir):
    done = cli("check", fit_dir, "--json", "--anchor", "equal", "--radius", "0.15", "--strict")
    found = json.loads(done.out)
    assert done.status == 0
    assert len(found["checks"]) == 19
    assert found["verdict"] == "REVIEW"
    at_random = sum(how == "random" for how in study().assignment) / study().n_runs
    by_id = {check["id"]: check for check in found["checks"]}
    assert by_id["assignment"]["value"] == pytest.approx(at_random, rel=1e-5)
    assert [row[0] for row in by_id["overlap"]["details"]][:2] == ["code", "docs"]


def test_what_was_found_is_kept_and_found_again(cli, fit_dir):
    cli("check", fit_dir)
    kept = fit_dir / "checks.json"
    before = (kept.read_bytes(), kept.stat().st_mtime_ns)
    again = cli("check", fit_dir, "--progress")
    assert (kept.read_bytes(), kept.stat().st_mtime_ns) == before
    assert "placebo" not in again.err
    anew = cli("check", fit_dir, "--anew", "--progress")
    assert "placebo mixtures" in anew.err
    assert kept.read_bytes() == before[0]


def test_decide_says_and_writes_the_checks(cli, fit_dir, tmp_path):
    done = cli("decide", fit_dir, "--radius", "0.1", "--out", tmp_path / "m.json")
    document = read_document((tmp_path / "m.json").read_bytes())
    assert document["checks"]["verdict"] == "REVIEW"
    assert len(document["checks"]["results"]) == 19
    assert "checks: REVIEW: " in done.out
    assert "REVIEW How mixtures were chosen" in done.out


@pytest.mark.parametrize("form", ["llama-factory", "csv", "json"])
def test_a_failed_check_blocks_every_format(cli, mistake, failing, tmp_path, form):
    out = tmp_path / "out"
    assert "not handed over" in mistake("export", failing, "--format", form, "--out", out)
    assert not out.exists()
    assert "is empty" in mistake("export", failing, "--format", form, "--accept", "  ", "--out", out)
    assert not out.exists()
    assert cli("export", failing, "--format", form, "--accept", "a dry run", "--out", out).status == 0
    kept = {
        "llama-factory": out / "mixture.json",
        "csv": tmp_path / "out.mixture.json",
        "json": out,
    }[form]
    accepted = read_document(kept.read_bytes())
    assert accepted["checks"]["accepted_because"] == "a dry run"
    original = json.loads(failing.read_text())
    assert accepted["id"] != original["id"]
    assert accepted["mixture"] == original["mixture"]


def test_the_reason_can_be_given_to_decide(cli, failing, noise_fit, tmp_path):
    out = tmp_path / "accepted.json"
    done = cli("decide", noise_fit, "--radius", "0.1", "--accept", "a dry run", "--out", out)
    assert "accepted because: a dry run" in done.out
    exported = tmp_path / "shares.csv"
    assert cli("export", out, "--format", "csv", "--out", exported).status == 0
    rows = csv.DictReader(io.StringIO(exported.read_text()))
    assert {row["domain"] for row in rows} == {"d0", "d1", "d2"}
    # The same document, however the reason came in.
    cli("export", failing, "--format", "json", "--accept", "a dry run", "--out", tmp_path / "other.json")
    assert json.loads(out.read_text())["id"] == json.loads((tmp_path / "other.json").read_text())["id"]


def test_nothing_to_accept(cli, mistake, mixture, fit_dir, tmp_path):
    words = ["--format", "json", "--accept", "why not", "--out", tmp_path / "m.json"]
    assert "nothing to accept" in mistake("export", mixture, *words)
    cli("decide", fit_dir, "--radius", "0.1", "--accept", "why not", "--out", tmp_path / "m.json")
    assert json.loads((tmp_path / "m.json").read_text())["checks"]["accepted_because"] is None


def test_a_document_from_before_there_were_checks(cli, mixture, tmp_path):
    from causalmix_core.delivery.identity import document_id

    old = json.loads(mixture.read_text())
    del old["checks"]
    old["id"] = document_id(old)
    (tmp_path / "old.json").write_bytes(canonical_json(old))
    done = cli("export", tmp_path / "old.json", "--format", "csv", "--out", tmp_path / "shares.csv")
    assert done.status == 0
    assert "written without checks" in done.err


def test_a_folder_that_cannot_be_written_still_gets_its_answer(cli, noise_fit, tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("causalmix_core.checks.stored.write_atomically", refuse)
    done = cli("check", noise_fit, "--anew")
    assert done.status == 0
    assert "were not kept" in done.err
    assert "FAIL: " in done.out

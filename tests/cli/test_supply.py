"""decide with a budget, amounts, epochs and a part of the domains."""

from __future__ import annotations

import json

import pytest

from causalmix_core.delivery.document import read_document

AMOUNTS = {"code": 1.2e9, "math": {"available": 0.8e9, "max_epochs": 2}, "legal": 30e9}


@pytest.fixture
def supply(tmp_path):
    path = tmp_path / "supply.json"
    path.write_text(json.dumps(AMOUNTS))
    return path


def test_caps_counts_epochs_and_prices_are_printed_and_written(cli, fit_dir, supply, tmp_path):
    out = tmp_path / "m.json"
    words = ["--radius", "0.2", "--budget", "20e9", "--supply", supply, "--out", out]
    done = cli("decide", fit_dir, *words)
    assert done.status == 0
    document = read_document(out.read_bytes())
    assert document["unit"] == "tokens"
    assert sum(document["counts"].values()) == document["budget"] == 20_000_000_000
    assert document["mixture"]["code"] <= 0.06 + 1e-9
    assert document["mixture"]["math"] <= 0.08 + 1e-9
    assert document["epochs"]["math"] <= 2.0
    assert document["max_epochs"]["code"] == 1.0
    binding = [name for name in document["policy"]["active_constraints"] if name.endswith(".supply")]
    assert binding
    for name in binding:
        assert f"more of {name.removesuffix('.supply')} would be worth" in done.out
    assert "budget: 20 billion tokens" in done.out
    assert "With unlimited supply" in done.out
    assert "the nearest one that can takes its place" in done.out


def test_a_saved_scenario_decides_the_same(cli, fit_dir, supply, tmp_path):
    saved, first, second = (tmp_path / name for name in ("s.json", "a.json", "b.json"))
    words = [
        "--radius",
        "0.1",
        "--budget",
        "2B",
        "--unit",
        "examples",
        "--supply",
        supply,
        "--max-epochs",
        "4",
    ]
    words += ["--domains", "code,docs,math,legal", "--save-scenario", saved]
    assert cli("decide", fit_dir, *words, "--out", first).status == 0
    assert cli("decide", fit_dir, "--scenario", saved, "--out", second).status == 0
    made = read_document(first.read_bytes())
    assert made["id"] == read_document(second.read_bytes())["id"]
    assert made["domains_present"] == ["code", "docs", "math", "legal"]
    assert made["mixture"]["wiki"] == 0.0
    assert made["max_epochs"] == {"code": 4.0, "docs": 4.0, "math": 2.0, "legal": 4.0}


def test_the_counts_of_a_budget_in_examples_reach_the_trainer(cli, fit_dir, tmp_path):
    out = tmp_path / "m.json"
    words = [
        "--radius",
        "0.1",
        "--budget",
        "123457",
        "--unit",
        "examples",
        "--out",
        out,
        "--accept",
        "a test",
    ]
    assert cli("decide", fit_dir, *words).status == 0
    done = cli("export", out, "--format", "llama-factory", "--out", tmp_path / "trainer")
    assert done.status == 0
    assert "123,457 examples in all." in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--max-epochs", "4"], "--max-epochs limits nothing without a budget"),
        (["--supply", "SUPPLY"], "--supply limits nothing without a budget"),
        (["--unit", "examples"], "--unit limits nothing without a budget"),
        (["--budget", "20e9", "--max-epochs", "0"], "epochs is 0"),
        (["--budget", "1e30"], "budget is 1e"),
        (["--domains", "code,books"], "books"),
        (["--domains", "code"], "at least two"),
        (["--budget", "20e9", "--domains", "code,math", "--supply", "SUPPLY"], "at most 2.8B"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(mistake, fit_dir, supply, tmp_path, words, said):
    given = [str(supply) if word == "SUPPLY" else word for word in words]
    assert said in mistake("decide", fit_dir, "--radius", "0.1", *given, "--out", tmp_path / "m.json")

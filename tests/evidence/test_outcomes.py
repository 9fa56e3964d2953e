"""Direction and unit of outcomes; losses are negated once, at load."""

from __future__ import annotations

import pytest

from causalmix_core.errors import TableError
from causalmix_core.evidence import TableMeta, parse_runs
from causalmix_core.evidence.directions import lower_is_better


@pytest.mark.parametrize(
    "name",
    [
        "val_loss",
        "ValLoss",
        "bpb_code",
        "ppl",
        "perplexity",
        "nll",
        "word_error_rate",
        "WER",
        "cross_entropy",
    ],
)
def test_names_of_losses(name):
    assert lower_is_better(name)


@pytest.mark.parametrize("name", ["accuracy", "mmlu", "f1", "pass@1", "score", "power", "flower", "answers"])
def test_names_of_scores(name):
    assert not lower_is_better(name)


def test_losses_are_held_negated_and_guesses_reported(make_frame, csv_of):
    frame = make_frame()
    table = parse_runs(csv_of(frame), "runs.csv")
    assert table.score("val_loss").tolist() == (-frame["y_val_loss"]).tolist()
    assert table.score("accuracy").tolist() == frame["y_accuracy"].tolist()
    notes = [issue.message for issue in table.issues if issue.code.startswith("direction-guessed")]
    assert notes == [
        "By their names, lower is taken to be better for val_loss.",
        "By their names, higher is taken to be better for accuracy.",
    ]


def test_the_sidecar_overrules_the_name(make_frame, csv_of):
    meta = TableMeta(outcomes={"val_loss": ("higher", "points"), "accuracy": ("higher", "")})
    frame = make_frame()
    table = parse_runs(csv_of(frame), "runs.csv", meta=meta)
    assert table.score("val_loss").tolist() == frame["y_val_loss"].tolist()
    assert table.outcome("val_loss").unit == "points"
    assert not [issue for issue in table.issues if issue.code.startswith("direction-guessed")]


def test_bits_per_byte_by_name(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame().rename(columns={"y_val_loss": "y_bpb_code"})), "runs.csv")
    assert (table.outcome("bpb_code").unit, table.outcome("bpb_code").sign) == ("bits per byte", -1.0)


def test_default_outcome(make_frame, csv_of):
    data = csv_of(make_frame())
    assert parse_runs(data, "r.csv").default_outcome == "val_loss"
    assert parse_runs(data, "r.csv", meta=TableMeta(default_outcome="accuracy")).default_outcome == "accuracy"
    assert parse_runs(data, "r.csv", meta=TableMeta(default_outcome="mean")).default_outcome == "mean"


@pytest.mark.parametrize(
    "meta", [TableMeta(default_outcome="acuracy"), TableMeta(outcomes={"acuracy": ("lower", "")})]
)
def test_unknown_outcomes_in_the_sidecar(make_frame, csv_of, meta):
    with pytest.raises(TableError, match="names the outcome 'acuracy', which the table does not have"):
        parse_runs(csv_of(make_frame()), "runs.csv", meta=meta)

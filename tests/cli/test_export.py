"""export: a trainer's files, a spreadsheet, the document itself."""

from __future__ import annotations

import csv
import io
import json
import os

import pytest
import yaml


def test_llama_factory(cli, mixture, tmp_path):
    out = tmp_path / "for-trainer"
    done = cli("export", mixture, "--format", "llama-factory", "--out", out, "--examples", "12345")
    assert done.status == 0
    info = json.loads((out / "dataset_info.json").read_text())
    config = yaml.safe_load((out / "mixture.yaml").read_text())
    assert sum(entry["num_samples"] for entry in info.values()) == 12345
    assert config == {"dataset": ",".join(info), "dataset_dir": str(out), "mix_strategy": "concat"}
    shares = json.loads(mixture.read_text())["mixture"]
    for entry in info.values():
        domain = entry["file_name"].removesuffix(".jsonl")
        assert abs(entry["num_samples"] - 12345 * shares[domain]) <= 1
    assert "12,345 examples in all." in done.out


def test_default_total(cli, mixture, tmp_path):
    cli("export", mixture, "--format", "llama-factory", "--out", tmp_path / "out")
    info = json.loads((tmp_path / "out" / "dataset_info.json").read_text())
    assert sum(entry["num_samples"] for entry in info.values()) == 100_000


def test_csv(cli, mixture, tmp_path):
    assert cli("export", mixture, "--format", "csv", "--out", tmp_path / "shares.csv").status == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "shares.csv").read_text())))
    assert {row["domain"]: float(row["share"]) for row in rows} == json.loads(mixture.read_text())["mixture"]


def test_json_is_the_canonical_document(cli, mixture, tmp_path):
    loose = tmp_path / "loose.json"
    loose.write_text(json.dumps(json.loads(mixture.read_text())))
    assert cli("export", loose, "--format", "json", "--out", tmp_path / "out.json").status == 0
    assert (tmp_path / "out.json").read_bytes() == mixture.read_bytes()


def test_an_edited_document_is_not_exported(mistake, mixture, tmp_path):
    document = json.loads(mixture.read_text())
    document["estimate"]["gain"] *= 2
    edited = tmp_path / "edited.json"
    edited.write_text(json.dumps(document))
    out = tmp_path / "out"
    assert "changed after it was written" in mistake(
        "export", edited, "--format", "llama-factory", "--out", out
    )
    assert not out.exists()


@pytest.mark.parametrize("examples", ["0", "-3"])
def test_no_examples(mistake, mixture, tmp_path, examples):
    words = ["--format", "llama-factory", "--out", tmp_path / "out", f"--examples={examples}"]
    assert "number of examples" in mistake("export", mixture, *words)


def test_a_trainers_own_folder_is_left_alone(mistake, mixture, tmp_path):
    (tmp_path / "dataset_info.json").write_text("{}")
    assert "did not write" in mistake("export", mixture, "--format", "llama-factory", "--out", tmp_path)
    assert (tmp_path / "dataset_info.json").read_text() == "{}"


def test_out_of_the_wrong_kind(mistake, mixture, tmp_path):
    (tmp_path / "file").write_text("mine")
    os.mkfifo(tmp_path / "pipe")
    assert "is a file" in mistake("export", mixture, "--format", "llama-factory", "--out", tmp_path / "file")
    assert "is a folder" in mistake("export", mixture, "--format", "csv", "--out", tmp_path)
    assert "is a device or a pipe" in mistake(
        "export", mixture, "--format", "csv", "--out", tmp_path / "pipe"
    )
    assert (tmp_path / "file").read_text() == "mine"
    assert (tmp_path / "pipe").is_fifo()


def test_absent_document(mistake, tmp_path):
    assert "absent.json" in mistake(
        "export", tmp_path / "absent.json", "--format", "csv", "--out", tmp_path / "x"
    )

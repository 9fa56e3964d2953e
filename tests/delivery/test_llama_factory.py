"""LLaMA-Factory files, parsed back as its loader would."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from causalmix_core.delivery.llama_factory import llama_factory_files, slugs, write_llama_factory
from causalmix_core.errors import ExportError

IDENTITY = "cm-" + "0" * 64


def parsed(mixture: dict[str, float], **options):
    export = llama_factory_files({"id": IDENTITY, "mixture": mixture}, **options)
    return json.loads(export.files["dataset_info.json"]), yaml.safe_load(export.files["mixture.yaml"]), export


def test_exact_files():
    info, config, export = parsed({"math": 0.63, "code": 0.37}, examples=24_100, dataset_dir="out")
    assert info == {
        "mix_code": {"file_name": "code.jsonl", "num_samples": 8917},
        "mix_math": {"file_name": "math.jsonl", "num_samples": 15183},
    }
    assert config == {"dataset": "mix_code,mix_math", "dataset_dir": "out", "mix_strategy": "concat"}
    assert export.files["shares.csv"].decode() == (
        "domain,dataset,file_name,share_asked,examples,share_obtained\n"
        "code,mix_code,code.jsonl,0.37,8917,0.37\n"
        "math,mix_math,math.jsonl,0.63,15183,0.63\n"
    )


def test_real_document(document):
    info, config, export = parsed(document["mixture"])
    assert sum(entry["num_samples"] for entry in info.values()) == 100_000
    assert config["dataset"].split(",") == list(info)
    for row in export.rows:
        assert abs(row.obtained - row.asked) <= 1e-5


def test_zero_domains_are_left_out_and_shown_in_the_table():
    info, config, export = parsed({"code": 0.0, "web": 1.0 - 1e-9, "rare": 1e-9})
    assert list(info) == ["mix_web"]
    assert config["dataset"] == "mix_web"
    rows = list(csv.DictReader(io.StringIO(export.files["shares.csv"].decode())))
    assert [(row["domain"], row["examples"]) for row in rows] == [
        ("code", "0"),
        ("rare", "0"),
        ("web", "100000"),
    ]


HOSTILE = [
    "../../etc/passwd",
    "a,b",
    "数学",
    "Été",
    "été",
    "ete",
    "=1+1",
    "a: [b]",
    "",
    " ",
    "-x",
    "Web",
    "web",
    "\U0001f600",
]


def test_hostile_names_become_safe_distinct_slugs():
    found = slugs(HOSTILE)
    assert found == (
        "etc_passwd", "a_b", "domain3", "Ete", "ete_2", "ete_3", "1_1", "a_b_2",
        "domain9", "domain10", "x", "Web", "web_2", "domain14",
    )  # fmt: skip


@given(st.lists(st.text(max_size=100), min_size=1, max_size=30, unique=True))
def test_slugs_of_any_names(domains):
    found = slugs(domains)
    assert len({slug.lower() for slug in found}) == len(domains)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", slug) for slug in found)


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.floats(1e-6, 1),
        min_size=2,
        max_size=12,
    ),
    st.integers(1, 10**9),
)
def test_counts_of_any_mixture_add_up(mixture, examples):
    info, config, export = parsed(mixture, examples=examples)
    assert sum(entry["num_samples"] for entry in info.values()) == examples
    assert config["dataset"].split(",") == [row.dataset for row in export.rows if row.examples]
    assert len({entry["file_name"] for entry in info.values()}) == len(info)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_folder_name_reads_back(name):
    _, config, _ = parsed({"a": 0.5, "b": 0.5}, dataset_dir=name)
    assert config["dataset_dir"] == name


@pytest.mark.parametrize("examples", [0, -5, 10**12 + 1])
def test_totals_out_of_range(examples):
    with pytest.raises(ExportError, match="number of examples"):
        parsed({"a": 0.5, "b": 0.5}, examples=examples)


def test_written_twice_into_one_folder(tmp_path, document):
    out = tmp_path / "new" / "folder"
    paths, rows = write_llama_factory(document, out)
    assert [path.name for path in paths] == ["dataset_info.json", "mixture.yaml", "shares.csv"]
    assert sum(row.examples for row in rows) == 100_000
    before = [path.read_bytes() for path in paths]
    assert [path.read_bytes() for path in write_llama_factory(document, out)[0]] == before
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in paths)


def test_a_trainers_own_files_are_not_overwritten(tmp_path, document):
    (tmp_path / "dataset_info.json").write_text("{}")
    with pytest.raises(ExportError, match="did not write"):
        write_llama_factory(document, tmp_path)
    assert (tmp_path / "dataset_info.json").read_text() == "{}"
    assert len(list(tmp_path.iterdir())) == 1

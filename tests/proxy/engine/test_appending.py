"""Finished runs behind those of a table: added once, under ids of their own, or refused with a reason."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.cli.main import main
from causalmix_core.errors import ProxyError, TableError
from causalmix_core.evidence import parse_runs, read_runs
from causalmix_core.proxy.engine import supervise
from causalmix_core.proxy.engine.appending import append_runs
from tests.proxy.engine.studies import make_study


def table(first, last, design="d", domain="b", name="runs"):
    rng = np.random.default_rng(0)
    shares = rng.dirichlet([1, 1], size=100).round(3)
    lines = [f"run_id,share_a,share_{domain},y_loss,seed,design_sha256,data_sha256,model_sha256"]
    for i in range(first, last):
        a = shares[i, 0]
        lines.append(f"r{i},{a},{1 - a},{2 + a + i / 1000},0,{design},{design}{i},m")
    return parse_runs(("\n".join(lines) + "\n").encode(), f"{name}.csv")


def test_runs_that_are_there_are_not_added_again():
    both = append_runs(table(0, 12), table(0, 14))
    assert (both.new, both.known, both.table.n_runs) == (2, 12, 14)
    assert both.table.provenance["data_sha256"] == tuple(f"d{i}" for i in range(14))
    assert both.table.run_ids == tuple(f"r{i}" for i in range(14))


def test_the_same_ids_of_other_runs_get_names_before_them():
    both = append_runs(table(0, 12), table(0, 12, design="e"), "study")
    assert (both.new, both.known) == (12, 0)
    assert {both.table.run_ids[0], both.table.run_ids[12]} == {"runs:r0", "study:r0"}


def test_nothing_new_and_other_domains_are_refused():
    with pytest.raises(ProxyError, match="all 12 finished runs"):
        append_runs(table(0, 14), table(0, 12))
    with pytest.raises(TableError, match="domains"):
        append_runs(table(0, 12), table(0, 12, domain="c"))


def test_a_table_called_like_the_study_gets_other_names_than_it():
    both = append_runs(table(0, 12, name="study"), table(0, 12, design="e"), "study")
    assert len(set(both.table.run_ids)) == 24
    assert both.table.run_ids[0] == "study:r0"


def test_collecting_can_add_to_a_table(tmp_path, capsys):
    study = make_study(tmp_path, 12)
    supervise(study.path)
    collect = ["proxy", "collect", str(study.path), "--out"]
    assert main([*collect, str(tmp_path / "first.csv")]) == 0
    words = [*collect, str(tmp_path / "both.csv"), "--append-to", str(tmp_path / "first.csv")]
    assert main(words) == 2
    assert "has all 12 finished runs of this study already" in capsys.readouterr().err
    first = (tmp_path / "first.csv").read_text().splitlines()
    (tmp_path / "first.csv").write_text("\n".join(first[:10]) + "\n")
    assert main(words) == 0
    assert "3 runs of " in capsys.readouterr().out
    assert read_runs(tmp_path / "both.csv").n_runs == 12

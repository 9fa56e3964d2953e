"""Studies side by side: another plan of runs with the same outcome, its gains and promises beside this one's."""

from __future__ import annotations

import pytest

from causalmix_core.cli.main import main
from causalmix_core.study.report.beside import changes
from causalmix_core.study.report.writing import build_report, studies_beside
from tests.study.report_tables import PLAN, rewrite, write_tables

OTHER = (
    PLAN.replace(b"name: tiny", b"name: nearer")
    .replace(b"samplers: [dirichlet, chosen]", b"samplers: [around, chosen]")
    .replace(b"pools: {count: 6, seed: 1,", b"pools: {count: 6, seed: 5, orders: 4,")
)


@pytest.fixture
def kept(tmp_path):
    """Two studies kept side by side, and one of another outcome."""
    write_tables(tmp_path / "data" / "tiny", later=("verification",))
    gains = {"recommended": 40.0, "recommended-0.4": 40.0, "equal": -20.0}
    write_tables(tmp_path / "data" / "nearer", OTHER, later=("verification",), gains=gains)
    other = OTHER.replace(b"name: nearer", b"name: odd").replace(
        b"code: 0.5, math: 0.3", b"code: 0.3, math: 0.5", 1
    )
    write_tables(tmp_path / "data" / "odd", other, later=("verification",))
    return tmp_path / "data"


def said_of(tables, others=None) -> str:
    out = tables.parent / "STUDY.md"
    found = build_report(tables, out, studies_beside(tables) if others is None else others)
    return " ".join(found[out].decode().split())


def test_what_is_kept_in_the_same_folder_is_found(kept):
    assert [path.name for path in studies_beside(kept / "tiny")] == ["nearer", "odd"]


def test_a_study_of_another_outcome_is_not_compared(kept):
    words = said_of(kept / "tiny")
    assert "## Beside other studies" in words
    assert "The plan `nearer` declares" in words
    assert "`odd`" not in words


def test_what_the_other_plan_declares_otherwise_is_named_without_seeds(kept):
    words = said_of(kept / "tiny")
    assert (
        "apart from seeds: pools.orders 4 (here not said) and mixtures.samplers around chosen (here dirichlet chosen)."
        in words
    )


def test_gains_are_told_as_more_less_or_no_difference(kept):
    rows = said_of(kept / "tiny").split("## Beside other studies")[1]
    ordinary = rows.split("Ordinary pools (3 here, 3 in `nearer`):")[1]
    free = ordinary.split("| `recommended-0.4` |")[1].split("|")
    assert free[3].strip() == "more there"
    equal = ordinary.split("| `equal` |")[1].split("|")
    assert equal[3].strip() == "no difference"


def test_the_comparison_is_the_same_from_the_other_side(kept):
    rows = said_of(kept / "nearer").split("## Beside other studies")[1]
    ordinary = rows.split("Ordinary pools (3 here, 3 in `tiny`):")[1]
    assert ordinary.split("| `recommended-0.4` |")[1].split("|")[3].strip() == "less there"


def test_alone_a_study_says_nothing_of_others(kept):
    assert "Beside other studies" not in said_of(kept / "tiny", others=[])


def test_equal_plans_have_no_changes():
    plan = {"pools": {"count": 3, "seed": 1}, "replicates": 2}
    assert changes(plan, {**plan, "pools": {"count": 3, "seed": 9}}) == []
    assert changes(plan, {**plan, "replicates": 5}) == ["replicates 5 (here 2)"]


def test_the_command_sets_studies_of_one_folder_side_by_side(kept, tmp_path, capsys):
    out = tmp_path / "STUDY.md"
    where = ["study", "report", "tiny", "--tables", str(kept / "tiny"), "--out", str(out)]
    assert main(where) == 0
    assert "## Beside other studies" in out.read_text()
    assert main([*where, "--check"]) == 0
    capsys.readouterr()
    rewrite(
        kept / "nearer" / "verification.csv",
        lambda row: {**row, "y_bpb_weighted": "2.5"} if row["method"] == "recommended" else row,
    )
    assert main([*where, "--check"]) == 1

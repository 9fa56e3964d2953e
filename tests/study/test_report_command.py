"""``study report NAME``: writes once, then agrees with itself."""

from __future__ import annotations

from causalmix_core.cli.main import main
from tests.study.report_tables import write_tables


def test_the_command_writes_and_then_checks(tmp_path, capsys):
    tables, out = tmp_path / "tables", tmp_path / "docs" / "STUDY.md"
    write_tables(tables, later=("verification",))
    where = ["study", "report", "tiny", "--tables", str(tables), "--out", str(out)]
    assert main([*where, "--check"]) == 1
    assert capsys.readouterr().out == f"{out} is missing.\n"
    assert not out.exists()
    assert main(where) == 0
    assert str(out) in capsys.readouterr().out
    assert main([*where, "--check"]) == 0
    document = out.read_bytes()
    out.write_bytes(document.replace(b"## The answer", b"## The Answer"))
    assert main([*where, "--check"]) == 1
    assert "line 3: there is '## The Answer', the tables give '## The answer'" in capsys.readouterr().out
    assert b"The Answer" in out.read_bytes()


def test_tables_that_are_not_there_are_named(tmp_path, capsys):
    assert main(["study", "report", "tiny", "--tables", str(tmp_path / "none")]) != 0
    assert "plan.yaml is missing" in capsys.readouterr().err

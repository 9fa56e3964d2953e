"""The reference model: what keeps it from being made is said before anything is fetched."""

import sys

import pytest

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.scoring.reference import make_reference


def test_one_that_is_there_is_kept(tmp_path):
    (tmp_path / "NOTICE").write_text("SmolLM2")
    assert make_reference(tmp_path) == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["NOTICE"]


def test_without_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "gguf", None)
    with pytest.raises(PoolSourceError, match=r"needs gguf: pip install 'causalmix\[reference\]'"):
        make_reference(tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_a_folder_with_something_else(tmp_path):
    pytest.importorskip("gguf")
    pytest.importorskip("accelerate")
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(PoolSourceError, match="holds something else"):
        make_reference(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]

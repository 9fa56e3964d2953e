"""A study's document as the page shows it: words and pictures, in order, and nothing from elsewhere."""

from __future__ import annotations

import pytest

from causalmix_core.study.document import Picture, Words, read_document
from causalmix_core.study.report.markdown import document, paragraph, picture


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "images").mkdir()
    for mode in ("light", "dark"):
        (tmp_path / "images" / f"gain-{mode}.svg").write_text("<svg/>")
    return tmp_path


def written(folder, *parts: str):
    path = folder / "STUDY.md"
    path.write_bytes(document(parts))
    return read_document(path)


def test_words_and_pictures_in_order(folder):
    parts = written(folder, "# Title", picture("images", "gain", "Gains"), paragraph("The end."))
    assert parts[0] == Words("# Title")
    assert parts[1] == Picture(folder / "images/gain-light.svg", folder / "images/gain-dark.svg", "Gains")
    assert parts[2] == Words("The end.")


def test_links_beside_the_document_become_words_and_others_stay(folder):
    (part,) = written(folder, "See [the plan](studies/x.yaml) and [a paper](https://example.org/p).")
    assert part.text == "See the plan and [a paper](https://example.org/p)."


@pytest.mark.parametrize("where", ["nowhere", "../images"])
def test_a_picture_that_is_missing_or_elsewhere_becomes_its_words(folder, where):
    (part,) = written(folder, picture(where, "gain", "Gains"))
    assert part == Words("*Gains*")


def test_no_document(tmp_path):
    assert read_document(tmp_path / "STUDY.md") == ()

"""The Method page: the method, what the shipped study found, its report, the words; and the Overview's card."""

from __future__ import annotations

import pytest

from causalmix_core.delivery.study_findings import headline_sentence
from causalmix_core.study.findings import read_findings
from pages._ui.method.chapters import chapters
from pages._ui.method.papers import below
from tests.app.conftest import texts
from tests.study.found_tables import write_tables

METHOD = "pages/9_Method.py"


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study of which all gains are known, in place of the shipped one."""
    folder = write_tables(tmp_path / "study")
    monkeypatch.setattr("pages._ui.method.found._folder", lambda: folder)
    return read_findings(folder)


def part(app, name: str):
    app.segmented_control(key="part").set_value(name).run()
    assert not app.exception
    return app


def plain(app) -> str:
    return (texts(app) + "\n".join(box.value for box in app.info)).replace("\\", "")


def test_every_chapter_has_words_formulas_and_a_source(open_app):
    app = open_app(METHOD)
    shown = texts(app)
    for number, chapter in enumerate(chapters(), 1):
        assert f"**{number} · {chapter.title}**" in shown
        assert chapter.source in shown
    assert len(app.latex) >= 10


def test_how_often_intervals_held_is_read_and_not_typed(open_app, monkeypatch):
    monkeypatch.setattr("pages._ui.method.chapters.measured_coverage", lambda: None)
    assert "was not measured in this installation" in texts(open_app(METHOD))


def test_what_the_study_found(open_app, study):
    app = part(open_app(METHOD), "found")
    assert headline_sentence(study) in plain(app)
    (chart,) = app.get("plotly_chart")
    assert chart.proto.alt.startswith("Mean gain over the outcome's weights of 5 methods on 4 ordinary pools")
    app.segmented_control(key="pools").set_value("mild").run()
    assert "on 3 mild pools" in app.get("plotly_chart")[0].proto.alt
    gains = next(table.value for table in app.dataframe if "Better in" in table.value.columns)
    assert len(gains) == 5


def test_runs_without_a_verification_are_said_to_be_that(open_app, tmp_path, monkeypatch):
    folder = write_tables(tmp_path / "study", verified=False)
    monkeypatch.setattr("pages._ui.method.found._folder", lambda: folder)
    app = part(open_app(METHOD), "found")
    assert "was not trained on new pools yet" in plain(app)
    assert not app.get("plotly_chart")


def test_no_study_is_said_plainly(open_app, tmp_path, monkeypatch):
    monkeypatch.setattr("pages._ui.method.found._folder", lambda: tmp_path / "absent")
    app = part(open_app(METHOD), "found")
    assert "No study is shipped" in texts(app)
    assert "What the study found" not in texts(open_app())


def test_tables_that_do_not_belong_together_are_one_red_line(open_app, tmp_path, monkeypatch):
    folder = write_tables(tmp_path / "study")
    (folder / "plan.json").write_text('{"plan_sha256": "other"}')
    monkeypatch.setattr("pages._ui.method.found._folder", lambda: folder)
    app = part(open_app(METHOD), "found")
    assert "different studies" in app.error[0].value


def test_the_report_is_shown_with_its_pictures(open_app, tmp_path, monkeypatch):
    document = tmp_path / "STUDY.md"
    monkeypatch.setattr("causalmix_core.study.document.DOCUMENT", document)
    monkeypatch.setattr("causalmix_core.study.document.PLANS", tmp_path)
    assert "No report of a study" in texts(part(open_app(METHOD), "report"))
    for mode in ("light", "dark"):
        (tmp_path / f"x-{mode}.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
        )
    picture = '<picture><source srcset="x-dark.svg"><img alt="Gains" src="x-light.svg"></picture>'
    document.write_text(f"# The study\n\n{picture}\n\nThe end.\n")
    app = part(open_app(METHOD), "report")
    shown = [text.value for text in app.main.markdown]
    assert "### The study" in shown
    assert "The end." in shown
    assert len(app.get("image")) == 1
    assert len(app.get("download_button")) == 1


def test_of_several_studies_one_is_picked(open_app, tmp_path, monkeypatch):
    monkeypatch.setattr("causalmix_core.study.document.DOCUMENT", tmp_path / "STUDY.md")
    monkeypatch.setattr("causalmix_core.study.document.PLANS", tmp_path)
    (tmp_path / "STUDY.md").write_text("The first study.\n")
    (tmp_path / "second.md").write_text("The second study.\n")
    (tmp_path / "second.yaml").write_text("name: second\n")
    (tmp_path / "undone.yaml").write_text("name: undone\n")
    app = part(open_app(METHOD), "report")
    assert "The first study." in texts(app)
    picker = app.segmented_control(key="method:study_name")
    assert picker.options == ["flagship", "second"]
    picker.set_value("second").run()
    assert "The second study." in texts(app)
    assert "The first study." not in texts(app)


def test_the_words_are_the_glossary(open_app):
    assert "**trust region**" in texts(part(open_app(METHOD), "words"))


def test_headings_go_two_levels_down():
    assert below("# A\n\n## B\n#no heading") == "### A\n\n#### B\n#no heading"


def test_the_overview_says_what_was_found(open_app, study):
    app = open_app()
    assert "What the study found" in [heading.value for heading in app.subheader]
    assert headline_sentence(study) in plain(app)

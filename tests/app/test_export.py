"""The hand-over: what the page offers is what the command line makes."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from causalmix_core.checks.stored import save_checkup
from causalmix_core.decision.supply import Supply
from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.delivery.reading import read_document
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.panel import Panel
from causalmix_core.evidence import table_csv, table_meta
from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.scenario import Bound, Scenario
from causalmix_core.store import ProjectStore
from pages._ui import fits, results
from pages._ui.export import package
from pages._ui.mixture.start import anchor_words
from tests.app.conftest import ROOT, texts
from tests.shipped import POOL

EXPORT = "pages/8_Export.py"
SCENARIOS = {
    "plain": Scenario(anchor="natural"),
    "all settings": Scenario(
        anchor="entered",
        entered=(0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1),
        radius=0.07,
        metric="l2",
        level=0.8,
        bounds=(Bound("code", 0.05, 0.4), Bound("wiki", lock=True)),
        pool=PoolChoice().with_own("x_math__duplicate_rate", 1.5).with_whole("hes", -0.5),
    ),
    "a pool of the table": Scenario(anchor="equal", pool=PoolChoice("table", pool_id=POOL)),
    "search within a supply": Scenario(
        anchor="mean",
        policy="search",
        radius=0.1,
        supply=Supply(5e6, "examples", (("math", 1e5), ("legal", 3e6)), 2.0, (("math", 3.5),)),
        domains=("code", "docs", "math", "wiki", "legal"),
    ),
}


@pytest.fixture(scope="module")
def fitted():
    study = ProjectStore().sample()
    return fit(study, FitConfig(outcome=study.default_outcome))


@pytest.fixture(scope="module")
def checkup(fitted):
    """Made once, where the pages look for it."""
    return fits.run_checks(fitted)


def document(fitted, checkup, scenario, note=""):
    made = results.decision(fitted, scenario)
    label = anchor_words(fitted.table, scenario.anchor)
    return package.document(
        Panel(fitted),
        scenario,
        made,
        runs=fitted.table,
        reference_label=label,
        seed=results.SEED,
        created_at="2026-01-02T03:04:05Z",
        note=note,
        checks=(*checkup.checks, *results.decision_checks(fitted, scenario, made)),
        accepted_because="",
    )


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_commands_make_the_same_document(fitted, checkup, tmp_path, name):
    """Each file beside the others, the two commands as printed: the document has the page's id."""
    scenario, note = SCENARIOS[name], "agreed on Friday; see the minutes"
    (tmp_path / "runs.csv").write_bytes(table_csv(fitted.table))
    (tmp_path / "runs.meta.json").write_bytes(table_meta(fitted.table))
    for file, content in package.input_files(fitted.table, scenario).items():
        (tmp_path / file).write_bytes(content)
    if name != "plain":
        # The plain one makes its checks itself; the others find them, as a second decision would.
        (tmp_path / "fit").mkdir()
        save_checkup(checkup, tmp_path / "fit")
    script = package.commands(fitted.table, fitted.config, scenario, note).replace(
        "python -m", f"{shlex.quote(sys.executable)} -m"
    )
    ran = subprocess.run(
        ["bash", "-ec", script],
        cwd=tmp_path,
        # The rest of the environment too: it may choose the kernels of the linear algebra.
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    written = read_document((tmp_path / "mixture.json").read_bytes())
    assert written["id"] == document(fitted, checkup, scenario, note)["id"]


def test_the_file_is_the_canonical_document(fitted, checkup):
    made = document(fitted, checkup, SCENARIOS["all settings"])
    assert read_document(canonical_json(made)) == made


def test_the_zip_holds_the_trainers_files_and_its_bytes_do_not_depend_on_the_hour(fitted, checkup):
    made = document(fitted, checkup, SCENARIOS["plain"])
    packed = package.llama_factory_zip(made, 1000)
    assert packed == package.llama_factory_zip(made, 1000)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert sorted(archive.namelist()) == ["dataset_info.json", "mixture.yaml", "shares.csv"]
        info = json.loads(archive.read("dataset_info.json"))
    assert sum(entry["num_samples"] for entry in info.values()) == 1000


def test_only_the_files_that_words_cannot_say_are_needed(fitted):
    needed = {name: sorted(package.input_files(fitted.table, s)) for name, s in SCENARIOS.items()}
    assert needed == {
        "plain": [],
        "all settings": ["anchor.json", "bounds.json", "pool.json"],
        "a pool of the table": [],
        "search within a supply": ["supply.json"],
    }


def test_the_page_shows_the_document_and_counts_the_download(open_app):
    app = open_app(EXPORT)
    shown = json.loads(app.json[0].value)
    assert shown["schema"] == "causalmix/mixture@1"
    assert shown["id"][:15] in texts(app)
    app.download_button(key="export:mixture.json").click().run()
    assert not app.exception
    bench = next(iter(app.session_state["workbench"].values()))
    assert (bench.exports, bench.exported_id) == (("mixture.json",), shown["id"])


def test_a_file_that_no_longer_is_this_mixture_is_called_out_of_date(open_app):
    app = open_app(EXPORT)
    app.download_button(key="export:mixture.json").click().run()
    assert not app.warning
    benches = app.session_state["workbench"]
    project, bench = next(iter(benches.items()))
    benches[project] = replace(bench, history=bench.history.edited(replace(bench.scenario, radius=0.02)))
    app.run()
    assert "Out of date" in app.warning[0].value


def test_the_document_keeps_its_time_while_nothing_changes(open_app):
    app = open_app(EXPORT)
    first = json.loads(app.json[0].value)["provenance"]["created_at"]
    app.run()
    assert json.loads(app.json[0].value)["provenance"]["created_at"] == first


def test_a_note_is_in_the_document_and_in_the_command(open_app):
    app = open_app(EXPORT)
    note = next(field for field in app.text_input if field.label.startswith("Note"))
    note.set_value("for the spring run").run()
    assert json.loads(app.json[0].value)["provenance"]["note"] == "for the spring run"
    assert "--note 'for the spring run'" in app.code[0].value


def test_a_scenario_that_cannot_be_decided_cannot_be_exported(open_app):
    app = open_app(EXPORT)
    benches = app.session_state["workbench"]
    project, bench = next(iter(benches.items()))
    floors = (Bound("code", floor=0.9), Bound("math", floor=0.9))
    benches[project] = replace(bench, history=bench.history.edited(replace(bench.scenario, bounds=floors)))
    app.run()
    assert not app.exception
    assert "code" in app.error[0].value
    assert not app.get("download_button")


def test_the_studys_checks_do_not_lock_it(open_app):
    app = open_app(EXPORT)
    assert json.loads(app.json[0].value)["checks"]["verdict"] == "REVIEW"
    assert not app.text_area
    assert "How mixtures were chosen" in texts(app)

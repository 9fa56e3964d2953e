"""Reading tables on the Runs page: good ones open, bad ones say why and leave the project alone."""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
import pytest

from causalmix_core.evidence import parse_runs, table_csv, table_meta
from causalmix_core.store import ProjectStore
from pages._ui.runs.template import TEMPLATE
from tests.app.conftest import go, texts
from tests.app.tables import runs_csv
from tests.shipped import study

RUNS = "pages/2_Runs.py"


def upload(app, data: bytes, filename: str = "runs.csv", name: str = "table"):
    app.file_uploader(key=f"upload:{name}:0").upload(filename, data).run()
    assert not app.exception
    return app


def study_id() -> str:
    return ProjectStore().sample().sha256[:12]


def test_a_good_table_opens_as_a_project(open_app):
    app = upload(open_app(RUNS), runs_csv())
    table = parse_runs(runs_csv(), "runs.csv")
    assert not app.error
    app.button(key="upload:open").click().run()
    assert not app.exception
    assert app.query_params["project"] == table.sha256[:12]
    assert [p.sha256 for p in ProjectStore().list()] == [table.sha256]
    assert "60 runs · 3 domains" in texts(app)
    assert app.sidebar.markdown[0].value == "**runs**"


@pytest.mark.parametrize(
    ("filename", "data", "said"),
    [
        ("empty.csv", b"", "empty"),
        ("no_shares.csv", b"a,b,y_loss\n1,2,3\n4,5,6\n7,8,9\n", "share"),
        ("text.csv", runs_csv().replace(b"\n0", b"\nzero", 1), "zero"),
        ("program.csv", b"MZ\x90\x00\x03" + bytes(2000), ""),
        ("few.csv", runs_csv(runs=3), "3"),
    ],
)
def test_a_bad_table_says_why_and_leaves_the_project_alone(open_app, filename, data, said):
    app = upload(open_app(RUNS), data, filename)
    assert len(app.error) == 1
    assert said in app.error[0].value
    assert app.button(key="upload:open").disabled
    assert app.query_params["project"] == study_id()
    assert ProjectStore().list() == ()
    findings = next(found.value for found in app.table if "Severity" in found.value.columns)
    assert findings["Severity"].str.contains("error").any()
    assert f"{study().n_runs} runs" in texts(app)


def test_a_file_over_the_limit_is_refused_in_python_too(open_app, monkeypatch):
    monkeypatch.setattr("pages._ui.runs.upload.MAX_BYTES", 1000)
    app = upload(open_app(RUNS), runs_csv())
    assert "at most 20 MB" in app.error[0].value
    assert ProjectStore().list() == ()


def test_a_role_can_be_corrected(open_app):
    data = runs_csv().replace(b"y_score", b"score", 1)
    app = upload(open_app(RUNS), data)
    assert app.error
    editor = next(e for e in app.data_editor if "Role" in e.value.columns)
    row = int(editor.value.index[editor.value["Column"] == "score"][0])
    key = f"upload:corrections:{hashlib.sha256(data).hexdigest()}:roles"
    app.session_state[key] = {"edited_rows": {row: {"Role": "outcome"}}, "added_rows": [], "deleted_rows": []}
    app.run()
    assert not app.exception
    assert not app.error
    app.button(key="upload:open").click().run()
    assert [o.name for o in ProjectStore().open(ProjectStore().list()[0].id).outcomes] == ["score"]


def test_direction_unit_and_name_can_be_corrected(open_app):
    app = upload(open_app(RUNS), runs_csv())
    key = f"upload:corrections:{hashlib.sha256(runs_csv()).hexdigest()}:outcomes"
    cells = {"Direction": "lower is better", "Unit": "nats"}
    app.session_state[key] = {"edited_rows": {0: cells}, "added_rows": [], "deleted_rows": []}
    app.run()
    next(t for t in app.text_input if t.label == "Project name").set_value("My runs").run()
    app.button(key="upload:open").click().run()
    assert not app.exception
    table = ProjectStore().open(ProjectStore().list()[0].id)
    assert (table.name, table.outcomes[0].higher_is_better, table.outcomes[0].unit) == (
        "My runs",
        False,
        "nats",
    )
    assert np.array_equal(table.scores, -parse_runs(runs_csv(), "runs.csv").scores)


def test_incomplete_rows_can_be_left_out(open_app):
    lines = runs_csv().split(b"\n")
    lines[3] = b"," + lines[3].split(b",", 1)[1]
    app = upload(open_app(RUNS), b"\n".join(lines))
    assert app.error
    next(t for t in app.toggle if t.label == "Leave out incomplete rows").set_value(True).run()
    assert not app.error
    app.button(key="upload:open").click().run()
    assert ProjectStore().list()[0].n_runs == 59


def test_a_downloaded_table_with_its_description_is_the_same_project(open_app):
    study = ProjectStore().sample()
    app = open_app(RUNS)
    upload(app, table_meta(study), "runs.meta.json", name="meta")
    upload(app, table_csv(study))
    app.button(key="upload:open").click().run()
    assert app.query_params["project"] == study_id()
    assert ProjectStore().list() == ()


def test_a_regmix_pair_opens_as_a_project(open_app, real_data):
    app = open_app(RUNS)
    app.segmented_control(key="upload:kind").set_value("RegMix pair").run()
    folder = real_data / "regmix"
    upload(app, (folder / "train_mixture_1m.csv").read_bytes(), "m.csv", name="mixtures")
    upload(app, (folder / "train_pile_loss_1m.csv").read_bytes(), "l.csv", name="losses")
    assert "512 runs" in texts(app)
    app.button(key="upload:open").click().run()
    assert not app.exception
    assert (ProjectStore().list()[0].n_runs, ProjectStore().list()[0].n_domains) == (512, 17)


def test_an_olmix_pair_takes_its_natural_shares_from_the_priors(open_app, real_data):
    app = open_app(RUNS)
    app.segmented_control(key="upload:kind").set_value("olmix pair").run()
    folder = real_data / "olmix"
    upload(app, (folder / "dclm_ratios.csv").read_bytes(), "r.csv", name="ratios")
    upload(app, (folder / "dclm_metrics.csv").read_bytes(), "m.csv", name="metrics")
    upload(app, (folder / "priors_token_counts.csv").read_bytes(), "p.csv", name="priors")
    app.button(key="upload:open").click().run()
    assert not app.exception
    assert ProjectStore().open(ProjectStore().list()[0].id).natural is not None


def test_half_a_pair_asks_for_nothing_more_than_the_other_half(open_app):
    app = open_app(RUNS)
    app.segmented_control(key="upload:kind").set_value("RegMix pair").run()
    upload(app, b"index,a\n1,2\n", "m.csv", name="mixtures")
    assert not app.error
    assert not [b for b in app.button if b.key == "upload:open"]


def test_a_swapped_pair_says_so(open_app, real_data):
    app = open_app(RUNS)
    app.segmented_control(key="upload:kind").set_value("RegMix pair").run()
    folder = real_data / "regmix"
    upload(app, (folder / "train_pile_loss_1m.csv").read_bytes(), "m.csv", name="mixtures")
    upload(app, (folder / "train_mixture_1m.csv").read_bytes(), "l.csv", name="losses")
    assert len(app.error) == 1
    assert ProjectStore().list() == ()


def test_the_template_keeps_the_contract():
    header, first, second, end = TEMPLATE.split(b"\n")
    rows = [first.replace(b"run-001", b"run-%d" % i).replace(b"0.12", b"0.%d" % (10 + i)) for i in range(20)]
    many = b"\n".join(
        [header, *(row.replace(b"0.05", b"0.%d" % (30 - i)) for i, row in enumerate(rows)), second, end]
    )
    table = parse_runs(many, "template.csv")
    assert table.domains == ("web", "code")
    assert table.covariates_are_per_domain


def test_projects_are_opened_and_removed_on_the_overview(open_app):
    added = ProjectStore().add(parse_runs(runs_csv(), "other.csv"))
    app = open_app()
    app.button(key=f"open:{added.id}").click().run()
    assert not app.exception
    assert app.query_params["project"] == added.id
    assert "This table has not been fitted yet" in texts(app)
    ProjectStore().remove(added.id)
    go(app, RUNS)
    assert not app.exception


def test_a_project_keeps_its_fit_over_a_reload(open_app):
    added = ProjectStore().add(parse_runs(runs_csv(), "other.csv"))
    app = open_app("pages/3_Fit.py", project=added.id)
    app.number_input(key=f"{added.id}:fit_seed").set_value(7).run()
    app.button(key="fit:run").click().run()
    assert not app.exception
    again = open_app("pages/5_Mixture_lab.py", project=added.id)
    assert again.metric
    assert ProjectStore().settings(added.id)["fit"]["seed"] == 7


def test_a_table_with_the_same_name_is_another_project():
    one = parse_runs(runs_csv(seed=1), "runs.csv")
    two = dataclasses.replace(parse_runs(runs_csv(seed=2), "runs.csv"))
    store = ProjectStore()
    assert store.add(one).id != store.add(two).id

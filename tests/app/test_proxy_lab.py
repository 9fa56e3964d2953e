"""The Proxy lab: text, design, launch, queue and table; real tiny runs through the real supervisor."""

from __future__ import annotations

import json
import shutil
import time
import zipfile
from io import BytesIO

import pytest

from causalmix_core.evidence import parse_meta, parse_runs, table_csv, table_meta
from causalmix_core.proxy.design.mixtures import Law
from causalmix_core.proxy.design.request import DesignRequest, keep, lay_out
from causalmix_core.proxy.engine import Launch, Ledger, launch_study, read_designed_runs
from causalmix_core.proxy.engine.collect import collect
from causalmix_core.proxy.lab import Lab
from causalmix_core.store import ProjectStore
from pages._ui.proxy_lab.plan import design_zip
from tests.app.conftest import metric, texts
from tests.proxy.engine.studies import CHILD, wait_for, write_design
from tests.proxy.small_lab import make_pool

PAGE = "pages/3_Proxy_lab.py"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small pool with tokenizer and base."""
    return make_pool(tmp_path_factory.mktemp("text"))


@pytest.fixture
def pool(made, projects_root):
    """The same as the only pool of this machine."""
    Lab(projects_root).remember(made)
    return made


@pytest.fixture
def study(projects_root, tmp_path):
    """Four queued runs of a worker that only waits; nobody supervises."""
    launch = Launch("tiny", {"seconds": 0.01}, slots="1xcpu", argv=CHILD, min_free_mb=0)
    design = read_designed_runs(write_design(tmp_path / "design", 4))
    return launch_study(design, projects_root / "studies" / "s", launch)[0]


def button(app, key):
    return next(one for one in app.button if one.key == key)


def press(app, key):
    button(app, key).click().run()
    assert not app.exception
    return app


def fill(app, **values):
    for key, value in values.items():
        next(box for box in app.number_input if f"{box.key}:".startswith(f"lab:{key}:")).set_value(
            value
        ).run()
    assert not app.exception


def test_without_text_both_ways_to_some_are_offered(open_app):
    app = open_app(PAGE)
    shown = texts(app)
    assert "There is no text on this machine yet" in shown
    assert "6 pinned packages (84 MB)" in shown
    assert "CC-BY-SA-4.0" in shown
    assert not button(app, "lab:corpus:start").disabled
    assert "No runs were launched on this machine yet" in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Give the whole path"),
        ("pools/mine", "Give the whole path"),
        ("/no/such/folder", "is no folder that can be read here"),
        ("{empty}", "0 domains of text"),
    ],
)
def test_a_path_that_holds_no_text_is_one_red_line(open_app, tmp_path, typed, said):
    app = open_app(PAGE)
    (tmp_path / "empty").mkdir()
    app.text_input(key="lab:path").set_value(typed.format(empty=tmp_path / "empty")).run()
    press(app, "lab:path:use")
    assert said in app.error[0].value


def test_a_folder_of_files_is_shown_before_it_is_read(open_app, tmp_path):
    for name in ("maths", "*code*"):
        (tmp_path / "files").mkdir(exist_ok=True)
        (tmp_path / "files" / f"{name}.jsonl").write_text('{"text": "a b c"}\n')
    app = open_app(PAGE)
    app.text_input(key="lab:path").set_value(str(tmp_path / "files")).run()
    press(app, "lab:path:use")
    assert r"2 domains: \*code\*, maths." in texts(app)
    assert button(app, "lab:path:read")


def test_a_pool_is_named_by_its_folder(open_app, made):
    app = open_app(PAGE)
    app.text_input(key="lab:path").set_value(str(made.folder)).run()
    press(app, "lab:path:use")
    assert "780 documents of 3 domains" in texts(app)
    assert button(app, "lab:launch:open")


def test_a_pool_without_a_base_is_made_ready_first(open_app, made, projects_root):
    copy = projects_root / "pools" / "copy"
    shutil.copytree(made.folder, copy, ignore=shutil.ignore_patterns("base"))
    app = open_app(PAGE)
    assert button(app, "lab:prepare:start")
    assert not [one for one in app.button if one.key == "lab:launch:open"]


def test_the_design_is_the_cores(open_app, pool):
    app = open_app(PAGE)
    app.selectbox(key="lab:sampler").select("sobol").run()
    fill(app, runs=9, replicates=2, pools=3, length=16, epochs=50, seed=7)
    laid = lay_out(
        DesignRequest(pool.folder, 9, Law(("sobol",)), 7, replicates=2, pools=3, windows=16, max_epochs=50)
    )
    assert "11 runs of 16 windows of 256 tokens on 3 pools, 2 of them repeats" in texts(app)
    assert metric(app, "Tokens") == "45.1K"
    assert metric(app, "Time here") == "?"
    assert app.get("plotly_chart")[0].proto.alt.startswith(
        "9 planned runs (2 more repeat some of them) in a triangle"
    )
    press(app, "lab:launch:open")
    assert f"/designs/{laid.design.sha256[:12]} " in app.code[0].value
    with zipfile.ZipFile(BytesIO(design_zip(laid))) as archive:
        assert json.loads(archive.read("design.json"))["sha256"] == laid.design.sha256
        assert len(archive.namelist()) == 12


def test_too_long_runs_and_a_wrong_plan_are_one_red_line(open_app, pool):
    app = open_app(PAGE)
    fill(app, length=100_000)
    assert "domain" in app.error[0].value
    fill(app, length=16, epochs=50)
    assert not app.error
    app.file_uploader(key="lab:plan").upload(
        "../plan.csv", b"share_colours,share_x\n.5,.5\n", "text/csv"
    ).run()
    assert "has no column share_counting" in app.error[0].value.replace("\\", "")


def test_a_plan_of_runs_is_laid_out(open_app, pool):
    app = open_app(PAGE)
    app.segmented_control(key="lab:states").set_value("as it is").run()
    fill(app, length=16, epochs=50)
    plan = b"share_counting,share_colours,share_weather,repeats\n.5,.25,.25,2\n0,0,1,1\n"
    app.file_uploader(key="lab:plan").upload("plan.csv", plan, "text/csv").run()
    assert "3 runs of 16 windows" in texts(app)


def test_without_a_gpu_it_says_so(open_app, pool, monkeypatch):
    monkeypatch.setattr("pages._ui.proxy_lab.here.gpu_cards", lambda: ())
    from pages._ui.proxy_lab import here

    here.cards.clear()
    assert "No CUDA device on this machine. Tiny runs are made for its" in texts(open_app(PAGE))


def test_a_queue_that_nobody_works_on_says_so_and_can_be_steered(open_app, study):
    app = open_app(PAGE)
    assert [metric(app, name) for name in ("Done", "Queued")] == ["0", "4"]
    assert "Nobody works on this queue" in texts(app)
    press(app, "lab:pause")
    assert "Nothing new is started: Paused by the user." in texts(app)
    press(app, "lab:cancel")
    press(app, "lab:cancel:confirmed")
    assert metric(app, "Cancelled") == "4"
    press(app, "lab:retry")
    assert metric(app, "Queued") == "4"  # and held: nothing is started by itself
    assert not study.lock_path.exists()


def test_a_supervisor_is_started_again_and_finishes_the_queue(open_app, study):
    app = open_app(PAGE)
    press(app, "lab:wake")
    with Ledger(study.ledger_path) as ledger:
        wait_for(lambda: ledger.counts()["done"] == 4)
    app.run()
    assert metric(app, "Done") == "4"
    assert "4 of 4 runs done" in next(bar.proto.text for bar in app.get("progress"))
    assert button(app, "lab:append").label == "Append 4 finished runs to the table…"


def test_runs_are_launched_trained_and_become_a_table(open_app, pool, projects_root):
    app = open_app(PAGE)
    app.segmented_control(key="lab:states").set_value("as it is").run()
    fill(app, runs=9, replicates=0, length=16, epochs=50)
    press(app, "lab:launch:open")
    press(app, "lab:launch:confirmed")
    until = time.monotonic() + 80
    while not any(one.label == "Append 9 finished runs to the table…" for one in app.button):
        assert time.monotonic() < until
        assert not app.error
        time.sleep(0.3)
        app.run()
    assert button(app, "lab:launch:open").disabled
    press(app, "lab:append")
    assert "9 finished runs on 1 pool: 3 domains" in texts(app)
    assert ProjectStore().list() == ()  # nothing before it was asked for
    press(app, "lab:append:make")
    (project,) = ProjectStore().list()
    assert (project.n_runs, project.n_domains) == (9, 3)
    assert app.query_params["project"] == project.id
    assert "with 9 runs is open" in texts(app)
    press(app, "lab:append")
    assert "has all 9 finished runs of this study already" in texts(app)
    card = json.loads((projects_root / "studies").glob("*/study.json").__next__().read_bytes())
    assert (card["worker"], card["slots"][1:], card["pool_sha256"]) == ("tiny", "xcpu", pool.sha256)


def test_runs_go_behind_those_of_the_open_table_once(open_app, pool, projects_root):
    folder = projects_root / "studies" / "done"
    finished_study(pool, folder)
    table = collect(folder)
    other = table_csv(table).replace(table.provenance["design_sha256"][0].encode(), b"e" * 64)
    project = ProjectStore().add(parse_runs(other, "earlier.csv", meta=parse_meta(table_meta(table))))
    app = press(open_app(PAGE, project=project.id), "lab:append")
    assert "9 runs are added to 9: a new project" in texts(app)
    press(app, "lab:append:make")
    assert sorted(one.n_runs for one in ProjectStore().list()) == [9, 18]
    assert "has all 9 finished runs" in texts(press(app, "lab:append"))


def finished_study(pool, folder):
    """Nine runs whose results were written by hand, as by a worker."""
    request = DesignRequest(pool.folder, 9, replicates=0, windows=16, max_epochs=50)
    design = keep(lay_out(request), folder.parent.parent / "design")
    launch = Launch("tiny", {}, str(pool.folder), pool.sha256, design.sha256)
    study, _ = launch_study(read_designed_runs(design.folder), folder, launch)
    for number, run in enumerate(design.runs):
        result = {
            "run": run.id,
            "outcomes": {"bpb_mean": {"value": 2.0 + number / 10, "higher_is_better": False, "unit": "bits per byte"}},
            "tokens": 4096, "seconds": 2.0, "device": "cpu", "model_sha256": "m", "data_sha256": f"data {number}",
            "versions": {}, "seed": run.order_seed,
        }  # fmt: skip
        (study.run_dir(run.id) / "result.json").write_text(json.dumps(result))
        (study.run_dir(run.id) / "progress.jsonl").write_text(
            '{"step": 4, "steps": 4, "loss": 3.5, "tokens": 4096}\n'
        )
    with Ledger(study.ledger_path) as ledger, ledger.transaction() as db:
        db.execute("update run set state='done', ended=position")
    return study


def test_a_finished_study_shows_its_speed_its_losses_and_its_last_runs(open_app, pool, projects_root):
    study = finished_study(pool, projects_root / "studies" / "done")
    app = open_app(PAGE)
    # 52 runs of 4,096 tokens or less at 2,048 a second; the design on the page is another one.
    assert metric(app, "Time here") != "?"
    assert [bar.proto.text for bar in app.get("progress")] == ["9 of 9 runs done"]
    assert "r0008 from 3.50 to 3.50 at step 4 of 4" in app.get("plotly_chart")[-1].proto.alt
    assert list(app.dataframe[-1].value["run"]) == ["r0008", "r0007", "r0006", "r0005", "r0004"]
    app.segmented_control(key="lab:states").set_value("a study's").run()
    assert "give another seed" in app.error[0].value
    fill(app, seed=1, runs=5, replicates=0)
    assert button(app, "lab:launch:open").label == "Launch 5 runs…"
    assert metric(app, "Tokens") == "20.5K"  # of the new ones
    press(app, "lab:launch:open")
    assert f"--study {study.path} " in app.code[0].value


def test_fine_tuning_needs_a_model_and_counts_documents(open_app, pool):
    app = open_app(PAGE)
    app.selectbox(key="lab:worker").select("sft").run()
    assert "Fine-tuning needs a model" in app.error[0].value
    app.text_area(key="lab:settings:sft").set_value("[1").run()
    assert "are no JSON" in app.error[0].value
    app.text_area(key="lab:settings:sft").set_value(
        json.dumps({"checkpoint": str(pool.folder / "base")})
    ).run()
    fill(app, runs=6, replicates=0, epochs=50)
    assert not app.error
    assert "6 runs of 130 documents on" in texts(app)
    press(app, "lab:launch:open")
    assert "--worker sft" in app.code[0].value
    assert "--documents 130 " in app.code[0].value

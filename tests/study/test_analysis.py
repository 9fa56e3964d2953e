"""``study analyse``: one file of everything the runs say, kept as it is made, the same bytes from the same runs."""

import hashlib
import json

import pytest

from causalmix_core.cli.main import main
from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.errors import StudyError
from causalmix_core.evidence import read_runs
from causalmix_core.study.analysis.ablations import ablations
from causalmix_core.study.analysis.analyse import analyse
from causalmix_core.study.analysis.foretold import Foreteller
from causalmix_core.study.analysis.kept import Kept
from causalmix_core.study.analysis.setting import Setting, read_whole, without_repeats
from causalmix_core.study.plan import parse_plan
from tests.study.analysed_runs import made_rows, plan, write_runs
from tests.study.report_tables import PLAN

PARTS = {"estimators", "ablations", "covariates", "trees", "curve", "confounding", "checks"}
HASTY = {"estimators": ["recommended", "log-linear"], "curve": [48]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_runs(tmp_path_factory.mktemp("analysed"), made_rows(repeats=3))


@pytest.fixture(scope="module")
def found(folder):
    return analyse(plan(**HASTY), folder, work=folder / "work")


def test_the_file_is_canonical_and_bound_to_runs_and_plan(folder, found):
    data = (folder / "analysis.json").read_bytes()
    assert data == canonical_json(found)
    assert found["runs_sha256"] == read_runs(folder / "proxy_runs.csv").sha256
    assert found["plan_sha256"] == plan(**HASTY).sha256
    bare = {key: value for key, value in found.items() if key != "sha256"}
    assert found["sha256"] == hashlib.sha256(canonical_json(bare)).hexdigest()
    assert set(found) >= PARTS


def test_it_says_what_was_left_out_and_how_noisy_runs_are(found):
    assert found["runs"] == {
        "table": 86,
        "used": 80,
        "repeats_left_out": 6,
        "random": 40,
        "chosen": 40,
        "pools": 40,
    }
    assert found["noise"]["freedom"] == 6
    assert 0.0005 < found["noise"]["sd"] < 0.004


def test_without_covariates_pairs_are_foretold_worse(found):
    rows = {row["ablation"]: row for row in found["ablations"]["rows"]}
    assert rows["none"]["behind"] is None
    assert rows["without covariates"]["behind"]["pair_r2"]["lower"] > 0.0
    assert rows["none"]["all_rows"] == found["estimators"]["rows"][0]["all_rows"]


def test_the_checks_of_the_fit_are_told_as_data(found):
    checks = found["checks"]
    assert checks["estimator"] == "components"
    assert checks["heterogeneity"]["supported"] is True
    assert checks["calibration"]["scale"] > 0.0
    assert checks["verdict"] in {check["status"] for check in checks["checks"]}
    assert {"overlap", "heterogeneity", "placebo"} <= {check["id"] for check in checks["checks"]}


def test_nothing_is_computed_twice_for_the_same_runs(folder, found):
    kept = next((folder / "work" / "analysis").iterdir())
    before = {path.name: path.stat().st_mtime_ns for path in kept.iterdir()}
    assert analyse(plan(**HASTY), folder, work=folder / "work") == found
    assert {path.name: path.stat().st_mtime_ns for path in kept.iterdir()} == before


def test_an_interrupted_analysis_goes_on_to_the_same_bytes(tmp_path, folder, found):
    write_runs(tmp_path, made_rows(repeats=3))

    def stop(done, phase):
        if phase.startswith("trees"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyse(plan(**HASTY), tmp_path, stop, tmp_path / "work")
    assert not (tmp_path / "analysis.json").exists()
    assert list((tmp_path / "work" / "analysis").glob("*/foretold-*"))
    analyse(plan(**HASTY), tmp_path, work=tmp_path / "work")
    assert (tmp_path / "analysis.json").read_bytes() == (folder / "analysis.json").read_bytes()


def test_what_is_kept_belongs_to_its_inputs(tmp_path):
    assert Kept(tmp_path, "runs", "plan").get("a", lambda: [1.5]) == [1.5]
    assert Kept(tmp_path, "runs", "plan").get("a", lambda: [2.5]) == [1.5]
    assert Kept(tmp_path, "other runs", "plan").get("a", lambda: [2.5]) == [2.5]


def test_the_papers_fit_is_ablated_where_the_plan_lists_it(tmp_path):
    declared = plan(estimators=["paper"])
    # Neither half: what is fitted to halves is tested elsewhere, and a forest is slow.
    rows = [{**row, "assignment": "designed"} for row in made_rows()]
    whole = read_whole(declared, write_runs(tmp_path, rows))
    setting = Setting(declared, whole, without_repeats(whole), Kept(None))
    found = ablations(setting, Foreteller(setting), lambda done, phase: None)["rows"]
    assert [row["name"] for row in found] == ["paper"] * 3
    whole_fit, without_covariates, without_purging = (row["all_rows"]["r2"]["value"] for row in found)
    assert whole_fit > max(without_covariates, without_purging)


def test_runs_that_are_missing_are_asked_for(tmp_path):
    with pytest.raises(StudyError, match=r"proxy_runs\.csv is missing; `study run tiny` makes it"):
        analyse(plan(), tmp_path)


def test_too_few_pools_are_refused(tmp_path):
    with pytest.raises(StudyError, match="5 pools, and an analysis leaves out 6 sets"):
        analyse(plan(), write_runs(tmp_path, made_rows(5)))


def test_another_outcome_is_refused(tmp_path):
    rows = made_rows(10)
    for row in rows:
        row["y_other"] = row.pop("y_bpb_weighted")
    write_runs(tmp_path, rows)
    (tmp_path / "proxy_runs.meta.json").unlink()
    with pytest.raises(StudyError, match="has no column y_bpb_weighted"):
        analyse(plan(), tmp_path)


def test_a_plan_without_an_analysis_is_refused(folder):
    with pytest.raises(StudyError, match="says nothing of analysis"):
        analyse(parse_plan(PLAN, "tiny.yaml"), folder)


def test_the_command_prints_the_main_table_and_writes_the_file(tmp_path, folder, found, capsys):
    declared = tmp_path / "tiny.yaml"
    declared.write_bytes(plan(**HASTY).text)
    arguments = ["study", "analyse", str(declared), "--work", str(folder / "work"), "--tables", str(folder)]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "80 runs on 40 pools, 40 random and 40 chosen; 6 repeats left out." in said
    assert "recommended, without covariates" in said
    assert "covariates that are enough for recommended: duplicate_rate" in said
    assert json.loads((folder / "analysis.json").read_bytes()) == found

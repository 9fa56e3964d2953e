"""The report of a study: from the tables alone, the same bytes every time, every loss told."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from statistics import mean, stdev
from xml.etree import ElementTree

import numpy as np
import pytest

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.errors import StudyError
from causalmix_core.figures.theme import theme
from causalmix_core.study.report.writing import build_report, first_difference, write_report
from tests.study.report_tables import PLAN, rewrite, write_tables

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import hashlib, json, sys
from pathlib import Path
from causalmix_core.study.report.writing import build_report
files = build_report(Path(sys.argv[1]), Path(sys.argv[2]))
print(json.dumps({str(path): hashlib.sha256(data).hexdigest() for path, data in files.items()}))
"""


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("study") / "data" / "tiny"
    write_tables(folder)
    return folder


@pytest.fixture(scope="module")
def files(tables) -> dict[str, bytes]:
    return {path.name: data for path, data in build_report(tables, out_of(tables)).items()}


@pytest.fixture(scope="module")
def words(files) -> str:
    return plain(files["STUDY.md"])


def out_of(tables: Path) -> Path:
    return tables.parent.parent / "docs" / "STUDY.md"


def plain(document: bytes) -> str:
    """The document with every paragraph on one line."""
    return " ".join(document.decode().split())


def gains_by_hand(tables: Path, method: str, over: str, group: str) -> list[float]:
    losses: dict[tuple[str, str], list[float]] = {}
    with (tables / "verification.csv").open() as file:
        for row in csv.DictReader(file):
            if row["group"] == group:
                losses.setdefault((row["pool_id"], row["method"]), []).append(float(row["y_bpb_weighted"]))
    pools = sorted({pool for pool, _ in losses})
    return [1_000 * (mean(losses[pool, over]) - mean(losses[pool, method])) for pool in pools]


def test_another_process_with_another_hash_seed_writes_the_same_bytes(tables):
    here = {
        str(path): hashlib.sha256(data).hexdigest()
        for path, data in build_report(tables, out_of(tables)).items()
    }
    finished = subprocess.run(
        [sys.executable, "-c", CHILD, str(tables), str(out_of(tables))],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "4242"}, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert json.loads(finished.stdout) == here


def test_the_last_digit_of_a_number_does_not_show(tmp_path):
    write_tables(tmp_path)
    before = build_report(tmp_path, tmp_path / "STUDY.md")

    def nudge(row: dict[str, str]) -> dict[str, str]:
        return {
            name: repr(float(np.nextafter(float(cell), 9.0))) if name.startswith(("y_", "share_")) else cell
            for name, cell in row.items()
        }

    for name in ("proxy_runs.csv", "verification.csv", "oracle.csv", "scale.csv"):
        rewrite(tmp_path / name, nudge)
    after = build_report(tmp_path, tmp_path / "STUDY.md")
    for path, data in before.items():
        said = [re.sub(rb"`[0-9a-f]{64}`", b"", one) for one in (data, after[path])]
        assert said[0] == said[1], path.name


def test_means_errors_and_wins_are_those_of_the_rows(tables, words):
    gains = gains_by_hand(tables, "recommended-0.4", "regmix", "ordinary")
    error = stdev(gains) / len(gains) ** 0.5
    # Student's t with 2 degrees of freedom: 4.3027.
    low, high = mean(gains) - 4.3027 * error, mean(gains) + 4.3027 * error
    assert min(gains) > 0
    said = f"RegMix (+{mean(gains):.1f} mbpb, standard error {error:.1f}, 95 % interval {low:+.1f} to {high:+.1f}, 3 of 3 pools)"
    assert said.replace("-", "−") in words.replace("-", "−")


def test_what_a_verification_measured_is_in_its_group_table(tables, words):
    gains = gains_by_hand(tables, "equal", "weights", "unseen damage")
    error = stdev(gains) / len(gains) ** 0.5
    row = f"| `equal` | – | {mean(gains):.1f} ({error:.1f}) | {sorted(gains)[1]:.1f} | 0/3 | {min(gains):.1f} | 100 % | 100 % | loses |"
    assert row.replace("-", "−") in words


def test_a_study_that_loses_is_told_as_one(tmp_path):
    write_tables(tmp_path, gains={"recommended": -14.0, "recommended-0.4": -12.0})
    said = plain(build_report(tmp_path, tmp_path / "STUDY.md")[tmp_path / "STUDY.md"])
    assert "(`recommended-0.4`) beats equal shares" in said
    assert "loses to the outcome's weights" in said
    assert "ends below the anchor in 3 of 3 (100 %, surely in 3), not within the goal of under 10 %" in said
    assert "`recommended-0.4` misses it: loses to the outcome's weights" in said
    assert "- `recommended-0.4` misses the goal on ordinary pools: loses to the outcome's weights" in said
    assert "`recommended-0.4` does not transfer: it loses to the anchor" in said


def test_a_study_that_wins_everywhere_reaches_its_goal(words):
    assert "intervals hold as often as stated. `recommended-0.4` reaches it; " in words
    assert "; `recommended` reaches it; " in words
    assert "`recommended-0.4` misses the goal" not in words
    assert "`recommended-0.4` transfers" in words


def test_the_near_oracle_share_is_of_summed_gains(tables, files):
    found: dict[str, dict[int, float]] = {}
    with (tables / "oracle.csv").open() as file:
        for row in csv.DictReader(file):
            if row["stage"] == "final":
                found.setdefault(row["pool_id"], {})[int(row["order"])] = float(row["y_bpb_weighted"])
    anchor: dict[str, list[float]] = {pool: [] for pool in found}
    free: dict[str, list[float]] = {pool: [] for pool in found}
    with (tables / "verification.csv").open() as file:
        for row in csv.DictReader(file):
            if row["pool_id"] in found and row["method"] in ("weights", "recommended"):
                mine = anchor if row["method"] == "weights" else free
                mine[row["pool_id"]].append(float(row["y_bpb_weighted"]))
    best = sum(mean(anchor[p]) - mean(found[p].values()) for p in found)
    reached = sum(mean(anchor[p]) - mean(free[p]) for p in found)
    line = next(
        line
        for line in files["STUDY.md"].decode().splitlines()
        if line.startswith("| `recommended` |") and line.count("%") == 3
    )
    assert f"| {100 * reached / best:.0f} % |" in line
    assert "a search trained 12 runs (6 a pool)" in plain(files["STUDY.md"])


def test_parts_that_were_not_run_are_said_to_be_missing(tmp_path):
    write_tables(tmp_path, later=())
    files = build_report(tmp_path, tmp_path / "STUDY.md")
    said = plain(files[tmp_path / "STUDY.md"])
    assert "The verification has not been run on these tables, so there is no answer yet." in said
    for missing in ("verification.csv", "oracle.csv", "scale.csv", "analysis.json"):
        assert re.search(rf"has not been run: there is no {re.escape(missing)}", said), missing
    assert {path.name for path in files} == {"STUDY.md", "DATASHEET.md", "pools-light.svg", "pools-dark.svg"}


def test_verification_alone_is_reported(tmp_path):
    write_tables(tmp_path, later=("verification",))
    said = plain(build_report(tmp_path, tmp_path / "STUDY.md")[tmp_path / "STUDY.md"])
    assert "beats RegMix" in said
    assert "- The near-oracle has not been run." in said


def test_every_figure_is_shown_and_every_shown_figure_is_there(files):
    shown = set(re.findall(r"images/tiny/([a-z-]+\.svg)", files["STUDY.md"].decode()))
    assert shown == {name for name in files if name.endswith(".svg")}
    assert {name.removesuffix("-light.svg") for name in shown if "light" in name} == {
        "pools", "gains", "predicted", "scale", "covariates", "curve",
    }  # fmt: skip


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_figures_are_sound_and_use_the_palette_alone(files, mode):
    known = {
        colour
        for value in vars(theme(mode)).values()
        for colour in ((value,) if isinstance(value, str) else value)
    }
    for name, data in files.items():
        if name.endswith(f"-{mode}.svg"):
            root = ElementTree.fromstring(data)
            used = {e.get(key) for e in root.iter() for key in ("fill", "stroke")} - {None, "none"}
            assert used <= known, name
            assert root.find("{http://www.w3.org/2000/svg}title").text
            for element in root.iter():
                for key in ("x", "cx", "x1", "x2"):
                    assert 0 <= float(element.get(key, 0)) <= 800, (name, key, element.attrib)


def test_a_gain_lies_where_its_axis_puts_it(tables, files):
    """Marks of a panel keep the order and the proportions of the gains."""
    svg = ElementTree.fromstring(files["gains-light.svg"])
    space = "{http://www.w3.org/2000/svg}"
    names = [e.text for e in svg.iter(f"{space}text") if e.get("text-anchor") == "end"]
    first = [e for e in svg.iter(f"{space}circle") if float(e.get("cx")) < 370]
    by_row = {round((float(e.get("cy")) - 30 - 11.5) / 23): float(e.get("cx")) for e in first}
    place = {name: by_row[i] for i, name in enumerate(names) if i in by_row}
    gain = {
        m: mean(gains_by_hand(tables, m, "weights", "ordinary"))
        for m in ("equal", "regmix", "recommended", "recommended-0.4")
    }
    scale = (place["recommended"] - place["equal"]) / (gain["recommended"] - gain["equal"])
    for method in ("regmix", "recommended-0.4"):
        assert place[method] == pytest.approx(
            place["equal"] + scale * (gain[method] - gain["equal"]), abs=0.2
        )


def test_the_datasheet_names_every_table_by_its_hash(tables, files):
    sheet = files["DATASHEET.md"].decode()
    for path in tables.iterdir():
        assert f"| `{path.name}` | `{hashlib.sha256(path.read_bytes()).hexdigest()}` |" in sheet


def test_what_is_written_passes_its_own_check_and_a_change_is_named(tmp_path):
    write_tables(tmp_path / "tables", later=("verification",))
    out = tmp_path / "docs" / "STUDY.md"
    files = build_report(tmp_path / "tables", out)
    assert first_difference(files) == f"{out} is missing."
    write_report(files)
    assert first_difference(files) is None
    lines = out.read_text().split("\n")
    lines[4] = lines[4] + "!"
    out.write_text("\n".join(lines))
    assert first_difference(files).startswith(f"{out}, line 5: there is")
    write_report(files)
    figure = out.parent / "images" / "tiny" / "gains-dark.svg"
    figure.write_bytes(figure.read_bytes() + b"<!-- -->\n")
    assert "gains-dark.svg, line" in first_difference(files)


def test_tables_of_another_plan_are_refused(tmp_path):
    write_tables(tmp_path)
    (tmp_path / "plan.yaml").write_bytes(PLAN.replace(b"replicates: 3", b"replicates: 4"))
    with pytest.raises(StudyError, match=r"plan\.json names the plan .* different studies"):
        build_report(tmp_path, tmp_path / "STUDY.md")


def test_predictions_that_were_changed_afterwards_are_refused(tmp_path):
    write_tables(tmp_path)
    found = json.loads((tmp_path / "predictions.json").read_bytes())
    found["pools"]["ordinary-00"]["choices"]["recommended"]["own"]["gain"] += 0.001
    (tmp_path / "predictions.json").write_bytes(canonical_json(found))
    with pytest.raises(StudyError, match=r"predictions\.json names the content"):
        build_report(tmp_path, tmp_path / "STUDY.md")


def test_a_verification_of_other_predictions_is_refused(tmp_path):
    write_tables(tmp_path)
    rewrite(tmp_path / "verification.csv", lambda row: {**row, "predictions_sha256": "0" * 64})
    with pytest.raises(StudyError, match=r"verification\.csv, row 2 names the predictions 000000000000"):
        build_report(tmp_path, tmp_path / "STUDY.md")


def test_a_case_of_scale_without_its_predictions_is_refused(tmp_path):
    write_tables(tmp_path)
    other = {"schema": "causalmix/study-predictions@1", "sha256": "7" * 64}
    rewrite(
        tmp_path / "scale.csv",
        lambda row: {**row, "predictions_sha256": "7" * 64} if row["case"] == "two-domains" else row,
    )
    with pytest.raises(
        StudyError, match=r"scale\.csv, row 11 names the predictions 777777777777; kept here are"
    ):
        build_report(tmp_path, tmp_path / "STUDY.md")
    (tmp_path / "scale_predictions-two-domains.json").write_bytes(canonical_json(other))
    files = build_report(tmp_path, tmp_path / "STUDY.md")
    assert b"| `scale_predictions-two-domains.json` |" in files[tmp_path / "DATASHEET.md"]


def test_predictions_from_other_runs_are_refused(tmp_path):
    write_tables(tmp_path)
    found = json.loads((tmp_path / "made.json").read_bytes())
    (tmp_path / "made.json").write_bytes(canonical_json({**found, "runs_sha256": "9" * 64}))
    with pytest.raises(StudyError, match=r"predictions\.json names the runs 4444"):
        build_report(tmp_path, tmp_path / "STUDY.md")


def test_a_cell_that_is_no_number_is_named(tmp_path):
    write_tables(tmp_path)
    rewrite(tmp_path / "verification.csv", lambda row: {**row, "y_bpb_weighted": "good"})
    with pytest.raises(StudyError, match="Column y_bpb_weighted, row 2: 'good' is no number"):
        build_report(tmp_path, tmp_path / "STUDY.md")


def test_a_missing_table_is_named(tmp_path):
    write_tables(tmp_path)
    (tmp_path / "made.json").unlink()
    with pytest.raises(StudyError, match=r"made\.json is missing"):
        build_report(tmp_path, tmp_path / "STUDY.md")

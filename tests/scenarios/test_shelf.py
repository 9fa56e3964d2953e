"""Kept scenarios: exact round trips, no change over another tab's, stale ones known, hostile names and files."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from causalmix_core.errors import ProjectError, ScenarioError
from causalmix_core.scenarios.decide import decide_scenario
from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.saved import LONGEST_NAME, clean_name, content_of
from causalmix_core.scenarios.scenario import Bound, Scenario
from causalmix_core.scenarios.shelf import FILE, MOST, Shelf
from causalmix_core.store import Project, ProjectStore, describe
from tests.architecture.sources import ROOT
from tests.scenarios.fits import small_fit

LEAN = Scenario(
    radius=0.2,
    bounds=(Bound("web", 0.1, 0.9),),
    pool=PoolChoice().with_own("x_code__duplicate_rate", -0.5),
)


@pytest.fixture(scope="module")
def content():
    fitted = small_fit()
    return content_of(fitted, LEAN, decide_scenario(fitted, LEAN))


def another(content):
    return replace(content, scenario=replace(content.scenario, radius=content.scenario.radius / 2))


@pytest.fixture
def shelf(tmp_path):
    ticks = itertools.count(1)
    return Shelf(tmp_path, clock=lambda: f"2026-01-01T00:00:{next(ticks):02d}.000000Z")


def test_what_is_kept_comes_back_whole(shelf, content):
    made = shelf.add("  lean   code ", content)
    assert made.name == "lean code"
    assert shelf.all() == (made,)
    assert shelf.get(made.key) == made
    fitted = small_fit()
    decision = decide_scenario(fitted, LEAN)
    assert made.content.decision.shares == tuple(decision.shares)
    assert made.content.decision.interval == decision.interval
    assert made.content.table_sha256 == fitted.table.sha256


def test_the_file_is_equal_for_equal_content(tmp_path, content):
    files = []
    for name in ("a", "b"):
        shelf = Shelf(tmp_path / name, make=True, clock=lambda: "2026-01-01T00:00:00Z")
        shelf.add("lean", content)
        files.append((tmp_path / name / FILE).read_bytes())
    assert files[0] == files[1]


def test_the_one_changed_last_comes_first(shelf, content):
    first, second = shelf.add("first", content), shelf.add("second", content)
    assert [s.key for s in shelf.all()] == [second.key, first.key]
    shelf.rename(first.key, first.revision, "FIRST")
    assert [s.key for s in shelf.all()] == [first.key, second.key]


def test_saving_again_replaces_the_content_and_counts(shelf, content):
    made = shelf.add("lean", content)
    saved = shelf.save(made.key, made.revision, another(content))
    assert (saved.key, saved.name, saved.created_at) == (made.key, made.name, made.created_at)
    assert saved.updated_at > made.updated_at
    assert shelf.get(made.key).content == another(content)


def test_a_duplicate_is_of_its_own_and_knows_where_it_came_from(shelf, content):
    made = shelf.add("lean", content)
    copies = [shelf.duplicate(made.key), shelf.duplicate(made.key)]
    assert [copy.name for copy in copies] == ["lean copy 1", "lean copy 2"]
    assert {copy.parent for copy in copies} == {made.key}
    shelf.save(copies[0].key, 1, another(content))
    assert shelf.get(made.key).content == content


def test_a_duplicate_of_a_long_name_has_a_name(shelf, content):
    made = shelf.add("x" * LONGEST_NAME, content)
    assert len(shelf.duplicate(made.key).name) <= LONGEST_NAME


def test_what_is_deleted_is_gone_and_its_key_is_not_given_again(shelf, content):
    made = shelf.add("lean", content)
    shelf.delete(made.key, made.revision)
    assert shelf.all() == ()
    assert shelf.add("lean", content).key != made.key


@pytest.mark.parametrize(
    "change",
    [
        lambda shelf, made, content: shelf.save(made.key, made.revision, content),
        lambda shelf, made, content: shelf.rename(made.key, made.revision, "other"),
        lambda shelf, made, content: shelf.delete(made.key, made.revision),
    ],
)
def test_a_change_over_what_another_tab_wrote_is_refused(shelf, content, change):
    made = shelf.add("lean", content)
    theirs = shelf.save(made.key, made.revision, another(content))
    with pytest.raises(ScenarioError, match="changed by another tab"):
        change(shelf, made, content)
    assert shelf.all() == (theirs,)
    assert shelf.add("lean, mine", content).content == content


def test_a_change_of_what_another_tab_deleted_is_refused(shelf, content):
    made = shelf.add("lean", content)
    shelf.delete(made.key, made.revision)
    with pytest.raises(ScenarioError, match="deleted"):
        shelf.save(made.key, made.revision, content)
    assert shelf.all() == ()


def test_of_many_threads_that_change_one_revision_one_succeeds(shelf, content):
    made = shelf.add("lean", content)

    def attempt(number):
        mine = replace(content, scenario=replace(content.scenario, radius=number / 100))
        try:
            return shelf.save(made.key, made.revision, mine)
        except ScenarioError:
            return None

    with ThreadPoolExecutor(8) as pool:
        won = [saved for saved in pool.map(attempt, range(16)) if saved is not None]
    assert len(won) == 1
    assert shelf.get(made.key) == won[0]


CHILD = """
import sys
from dataclasses import replace
from pathlib import Path
from causalmix_core.errors import ScenarioError
from causalmix_core.scenarios.shelf import Shelf
folder, mark = Path(sys.argv[1]), sys.argv[2]
shelf, won = Shelf(folder), 0
content = shelf.get(1).content
sys.stdin.readline()
for number in range(12):
    shelf.add(f"{mark} {number}", content)
    seen = shelf.get(1)
    mine = replace(content, scenario=replace(content.scenario, level=(number + 1) / 100))
    try:
        shelf.save(1, seen.revision, mine)
        won += 1
    except ScenarioError:
        pass
print(won)
"""


def test_two_processes_lose_nothing_of_each_others(tmp_path, content):
    Shelf(tmp_path).add("lean", content)
    words = [sys.executable, "-c", CHILD, str(tmp_path)]
    tabs = [
        subprocess.Popen([*words, mark], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for mark in ("one", "two")
    ]
    for tab in tabs:
        tab.stdin.write("go\n")
        tab.stdin.flush()
    won = [int(tab.communicate(timeout=60)[0]) for tab in tabs]
    kept = Shelf(tmp_path).all()
    assert len(kept) == 1 + 2 * 12
    assert {s.key for s in kept} == set(range(1, 26))
    assert Shelf(tmp_path).get(1).revision == 1 + sum(won)
    assert sum(won) >= 12


def test_numbers_of_another_fit_are_stale_and_stay_what_they_were(shelf, content):
    made = shelf.add("lean", content)
    assert not made.stale(small_fit().sha256)
    assert made.stale(small_fit(seed=1).sha256)
    assert shelf.get(made.key).content.decision == content.decision


@pytest.mark.parametrize("name", ["", "   ", "a" * 81, "a\x00b", "a\u202eb", "a\ud800b", "\u200b"])
def test_names_that_cannot_be_shown_are_refused(shelf, content, name):
    with pytest.raises(ScenarioError):
        shelf.add(name, content)
    assert shelf.all() == ()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b", ".", "con", "<script>", "**x**", "=1+1", "été 語"]
)
def test_hostile_names_are_text_and_touch_no_path(tmp_path, content, name):
    folder = tmp_path / "deep" / "project"
    shelf = Shelf(folder, make=True)
    assert shelf.add(name, content).name == name
    assert {p.name for p in tmp_path.rglob("*")} == {"deep", "project", FILE, ".scenarios.lock"}
    assert shelf.all()[0].name == name


def test_names_that_look_alike_to_a_reader_are_one(shelf, content):
    shelf.add("Lean Code", content)
    with pytest.raises(ScenarioError, match="already"):
        shelf.add("lean  code", content)
    assert clean_name("e\u0301te\u0301") == "\u00e9t\u00e9"


def test_there_is_an_end_to_how_many_are_kept(shelf, content):
    made = shelf.add("lean", content)
    path = shelf.folder / FILE
    stored = json.loads(path.read_text())
    (one,) = stored["scenarios"]
    stored["scenarios"] = [{**one, "key": k + 1, "name": f"n{k}"} for k in range(MOST)]
    path.write_text(json.dumps(stored))
    with pytest.raises(ScenarioError, match=str(MOST)):
        shelf.add("one more", made.content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: "{}",
        lambda text: text.replace("causalmix/scenarios@1", "causalmix/scenarios@9"),
        lambda text: text.replace('"radius": 0.2', '"radius": "wide"'),
        lambda text: text.replace('"revision": 1', '"revision": 0'),
        lambda text: text.replace('"moved"', '"gone"'),
    ],
)
def test_a_damaged_file_is_named_and_never_written_over(shelf, content, damage):
    shelf.add("lean", content)
    path = shelf.folder / FILE
    damaged = damage(path.read_text())
    path.write_text(damaged)
    for act in (shelf.all, lambda: shelf.add("other", content)):
        with pytest.raises(ScenarioError, match=FILE):
            act()
    assert path.read_text() == damaged


def test_a_project_keeps_its_scenarios_with_it_and_takes_them_along(tmp_path, content):
    store = ProjectStore(tmp_path)
    project = store.add(small_fit().table)
    store.shelf(project).add("lean", content)
    assert [s.name for s in ProjectStore(tmp_path).shelf(project).all()] == ["lean"]
    assert store.add(small_fit().table) == project
    assert len(store.shelf(project).all()) == 1
    shelf = store.shelf(project)
    store.remove(project.id)
    with pytest.raises(ScenarioError, match="removed"):
        shelf.add("late", content)
    with pytest.raises(ProjectError):
        store.shelf(project)


def test_scenarios_of_the_shipped_study_lie_beside_the_projects(tmp_path, content):
    store = ProjectStore(tmp_path / "projects")
    sample: Project = describe(small_fit().table, sample=True)
    assert store.shelf(sample).all() == ()
    assert not store.root.exists()
    store.shelf(sample).add("lean", content)
    assert [s.name for s in store.shelf(sample).all()] == ["lean"]
    assert store.list() == ()

"""Projects on disk: content-addressed, whole or absent, and never the shipped study."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from causalmix_core.errors import ProjectError
from causalmix_core.evidence import parse_runs
from causalmix_core.store import ROOT_VARIABLE, ProjectStore, project_id
from tests.app.tables import runs_csv
from tests.shipped import STUDY, study


@pytest.fixture
def store(projects_root: Path) -> ProjectStore:
    return ProjectStore(projects_root)


def table(seed: int = 0, name: str = "runs.csv"):
    return parse_runs(runs_csv(seed=seed), name)


def test_a_project_reads_back_as_the_table_that_was_added(store):
    added = store.add(table())
    assert added.id == table().sha256[:12]
    assert store.open(added.id).sha256 == table().sha256
    assert store.list() == (added,)
    assert (added.name, added.n_runs, added.n_domains, added.sample) == ("runs", 60, 3, False)


def test_the_same_content_is_one_project(store):
    assert store.add(table()) == store.add(table())
    assert len(store.list()) == 1


def test_projects_are_listed_newest_first(store):
    first, second = store.add(table(0)), store.add(table(1))
    assert [p.id for p in store.list()] == [second.id, first.id]


def test_a_removed_project_is_gone_and_the_others_stay(store):
    first, second = store.add(table(0)), store.add(table(1))
    store.remove(first.id)
    assert [p.id for p in store.list()] == [second.id]
    with pytest.raises(ProjectError, match="There is no project"):
        store.open(first.id)
    assert sorted(p.name for p in store.root.iterdir()) == [".lock", second.id]


@pytest.mark.parametrize("identity", ["../../etc", "", "0" * 12, "A" * 12, "0" * 11 + "/", "x" * 500])
def test_an_identity_that_is_no_project_is_refused(store, identity):
    store.add(table())
    for act in (store.open, store.remove):
        with pytest.raises(ProjectError):
            act(identity)
    assert store.settings(identity) == {}


def test_a_project_changed_on_disk_is_refused(store):
    added = store.add(table(0))
    runs = store.root / added.id / "runs.csv"
    lines = runs.read_bytes().split(b"\n")
    runs.write_bytes(b"\n".join([*lines[:5], *lines[6:]]))
    with pytest.raises(ProjectError, match="was changed on disk"):
        store.open(added.id)


def test_a_half_written_folder_is_no_project(store):
    added = store.add(table())
    broken = store.root / ("0" * 12)
    broken.mkdir()
    (broken / "runs.csv").write_bytes(b"share_a")
    (store.root / ".new-abc").mkdir()
    assert [p.id for p in store.list()] == [added.id]


def test_a_failed_write_leaves_nothing(store, monkeypatch):
    monkeypatch.setattr(
        "causalmix_core.evidence.write_runs", lambda *_: (_ for _ in ()).throw(OSError("full"))
    )
    with pytest.raises(OSError, match="full"):
        store.add(table())
    assert [p.name for p in store.root.iterdir()] == [".lock"]


def test_writers_at_the_same_time_make_one_whole_project(store):
    tables = [table(seed % 3) for seed in range(12)]
    threads = [threading.Thread(target=store.add, args=(t,)) for t in tables]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {p.id for p in store.list()} == {project_id(t) for t in tables}
    assert all(store.open(p.id).sha256 == p.sha256 for p in store.list())


def test_settings_are_kept_beside_the_project(store):
    added = store.add(table())
    assert store.settings(added.id) == {}
    store.keep_settings(added.id, {"fit": {"seed": 3}})
    assert store.settings(added.id) == {"fit": {"seed": 3}}
    assert store.open(added.id).sha256 == table().sha256
    (store.root / added.id / "settings.json").write_text("[1")
    assert store.settings(added.id) == {}


def test_a_root_that_cannot_be_written_is_named(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(ProjectError, match=f"cannot be kept in .*{ROOT_VARIABLE}"):
        ProjectStore(file / "projects").add(table())


def test_the_root_comes_from_the_environment(projects_root):
    assert ProjectStore().root == projects_root == Path(os.environ[ROOT_VARIABLE])
    assert ProjectStore().list() == ()


def test_the_shipped_study_is_the_sample_and_never_written():
    store = ProjectStore()
    sample = store.sample()
    assert sample is not None
    assert sample.sha256 == study().sha256
    assert sample.default_outcome == "bpb_weighted"
    assert not store.root.exists()
    assert ProjectStore(sample_runs=STUDY.with_name("absent.csv")).sample() is None


def test_the_card_of_a_project_is_plain_json(store):
    added = store.add(table())
    card = json.loads((store.root / added.id / "project.json").read_text())
    assert card["sha256"] == table().sha256
    assert card["created_at"].endswith("Z")

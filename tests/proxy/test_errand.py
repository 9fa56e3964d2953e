"""Commands that run beside whoever started them: their order, their words, their end, and one at a time."""

from __future__ import annotations

import json
import os
import signal

from causalmix_core.proxy.engine.errand import (
    forget_errand,
    is_running,
    read_errand,
    start_errand,
    stop_errand,
)
from tests.proxy.engine.studies import make_study, wait_for


def ended(folder):
    wait_for(lambda: not is_running(folder), seconds=60)
    return read_errand(folder)


def test_commands_run_one_after_another(tmp_path):
    place = tmp_path / "it's $HOME; here"
    assert start_errand(place, "Saying the version", [("--version",), ("--version",)])
    found = ended(place)
    assert (found.state, found.step, found.steps) == ("done", 2, 2)
    assert found.said.startswith("causalmix ")
    assert found.commands == (("--version",), ("--version",))


def test_the_first_failure_ends_it_and_says_why(tmp_path):
    start_errand(tmp_path / "e", "Looking", [("pool", "show", str(tmp_path)), ("--version",)])
    found = ended(tmp_path / "e")
    assert (found.state, found.step) == ("failed", 1)
    assert "holds no pool" in found.said
    forget_errand(tmp_path / "e")
    assert read_errand(tmp_path / "e") is None


def test_a_running_one_is_not_started_twice_and_can_be_stopped(tmp_path):
    study, place = make_study(tmp_path, 1, slots="1xcpu"), tmp_path / "e"
    command = ("serve", str(study.path), "--stay")
    assert start_errand(place, "Serving", [command])
    wait_for(lambda: study.lock_path.exists() and study.lock_path.stat().st_size, seconds=60)
    assert not start_errand(place, "Serving", [command])
    forget_errand(place)  # does nothing while it runs
    assert read_errand(place).state == "running"
    stop_errand(place)
    assert ended(place).state in {"failed", "lost"}


def test_one_that_was_killed_is_lost(tmp_path):
    study, place = make_study(tmp_path, 1, slots="1xcpu"), tmp_path / "e"
    start_errand(place, "Serving", [("serve", str(study.path), "--stay")])
    wait_for(lambda: study.lock_path.exists() and study.lock_path.stat().st_size, seconds=60)
    os.killpg(json.loads((place / "errand.json").read_bytes())["pid"], signal.SIGKILL)
    assert ended(place).state == "lost"


def test_progress_is_read_from_the_last_line(tmp_path):
    start_errand(tmp_path, "Saying", [("--version",)])
    ended(tmp_path)
    (tmp_path / "said-1.txt").write_text(
        " 12 %  reading code  0.5 s\n 40 %  reading docs  3.1 s, about 5 s left\n"
    )
    found = read_errand(tmp_path)
    assert (found.done, found.said) == (0.4, "reading docs  3.1 s, about 5 s left")

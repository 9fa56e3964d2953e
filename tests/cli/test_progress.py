"""Progress on stderr: the time left comes from the pace of the piece of work at hand."""

from __future__ import annotations

import pytest

from causalmix_core.cli import progress as module
from causalmix_core.cli.progress import Progress


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def last_line(capsys):
    return capsys.readouterr().err.splitlines()[-1]


def test_time_left_follows_the_pace_since_the_first_report(clock, capsys):
    report = Progress(speak=True)
    report(0.5, "training")  # resumed: half was done before
    clock[0] += 10.0
    report(0.6, "training")
    assert last_line(capsys) == " 60 %  training  10 s, about 40 s left"


def test_a_new_piece_of_work_has_its_own_pace(clock, capsys):
    report = Progress(speak=True)
    report(0.0, "text")
    clock[0] += 100.0
    report(1.0, "text")
    report(0.0, "training")
    clock[0] += 10.0
    report(0.5, "training")
    assert last_line(capsys) == " 50 %  training  1 m 50 s, about 10 s left"

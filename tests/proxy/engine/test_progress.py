"""Rate and time left, from the ledger and the runs' own progress."""

from __future__ import annotations

import json

import pytest

from causalmix_core.proxy.engine import Ledger, status_of, supervise
from causalmix_core.proxy.engine.claims import claim, finish
from tests.proxy.engine.studies import make_study


def test_rate_counts_finished_work_over_the_time_in_which_jobs_lived(tmp_path):
    study = make_study(tmp_path, 8)
    with Ledger(study.ledger_path) as ledger:
        for slot in range(2):
            assert claim(ledger, "local", "cpu", 2, "b", None) is not None, slot
        finish(ledger, "r0000")
        with ledger.transaction() as db:
            db.execute("update job set started=1000")
            db.execute("update job set started=900, ended=950 where id=2")
            db.execute("update run set state='failed', kind='nan', reason='NaN.' where job=2")
    (study.run_dir("r0001") / "progress.jsonl").write_text(
        json.dumps({"step": 1, "steps": 4, "loss": 2.5, "tokens": 9}) + '\n{"step": 2'
    )
    found = status_of(study, now=1050.0)
    # One run and a quarter in the 50 s before the pause and the 50 s after it.
    assert found.runs_per_hour == pytest.approx(3600 * 1.25 / 100)
    # Four queued and three quarters of one.
    assert found.eta_seconds == pytest.approx(4.75 * 100 / 1.25)
    assert [(run.id, run.done, run.loss) for run in found.running] == [("r0001", 0.25, 2.5)]
    assert [(run.id, run.kind, run.reason) for run in found.ended] == [
        ("r0002", "nan", "NaN."),
        ("r0003", "nan", "NaN."),
    ]
    json.dumps(found.to_json(), allow_nan=False)


def test_nothing_is_left_when_all_is_done(tmp_path):
    study = make_study(tmp_path, 2)
    assert status_of(study).eta_seconds is None
    supervise(study.path)
    found = status_of(study)
    assert found.eta_seconds == 0.0
    assert found.supervisor is None
    assert found.counts["done"] == found.total == 2

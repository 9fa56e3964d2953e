"""The ledger: one truth for many processes."""

from __future__ import annotations

import pytest

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine import Ledger


def test_runs_are_queued_once_in_order(tmp_path):
    with Ledger(tmp_path / "ledger.db") as ledger, Ledger(tmp_path / "ledger.db") as other:
        assert ledger.submit(["b", "a"]) == 2
        assert other.submit(["a", "c", "c"]) == 1
        assert list(ledger.states()) == ["b", "a", "c"]
        assert ledger.counts() == {"queued": 3, "running": 0, "done": 0, "failed": 0, "cancelled": 0}


def test_cancel_and_retry_name_their_runs(tmp_path):
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.submit(["a", "b"])
        assert ledger.cancel(["a"]) == 1
        assert ledger.cancel() == 1
        assert ledger.cancel() == 0
        assert ledger.retry(["b"]) == 1
        assert ledger.states() == {"a": "cancelled", "b": "queued"}
        with pytest.raises(ProxyError, match="no run 'x'"):
            ledger.cancel(["a", "x"])


def test_a_transaction_happens_whole_or_not_at_all(tmp_path):
    with Ledger(tmp_path / "ledger.db") as ledger:
        with pytest.raises(RuntimeError):
            _insert_and_fail(ledger)
        assert ledger.states() == {}


def test_a_file_that_is_no_ledger_is_refused(tmp_path):
    (tmp_path / "ledger.db").write_bytes(b"not a database, " * 100)
    with pytest.raises(ProxyError, match="launch the study again"):
        Ledger(tmp_path / "ledger.db")


def test_a_pause_says_why_and_since_when(tmp_path):
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert ledger.hold() is None
        ledger.pause()
        hold = ledger.hold()
        assert hold is not None
        assert (hold.kind, hold.reason) == ("user", "Paused by the user.")
        ledger.resume()
        assert ledger.hold() is None


def _insert_and_fail(ledger: Ledger) -> None:
    with ledger.transaction() as db:
        db.execute("insert into run(id, position, max_tries) values('a', 0, 1)")
        raise RuntimeError

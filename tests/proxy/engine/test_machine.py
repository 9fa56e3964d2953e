"""What the machine offers and what it says of processes: slots, environments, start ticks, memory, space."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine import Ledger, find_slots, parse_slots, status_of
from causalmix_core.proxy.engine.processes import end_leftovers, is_alive, oom_kills, start_tick
from causalmix_core.proxy.engine.records import Ended, JobRecord
from causalmix_core.proxy.engine.slots import environment_of, usable_cores
from causalmix_core.proxy.engine.verdicts import judge
from tests.proxy.engine.studies import make_study, start_supervising, wait_for

HOG = "held = [bytearray(b'x') * 1_000_000 for _ in range(4_000)]"
SMI = """#!/bin/sh
printf '0\\n1\\n'
"""


def test_slots_are_listed_or_counted():
    assert parse_slots("2xcpu, cpu") == ("cpu",) * 3
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
    for text in ("", "gpu", "cpu:2", "0xcpu,", "cuda:x"):
        with pytest.raises(ProxyError):
            parse_slots(text)


def test_gpus_are_those_the_driver_lists(tmp_path, monkeypatch):
    smi = tmp_path / "nvidia-smi"
    smi.write_text(SMI)
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert find_slots() == ("cuda:0", "cuda:1")
    assert parse_slots("2xcuda:0") == ("cuda:0", "cuda:0")
    assert environment_of("cuda:1")["CUDA_VISIBLE_DEVICES"] == "1"
    with pytest.raises(ProxyError, match="2 GPUs"):
        parse_slots("cuda:2")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert find_slots() == ("cuda:0",)
    assert environment_of("cuda:0")["CUDA_VISIBLE_DEVICES"] == "1"


def test_a_cpu_slot_has_one_thread_and_no_gpu():
    environment = environment_of("cpu")
    assert environment["OMP_NUM_THREADS"] == "1"
    assert environment["CUDA_VISIBLE_DEVICES"] == ""


def test_a_process_is_named_by_id_and_start_tick():
    child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    tick = start_tick(child.pid)
    assert is_alive(child.pid, tick)
    assert not is_alive(child.pid, "1")
    assert not is_alive(child.pid, None)
    child.kill()
    wait_for(lambda: not is_alive(child.pid, tick))  # a zombie until it is fetched
    child.wait()
    assert start_tick(child.pid) is None


def test_a_process_that_was_given_an_old_id_is_spared():
    child = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
    try:
        end_leftovers(child.pid, "1")
        assert child.poll() is None
        end_leftovers(child.pid, start_tick(child.pid))
        assert child.wait(5) == -signal.SIGKILL
    finally:
        child.kill()


def test_a_kill_for_memory_is_told_from_other_kills(tmp_path):
    count = oom_kills()
    if count is None:
        pytest.skip("the kernel does not count kills for memory in /proc/vmstat")
    study = make_study(tmp_path, 1)
    study.job_dir(1).mkdir(parents=True)
    with Ledger(study.ledger_path) as ledger:
        runs = ledger.runs()
    for before, kind in ((count, "killed"), (count - 1, "out of memory")):
        job = JobRecord(1, "local", "cpu", 1, "1", "b", None, before, 0.0, None, None)
        assert judge(study, job, Ended(-signal.SIGKILL), runs)["r0000"].kind == kind


def test_a_worker_that_eats_the_memory_is_killed_and_the_supervisor_lives(tmp_path):
    group = Path("/sys/fs/cgroup/memory") / f"causalmix-test-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text("120000000")
    except OSError:
        pytest.skip("memory cannot be limited here: that needs root and memory control groups (version 1)")
    try:
        study = make_study(tmp_path, 1, argv=(sys.executable, "-S", "-c", HOG), max_tries=1, slots="1xcpu")
        supervisor = start_supervising(study, within=group)
        assert supervisor.wait(30) == 0
        with Ledger(study.ledger_path) as ledger:
            (run,) = ledger.runs()
        assert (run.state, run.kind) == ("failed", "out of memory")
        assert run.reason == "The kernel killed its process because memory ran out."
    finally:
        group.rmdir()


def _mounted(folder: Path) -> bool:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def test_a_disk_that_fills_up_is_waited_for_and_costs_no_try(tmp_path):
    disk = tmp_path / "disk"
    if not _mounted(disk):
        pytest.skip("a small disk cannot be mounted here: that needs root")
    try:
        study = make_study(disk, 2, chunk=1, slots="1xcpu", min_free_mb=1, steps=10, pause=0.02)
        with Ledger(study.ledger_path) as ledger:
            supervisor = start_supervising(study)
            wait_for(lambda: ledger.counts()["running"])
            filler = disk / "filler"
            with pytest.raises(OSError, match="No space"):
                _fill(filler)
            child = ledger.jobs()[0].pid or 0
            wait_for(lambda: start_tick(child) is None)
            found = status_of(study)
            assert found.hold is not None
            assert found.hold.kind == "disk full"
            time.sleep(0.5)  # the supervisor meets the full disk
            assert supervisor.poll() is None
            assert ledger.counts()["done"] == 0
            filler.unlink()
            assert supervisor.wait(30) == 0
            assert [run.state for run in ledger.runs()] == ["done", "done"]
            assert all(run.tries == 1 for run in ledger.runs())
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out:
        while True:
            out.write(b"x" * 4096)

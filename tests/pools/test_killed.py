"""Reading that is killed outright goes on from there and ends in the same bytes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.running import ROOT
from tests.pools.conftest import made_text
from tests.pools.test_pool import contents

DOMAINS = 6


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    for domain in range(DOMAINS):
        with (folder / f"d{domain}.jsonl").open("w") as out:
            for i in range(3000):
                out.write(json.dumps({"text": made_text(domain * 10_000 + i, 60)}) + "\n")
            out.write("broken\n")
    return folder


def start(source, out) -> subprocess.Popen:
    pairs = [word for d in range(DOMAINS) for word in ("--domain", f"d{d}={source}/d{d}.jsonl")]
    command = [
        sys.executable,
        "-m",
        "causalmix_core",
        "pool",
        "read",
        *pairs,
        "--name",
        "n",
        "--out",
        str(out),
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def test_killed_at_several_moments(source, tmp_path):
    assert start(source, tmp_path / "whole").wait(60) == 0
    kills = 0
    for moment in (1, 3, 4):  # as soon as so many domains are done
        child = start(source, tmp_path / "killed")
        while child.poll() is None and len(list((tmp_path / "killed").glob(".building/??.json"))) < moment:
            time.sleep(0.01)
        child.kill()
        kills += child.wait(60) == -signal.SIGKILL
        assert not (tmp_path / "killed" / "pool.json").exists()
    assert kills == 3
    assert start(source, tmp_path / "killed").wait(60) == 0
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")

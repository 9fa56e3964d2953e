"""Scoring that is killed outright goes on from there and ends in the same bytes."""

import signal
import subprocess
import sys
import time

from causalmix_core.pools.scoring.job import ScoreJob
from causalmix_core.pools.scoring.measures import Models
from causalmix_core.pools.scoring.run import score_pool
from tests.cli.running import ROOT
from tests.pools.scoring.test_scoring_a_pool import contents


def test_killed_after_two_of_four_blocks(scored_pool, base_dir, tmp_path):
    score_pool(ScoreJob(scored_pool.folder, tmp_path / "whole", Models(base_dir)))
    killed = tmp_path / "killed"
    words = ["-m", "causalmix_core", "pool", "score", str(scored_pool.folder), "--out", str(killed)]
    child = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.DEVNULL)
    while child.poll() is None and len(list(killed.glob("blocks/??-*.parquet"))) < 2:
        time.sleep(0.002)
    child.kill()
    assert child.wait(60) == -signal.SIGKILL
    assert not (killed / "scores.json").exists()
    score_pool(ScoreJob(scored_pool.folder, killed, Models(base_dir)))
    for left in killed.glob("**/.*.part"):  # of a block that was being written
        left.unlink()
    assert contents(killed) == contents(tmp_path / "whole")
    assert len(list(killed.glob("blocks/*"))) == 4

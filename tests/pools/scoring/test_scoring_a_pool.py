"""Scores of a whole pool: means by domain, samples, shards, interruptions, memory."""

import hashlib
import json
import tracemalloc

import numpy as np
import pytest

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.building import BuildOptions
from causalmix_core.pools.scoring.blocks import read_block
from causalmix_core.pools.scoring.job import BLOCKS, ScoreJob, blocks_of
from causalmix_core.pools.scoring.means import state_of, whole_pool
from causalmix_core.pools.scoring.measures import Models, open_measurer
from causalmix_core.pools.scoring.run import score_pool
from causalmix_core.pools.sources.read import read_pool
from causalmix_core.pools.sources.spec import Fields, spec_of_pairs
from tests.pools.conftest import made_text, write_jsonl
from tests.proxy.design.pools import HOSTILE

NO_MODEL = Models(None)


def job(pool, out, models=NO_MODEL, **settings):
    return ScoreJob(pool.folder, out, models, **{"block": 50, **settings})


def contents(folder):
    """Every file of a folder by the hash of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_means_are_those_of_the_documents(scored_pool, base_dir, tmp_path):
    models = Models(base_dir)
    scored = score_pool(job(scored_pool, tmp_path / "s", models, sample=70))
    measurer = open_measurer(models)
    for domain in scored.domains:
        documents = list(scored_pool.documents(domain.domain))[:70]
        expected = measurer.measure(documents)
        assert (domain.scored, domain.documents) == (70, scored_pool.entry(domain.domain).documents)
        for name, values in expected.items():
            assert domain.means[name] == pytest.approx(values.mean(), abs=1e-5)
            assert domain.deviations[name] == pytest.approx(values.std(ddof=1), abs=1e-5)
        assert domain.means["mean_length"] == np.mean([len(d.text.encode()) for d in documents])
        assert domain.means["duplicate_rate"] == 0.0
    told = json.loads((tmp_path / "s" / "scores.json").read_bytes())
    assert told["pool_sha256"] == scored_pool.sha256
    assert told["domains"][HOSTILE]["scored"] == 70
    assert {path.parent.name for path in (tmp_path / "s").rglob("*.parquet")} == {BLOCKS}


def test_the_state_names_its_columns_and_weighs_by_documents(scored_pool, tmp_path):
    domains = score_pool(job(scored_pool, tmp_path / "s")).domains
    state = state_of(domains, pooled=True)
    names = ("type_token_ratio", "style_surface", "duplicate_rate")
    assert set(state) == {f"x_{d}__{n}" for d in scored_pool.domains for n in names} | {
        f"x_{n}" for n in names
    }
    sizes = np.array([entry.documents for entry in scored_pool.entries])
    means = np.array([domain.means["style_surface"] for domain in domains])
    assert whole_pool(domains)["style_surface"] == pytest.approx(np.average(means, weights=sizes))
    assert state_of(domains, ["documents"])["x_code__documents"] == sizes[0]
    with pytest.raises(PoolSourceError, match="'hes' was not measured"):
        state_of(domains, ["hes"])


def test_kept_duplicates_are_counted_where_they_stand(tmp_path):
    rows = [{"text": made_text(i % 60)} for i in range(100)]
    write_jsonl(tmp_path / "d.jsonl", rows)
    spec = spec_of_pairs("n", [f"d={tmp_path / 'd.jsonl'}"], Fields())
    pool = read_pool(spec, tmp_path / "pool", BuildOptions(keep_duplicates=True))
    (domain,) = score_pool(job(pool, tmp_path / "s", block=7)).domains
    assert domain.means["duplicate_rate"] == 0.4


def test_shards_and_processes_give_the_same_bytes(scored_pool, tmp_path):
    score_pool(job(scored_pool, tmp_path / "one"))
    left = [score_pool(job(scored_pool, tmp_path / "shards"), shard=(i, 3)).missing for i in (2, 0, 1)]
    assert left == [10, 5, 0]
    score_pool(job(scored_pool, tmp_path / "processes"), processes=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "shards") == contents(tmp_path / "processes")


def test_lost_blocks_are_made_again_with_the_same_bytes(scored_pool, base_dir, tmp_path):
    models = Models(base_dir)
    score_pool(job(scored_pool, tmp_path / "s", models, sample=120))
    before = contents(tmp_path / "s")
    kept = tmp_path / "s" / BLOCKS / "01-0000001.parquet"
    age = kept.stat().st_mtime_ns
    for name in ("00-0000000", "00-0000002", "02-0000001"):
        (tmp_path / "s" / BLOCKS / f"{name}.parquet").unlink()
    (tmp_path / "s" / "scores.json").unlink()
    score_pool(job(scored_pool, tmp_path / "s", models, sample=120))
    assert contents(tmp_path / "s") == before
    assert kept.stat().st_mtime_ns == age


def test_progress_rises_to_the_end(scored_pool, base_dir, tmp_path):
    told = []
    wanted = job(scored_pool, tmp_path / "s", Models(base_dir), sample=60)
    score_pool(wanted, progress=lambda done, phase: told.append((done, phase)))
    parts = [done for done, _ in told]
    assert parts == sorted(parts)
    assert parts[-1] > 0.99
    assert len(parts) > len(blocks_of(scored_pool, wanted))
    assert {phase for _, phase in told} == {"scoring 180 documents"}


def test_a_folder_of_other_scores_is_refused(scored_pool, base_dir, tmp_path):
    score_pool(job(scored_pool, tmp_path / "s", sample=10))
    with pytest.raises(PoolSourceError, match=r"another sample \(10, not 20\)"):
        score_pool(job(scored_pool, tmp_path / "s", sample=20))
    with pytest.raises(PoolSourceError, match="another model_sha256"):
        score_pool(job(scored_pool, tmp_path / "s", Models(base_dir), sample=10))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(PoolSourceError, match="something else than scores"):
        score_pool(job(scored_pool, tmp_path / "mine"))
    with pytest.raises(PoolSourceError, match="is no folder"):
        score_pool(job(scored_pool, tmp_path / "n", Models(tmp_path / "nowhere")))


def test_a_damaged_block_is_named(scored_pool, tmp_path):
    score_pool(job(scored_pool, tmp_path / "s", sample=60))
    block = tmp_path / "s" / BLOCKS / "01-0000001.parquet"
    block.write_bytes(block.read_bytes()[:200])
    with pytest.raises(PoolSourceError, match=r"01-0000001\.parquet is damaged; delete it"):
        score_pool(job(scored_pool, tmp_path / "s", sample=60))
    block.unlink()
    assert len(score_pool(job(scored_pool, tmp_path / "s", sample=60)).domains) == 3
    assert len(read_block(block, 10)["bytes"]) == 10


def test_ten_times_the_documents_take_no_more_memory(tmp_path):
    def peak(documents):
        write_jsonl(tmp_path / "d.jsonl", [{"text": made_text(i, 60)} for i in range(documents)])
        spec = spec_of_pairs("n", [f"d={tmp_path / 'd.jsonl'}"], Fields())
        pool = read_pool(spec, tmp_path / f"pool{documents}")
        tracemalloc.start()
        try:
            score_pool(job(pool, tmp_path / f"s{documents}", block=64))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)  # imports and caches
    assert peak(4000) < 1.3 * peak(400)

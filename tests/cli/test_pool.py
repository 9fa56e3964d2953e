"""pool read, pool show, corpus build: tables, statuses, complaints."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from tests.cli.running import ROOT

TEXTS = ["one", "two", "one", "three"]


@pytest.fixture
def files(tmp_path):
    """Two files of JSON Lines, the second with a broken line."""
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in TEXTS))
    (tmp_path / "b.jsonl").write_text('{"body": "four"}\n{"body": "five"}\n{"body": \n')
    return tmp_path


def test_read_by_spec_and_show(cli, files):
    spec = {
        "name": "mine",
        "domains": {
            "letters": {"files": ["a.jsonl"], "licence": "CC0"},
            "bodies": {"files": ["b.jsonl"], "text": "body"},
        },
    }
    (files / "spec.json").write_text(json.dumps(spec))
    done = cli("pool", "read", files / "spec.json", "--out", files / "pool")
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[0] == f"{files / 'pool'}: mine, 2 domains"
    assert [line.split() for line in lines[1:4]] == [
        ["domain", "documents", "bytes", "duplicates", "broken"],
        ["letters", "3", "11", "1", "0"],
        ["bodies", "2", "8", "0", "1"],
    ]
    assert lines[5] == f"broken lines: 1, each with its reason in {files / 'pool' / 'broken.jsonl'}"
    assert cli("pool", "show", files / "pool").out.splitlines() == lines[:5]
    shown = json.loads(cli("pool", "show", files / "pool", "--json").out)
    assert f"pool {shown['sha256']}" == lines[4]
    assert shown["domains"][0]["licence"] == "CC0"
    assert shown["tokens"] == {}


def test_read_by_options(cli, files):
    words = ["--domain", f"b={files}/b.jsonl", "--text", "body", "--out", files / "pool"]
    done = cli("pool", "read", *words)
    assert "b               2      8           0       1" in done.out
    assert cli("pool", "read", *words).out == done.out


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([], "needs a SPEC.json or --domain"),
        (["spec.json", "--domain", "a=a.jsonl"], "needs a SPEC.json or --domain"),
        (["spec.json", "--text", "body"], "--text cannot stand beside a spec"),
        (["--domain", "a.jsonl"], "write NAME=PATTERN"),
        (["--domain", "a={}/a.jsonl", "--prompt", "p"], "prompt and response belong together"),
        (["--domain", "a={}/z.jsonl"], "no file matches"),
        (["--domain", "a={}/a.jsonl", "--text", "words"], "Domain 'a' is empty: all 4 lines are broken"),
        (["--domain", "b={}/b.jsonl", "--text", "body", "--strict"], "b.jsonl, line 3: no JSON"),
        (["{}/nowhere.json"], "could not be read"),
    ],
)
def test_what_cannot_be_read(mistake, files, words, part):
    sentence = mistake("pool", "read", *(w.format(files) for w in words), "--out", files / "pool")
    assert part in sentence
    assert not (files / "pool" / "pool.json").exists()


def test_show_of_what_is_no_pool(mistake, tmp_path):
    assert "holds no pool" in mistake("pool", "show", tmp_path)


def test_tokens_are_shown_once_there_are_some(cli, mistake, files):
    from causalmix_core.pools.corpus.tokenizer import train_tokenizer
    from causalmix_core.pools.pool import open_pool
    from causalmix_core.pools.tokens import tokenise

    cli("pool", "read", "--domain", f"a={files}/a.jsonl", "--out", files / "pool")
    assert "holds no tokenizer.json" in mistake("pool", "tokenise", files / "pool")
    folder = train_tokenizer(open_pool(files / "pool"), 300)
    done = cli("pool", "tokenise", files / "pool")
    assert done.status == 0
    found = tokenise(files / "pool", folder)
    header, row = done.out.splitlines()[1:3]
    assert f"tokens ({found.tokenizer_sha256[:8]})" in header
    assert row.split()[2] == str(sum(count.tokens for count in found.counts.values()))
    assert cli("pool", "show", files / "pool").out == done.out
    assert cli("pool", "tokenise", files / "pool", "--tokenizer", folder).out == done.out


def test_corpus_of_a_size_that_cannot_be(mistake, tmp_path):
    assert "--mb 0 is not between" in mistake("corpus", "build", "--mb", "0", "--out", tmp_path / "c")


def test_an_interrupt_says_that_the_work_is_kept(files):
    with (files / "long.jsonl").open("w") as out:
        out.writelines(json.dumps({"text": f"{i} " + "word " * 200}) + "\n" for i in range(60_000))
    command = [sys.executable, "-m", "causalmix_core", "pool", "read", "--out", str(files / "pool")]
    command += ["--domain", f"a={files}/a.jsonl", "--domain", f"long={files}/long.jsonl"]
    # A suite started in the background of a shell ignores interrupts, and so would what it starts.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    child = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=heed)  # noqa: PLW1509
    while child.poll() is None and not (files / "pool" / ".building" / "00.json").exists():
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    assert said == (
        "causalmix: interrupted; what is done is kept, and the same command goes on from there.\n"
    )
    assert not list((files / "pool" / ".building").glob("01-*"))

"""A worker that only waits: it keeps the contract of ``train-run`` without training, and keeps a journal.

``python -S child.py --run-dir DIR [--run-dir DIR ...]``. The journal, one line an event in one append,
tells afterwards what was begun, finished, begun again after it had finished (``repeat``), or run by two
processes at once (``overlap``). The settings of the study may name a ``mode`` for a run: ``nan``,
``input``, ``crash``, ``memory``, ``stubborn`` (ignores TERM), ``leftover`` (leaves a process behind).
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time


def journal(study, event, run):
    """One line in one write: lines of many processes do not mix."""
    file = os.open(os.path.join(study, "journal.txt"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(file, f"{event} {run} {os.getpid()}\n".encode())
    os.close(file)


def publish(path, content):
    with open(path + ".part", "w") as file:
        json.dump(content, file)
    os.replace(path + ".part", path)


def misbehave(mode, folder):
    """What a mode does before the run; False when the run is over."""
    if mode in ("nan", "input"):
        publish(f"{folder}/failure.json", {"kind": mode, "reason": f"made to fail: {mode}"})
        return False
    if mode == "crash":
        os._exit(3)
    if mode == "memory":
        raise MemoryError("made to run out")
    if mode == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if mode == "leftover":
        with subprocess.Popen(["/bin/sleep", "600"]) as left:
            with open(f"{folder}/leftover", "w") as file:
                file.write(str(left.pid))
            os._exit(4)
    return True


def result_of(run):
    share = next(iter(run.get("mixture", {"a": 0.5}).values()))
    return {
        "run": run["id"],
        "outcomes": {
            "loss": {
                "value": 3.0 - share + 0.01 * run.get("replicate", 0),
                "higher_is_better": False,
                "unit": "bits",
            }
        },
        "tokens": 128_000,
        "seconds": 0.1,
        "device": "cpu",
        "model_sha256": "ab" * 32,
        "data_sha256": "cd" * 32,
        "versions": {"child": "1"},
        "seed": run.get("order_seed", 0),
    }


def train(folder):
    """One run; 1 when it failed."""
    with open(f"{folder}/job.json") as file:
        job = json.load(file)
    run, study, settings = job["run"], job["study"], job["settings"]
    alone = os.open(f"{folder}/alone", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        journal(study, "overlap", run["id"])
    if os.path.exists(f"{folder}/result.json"):
        journal(study, "repeat", run["id"])
        return 0
    journal(study, "begin", run["id"])
    if not misbehave(settings.get("modes", {}).get(run["id"]), folder):
        return 1
    steps = settings.get("steps", 3)
    for step in range(1, steps + 1):
        time.sleep(settings.get("pause", 0.0))
        with open(f"{folder}/progress.jsonl", "a") as file:
            line = {"step": step, "steps": steps, "loss": 1.0 / step, "tokens": step, "time": time.time()}
            file.write(json.dumps(line) + "\n")
    publish(f"{folder}/result.json", result_of(run))
    journal(study, "finish", run["id"])
    os.close(alone)
    return 0


folders = [sys.argv[i + 1] for i, word in enumerate(sys.argv) if word == "--run-dir"]
sys.exit(sum([train(folder) for folder in folders]) > 0)

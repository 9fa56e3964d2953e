"""Sentences of the Proxy lab, word for word."""

from __future__ import annotations

from causalmix_core.delivery.proxy import (
    errand_sentence,
    gpu_sentence,
    launch_sentence,
    losses_sentence,
    progress_sentence,
    slots_sentence,
)
from causalmix_core.proxy.engine.curves import LossCurve
from causalmix_core.proxy.engine.errand import Errand
from causalmix_core.proxy.engine.gpus import GpuCard
from causalmix_core.proxy.engine.launching import LaunchPlan
from causalmix_core.proxy.engine.progress import Status

COUNTS = {"queued": 20, "running": 4, "done": 37, "failed": 3, "cancelled": 0}


def status(counts=COUNTS, rate=720.0, left=120.0):
    return Status(counts, sum(counts.values()), (), (), rate, left, 1, None)


def test_progress():
    assert progress_sentence(status()) == "37 of 64 runs done · 3 failed · 720 runs an hour · 2 m 00 s left"
    assert progress_sentence(status(dict.fromkeys(COUNTS, 0) | {"done": 1}, left=0.0)) == "1 of 1 run done"


def test_launch():
    plan = LaunchPlan(52, 52, 16, 26_000, "windows", ("python",))
    assert launch_sentence(plan, ("cpu", "cpu"), 16, 0.1) == (
        "52 runs on 16 pools (all new), 26,000 windows in all. 4 processes, 2 at a time, about 6 m 00 s."
    )
    added = LaunchPlan(52, 1, 1, 26_000, "windows", ("python",))
    assert launch_sentence(added, ("cpu",), 1, None) == (
        "52 runs on 1 pool (1 of them new), 26,000 windows in all. 1 process, 1 at a time; how long is not known before the "
        "speed was measured."
    )


def test_machines():
    card = GpuCard(0, "NVIDIA H200", 0.81, 19.4, 140.0, 54.0)
    assert gpu_sentence(card) == "GPU 0 (NVIDIA H200), 81 % busy, 19.4 of 140.0 GiB, 54 °C"
    assert slots_sentence((card,), 4) == "1 GPU here: NVIDIA H200."
    assert slots_sentence((), 2).startswith(
        "No CUDA device on this machine. Tiny runs are made for its 2 CPU cores"
    )


def test_losses():
    curve = LossCurve("r0001", (1, 60), (5.5, 3.25), 125)
    assert (
        losses_sentence([curve])
        == "Training loss in nats per token: r0001 from 5.50 to 3.25 at step 60 of 125."
    )
    assert losses_sentence([LossCurve("r0001", (), (), 0)]) == "No run has told a loss yet."
    assert losses_sentence([curve] * 6).endswith("of 125, and 2 more.")


def test_errands():
    def errand(state, said, step=2):
        return Errand("Default corpus", state, step, 3, None, said, 12.0, ())

    assert errand_sentence(errand("running", "")) == "Default corpus (step 2 of 3): starting"
    assert errand_sentence(errand("done", "x")) == "Default corpus: done in 12 s."
    assert (
        errand_sentence(errand("failed", "causalmix: No disk."))
        == "Default corpus (step 2 of 3) stopped: No disk."
    )
    assert "goes on where it was" in errand_sentence(errand("lost", ""))

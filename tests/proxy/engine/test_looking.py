"""What a page looks at while runs are trained: their losses, and the graphics cards."""

from __future__ import annotations

import json

from causalmix_core.proxy.engine.curves import loss_curve
from causalmix_core.proxy.engine.gpus import GpuCard, parse_cards


def line(step, loss, steps=1000):
    return json.dumps({"step": step, "steps": steps, "loss": loss, "tokens": step, "time": 0.1})


def test_a_curve_is_thinned_and_keeps_its_last_point(tmp_path):
    text = "\n".join(line(step, 5.0 - step / 1000) for step in range(1, 1001))
    (tmp_path / "progress.jsonl").write_text(text + '\n{"step": 10')
    curve = loss_curve(tmp_path, most=50)
    assert len(curve.steps) == len(curve.losses) == 50
    assert (curve.steps[-1], curve.losses[-1], curve.total) == (1000, 4.0, 1000)
    assert curve.run == tmp_path.name


def test_losses_that_are_none_or_no_numbers_are_left_out(tmp_path):
    assert loss_curve(tmp_path).steps == ()
    (tmp_path / "progress.jsonl").write_text(
        "\n".join((line(1, None), line(2, float("nan")), line(3, 2.5), "[]"))
    )
    curve = loss_curve(tmp_path)
    assert (curve.steps, curve.losses) == ((3,), (2.5,))


def test_cards_are_read_from_what_nvidia_smi_prints():
    said = "0, NVIDIA H200, 81, 19866, 143771, 54\n1, NVIDIA H200, [N/A], 1024, 2048, [N/A]\nno devices\n"
    first, second = parse_cards(said)
    assert first == GpuCard(0, "NVIDIA H200", 0.81, 19866 / 1024, 143771 / 1024, 54.0)
    assert (second.use, second.used_gib, second.celsius) == (None, 1.0, None)
    assert parse_cards("") == ()

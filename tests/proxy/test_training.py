"""Tiny models: the loop learns, stacked models are the loop's, losses are what the definition says."""

import math

import numpy as np
import pytest
import torch

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.training.architecture import (
    flops_per_token,
    load_model,
    new_model,
    parameters,
    save_model,
)
from causalmix_core.proxy.training.evaluate import HeldOut, bits_per_byte, spread_windows
from causalmix_core.proxy.training.loop import LossIsNaN, train
from causalmix_core.proxy.training.schedule import FLOOR, Recipe
from causalmix_core.proxy.training.stacked import train_stacked

VOCABULARY, CONTEXT = 32, 24
torch.set_num_threads(1)


def chains(seed, count=48, step=3):
    """(count, CONTEXT + 1) windows that a model can learn: every token follows from the one before."""
    start = np.random.default_rng(seed).integers(0, VOCABULARY, count)
    return (start[:, None] + step * np.arange(CONTEXT + 1)) % VOCABULARY


def test_training_learns_what_can_be_learnt():
    model = new_model("0.1M", VOCABULARY, seed=0)
    told = []
    loss = train(model, chains(0, 480), Recipe(batch=4), lambda *said: told.append(said))
    assert loss < 0.5 < math.log(VOCABULARY)
    assert [step for step, _, _ in told] == [20, 40, 60, 80, 100, 120]
    assert told[-1] == (120, 120, loss)


def test_same_seed_same_bytes_and_another_seed_others():
    def weights(seed):
        model = new_model("0.1M", VOCABULARY, seed)
        train(model, chains(1), Recipe())
        return b"".join(p.detach().numpy().tobytes() for p in model.parameters())

    assert weights(0) == weights(0) != weights(1)


def test_stacked_models_are_those_of_the_loop():
    recipe = Recipe(batch=4)
    data = [chains(seed) for seed in range(3)]
    singles = [new_model("0.1M", VOCABULARY, seed) for seed in (0, 0, 5)]
    stack, losses = train_stacked(singles, data, recipe)
    for which, (model, windows) in enumerate(zip(singles, data, strict=True)):
        expected = train(model, windows, recipe)
        assert losses[which] == pytest.approx(expected, rel=2e-5)
        found = stack.into(new_model("0.1M", VOCABULARY, 9), which)
        for mine, theirs in zip(found.parameters(), model.parameters(), strict=True):
            assert torch.allclose(mine, theirs, atol=2e-5)


def test_one_model_out_of_numbers_leaves_the_others_alone():
    models = [new_model("0.1M", VOCABULARY, seed) for seed in (0, 1)]
    with torch.no_grad():
        next(models[1].parameters())[0, 0] = math.nan
    _, losses = train_stacked(models, [chains(0), chains(0)], Recipe())
    alone = train(models[0], chains(0), Recipe())
    assert losses[0] == pytest.approx(alone, rel=2e-5)
    assert math.isnan(losses[1])


def test_a_loss_that_is_no_number_is_said_so():
    model = new_model("0.1M", VOCABULARY, seed=0)
    with torch.no_grad():
        next(model.parameters())[0, 0] = math.nan
    with pytest.raises(LossIsNaN, match=r"step 12 of 12"):
        train(model, chains(0), Recipe())


@pytest.mark.parametrize("run", [train, lambda m, w, r: train_stacked([m], [w], r)])
def test_too_few_windows_for_a_batch(run):
    with pytest.raises(ProxyError, match="3 windows do not fill a batch of 4"):
        run(new_model("0.1M", VOCABULARY, 0), chains(0, 3), Recipe(batch=4))


def test_bits_per_byte_token_by_token():
    model = new_model("0.1M", VOCABULARY, seed=3).eval()
    windows = chains(4, 5)
    held = HeldOut({"a": windows, "b": windows[:2]}, {"a": 2.5, "b": 1.0})
    found = bits_per_byte(model, held)
    bits = []
    with torch.no_grad():
        for window in windows:
            for at in range(CONTEXT):
                logits = model(input_ids=torch.from_numpy(window[None, : at + 1])).logits[0, -1].double()
                bits.append(-float(torch.log_softmax(logits, 0)[window[at + 1]]) / math.log(2))
    assert found["a"] == pytest.approx(np.mean(bits) / 2.5, rel=1e-5)
    assert found["b"] == pytest.approx(np.mean(bits[: 2 * CONTEXT]), rel=1e-5)


def test_held_out_windows_lie_evenly_and_inside():
    found = spread_windows(np.arange(1000, dtype=np.uint16), context=99, count=4)
    assert found[:, 0].tolist() == [0, 300, 600, 900]
    assert found[-1, -1] == 999
    assert len(spread_windows(np.arange(150, dtype=np.uint16), context=99, count=4)) == 1


def test_a_base_comes_back_as_it_was(tmp_path):
    model = new_model("0.5M", VOCABULARY, seed=1)
    save_model(model, tmp_path)
    again = load_model(tmp_path)
    assert {f.suffix for f in tmp_path.iterdir()} == {".json", ".safetensors"}
    for mine, theirs in zip(again.parameters(), model.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    with pytest.raises(ProxyError, match="nothing_here holds no base model"):
        load_model(tmp_path / "nothing_here")


def test_sizes_and_rates():
    model = new_model("0.1M", 1024, seed=0)
    assert parameters(model) == 108_864
    assert flops_per_token(model) == 6 * 108_864 + 6 * 64 * 256
    recipe = Recipe(peak=1.0)
    rates = [recipe.rate(step, 100) for step in range(100)]
    assert rates[0] == pytest.approx(0.2)
    assert max(rates) <= 1.0
    assert rates[-1] == pytest.approx(FLOOR, abs=1e-3)
    with pytest.raises(ProxyError, match="no model size '7B'"):
        new_model("7B", 1024, 0)

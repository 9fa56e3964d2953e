"""Loss and entropies against a slow reference: one document, one token, one forward pass at a time."""

import json
import math
import shutil

import numpy as np
import pytest
import torch

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.scoring.causal import open_causal
from causalmix_core.pools.scoring.encoding import Limits
from causalmix_core.proxy.training.architecture import new_model, save_model
from tests.pools.scoring.conftest import CPU, document


@pytest.fixture(scope="module")
def scorer(model_dir):
    return open_causal(model_dir, CPU, Limits(60, 90))


def slow(scorer, doc):
    """(loss bits a token, bits a byte, response entropies) by the definition, in float64 after the model."""
    tokenizer, losses, entropies = scorer.encoder.tokenizer, [], []
    ids = tokenizer.encode([doc.text])[0]
    for t in range(min(len(ids), 90)):
        prefix = torch.tensor([[tokenizer.eos, *ids[:t]]])
        with torch.no_grad():
            logits = scorer.model(input_ids=prefix).logits[0, -1].double()
        p = torch.softmax(logits, -1)
        losses.append(-math.log2(float(p[ids[t]])))
        entropies.append(-float(sum(q * math.log2(q) for q in p.tolist() if q > 0.0)))
    before = len(tokenizer.encode([doc.prompt])[0]) if doc.response_start else 0
    # The test's prompts end within a token or at its end: the token that holds the first character answers.
    while before and len(tokenizer.decode(ids[:before])) > len(doc.prompt):
        before -= 1
    losses = losses[:60]
    scored = tokenizer.decode(ids[:60]).rstrip("\ufffd")
    size = len(doc.text.encode()) if len(ids) <= 60 else len(scored.encode())
    return np.mean(losses), sum(losses) / size, np.array(entropies[before:])


def test_against_the_slow_reference(scorer, hard_documents):
    scores = scorer.score(scorer.encoder.encode(hard_documents))
    for doc, score in zip(hard_documents, scores, strict=True):
        loss, per_byte, entropies = slow(scorer, doc)
        assert score.normalized_loss == pytest.approx(loss, abs=1e-5)
        assert score.bits_per_byte == pytest.approx(per_byte, rel=0.03 if "你" in doc.text else 1e-6)
        assert score.response_tokens == len(entropies)
        if len(entropies):
            above = entropies[entropies >= np.percentile(entropies, 99.5)]
            top = np.sort(entropies)[::-1][: max(1, len(entropies) // 20)]
            assert score.hes == pytest.approx(above.sum(), abs=1e-4)
            assert score.hes_rate == pytest.approx(top.mean(), abs=1e-4)
        else:
            assert score.hes == score.hes_rate == 0.0
    assert any(score.response_tokens == 0 for score in scores)
    assert max(score.tokens for score in scores) == 60


def test_batches_and_fill_change_no_token(scorer, hard_documents):
    texts = scorer.encoder.encode(hard_documents)
    together = scorer.token_bits(texts)
    for text, (loss, entropy) in zip(texts, together, strict=True):
        ((alone_loss, alone_entropy),) = scorer.token_bits([text])
        np.testing.assert_allclose(loss, alone_loss, atol=1e-5, rtol=0)
        np.testing.assert_allclose(entropy, alone_entropy, atol=1e-5, rtol=0)


def test_order_of_documents_changes_nothing(scorer, hard_documents):
    forwards = scorer.score(scorer.encoder.encode(hard_documents))
    backwards = scorer.score(scorer.encoder.encode(hard_documents[::-1]))[::-1]
    assert [s.tokens for s in forwards] == [s.tokens for s in backwards]
    np.testing.assert_allclose([s.hes for s in forwards], [s.hes for s in backwards], atol=1e-5)


def test_a_model_that_rules_tokens_out(scorer, monkeypatch):
    """Logits of minus infinity: a probability of 0 adds nothing to the entropy."""
    logits = torch.tensor([[0.0, 0.0, -math.inf, -math.inf]])
    loss, entropy = scorer._bits(logits, torch.tensor([1]))
    assert loss == pytest.approx(1.0)
    assert entropy == pytest.approx(1.0)


def test_limits_end_at_what_the_model_sees(model_dir):
    assert open_causal(model_dir, CPU).encoder.limits == Limits(256, 256)


def test_a_long_text_is_cut_before_it_is_tokenised(scorer):
    long, longer = (document("alpha beta gamma delta " * n) for n in (300, 100_000))
    a, b = scorer.encoder.encode([long, longer])
    assert a.ids.tolist() == b.ids.tolist()
    assert (a.loss_bytes, a.response_from) == (b.loss_bytes, b.response_from)
    blanks = document(" " * 200_000 + "alpha " * 100)  # one token for many characters: the cut grows
    assert len(scorer.encoder.encode([blanks])[0].ids) > 0


def test_the_beginning_of_text_stands_in_front_where_there_is_one(model_dir, tmp_path):
    shutil.copytree(model_dir, tmp_path / "m")
    (tmp_path / "m" / "tokenizer_config.json").write_text(
        json.dumps({"bos_token": "b", "eos_token": "<eos>"})
    )
    encoder = open_causal(tmp_path / "m", CPU).encoder
    assert encoder.start == encoder.tokenizer.token_id("b")
    assert encoder.encode([document("alpha")])[0].context == encoder.start


def test_folders_that_hold_no_scorer(model_dir, tmp_path):
    with pytest.raises(PoolSourceError, match=r"config\.json is missing"):
        open_causal(tmp_path, CPU)
    save_model(new_model("0.1M", 300, 0), tmp_path / "bare")
    with pytest.raises(PoolSourceError, match=r"tokenizer\.json"):
        open_causal(tmp_path / "bare", CPU)
    save_model(new_model("0.1M", 120, 0), tmp_path / "other")
    shutil.copy(model_dir / "tokenizer.json", tmp_path / "other")
    with pytest.raises(PoolSourceError, match="do not belong together"):
        open_causal(tmp_path / "other", CPU)
    (tmp_path / "bare" / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(PoolSourceError, match="no model that can be loaded"):
        open_causal(tmp_path / "bare", CPU)

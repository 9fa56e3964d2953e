"""Raters: chunks of 512 tokens weighted by length, QuRater's heads, encoders with their special tokens."""

import json
import shutil

import numpy as np
import pytest
import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    Qwen2Config,
    Qwen2ForSequenceClassification,
)

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.scoring.rater import QURATER_HEADS, open_rater
from tests.pools.scoring.conftest import CPU, sharpen

SIZES = {"vocab_size": 300, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}


def save(model, scored_pool, folder, **config):
    sharpen(model).save_pretrained(folder)
    shutil.copy(scored_pool.folder / "tokenizer" / "tokenizer.json", folder)
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return folder


def decoder(**settings):
    torch.manual_seed(3)
    return Qwen2ForSequenceClassification(
        Qwen2Config(**SIZES, num_key_value_heads=1, intermediate_size=64, pad_token_id=None, **settings)
    )


@pytest.fixture(scope="module")
def texts():
    return ["a", "alpha beta " * 30, "gamma delta epsilon " * 200, "zeta", "größe " * 400]


def test_chunks_are_rated_one_by_one_and_weighted_by_length(scored_pool, texts, tmp_path):
    rater = open_rater(save(decoder(num_labels=4), scored_pool, tmp_path / "r"), CPU)
    assert rater.heads == QURATER_HEADS == (
        "writing_style", "required_expertise", "facts_and_trivia", "educational_value",
    )  # fmt: skip
    found = rater.rate(texts)
    for text, row in zip(texts, found, strict=True):
        ids = rater.tokenizer.encode([text])[0]
        chunks = [ids[i : i + 512] for i in range(0, len(ids), 512)]
        with torch.no_grad():
            each = [rater.model(input_ids=torch.tensor([chunk])).logits[0].numpy() for chunk in chunks]
        expected = np.average(each, axis=0, weights=[len(chunk) for chunk in chunks])
        np.testing.assert_allclose(row, expected, atol=1e-5)
    assert any(len(rater.tokenizer.encode([text])[0]) > 512 for text in texts)


def test_encoders_get_their_special_tokens(scored_pool, texts, tmp_path):
    torch.manual_seed(4)
    model = BertForSequenceClassification(BertConfig(**SIZES, intermediate_size=64, num_labels=1))
    rater = open_rater(save(model, scored_pool, tmp_path / "b", cls_token="a", sep_token="b"), CPU)
    assert rater.heads == ("rating",)
    assert rater.chunk == 510
    (row,) = rater.rate(["alpha beta"])
    first, last = (rater.tokenizer.token_id(token) for token in "ab")
    with torch.no_grad():
        ids = torch.tensor([[first, *rater.tokenizer.encode(["alpha beta"])[0], last]])
        assert row[0] == pytest.approx(float(rater.model(input_ids=ids).logits[0, 0]), abs=1e-5)
    together, alone = rater.rate(texts), np.concatenate([rater.rate([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_heads_are_named_by_the_model_or_refused(scored_pool, tmp_path):
    named = decoder(id2label={0: "Readability!", 1: "Clean-ness"})
    assert open_rater(save(named, scored_pool, tmp_path / "n"), CPU).heads == ("readability", "clean_ness")
    with pytest.raises(PoolSourceError, match="3 heads without names"):
        open_rater(save(decoder(num_labels=3), scored_pool, tmp_path / "u"), CPU)
    twice = decoder(id2label={0: "good", 1: "Good"})
    with pytest.raises(PoolSourceError, match="cannot be told apart"):
        open_rater(save(twice, scored_pool, tmp_path / "t"), CPU)


def test_a_language_model_is_no_rater(model_dir):
    """Its head would be random numbers."""
    with pytest.raises(PoolSourceError, match=r"lacks score\.weight"):
        open_rater(model_dir, CPU)

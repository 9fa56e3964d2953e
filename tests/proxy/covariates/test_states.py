"""States of a design's pools: from its set-aside text, by the definitions, each text once."""

import json
import math

import numpy as np
import pytest
import torch

from causalmix_core.errors import DesignError, PoolSourceError
from causalmix_core.evidence import parse_runs
from causalmix_core.evidence.pool_file import read_pool_file
from causalmix_core.pools.document import Document
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.scoring.device import Device
from causalmix_core.pools.scoring.means import state_like
from causalmix_core.pools.scoring.measures import Models, open_measurer
from causalmix_core.pools.scoring.model_folder import load
from causalmix_core.pools.scoring.surface import surface
from causalmix_core.pools.tokenizer_folder import open_tokenizer
from causalmix_core.pools.tokens import tokenise
from causalmix_core.proxy.covariates.states import POOL, score_design, score_windows
from causalmix_core.proxy.design.design import Settings
from causalmix_core.proxy.design.draw import draw_design
from causalmix_core.proxy.design.mixtures import Law, draw_mixtures
from causalmix_core.proxy.design.rows import covariate_windows, document_stock, window_stock
from causalmix_core.proxy.design.states import DomainState, Keep, damaged, healthy
from causalmix_core.proxy.engine.launching import read_states_bytes
from causalmix_core.proxy.training.architecture import new_model, save_model
from tests.proxy.design.pools import made_pool

SEQ = 32


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("states") / "pool"
    made_pool(folder)
    model = new_model("0.1M", 300, 5)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(6.0)
    save_model(model, folder / "base")
    (folder / "base" / "tokenizer.json").write_bytes((folder / "tokenizer" / "tokenizer.json").read_bytes())
    return open_pool(folder)


def states_of(pool):
    a, b, c = pool.domains
    return {
        "p000": healthy(pool.domains),
        "p001": {
            a: damaged(0.25, "dup"),
            b: damaged(0.5, "garble"),
            c: DomainState(keep=Keep("length", 0.5)),
        },
        "p002": {a: damaged(0.0, "shuffle"), b: damaged(0.5, "narrow"), c: damaged(0.5, "foreign")},
    }


def make_design(pool, unit):
    settings = Settings(pool.domains, unit=unit, examples=8, seq=SEQ, set_aside=16, max_epochs=50)
    if unit == "windows":
        stock = window_stock(tokenise(pool.folder, pool.folder / "tokenizer"), settings)
    else:
        stock = document_stock(pool, settings)
    states = states_of(pool)
    mixtures = draw_mixtures(Law(), 3, pool.domains, states, np.full(3, 1 / 3), seed=1)
    return draw_design(stock, pool.sha256, settings, states, mixtures, seed=1).design


@pytest.fixture(scope="module")
def design(pool):
    return make_design(pool, "windows")


@pytest.fixture
def models(pool):
    """With nothing kept from other tests."""
    for file in pool.folder.glob("scored/*"):
        file.unlink()
    return Models(pool.folder / "base")


def by_definition(pool, design, pool_id, domain):
    """The six covariates of the local study, window by window."""
    tokens = tokenise(pool.folder, pool.folder / "tokenizer")
    tokenizer = open_tokenizer(pool.folder / "tokenizer")
    model = load("AutoModelForCausalLM", pool.folder / "base", Device("cpu", "float32"))
    windows = covariate_windows(design, tokens, pool_id, domain)
    rows = []
    for window in windows.tolist():
        with torch.no_grad():
            logs = torch.log_softmax(model(input_ids=torch.tensor([window[:-1]])).logits[0].double(), -1)
        loss = -logs[torch.arange(SEQ), torch.tensor(window[1:])].mean() / math.log(2)
        entropies = (-(logs.exp() * logs).sum(-1) / math.log(2)).numpy()
        above = entropies[entropies >= np.percentile(entropies, 99.5)].sum()
        text = surface(tokenizer.decode(window))
        rows.append([float(loss), above, np.sort(entropies)[-max(1, SEQ // 20) :].mean(), *text])
    names = ("normalized_loss", "hes", "hes_rate", "type_token_ratio", "style_surface")
    found = {f"x_{domain}__{n}": v for n, v in zip(names, np.mean(rows, axis=0), strict=True)}
    return found | {
        f"x_{domain}__duplicate_rate": 1 - len({tuple(w) for w in windows.tolist()}) / len(windows)
    }


def test_states_by_definition(pool, design, models):
    states = score_design(design, pool, models).states()
    assert list(states) == ["p000", "p001", "p002"]
    for pool_id, state in states.items():
        expected = {}
        for domain in pool.domains:
            expected |= by_definition(pool, design, pool_id, domain)
        assert state == pytest.approx(expected, abs=2e-5)
        assert set(state) == set(expected)
    a = pool.domains[0]
    assert states["p001"][f"x_{a}__duplicate_rate"] > 0.3 > states["p000"][f"x_{a}__duplicate_rate"]
    assert states["p002"][f"x_{a}__normalized_loss"] != states["p000"][f"x_{a}__normalized_loss"]


def test_what_was_scored_is_not_scored_again(pool, design, models):
    first = score_design(design, pool, models)
    again = score_design(design, pool, models)
    assert (first.made, again.made) == (first.texts, 0)
    assert again.states() == first.states()
    (kept,) = (pool.folder / "scored").iterdir()
    kept.write_bytes(kept.read_bytes()[:-100])
    mended = score_design(design, pool, models)
    assert mended.made == first.texts
    assert mended.states() == first.states()
    assert score_design(design, pool, Models(None)).made == first.texts  # other scores: another file


def test_a_healthy_pool_of_a_design_is_the_pool_itself(pool, design, models):
    alone = score_windows(pool, models, SEQ, 16)
    assert alone.states()[POOL] == score_design(design, pool, models).states()["p000"]
    with pytest.raises(DesignError, match="needs 10 or more"):
        score_windows(pool, models, 100_000, 16)


def test_documents_that_were_set_aside(pool, models):
    design = make_design(pool, "documents")
    scored = score_design(design, pool, models)
    stock, a = document_stock(pool, design.settings), pool.domains[0]
    rows = set(stock.aside(0).tolist())
    documents = [document for i, document in enumerate(stock.documents(0)) if i in rows]
    expected = open_measurer(models).measure(documents)
    found = next(d for d in scored.pools["p000"] if d.domain == a)
    assert found.scored == len(documents) == 16
    for name, values in expected.items():
        assert found.means[name] == pytest.approx(values.mean(), abs=1e-5)
    assert any(document.response_start for document in documents)


def test_a_model_with_another_tokenizer_reads_the_text(pool, design, models, tmp_path):
    model, folder = new_model("0.1M", 310, 6), tmp_path / "other"
    save_model(model, folder)
    told = json.loads((pool.folder / "tokenizer" / "tokenizer.json").read_bytes())
    told["model"]["merges"], told["model"]["vocab"] = (
        [],
        {t: i for t, i in told["model"]["vocab"].items() if len(t) == 1},
    )
    (folder / "tokenizer.json").write_text(
        json.dumps(told | {"added_tokens": [{**told["added_tokens"][0], "id": 0}]})
    )
    scored = score_design(design, pool, Models(folder))
    window = covariate_windows(
        design, tokenise(pool.folder, pool.folder / "tokenizer"), "p000", pool.domains[0]
    )[0]
    text = open_tokenizer(pool.folder / "tokenizer").decode(window.tolist())
    measured = open_measurer(Models(folder)).measure([Document(text, None, None, "train")])
    assert measured["tokens"][0] > SEQ
    assert scored.pools["p000"][0].means["tokens"] > SEQ


def test_states_are_what_launch_and_decide_take(pool, design, models, tmp_path):
    states = score_design(design, pool, models).states()
    (tmp_path / "states.json").write_text(json.dumps(states))
    assert json.loads(read_states_bytes(tmp_path / "states.json")) == states
    rng = np.random.default_rng(0)
    columns = list(states["p000"])
    head = [f"share_{domain}" for domain in pool.domains] + columns + ["y_loss"]
    rows = [
        [*rng.dirichlet(np.ones(3)), *(states[f"p00{i % 3}"][c] for c in columns), rng.random()]
        for i in range(12)
    ]
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in head)
    csv = "\n".join([quoted, *(",".join(repr(float(v)) for v in row) for row in rows)])
    table = parse_runs(csv.encode(), "runs.csv")
    state = {c: states["p001"][c] for c in table.covariate_columns}
    found = read_pool_file(json.dumps(state).encode(), "state.json", table)
    assert dict(zip(table.covariate_columns, found, strict=True)) == state


def test_another_pool_is_refused(pool, design, models, tmp_path):
    made_pool(tmp_path / "other", (120, 100, 90))
    with pytest.raises(DesignError, match="was drawn for the pool"):
        score_design(design, open_pool(tmp_path / "other"), models)
    with pytest.raises(PoolSourceError, match="'perplexity' was not measured"):
        score_design(design, pool, models).states(["perplexity"])


def test_a_state_like_a_table_has_its_columns_and_no_others(pool, design, models):
    scored = score_design(design, pool, models)
    code = pool.domains[0]
    rng = np.random.default_rng(0)
    head = ["share_code", "share_rest", "x_code__hes", "X_style_surface", "params", "y_loss"]
    rows = [[s, 1 - s, *rng.random(2), 10 ** (1 + i % 3), rng.random()] for i, s in enumerate(rng.random(12))]
    csv = "\n".join([",".join(head), *(",".join(repr(float(v)) for v in row) for row in rows)])
    table = parse_runs(csv.encode(), "runs.csv")
    assert "x_log10_params" in table.covariate_columns
    state = state_like(scored.pools["p001"], table)
    full = scored.states(pooled=True)["p001"]
    assert state == {
        column: full[f"x_{code}__hes" if "hes" in column else "x_style_surface"]
        for column in table.covariate_columns
        if column != "x_log10_params"
    }
    other = parse_runs(csv.replace("x_code__hes", "x_rest__hes").encode(), "runs.csv")
    with pytest.raises(PoolSourceError, match="no domain 'rest'"):
        state_like(scored.pools["p001"], other)

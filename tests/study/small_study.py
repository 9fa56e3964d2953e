"""A study small enough to make, verify, search and scale in a test: three domains, twelve pools, models of seconds."""

import copy

import yaml

from causalmix_core.pools.corpus.tokenizer import train_tokenizer
from causalmix_core.pools.sources.read import read_pool
from causalmix_core.pools.sources.spec import Fields, spec_of_pairs
from causalmix_core.study.place import StudyPlace
from causalmix_core.study.plan import parse_plan
from tests.proxy.small_lab import WORDS, made_text

PLAIN = {
    "schema": "causalmix/study-plan@1",
    "name": "small",
    "title": "Three domains, twelve pools",
    "question": "Does everything come together?",
    "base": {"size": "0.1M", "tokens": 20_480, "seed": 0},
    "scorer": {"size": "0.1M", "tokens": 40_960, "seed": 1},
    "covariates": ["normalized_loss", "duplicate_rate"],
    "runs": {"windows": 16, "seq": 64, "set_aside": 8, "batch": 4, "peak": 0.004},
    "outcome": {"name": "bpb_weighted", "weights": {"counting": 2, "colours": 1, "weather": 1}},
    "pools": {"count": 12, "seed": 1, "damage": {"dup": 0.5, "boiler": 0.5}},
    "mixtures": {
        "per_pool": 2,
        "samplers": ["dirichlet", "chosen"],
        "concentration": 1.0,
        "favoured": ["counting"],
        "fallback": ["weather"],
    },
    "replicates": 3,
    "exclude": ["failed"],
    "fit": {"estimator": "recommended", "seed": 0},
    "verification": {
        "seed": 2,
        "orders": 2,
        "radii": [0.4],
        "groups": {
            "ordinary": {"pools": 2},
            "extreme": {"pools": 1, "quality": [0.0, 0.1], "broken": 1},
            "unseen damage": {"pools": 1, "damage": {"garble": 1.0}},
        },
        "methods": ["equal", "weights", "regmix", "looks", "recommended-0.4"],
        "predictor": "recommended",
    },
    "oracle": {"pools": {"ordinary": 1}, "rounds": 1, "candidates": 4, "seed": 3},
    "scale": {
        "methods": ["equal", "weights", "recommended-0.4"],
        "cases": {
            "budget-2x": {"windows": 32, "pools": {"ordinary": 1}, "orders": 1},
            "two-domains": {
                "domains": ["counting", "weather"],
                "weights": {"counting": 1, "weather": 3},
                "pools": {"ordinary": 1},
                "orders": 1,
            },
        },
    },
}


def small_plan(pool_sha256="0" * 64, **changed):
    """The plan on a pool of this hash; ``changed`` replaces whole keys."""
    plain = copy.deepcopy(PLAIN) | {"text": {"sha256": pool_sha256}} | changed
    return parse_plan(yaml.safe_dump(plain, sort_keys=False).encode(), "small.yaml")


def small_place(folder):
    """Empty folders of a study, its pool of text read in already; the place and the pool's hash."""
    place = StudyPlace(folder / "work", folder / "tables")
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for domain in WORDS:
        texts = [made_text(domain, number) for number in range(260)]
        (sources / f"{domain}.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    pairs = [f"{domain}={sources / domain}.txt" for domain in WORDS]
    place.work.mkdir()
    pool = read_pool(spec_of_pairs("made", pairs, Fields(per="paragraph")), place.corpus)
    train_tokenizer(pool, 320)
    return place, pool.sha256

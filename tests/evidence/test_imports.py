"""Published tables: RegMix's pair and olmix's pair."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.errors import TableError
from causalmix_core.evidence import import_olmix, import_regmix, read_runs, write_runs


def regmix_pair(n=12, order=None):
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(3), size=n).round(3)
    losses = rng.normal(5, 1, size=(n, 2))
    mixtures = ["index,train_the_pile_arxiv,train_the_pile_pile_cc,train_books"]
    mixtures += [f"{i},{','.join(map(repr, row.tolist()))}" for i, row in enumerate(shares)]
    tables = ["index,metric/the_pile_arxiv_val_loss,metric/the_pile_pile_cc_val_loss,step"]
    tables += [f"{i},{','.join(map(repr, losses[i].tolist()))},1000" for i in (order or range(n))]
    return "\n".join(mixtures).encode(), "\n".join(tables).encode(), losses


def olmix_pair(n=12):
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(2), size=n)
    ratios = ["run,name,index,web,code"]
    ratios += [f"id{i},run-{i:04d},{i},{a!r},{b!r}" for i, (a, b) in enumerate(shares.tolist())]
    metrics = ["run,name,index,mmlu:rc::olmes,mbpp"]
    metrics += [f"id{i},run-{i:04d},{i},{2 + i / 10},{3 - i / 10}" for i in range(n)]
    return "\n".join(ratios).encode(), "\n".join(metrics).encode()


PRIORS = b"swarm,domain,prior,available_tokens\nother,web,1,5\ndclm,web,0.6,5\ndclm,code,0.2,5\n"


def test_regmix_names_and_direction():
    mixtures, losses, values = regmix_pair()
    table = import_regmix(mixtures, losses)
    assert table.domains == ("arxiv", "pile_cc", "books")
    assert [(o.name, o.higher_is_better, o.unit) for o in table.outcomes] == [
        ("arxiv_loss", False, "nats per token"),
        ("pile_cc_loss", False, "nats per token"),
    ]
    assert table.score("pile_cc_loss").tolist() == (-values[:, 1]).tolist()
    assert table.default_outcome == "pile_cc_loss"
    assert table.run_ids[:2] == ("0", "1")


def test_regmix_is_joined_by_id_and_not_by_row():
    mixtures, losses, values = regmix_pair(order=list(reversed(range(12))))
    assert import_regmix(mixtures, losses).score("arxiv_loss").tolist() == (-values[:, 0]).tolist()


def test_regmix_ids_that_do_not_match():
    mixtures, losses, _ = regmix_pair()
    with pytest.raises(TableError, match="1 of 12 runs of the first table are not in the second: 11"):
        import_regmix(mixtures, losses.rsplit(b"\n", 1)[0])
    with pytest.raises(TableError, match="1 of 12 runs of the second table are not in the first: 11"):
        import_regmix(mixtures.rsplit(b"\n", 1)[0], losses)


def test_regmix_id_given_twice():
    mixtures, losses, _ = regmix_pair()
    with pytest.raises(TableError, match="The run id '3' of row 13, column index, stands in row 4 already"):
        import_regmix(mixtures, losses + b"\n3,1,1,1")


def test_regmix_tables_the_wrong_way_round():
    mixtures, losses, _ = regmix_pair()
    with pytest.raises(TableError, match="No column of the loss table is called metric/"):
        import_regmix(losses, mixtures)


def test_regmix_mixtures_are_validated():
    mixtures, losses, _ = regmix_pair()
    spoilt = mixtures.replace(b"\n2,", b"\n2,9")
    with pytest.raises(TableError, match="The shares of row 3 sum to"):
        import_regmix(spoilt, losses)


def test_olmix_names_direction_and_provenance():
    table = import_olmix(*olmix_pair())
    assert table.domains == ("web", "code")
    assert [o.name for o in table.outcomes] == ["mmlu:rc::olmes", "mbpp"]
    assert table.score("mbpp")[0] == -3.0
    assert table.default_outcome == "mean"
    assert table.provenance["name"][3] == "run-0003"
    assert table.run_ids[0] == "id0"
    assert table.natural is None


def test_olmix_priors_of_the_swarm_with_these_domains():
    table = import_olmix(*olmix_pair(), PRIORS)
    assert table.natural is not None
    assert table.natural.tolist() == pytest.approx([0.75, 0.25])
    assert table.natural_label == "olmix priors of the swarm dclm"


@pytest.mark.parametrize(
    ("priors", "told"),
    [
        (b"swarm,domain,prior\nother,web,1\n", "No swarm of the priors table has the domains"),
        (b"swarm,domain\nother,web\n", "no column prior"),
        (b"swarm,domain,prior\ndclm,web,much\n", "Row 1, column prior holds 'much'"),
    ],
)
def test_olmix_priors_that_do_not_fit(priors, told):
    with pytest.raises(TableError, match=told):
        import_olmix(*olmix_pair(), priors)


def test_olmix_without_the_run_column():
    ratios, metrics = olmix_pair()
    with pytest.raises(TableError, match="The metrics table has no column run"):
        import_olmix(ratios, metrics.replace(b"run,", b"id,", 1))


def test_published_regmix_tables(real_data, tmp_path):
    folder = real_data / "regmix"
    table = import_regmix(
        (folder / "train_mixture_1m.csv").read_bytes(), (folder / "train_pile_loss_1m.csv").read_bytes()
    )
    assert (table.n_runs, len(table.domains), len(table.outcomes)) == (512, 17, 13)
    assert {o.name.removesuffix("_loss") for o in table.outcomes} <= set(table.domains)
    [issue] = table.issues
    assert "303 of 512 rows did not sum to exactly 1 (off by at most 0.004)" in issue.message
    assert read_runs(write_runs(table, tmp_path)).sha256 == table.sha256


@pytest.mark.parametrize("size", ["1m", "60m"])
def test_published_regmix_test_runs(real_data, size):
    folder = real_data / "regmix"
    table = import_regmix(
        (folder / f"test_mixture_{size}.csv").read_bytes(),
        (folder / f"test_pile_loss_{size}.csv").read_bytes(),
    )
    assert (table.n_runs, len(table.domains), len(table.outcomes)) == (256, 17, 13)


def test_published_olmix_tables(real_data, tmp_path):
    folder = real_data / "olmix"
    names = ("dclm_ratios.csv", "dclm_metrics.csv", "priors_token_counts.csv")
    table = import_olmix(*((folder / name).read_bytes() for name in names))
    assert (table.n_runs, len(table.domains), len(table.outcomes)) == (127, 24, 110)
    assert table.natural is not None
    assert table.natural.sum() == pytest.approx(1.0, abs=1e-12)
    assert read_runs(write_runs(table, tmp_path)).sha256 == table.sha256

"""Where a lab's things lie, and the commands that make them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from causalmix_core.cli.main import main
from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.pool import open_pool
from causalmix_core.proxy.design.mixtures import Law
from causalmix_core.proxy.design.request import DesignRequest, lay_out
from causalmix_core.proxy.design.storage import read_design
from causalmix_core.proxy.lab import Lab, domains_in
from causalmix_core.proxy.lab_commands import design_command, preparing_commands, reading_commands
from tests.proxy.design.pools import made_pool
from tests.proxy.engine.studies import make_study


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    tokens = made_pool(tmp_path_factory.mktemp("lab") / "made")
    return open_pool(tokens.folder.parent.parent)


def test_an_empty_lab_has_nothing_and_makes_nothing(tmp_path):
    lab = Lab(tmp_path / "root")
    assert (lab.pools(), lab.studies()) == ((), ())
    assert not lab.root.exists()


def test_pools_are_the_named_ones_too_and_each_is_listed_once(tmp_path, pool):
    lab = Lab(tmp_path)
    lab.remember(pool)
    lab.remember(pool)
    assert [found.sha256 for found in lab.pools()] == [pool.sha256]


def test_studies_are_found_where_they_were_launched(tmp_path):
    make_study(tmp_path / "studies", 2)
    assert [study.path.name for study in Lab(tmp_path).studies()] == ["study"]


def test_a_plan_is_kept_by_its_content(tmp_path):
    lab = Lab(tmp_path)
    path = lab.keep_plan(b"share_a,share_b\n.5,.5\n")
    assert path == lab.keep_plan(b"share_a,share_b\n.5,.5\n")
    assert path.parent == tmp_path / "plans"
    assert path.read_bytes() == b"share_a,share_b\n.5,.5\n"


@pytest.mark.parametrize("extend", [False, True])
def test_the_design_command_draws_the_design_that_was_shown(tmp_path, pool, extend):
    request = DesignRequest(
        pool.folder,
        runs=5,
        law=Law(("sobol",), 0.7, 0.05),
        seed=3,
        replicates=2,
        pools=2,
        windows=40,
        max_epochs=5,
    )
    assert main(list(design_command(request, tmp_path / "first"))) == 0
    if extend:
        request = replace(request, like=tmp_path / "first", extend=True, seed=4)
    assert main(list(design_command(request, tmp_path / "d"))) == 0
    assert read_design(tmp_path / "d").sha256 == lay_out(request).design.sha256


def test_folders_or_files_are_domains(tmp_path):
    for name in ("maths", "code"):
        (tmp_path / "whole" / name).mkdir(parents=True)
        (tmp_path / "whole" / name / "a.jsonl.gz").touch()
        (tmp_path / f"{name}.jsonl").touch()
    assert domains_in(tmp_path / "whole") == (
        ("code", f"{tmp_path / 'whole' / 'code'}/*"),
        ("maths", f"{tmp_path / 'whole' / 'maths'}/*"),
    )
    assert [name for name, _ in domains_in(tmp_path)] == ["code", "maths"]
    words = reading_commands(Lab(tmp_path / "lab"), tmp_path, ())[0]
    assert words[:4] == ("pool", "read", "--domain", f"code={tmp_path / 'code.jsonl'}")


def test_a_folder_without_text_is_refused(tmp_path):
    with pytest.raises(PoolSourceError, match="0 domains of text"):
        domains_in(tmp_path)
    with pytest.raises(PoolSourceError, match="is no folder that can be read"):
        domains_in(tmp_path / "absent")


def test_a_pool_needs_what_it_lacks(pool):
    assert [words[:2] for words in preparing_commands(pool)] in (
        [("corpus", "base")],
        [("pool", "tokenise"), ("corpus", "base")],
    )

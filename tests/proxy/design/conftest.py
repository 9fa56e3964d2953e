"""The made pool, built once."""

from __future__ import annotations

import pytest

from tests.proxy.design.pools import made_pool


@pytest.fixture(scope="session")
def pool(tmp_path_factory):
    return made_pool(tmp_path_factory.mktemp("pool") / "made")

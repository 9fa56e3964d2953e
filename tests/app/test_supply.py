"""Budget, amounts and domains present in the Mixture lab."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from causalmix_core.decision.supply import Supply
from causalmix_core.errors import SupplyError
from causalmix_core.store import ProjectStore
from pages._ui.mixture.supply_table import read_budget, read_supply, supply_frame
from tests.app.conftest import texts

LAB = "pages/5_Mixture_lab.py"
DOMAINS = ("web", "code", "math")
SUPPLY = Supply(20e9, "tokens", (("web", 4e9), ("math", 1_234_567_891.0)), 1.0, (("math", 4.0),))


@pytest.fixture
def study():
    return ProjectStore().sample()


def bench(app, table):
    return app.session_state["workbench"][table.sha256[:12]]


def key(app, table, name: str) -> str:
    return f"{table.sha256[:12]}:{name}:{bench(app, table).revision}"


def ask(app, table, **changes):
    """Change the scenario as a control would, and draw again."""
    benches = app.session_state["workbench"]
    project = table.sha256[:12]
    now = benches[project]
    history = now.history.edited(replace(now.scenario, **changes))
    benches[project] = replace(now, history=history, revision=now.revision + 1)
    app.session_state["workbench"] = benches
    app.run()
    assert not app.exception


def test_a_table_of_amounts_is_read_as_it_was_written():
    assert read_supply(DOMAINS, supply_frame(DOMAINS, SUPPLY), SUPPLY) == SUPPLY
    assert list(supply_frame(DOMAINS, SUPPLY)["Cap"]) == ["20.0", "100.0", "24.7"]


def test_edited_amounts_are_read_and_emptied_cells_lift_limits():
    frame = supply_frame(DOMAINS, SUPPLY)
    frame["Available"] = ["", "250e6", "0"]
    frame["Epochs"] = [2.0, math.nan, math.nan]
    found = read_supply(DOMAINS, frame, SUPPLY)
    assert found.available == (("code", 250e6), ("math", 0.0))
    assert found.epochs == (("web", 2.0),)
    frame["Available"] = ["plenty", "", ""]
    with pytest.raises(SupplyError, match="web is 'plenty'"):
        read_supply(DOMAINS, frame, SUPPLY)


def test_a_budget_is_typed_as_people_write_it():
    assert read_budget("20B", None) == Supply(20e9)
    assert read_budget("2e9", SUPPLY) == replace(SUPPLY, budget=2e9)
    assert read_budget("  ", SUPPLY) is None
    with pytest.raises(SupplyError, match="'lots' is no amount"):
        read_budget("lots", None)


def test_a_budget_with_amounts_limits_the_answer_and_says_what_that_costs(open_app, study):
    app = open_app(LAB)
    app.text_input(key=key(app, study, "budget")).set_value("20B").run()
    assert not app.exception
    assert bench(app, study).scenario.supply == Supply(20e9)
    ask(app, study, supply=Supply(20e9, "tokens", (("code", 1.2e9), ("math", 0.8e9))), radius=0.2)
    said = texts(app)
    assert "math is at 4.0 %, all that can be served: 800 million tokens in at most 1 epoch" in said
    assert "tokens more of math would be worth" in said
    assert "Within this radius, the supply costs" in said
    assert "The reference as asked for cannot be served" in said


def test_a_budget_that_cannot_be_served_is_an_error_in_place_of_the_answer(open_app, study):
    app = open_app(LAB)
    ask(app, study, supply=Supply(20e9, "tokens", tuple((d, 1e9) for d in study.domains)))
    assert "lower the budget to at most 7B" in texts(app)
    app.text_input(key=key(app, study, "budget")).set_value("lots").run()
    assert "'lots' is no amount" in texts(app)


def test_domains_that_are_not_there_get_nothing(open_app, study):
    app = open_app(LAB)
    chosen = app.multiselect(key=key(app, study, "domains"))
    assert chosen.value == list(study.domains)
    chosen.set_value(["math", "code", "wiki"]).run()
    assert not app.exception
    assert bench(app, study).scenario.domains == ("code", "math", "wiki")
    assert "docs, french, legal, instruct are not in the pool" in texts(app)
    shares = next(d.value for d in app.dataframe if "Proposed %" in d.value.columns).set_index("Domain")
    assert set(shares.loc[["docs", "french", "legal", "instruct"], "Proposed %"]) == {"0.0"}


def test_a_pool_beyond_the_runs_is_marked_and_its_intervals_grow(open_app, study):
    app = open_app(LAB)
    pool = bench(app, study).scenario.pool
    for covariate in study.covariates:
        pool = pool.with_own(covariate.column, 99.0)
    ask(app, study, pool=pool)
    said = texts(app)
    assert "This pool lies outside the pools of the runs" in said
    assert "times as wide" in said
    assert "beyond the runs]" in said
    assert np.isfinite(pool.state(study)).all()

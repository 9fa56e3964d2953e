"""A table whose pools do not differ: averages everywhere, said why, and a way to condition all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.worlds import make_world
from causalmix_core.delivery.heterogeneity import differ_sentence, p_words, slope_words
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.evidence import parse_runs, table_csv
from causalmix_core.store import ProjectStore
from pages._ui.words import escape
from tests.app.conftest import go, metric, texts
from tests.app.test_mixture_lab import bench, key, shares

FIT, EFFECTS, LAB = "pages/3_Fit.py", "pages/4_Effects.py", "pages/5_Mixture_lab.py"


def world_table(*, differ: bool):
    """120 runs of three domains with a covariate each; without ``differ`` no effect depends on the pool."""
    world = make_world(3, 1, True, 0.0, 1)
    if not differ:
        world = replace(world, worth=0.0 * world.worth, harm=0.0 * world.harm)
    return parse_runs(table_csv(world.table(120, seed=3)), "world.csv")


@pytest.fixture(scope="module")
def table():
    return world_table(differ=False)


@pytest.fixture
def opened(open_app, table):
    """The app on the Fit page, the table fitted."""
    project = ProjectStore().add(table)
    app = go(open_app(project=project.id), FIT)
    app.button(key="fit:run").click().run()
    assert not app.exception
    return app


def test_the_fit_page_says_so_with_its_figures_and_offers_to_condition(opened, table):
    found = fit(table, FitConfig("score")).heterogeneity
    assert not found.supported
    assert opened.info[0].value.startswith("**Averages over pools.** In runs left out, effects that differ")
    assert metric(opened, "Slope b") == slope_words(found)
    assert metric(opened, "p of b") == p_words(found.p)
    assert metric(opened, "R-score").startswith("\u2212")
    opened.button(key="fit:condition").click().run()
    assert "estimator differ from the current fit" in texts(opened)
    assert not [button for button in opened.button if button.key == "fit:condition"]
    opened.button(key="fit:run").click().run()
    assert not opened.exception
    assert not opened.info
    assert bench(opened, table).config.estimator == "components"
    go(opened, EFFECTS)
    assert "**All domains at this pool**" in texts(opened)


def test_the_effects_page_heads_them_as_averages(opened):
    go(opened, EFFECTS)
    said = texts(opened)
    assert "**Averages over pools**" in said
    assert "All domains at this pool" not in said
    assert "This fit has average effects" in said
    assert "did not come true" in said


def test_the_sliders_move_the_level_and_not_the_mixture(opened, table):
    go(opened, LAB)
    assert "the sliders move the level of the outcome, not the mixture" in texts(opened)

    def level() -> str:
        return next(c.value for c in opened.caption if "of the anchor at this pool" in c.value)

    before = level(), metric(opened, "Estimated gain"), shares(opened)
    slider = opened.slider(key=key(opened, table, f"shift:{table.covariate_columns[0]}"))
    slider.set_value(1.5).run()
    assert not opened.exception
    after = level(), metric(opened, "Estimated gain"), shares(opened)
    assert after[0] != before[0]
    assert after[1:] == before[1:]


def test_where_pools_differ_one_line_says_so(open_app):
    table = world_table(differ=True)
    project = ProjectStore().add(table)
    app = go(open_app(project=project.id), FIT)
    app.button(key="fit:run").click().run()
    found = fit(table, FitConfig("score")).heterogeneity
    assert found.supported
    assert escape(differ_sentence(found)) in texts(app)
    assert not app.info

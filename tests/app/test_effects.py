"""The Effects page: the pool and the pickers decide what is shown, and a fit without X says so."""

from __future__ import annotations

import pytest

from causalmix_core.delivery import numbers
from causalmix_core.delivery.sentences import effect_sentences
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explore import cate_map, effects_view
from causalmix_core.effects.fit import fit
from causalmix_core.store import ProjectStore
from pages._ui.effects.one_domain import own_first
from tests.app.conftest import go, texts
from tests.app.test_mixture_lab import key
from tests.shipped import POOL

EFFECTS = "pages/4_Effects.py"


@pytest.fixture(scope="module")
def fitted():
    study = ProjectStore().sample()
    return fit(study, FitConfig(outcome=study.default_outcome))


def alts(app) -> list[str]:
    return [chart.proto.alt for chart in app.get("plotly_chart")]


def plain(text: str) -> str:
    return text.replace("\\", "")


def test_the_sentence_of_the_picked_domain_is_the_cores(open_app, fitted):
    study = fitted.table
    app = open_app(EFFECTS)
    view = effects_view(fitted, fitted.default_pool, study.natural)
    said = effect_sentences(fitted.outcome, view)
    assert said[0] in plain(texts(app))
    app.selectbox(key="domain").set_value("math").run()
    assert said[study.domains.index("math")] in plain(texts(app))


def test_the_share_of_the_map_outside_the_data_is_said(open_app, fitted):
    app = open_app(EFFECTS)
    x, y = own_first(fitted.table, "code")[:2]
    view = cate_map(fitted, fitted.default_pool, fitted.table.natural, "code", x.column, y.column)
    outside = numbers.percent(1.0 - view.supported.mean())
    assert f"{outside} of the map lies outside the data" in texts(app)


def test_a_picked_domain_starts_with_its_own_state_on_both_axes(open_app):
    app = open_app(EFFECTS)
    app.selectbox(key="domain").set_value("wiki").run()
    own = [c.column for c in ProjectStore().sample().covariates if c.domain == "wiki"]
    assert [app.selectbox(key=axis).value for axis in "xy"] == own[:2]
    app.selectbox(key="x").set_value("x_code__duplicate_rate").run()
    assert not app.exception
    assert any("code" in alt and "wiki" in alt for alt in alts(app))


def test_both_axes_cannot_be_the_same(open_app):
    app = open_app(EFFECTS)
    app.selectbox(key="x").set_value(app.selectbox(key="y").value).run()
    assert not app.exception
    assert app.selectbox(key="x").value != app.selectbox(key="y").value


def test_the_surface_is_drawn_on_request_only(open_app):
    app = open_app(EFFECTS)
    assert not any(alt.startswith("Surface") for alt in alts(app))
    app.segmented_control(key="view").set_value("surface").run()
    app.segmented_control(key="camera").set_value("top").run()
    assert not app.exception
    assert any(alt.startswith("Surface") for alt in alts(app))


def test_the_level_changes_every_interval_here_and_in_the_lab(open_app, fitted):
    """One level: what is picked on Effects holds in the Mixture lab, and the other way round."""

    def level(app):
        return app.number_input(key=key(app, fitted.table, "level"))

    app = open_app(EFFECTS)
    before = alts(app)
    assert level(app).value == 90.0
    level(app).set_value(73.0).run()
    with_intervals = [alt for alt in alts(app) if "interval" in alt and not alt.startswith("Map")]
    assert with_intervals
    assert all("73 %" in alt for alt in with_intervals)
    assert alts(app) != before
    go(app, "pages/5_Mixture_lab.py")
    assert level(app).value == 73.0
    assert "73 % interval" in texts(app)
    level(app).set_value(99.0).run()
    assert "99 % interval" in texts(app)
    go(app, EFFECTS)
    assert level(app).value == 99.0
    assert "99 % intervals are pointwise" in texts(app)


def test_the_chart_of_all_domains_says_how_sure_it_is(open_app, fitted):
    from causalmix_core.delivery.certainty import interval_help

    app = open_app(EFFECTS)
    assert interval_help(fitted, 0.9) in plain(texts(app))
    assert interval_help(fitted, 0.9) in app.number_input(key=key(app, fitted.table, "level")).help


def test_the_pool_changes_the_effects(open_app, fitted):
    app = open_app(EFFECTS)
    before = alts(app)
    app.selectbox(key=key(app, fitted.table, "pool_kind")).set_value("table").run()
    app.selectbox(key=key(app, fitted.table, "pool_id")).set_value(POOL).run()
    assert not app.exception
    assert f"pool {POOL}" in texts(app)
    assert alts(app)[0] != before[0]


def test_the_order_by_effect_is_a_choice(open_app):
    app = open_app(EFFECTS)
    app.segmented_control(key="order").set_value("effect").run()
    assert not app.exception


def test_a_fit_without_covariates_has_no_map_and_says_why(open_app):
    app = open_app("pages/3_Fit.py")
    study = ProjectStore().sample().sha256[:12]
    app.toggle(key=f"{study}:fit_covariates").set_value(False).run()
    app.button(key="fit:run").click().run()
    app.switch_page(EFFECTS).run()
    assert not app.exception
    assert "This fit has average effects" in texts(app)
    assert len(alts(app)) == 2


def test_one_covariate_is_one_slice(open_app):
    from causalmix_core.evidence import parse_runs
    from tests.app.tables import runs_csv

    lines = [line.split(",") for line in runs_csv().decode().strip().split("\n")]
    one = "\n".join(",".join([*line[:3], line[4], line[6]]) for line in lines)
    table = parse_runs(one.replace("x_code__duplicate_rate", "x_duplicates").encode(), "one.csv")
    added = ProjectStore().add(table)
    app = open_app(EFFECTS, project=added.id)
    app.button(key="effects:fit_now").click().run()
    assert not app.exception
    assert not app.error
    assert len(alts(app)) == 3

"""Rules, drivers and what drives a recommendation: drawn when asked for, and the core's own."""

from __future__ import annotations

import pytest

from causalmix_core.decision.decide import decide
from causalmix_core.decision.region import make_region
from causalmix_core.delivery.explanations import (
    drivers_sentence,
    here_sentence,
    recommendation_sentences,
    tree_sentence,
)
from causalmix_core.delivery.recommendation import explain_recommendation
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explain.drivers import effect_drivers
from causalmix_core.effects.explain.tree import effect_tree
from causalmix_core.effects.fit import fit
from causalmix_core.figures.effects import alt_drivers, alt_pool_drivers, alt_tree
from causalmix_core.store import ProjectStore
from pages._ui.effects.explanation_tables import drivers_frame, groups_frame
from tests.app.conftest import texts
from tests.app.test_mixture_lab import LAB, radius

EFFECTS = "pages/4_Effects.py"


@pytest.fixture(scope="module")
def fitted():
    study = ProjectStore().sample()
    return fit(study, FitConfig(outcome=study.default_outcome))


def alts(app) -> list[str]:
    return [chart.proto.alt for chart in app.get("plotly_chart")]


def plain(app) -> str:
    return texts(app).replace("\\", "")


def with_section(open_app, section: str):
    """The Effects page with a section picked; nothing is explained before."""
    app = open_app(EFFECTS)
    assert app.segmented_control(key="explain").value is None
    assert not any(alt.startswith(("Tree", "How")) for alt in alts(app))
    app.segmented_control(key="explain").set_value(section).run()
    assert not app.exception
    assert not app.error
    return app


def test_rules_of_all_domains_then_of_one_at_another_depth(open_app, fitted):
    app = with_section(open_app, "rules")
    tree = effect_tree(fitted, fitted.table.natural, 3)
    assert alt_tree(tree) in alts(app)
    assert tree_sentence(tree) in plain(app)
    app.selectbox(key="explain_domain").set_value("code").run()
    app.segmented_control(key="explain_depth").set_value(1).run()
    assert not app.exception
    tree = effect_tree(fitted, fitted.table.natural, 1, "code")
    assert alt_tree(tree) in alts(app)
    frame = next(d.value for d in app.dataframe if "Group" in d.value.columns)
    assert frame.equals(groups_frame(tree, tree.path(fitted.default_pool)[-1]))
    assert sum("(this pool)" in group for group in frame["Group"]) == 1


def test_drivers_of_all_domains_are_a_table_and_of_one_charts(open_app, fitted):
    app = with_section(open_app, "drivers")
    frame = next(d.value for d in app.dataframe if "Depends most on" in d.value.columns)
    assert list(frame["Domain"]) == list(fitted.table.domains)
    app.selectbox(key="explain_domain").set_value("code").run()
    assert not app.exception
    (view,) = effect_drivers(fitted, fitted.default_pool, fitted.table.natural, ["code"])
    assert {alt_drivers(view), alt_pool_drivers(view)} <= set(alts(app))
    assert drivers_sentence(view) in plain(app)
    assert here_sentence(view) in plain(app)
    assert drivers_frame(view)["Covariate"].iloc[0] == "duplicate rate of code"


def test_a_fit_of_averages_has_a_sentence_in_place_of_sections(open_app):
    app = open_app("pages/3_Fit.py")
    study = ProjectStore().sample().sha256[:12]
    app.toggle(key=f"{study}:fit_covariates").set_value(False).run()
    app.button(key="fit:run").click().run()
    app.switch_page(EFFECTS).run()
    assert not app.exception
    assert "no covariate drives them" in texts(app)
    assert "explain" not in [control.key for control in app.segmented_control]
    app.switch_page(LAB).run()
    assert "the pool's state plays no part in the recommendation" in texts(app)


def test_a_recommendation_is_explained_on_request_and_again_once_it_changes(open_app, fitted):
    study = fitted.table
    app = open_app(LAB)
    region = make_region(study.domains, study.natural, 0.15)
    made = explain_recommendation(
        fitted, fitted.default_pool, decide(fitted.response(fitted.default_pool), region)
    )
    said = recommendation_sentences(fitted.outcome, made)
    assert said[0] not in plain(app)
    app.button(key="lab:explain").click().run()
    assert not app.exception
    assert all(sentence in plain(app) for sentence in said)
    steps = app.segmented_control(key=f"{study.sha256[:12]}:explained_domain")
    steps.set_value(made.drivers[0].domain).run()
    assert alt_pool_drivers(made.drivers[0]) in alts(app)
    radius(app, study).set_value(5.0).run()
    assert said[0] not in plain(app)
    assert app.button(key="lab:explain")

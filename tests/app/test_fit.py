"""The Fit page: settings, the explicit button, what is out of date, and the test on unseen pools."""

from __future__ import annotations

import pytest

from causalmix_core.evidence import parse_runs
from causalmix_core.store import ProjectStore
from tests.app.conftest import go, metric, texts
from tests.app.tables import runs_csv

FIT = "pages/3_Fit.py"


@pytest.fixture
def project():
    """A small table with two outcomes, added and not yet fitted."""
    data = runs_csv()
    header, *rows = data.decode().strip().split("\n")
    other = [f"{row},{float(row.split(',')[1]) ** 2:.5f}" for row in rows]
    both = "\n".join([f"{header},y_other", *other]) + "\n"
    return ProjectStore().add(parse_runs(both.encode(), "two.csv"))


def setting(app, project, name: str, kind: str):
    return getattr(app, kind)(key=f"{project.id}:fit_{name}")


def fit(app):
    app.button(key="fit:run").click().run()
    assert not app.exception
    return app


def test_a_new_table_has_no_fit_until_the_button_is_pressed(open_app, project):
    app = open_app(FIT, project=project.id)
    assert "No fit yet" in texts(app)
    assert "Not fitted" in "".join(badge.value for badge in app.sidebar.markdown)
    fit(app)
    assert app.get("status")[0].label.startswith("Fitted in")
    assert "The fit below was made with these settings" in texts(open_app(FIT, project=project.id))


def test_changed_settings_are_out_of_date_here_and_on_the_other_pages(open_app, project):
    app = fit(open_app(FIT, project=project.id))
    setting(app, project, "seed", "number_input").set_value(5).run()
    assert "Out of date" in texts(app)
    assert "seed differ from the current fit" in texts(app)
    go(app, "pages/4_Effects.py")
    assert app.warning[0].value.startswith("Out of date")
    go(app, FIT)
    fit(app)
    go(app, "pages/4_Effects.py")
    assert not app.warning


def test_settings_are_kept_when_the_page_is_left(open_app, project):
    app = open_app(FIT, project=project.id)
    setting(app, project, "outcome", "selectbox").set_value("other").run()
    setting(app, project, "folds", "number_input").set_value(3).run()
    go(app, "pages/2_Runs.py")
    go(app, FIT)
    assert setting(app, project, "outcome", "selectbox").value == "other"
    assert setting(app, project, "folds", "number_input").value == 3


def test_the_mean_of_all_outcomes_can_be_fitted(open_app, project):
    app = open_app(FIT, project=project.id)
    assert setting(app, project, "outcome", "selectbox").options == ["score", "other", "Mean of all outcomes"]
    setting(app, project, "outcome", "selectbox").set_value("mean").run()
    fit(app)
    assert not app.error
    assert ProjectStore().settings(project.id)["fit"]["outcome"] == "mean"


@pytest.mark.parametrize("switch", ["covariates", "orthogonalise"])
def test_both_ablations_can_be_fitted(open_app, project, switch):
    app = open_app(FIT, project=project.id)
    setting(app, project, switch, "toggle").set_value(False).run()
    fit(app)
    assert not app.error
    assert ProjectStore().settings(project.id)["fit"][switch] is False


def test_a_given_epsilon_is_used(open_app, project):
    app = open_app(FIT, project=project.id)
    setting(app, project, "epsilon_mode", "segmented_control").set_value("Given").run()
    setting(app, project, "epsilon", "number_input").set_value(0.02).run()
    fit(app)
    assert ProjectStore().settings(project.id)["fit"]["epsilon"] == 0.02


def test_the_papers_estimator_can_be_fitted(open_app, project):
    app = open_app(FIT, project=project.id)
    setting(app, project, "estimator", "selectbox").set_value("paper").run()
    fit(app)
    assert not app.error
    assert "paper" in "".join(badge.value for badge in app.sidebar.markdown)


def test_the_test_on_unseen_pools_shows_the_cores_scores(open_app, project):
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.cross_validation import cross_validate

    app = fit(open_app(FIT, project=project.id))
    app.button(key="fit:test").click().run()
    assert not app.exception
    tested = cross_validate(ProjectStore().open(project.id), FitConfig(outcome="score"))
    assert metric(app, "R² on unseen runs") == f"{tested.r2:.3f}"
    assert metric(app, "Rank correlation") == f"{tested.spearman:.3f}"
    assert not [m for m in app.metric if m.label == "Pairs ranked right"]
    assert len(app.get("plotly_chart")) == 2


def test_the_studys_test_counts_pairs_of_one_pool(open_app):
    app = open_app()
    go(app, FIT)
    assert metric(app, "Pairs ranked right").endswith(" %")


def test_a_fit_that_fails_leaves_the_current_one(open_app, project, monkeypatch):
    from causalmix_core.errors import ConfigError

    def refuse(*_):
        raise ConfigError("The outcome other is the same in all runs; choose one that varies.")

    app = fit(open_app(FIT, project=project.id))
    monkeypatch.setattr("causalmix_core.effects.fit.fit", refuse)
    setting(app, project, "seed", "number_input").set_value(9).run()
    fit(app)
    assert app.error[0].value.startswith("The outcome other is the same")
    assert ProjectStore().settings(project.id)["fit"]["seed"] == 0
    assert "Own-state components" in texts(app)


def test_chosen_and_drawn_runs_are_compared_as_the_core_does(open_app):
    from causalmix_core.study.halves import halves_of, halves_sentence
    from tests.study.test_halves import world

    added = ProjectStore().add(world())
    app = open_app(FIT, project=added.id)
    app.button(key="fit:halves").click().run()
    assert not app.exception
    assert halves_sentence(halves_of(world(), "score", 0)) in texts(app).replace("\\", "")
    assert list(app.dataframe[-1].value["domain"]) == ["a", "b", "c"]


def test_a_table_that_does_not_say_how_mixtures_came_about_has_no_halves(open_app, project):
    app = open_app(FIT, project=project.id)
    assert "fit:halves" not in [button.key for button in app.button]


def test_the_learning_curve_is_drawn_on_request(open_app, project):
    app = fit(open_app(FIT, project=project.id))
    before = len(app.get("plotly_chart"))
    app.button(key="next:learning").click().run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == before + 1
    assert "random choices of pools" in texts(app)


def test_the_error_stands_beside_what_equal_runs_differ_by(open_app):
    from causalmix_core.delivery.noise import noise_sentence
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.cross_validation import cross_validate
    from causalmix_core.effects.fit import fit as fit_table
    from tests.study.test_halves import world

    table = repeated(world())
    added = ProjectStore().add(table)
    app = fit(open_app(FIT, project=added.id))
    app.button(key="fit:test").click().run()
    fitted = fit_table(table, FitConfig("score"))
    said = noise_sentence(cross_validate(table, fitted.resolved), fitted)
    assert "equal runs, of which the table has 6 repeats, differ by " in said
    assert said in texts(app).replace("\\", "")
    assert (
        noise_sentence(cross_validate(world(), fitted.resolved), fit_table(world(), FitConfig("score"))) == ""
    )


def repeated(table):
    """The table with its first six runs made once more, each a little off."""
    from causalmix_core.evidence import table_csv

    header, *rows = table_csv(table).decode().strip().split("\n")
    place = header.split(",").index("y_score")
    again = []
    for number, row in enumerate(rows[:6]):
        cells = row.split(",")
        cells[0], cells[place] = f"again{number}", repr(float(cells[place]) + 0.05 * (-1) ** number)
        again.append(",".join(cells))
    return parse_runs(("\n".join([header, *rows, *again]) + "\n").encode(), "again.csv")


def test_a_fit_whose_pools_differ_shows_what_the_gate_said(open_app):
    from causalmix_core.delivery.heterogeneity import gate_words
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.fit import fit as fit_table
    from tests.shipped import study

    fitted = fit_table(study(), FitConfig(study().default_outcome))
    assert fitted.heterogeneity.supported
    assert gate_words(fitted.heterogeneity) in texts(open_app(FIT)).replace("\\", "")

"""The Mixture lab: controls change the core's answer, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.delivery import numbers
from causalmix_core.evidence import parse_runs
from causalmix_core.store import ProjectStore
from tests.app.conftest import go, metric, texts
from tests.app.tables import runs_csv

LAB = "pages/5_Mixture_lab.py"


@pytest.fixture
def study():
    return ProjectStore().sample()


def bench(app, table):
    """What the tab is working on."""
    return app.session_state["workbench"][table.sha256[:12]]


def key(app, table, name: str) -> str:
    """Key of a control: new after each change that no control made."""
    return f"{table.sha256[:12]}:{name}:{bench(app, table).revision}"


def radius(app, table):
    """The slider, in percent."""
    return app.slider(key=key(app, table, "radius:tv"))


def typed_radius(app):
    """The number field beside it."""
    return next(field for field in app.number_input if field.label == "Percent")


def shares(app) -> list[str]:
    frame = next(d.value for d in app.dataframe if "Proposed %" in d.value.columns)
    return list(frame["Proposed %"])


def scenario(app, table):
    return bench(app, table).scenario


def test_the_numbers_are_the_cores(open_app, study):
    from causalmix_core.checks.gain import measure_correction
    from causalmix_core.decision.decide import decide
    from causalmix_core.decision.region import make_region
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.fit import fit

    fitted = fit(study, FitConfig(outcome="bpb_weighted"))
    region = make_region(study.domains, study.natural, 0.15)
    made = decide(fitted.response(fitted.default_pool), region, correction=measure_correction(fitted))
    app = open_app(LAB)
    decimals = numbers.decimals_for(made.gain, *made.interval)
    assert metric(app, "Estimated gain") == numbers.signed(made.gain, decimals)
    assert metric(app, "Data moved") == numbers.percent(made.moved)
    assert shares(app) == [*numbers.percentages(made.shares), "100.0"]


def test_the_radius_changes_the_answer_and_both_widgets_agree(open_app, study):
    app = open_app(LAB)
    before = (metric(app, "Estimated gain"), shares(app))
    radius(app, study).set_value(2.0).run()
    assert not app.exception
    assert (metric(app, "Estimated gain"), shares(app)) != before
    assert metric(app, "Data moved") == "2.0 %"
    assert typed_radius(app).value == 2.0
    typed_radius(app).set_value(3.5).run()
    assert radius(app, study).value == 3.5
    assert scenario(app, study).radius == pytest.approx(0.035)


def test_radius_zero_is_the_anchor(open_app, study):
    app = open_app(LAB)
    radius(app, study).set_value(0.0).run()
    assert shares(app)[:-1] == list(numbers.percentages(study.natural))
    assert metric(app, "Data moved") == "0.0 %"
    assert "the mixture is the reference" in texts(app)


def test_shares_on_screen_add_to_exactly_100(open_app, study):
    app = open_app(LAB)
    for percent in (0.0, 1.0, 3.0, 7.0, 20.0):
        radius(app, study).set_value(percent).run()
        assert round(sum(float(share) for share in shares(app)[:-1]), 6) == 100.0


def test_a_pool_shift_changes_the_recommended_mixture(open_app, study):
    app = open_app(LAB)
    before = shares(app)
    app.selectbox(key=f"{study.sha256[:12]}:shift_domain").set_value("code").run()
    app.slider(key=key(app, study, "shift:x_code__duplicate_rate")).set_value(2.0).run()
    assert not app.exception
    moved = abs(float(shares(app)[0]) - float(before[0]))
    assert moved >= 1.0
    app.button(key=f"{study.sha256[:12]}:unshift").click().run()
    assert shares(app) == before


def test_a_shift_of_the_whole_pool_is_one_slider(open_app, study):
    app = open_app(LAB)
    before = shares(app)
    app.segmented_control(key=f"{study.sha256[:12]}:shift_what").set_value("All domains").run()
    app.slider(key=key(app, study, "shift_all:duplicate_rate")).set_value(1.5).run()
    assert not app.exception
    assert shares(app) != before
    assert dict(scenario(app, study).pool.whole) == {"duplicate_rate": 1.5}


def test_controls_keep_their_values_across_pages_and_reset(open_app, study):
    app = open_app(LAB)
    radius(app, study).set_value(4.0).run()
    app.slider(key=key(app, study, "shift:x_code__hes")).set_value(-1.0).run()
    kept = shares(app)
    go(app, "pages/4_Effects.py")
    assert "shifted: code hes" in texts(app)
    go(app, LAB)
    assert radius(app, study).value == 4.0
    assert app.slider(key=key(app, study, "shift:x_code__hes")).value == -1.0
    assert shares(app) == kept
    app.button(key="lab:reset").click().run()
    assert radius(app, study).value == 15.0
    assert app.slider(key=key(app, study, "shift:x_code__hes")).value == 0.0


def edit_bounds(app, table, edited: dict) -> None:
    editor = key(app, table, "bounds")
    app.session_state[editor] = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    app.run()
    assert not app.exception


def test_a_lock_and_a_cap_hold(open_app, study):
    app = open_app(LAB)
    edit_bounds(app, study, {0: {"Lock": True}, 6: {"Cap": 21.0}})
    assert shares(app)[0] == "25.0"
    assert float(shares(app)[6]) <= 21.0
    assert "instruct is at its cap" in texts(app)


def test_infeasible_bounds_are_named_without_a_traceback(open_app, study):
    app = open_app(LAB)
    edit_bounds(app, study, {0: {"Floor": 70.0}, 2: {"Floor": 60.0}})
    assert len(app.error) == 1
    assert "code" in app.error[0].value
    assert "math" in app.error[0].value
    assert not app.metric
    assert radius(app, study).value == 15.0


def test_every_anchor_and_measure_has_an_answer(open_app, study):
    app = open_app(LAB)
    for anchor in ("equal", "mean", "entered", "natural"):
        app.selectbox(key=key(app, study, "anchor")).set_value(anchor).run()
        for measure in ("kl", "l2", "tv"):
            app.segmented_control(key=key(app, study, "metric")).set_value(measure).run()
            assert not app.exception
            assert not app.error
            assert metric(app, "Estimated gain")


def test_an_entered_anchor_starts_from_the_one_before_and_can_be_changed(open_app, study):
    app = open_app(LAB)
    app.selectbox(key=key(app, study, "anchor")).set_value("entered").run()
    assert np.allclose(scenario(app, study).entered, study.natural)
    editor = key(app, study, "entered")
    edited = {0: {"Share (%)": 30.0}, 2: {"Share (%)": 20.0}}
    app.session_state[editor] = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    app.run()
    radius(app, study).set_value(0.0).run()
    assert shares(app)[:3] == ["30.0", "10.0", "20.0"]


def test_a_mixture_file_that_does_not_fit_is_one_red_line(open_app, study):
    app = open_app(LAB)
    app.selectbox(key=key(app, study, "anchor")).set_value("entered").run()
    app.file_uploader(key=f"{study.sha256[:12]}:mixture_file").upload("m.json", b'{"web": 1.0}').run()
    assert not app.exception
    assert len(app.error) == 1


def test_the_search_policy_answers_too(open_app, study):
    app = open_app(LAB)
    app.segmented_control(key=key(app, study, "policy")).set_value("search").run()
    assert not app.exception
    assert bench(app, study).decision.scenario.policy == "search"


def test_a_pool_of_the_table_and_a_pool_file(open_app, study):
    import json

    from causalmix_core.evidence import average_pool, pool_json

    app = open_app(LAB)
    average = shares(app)
    app.selectbox(key=key(app, study, "pool_kind")).set_value("table").run()
    app.selectbox(key=key(app, study, "pool_id")).set_value(study.pool_ids[20]).run()
    assert shares(app) != average
    app.selectbox(key=key(app, study, "pool_kind")).set_value("file").run()
    state = json.dumps(pool_json(study, average_pool(study))).encode()
    app.file_uploader(key=f"{study.sha256[:12]}:pool_file").upload("average.json", state).run()
    assert shares(app) == average
    app.file_uploader(key=f"{study.sha256[:12]}:pool_file").upload(
        "bad.json", b'{"x_code__hes": "high"}'
    ).run()
    assert len(app.error) == 1
    assert shares(app) == average


def test_a_pool_outside_the_runs_is_marked(open_app, study):
    import json

    from causalmix_core.evidence import average_pool, pool_json

    app = open_app(LAB)
    app.selectbox(key=key(app, study, "pool_kind")).set_value("file").run()
    far = pool_json(study, average_pool(study) + 5.0 * study.states.std(axis=0))
    app.file_uploader(key=f"{study.sha256[:12]}:pool_file").upload("far.json", json.dumps(far).encode()).run()
    assert metric(app, "Support") == "Outside"
    assert any("extrapolated" in warning.value for warning in app.warning)


def test_a_table_without_covariates_has_a_lab_without_pool_sliders(open_app):
    added = ProjectStore().add(parse_runs(runs_csv(covariates=False), "plain.csv"))
    app = open_app(LAB, project=added.id)
    app.button(key="mixture:fit_now").click().run()
    assert not app.exception
    assert metric(app, "Estimated gain")
    assert [s.key for s in app.slider] == [f"{added.id}:radius:tv:0"]


def test_moving_the_radius_never_fits_again(open_app, study, monkeypatch):
    app = open_app(LAB)
    monkeypatch.setattr("causalmix_core.effects.fit.fit", lambda *_: pytest.fail("fitted again"))
    for percent in (1.0, 5.0, 9.0):
        radius(app, study).set_value(percent).run()
        assert not app.exception


def test_a_preset_in_words_sets_the_sliders(open_app, study):
    app = open_app(LAB)
    before = shares(app)
    menu = app.get_by_key(f"{study.sha256[:12]}:preset")
    menu.set_value("code as in the tenth of pools with the highest duplicate rate").run()
    assert not app.exception
    assert app.slider(key=key(app, study, "shift:x_code__duplicate_rate")).value > 1.0
    assert float(shares(app)[0]) < float(before[0])


def test_two_changes_before_a_redraw_are_both_kept(open_app, study):
    """A run may be cut short by the next move; what a callback writes builds on the newest state."""
    app = open_app(LAB)
    app.slider(key=key(app, study, "shift:x_code__hes")).set_value(1.0)
    app.slider(key=key(app, study, "shift:x_code__duplicate_rate")).set_value(2.0)
    radius(app, study).set_value(3.0)
    app.run()
    assert dict(scenario(app, study).pool.own) == {"x_code__hes": 1.0, "x_code__duplicate_rate": 2.0}
    assert scenario(app, study).radius == pytest.approx(0.03)

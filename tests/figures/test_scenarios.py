"""The matrix of scenarios: its cells are the core's numbers, readable in both modes."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.delivery import numbers
from causalmix_core.figures.scenarios import alt_better, better_figure
from causalmix_core.figures.theme import contrast, theme
from causalmix_core.scenarios.compare import compare_scenarios
from causalmix_core.scenarios.scenario import Scenario
from tests.scenarios.fits import small_fit


@pytest.fixture(scope="module")
def found():
    asked = [(name, Scenario(radius=radius)) for name, radius in (("<b>a", 0.02), ("b", 0.05), ("c", 0.4))]
    return compare_scenarios(small_fit(), asked)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_each_pair_has_its_probability_and_the_diagonal_is_empty(found, mode):
    figure = better_figure(found, mode=mode)
    cells = np.asarray(figure.data[0].z)
    assert np.isnan(np.diag(cells)).all()
    off = ~np.eye(3, dtype=bool)
    assert cells[off] == pytest.approx(found.p_better[off], abs=1e-6)
    written = {(a.y, a.x): a.text for a in figure.layout.annotations}
    assert len(written) == 6
    assert numbers.probability(float(found.p_better[2, 0])) in written[2, 0]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_cell_can_be_read(found, mode):
    scale = theme(mode).diverging
    for note in better_figure(found, mode=mode).layout.annotations:
        p = float(found.p_better[note.y, note.x])
        behind = scale[min(len(scale) - 1, int(p * len(scale)))]
        assert contrast(note.font.color, behind) >= 4.5


def test_names_are_text_and_the_description_has_every_pair(found):
    figure = better_figure(found, mode="light")
    assert "<b>a" not in "".join(figure.layout.xaxis.ticktext)
    said = alt_better(found)
    assert said.count(";") == 2
    assert "c better than b" in said

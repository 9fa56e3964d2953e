"""Panels per size, and domains left out: what is drawn and what is said."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.delivery.transfer import outcome_transfer_sentence
from causalmix_core.delivery.unseen import lodo_sentence, unseen_sentence
from causalmix_core.figures import effects
from causalmix_core.figures.transfer import alt_transfer, transfer_figure
from tests.figures import examples


def test_each_size_has_a_panel_of_its_own_in_the_tables_direction():
    found = examples.transfer()
    figure = transfer_figure(found, mode="light")
    points = [trace for trace in figure.data if trace.mode == "markers"]
    assert [trace.name for trace in points] == ["1M parameters", "60M parameters"]
    assert [trace.xaxis for trace in points] == ["x", "x2"]
    assert points[1].x == pytest.approx(-found.largest.observed)
    assert figure.layout.xaxis.domain[1] < figure.layout.xaxis2.domain[0]
    notes = [note.text for note in figure.layout.annotations]
    assert notes[0].startswith("<b>1M parameters</b>, out of fold")
    assert notes[1].endswith("rank correlation 0.75, slope 0.50")


def test_the_sentences_on_transfer():
    assert alt_transfer(examples.transfer()) == (
        "Predicted against observed bpb per size: rank correlation 1.00 at 1M parameters (out of fold, 8 runs), "
        "0.75 at 60M parameters (from smaller sizes, 8 runs)."
    )
    said = outcome_transfer_sentence(examples.transfer(), 0.9)
    assert said.startswith("bpb transfers partly: at 60M parameters")
    assert "90 % interval 0.60 to 0.80" in said


def test_domains_left_out_and_the_new_one_are_told_apart():
    figure = effects.unseen_figure(examples.left_out(), mode="light", new=examples.unseen())
    clouds = [trace for trace in figure.data if trace.mode == "markers"]
    assert [trace.name for trace in clouds] == list(examples.DOMAINS)
    assert clouds[2].x == pytest.approx(examples.left_out().full[2])
    stripe, line = figure.layout.shapes
    assert (stripe.y0, stripe.y1, line.y0) == (0.0035, 0.0365, 0.02)
    assert figure.layout.annotations[0].text == "poetry, seen in no run"
    assert not effects.unseen_figure(examples.left_out(), mode="light").layout.shapes


def test_the_sentences_on_a_domain_without_runs():
    said = unseen_sentence(examples.BPB, examples.unseen())
    assert said.startswith(
        "No run has seen poetry. From its state alone, giving it 5.0 % of the mixture changes bpb"
    )
    assert "by +0.020 per percentage point (90 % interval 0.004 to 0.036" in said
    assert said.endswith("likely helps. Its loss lies beyond those of all seen domains: extrapolated.")
    found = examples.left_out()
    assert "rank correlation of 0.80 over all domains and pools and 0.90 over the pools" in lodo_sentence(
        found
    )
    assert "enough to foretell a new domain." in lodo_sentence(found)
    assert "change it by +0.015 (code) to +0.045 (math)" in lodo_sentence(found)
    poor = dataclasses.replace(found, within=np.zeros(3))
    assert "not enough to foretell a new domain" in lodo_sentence(poor)

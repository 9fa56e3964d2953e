"""The words people read, as text."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.delivery.sentences import (
    effect_sentence,
    effect_sentences,
    gain_sentence,
    outcome_phrase,
    verdict,
    why_sentences,
)
from causalmix_core.effects.views import EffectsView
from causalmix_core.evidence.table import Outcome
from tests.delivery.decisions import UNMOVED, decision

ACCURACY = Outcome("accuracy", True, "points")
LOSS = Outcome("bpb_code", False, "bits per byte")


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (0.1, 0.2, "likely helps"),
        (-0.1, 0.2, "unclear"),
        (0.0, 0.0, "unclear"),
        (0.0, 0.2, "unclear"),
        (-0.2, -0.1, "likely hurts"),
    ],
)
def test_verdict(lower, upper, said):
    assert verdict(lower, upper) == said


def test_outcome_phrase_says_when_the_sign_was_turned():
    assert outcome_phrase(ACCURACY) == "accuracy (points, higher is better)"
    assert outcome_phrase(LOSS) == "bpb_code (bits per byte, sign turned so that higher is better)"
    assert outcome_phrase(Outcome("mean", True)) == "mean (higher is better)"


def test_effect_sentence():
    assert effect_sentence(ACCURACY, "code", 0.0012, 0.0003, 0.0021, 0.9) == (
        "At this pool, replacing 1 % of the mixture by code changes accuracy (points, higher is better) "
        "by +0.0012 (90 % interval 0.0003 to 0.0021): likely helps."
    )


def test_effect_sentences_of_a_view():
    view = EffectsView(
        domains=("code", "web"),
        outcome="bpb_code",
        unit="bits per byte",
        anchor=np.array([0.5, 0.5]),
        effects=np.array([0.2, -0.2]),
        se=np.array([0.1, 0.1]),
        lower=np.array([-0.1, -0.3]),
        upper=np.array([0.5, -0.1]),
        level=0.8,
        elasticities=np.array([0.1, -0.1]),
    )
    first, second = effect_sentences(LOSS, view)
    assert first.endswith("by +0.20 (80 % interval \u22120.10 to 0.50): unclear.")
    assert second.endswith("by \u22120.20 (80 % interval \u22120.30 to \u22120.10): likely hurts.")


def test_gain_sentence():
    assert gain_sentence(ACCURACY, decision()) == (
        "At this pool, the estimated gain over the reference in accuracy (points, higher is better) is "
        "+0.012 (90 % interval 0.002 to 0.022; probability of a gain 0.98): likely helps."
    )


def test_gain_sentence_where_nothing_moves():
    said = gain_sentence(LOSS, decision(**UNMOVED))
    assert said == "The mixture is the reference itself, so the estimated gain is 0."


def test_why_names_the_radius():
    assert why_sentences(decision(active=("radius",))) == (
        "The trust radius binds: 10.0 % of the data moves, all that the radius allows; "
        "a larger radius lets more move.",
    )


@pytest.mark.parametrize(("metric", "name"), [("kl", "KL divergence"), ("l2", "Euclidean distance")])
def test_why_names_the_metric(metric, name):
    (said,) = why_sentences(decision(active=("radius",), metric=metric))
    assert said == (
        f"The trust radius binds: the {name} from the reference is 0.1, all that the radius allows; "
        "10.0 % of the data moves."
    )


def test_why_at_radius_zero():
    (said,) = why_sentences(decision(**UNMOVED, radius=0.0, active=("radius",)))
    assert said == "The trust radius is 0, so the mixture is the reference: a larger radius lets it move."


def test_why_has_one_sentence_per_binding_row():
    said = why_sentences(
        decision(
            active=("radius", "code.upper", "web.lower", "math.lower"),
            lower=(0.0, 0.3, 0.4),
            upper=(0.3, 1.0, 0.4),
        )
    )
    assert said[1:] == (
        "code is at its cap of 30.0 %: raising the cap would let it grow.",
        "web is at its floor of 30.0 %: lowering the floor would let it shrink.",
        "math is held at 40.0 %: it is locked, or its floor equals its cap.",
    )


def test_why_speaks_of_a_locked_domain_once():
    said = why_sentences(
        decision(active=("math.lower", "math.upper"), lower=(0.0, 0.0, 0.4), upper=(1.0, 1.0, 0.4))
    )
    assert said == ("math is held at 40.0 %: it is locked, or its floor equals its cap.",)


def test_why_says_which_domains_are_left_out():
    (said,) = why_sentences(decision(shares=(0.6, 0.0, 0.4)))
    assert said == "web is left out: at 0.0 %, no share can be lower."
    (said,) = why_sentences(decision(shares=(1.0, 0.0, 0.0)))
    assert said == "web, math are left out: at 0.0 %, no share can be lower."


def test_why_where_nothing_binds():
    assert why_sentences(decision()) == (
        "Nothing binds: this is the best mixture the model knows of, inside the trust radius.",
    )
    assert why_sentences(decision(**UNMOVED)) == (
        "Nothing binds: at this pool the reference is the best mixture the model knows of.",
    )

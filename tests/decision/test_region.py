"""Regions that hold nothing are refused before any solving, naming the rows to change."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.decision.feasibility import check_region, least_radius, nearest_mixture
from causalmix_core.decision.geometry import distance
from causalmix_core.decision.region import make_region
from causalmix_core.decision.solvers.linear import maximise_linear
from causalmix_core.errors import AnchorError, InfeasibleRegion
from tests.decision.problems import METRICS

DOMAINS = ("web", "code", "math")
ANCHOR = np.array([0.4, 0.35, 0.25])


def test_bounds_and_locks_become_arrays():
    region = make_region(DOMAINS, ANCHOR, 0.1, "tv", {"web": (0.1, 0.6), "code": (0.0, 0.1)}, ["code"])
    assert region.lower.tolist() == [0.1, 0.35, 0.0]
    assert region.upper.tolist() == [0.6, 0.35, 1.0]


@pytest.mark.parametrize(
    ("radius", "bounds", "said"),
    [
        (
            0.05,
            {"web": (0.0, 0.3)},
            "The anchor gives web 40.0 %, above its cap of 30.0 %: raise the cap, or the radius to at least 0.10.",
        ),
        (0.0, {"web": (0.0, 0.3)}, "or the radius to at least 0.10."),
        (
            0.05,
            {"math": (0.3, 1.0), "web": (0.0, 0.3)},
            "web 40.0 %, above its cap of 30.0 %; math 25.0 %, below its floor of 30.0 %: loosen these bounds",
        ),
        (
            0.01,
            {"math": (0.28, 1.0), "code": (0.39, 1.0)},
            "lower the floors, or the radius to at least 0.07.",
        ),
        (
            0.1,
            {"web": (0.6, 1.0), "code": (0.6, 1.0)},
            r"The floors add to 120.0 % (web 60.0 %, code 60.0 %): lower them by 20.0 % in all",
        ),
        (
            0.1,
            {"web": (0.0, 0.3), "code": (0.0, 0.3), "math": (0.0, 0.3)},
            r"The caps add to 90.0 % (web 30.0 %, code 30.0 %, math 30.0 %): raise them by 10.0 % in all",
        ),
        (0.1, {"web": (0.5, 0.3)}, "The floor of web, 50.0 %, is above its cap of 30.0 %"),
        (0.1, {"web": (-0.1, 0.3)}, "The floor of web is -10.0 %: bounds lie between 0 % and 100 %."),
        (0.1, {"web": (0.1, float("nan"))}, "The cap of web is nan %"),
        (
            0.1,
            {"news": (0.1, 0.3)},
            "There is no domain news to bound or lock: the domains are web, code, math.",
        ),
        (-0.1, {}, "The radius is -0.1: give a number of at least 0."),
        (float("nan"), {}, "The radius is nan"),
    ],
)
def test_what_cannot_be_kept_is_named(radius, bounds, said):
    with pytest.raises(InfeasibleRegion) as raised:
        make_region(DOMAINS, ANCHOR, radius, "tv", bounds)
    assert said in str(raised.value)


def test_an_unknown_lock_is_named():
    with pytest.raises(InfeasibleRegion, match="no domain maths"):
        make_region(DOMAINS, ANCHOR, 0.1, locked=["maths"])


def test_kl_cannot_drop_a_domain_of_the_anchor():
    with pytest.raises(InfeasibleRegion, match="in KL no radius takes a domain of the anchor to 0 %"):
        make_region(DOMAINS, ANCHOR, 100.0, "kl", {"math": (0.0, 0.0)})


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        ([0.5, 0.5], "2 shares for 3 domains"),
        ([0.5, 0.6, -0.1], "math a share of -0.1"),
        ([0.5, float("nan"), 0.5], "code a share of nan"),
        ([0.5, 0.2, 0.2], "add to 90.0 %"),
    ],
)
def test_an_anchor_that_is_no_mixture_is_refused(anchor, said):
    with pytest.raises(AnchorError, match=said):
        make_region(DOMAINS, np.array(anchor), 0.1)


@pytest.mark.parametrize("metric", METRICS)
def test_the_radius_named_is_enough_and_hardly_more(metric):
    bounds = {"web": (0.0, 0.3), "math": (0.3, 1.0)}
    wide = make_region(DOMAINS, ANCHOR, 0.5, metric, bounds)
    needed = least_radius(wide)
    assert distance(metric, ANCHOR, nearest_mixture(wide)) == pytest.approx(needed)
    with pytest.raises(InfeasibleRegion) as raised:
        check_region(dataclasses.replace(wide, radius=0.999 * needed))
    named = float(str(raised.value).rstrip(".").split()[-1])
    assert needed <= named + 1e-9
    assert named <= needed + 0.001
    check_region(dataclasses.replace(wide, radius=needed))
    barely = dataclasses.replace(wide, radius=max(needed, named))
    assert maximise_linear(np.array([1.0, 0.0, 0.0]), barely)[0] == pytest.approx(0.3)


def test_solvers_check_regions_that_were_made_by_hand():
    region = make_region(DOMAINS, ANCHOR, 0.1)
    broken = dataclasses.replace(region, upper=np.array([0.2, 0.2, 0.2]))
    with pytest.raises(InfeasibleRegion, match="caps add to 60"):
        maximise_linear(np.ones(3), broken)

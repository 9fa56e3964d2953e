"""Scenarios as canonical bytes, as files and in links: exact round trips, and hostile input refused by name."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings

from causalmix_core.decision.supply import Supply
from causalmix_core.errors import ScenarioError
from causalmix_core.evidence import parse_runs
from causalmix_core.evidence.domain_state import own_names
from causalmix_core.scenarios.codec import canonical_bytes, check_scenario, from_json, scenario_id, to_json
from causalmix_core.scenarios.link import LONGEST_LINK, MOST_UNPACKED, from_link, to_link
from causalmix_core.scenarios.new_domain import NewDomain
from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.scenario import Bound, Scenario
from tests.app.tables import runs_csv
from tests.scenarios.examples import STUDY, scenarios

FIT = "f" * 64
POETRY = NewDomain("poetry", tuple((name, 0.5) for name in own_names(STUDY)))
BEFORE = "sc-3c1b7283afafbf1b93ef0240aa9c19dc5fa5c724210d436c12299344d0d1dd1f"


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_reading_what_was_written_gives_the_same_scenario_and_bytes(scenario):
    written = canonical_bytes(scenario)
    again = from_json(written)
    assert again == scenario
    assert canonical_bytes(again) == written
    assert scenario_id(again) == scenario_id(scenario)
    check_scenario(again, STUDY)


@settings(max_examples=30, deadline=None)
@given(scenarios())
def test_a_link_brings_the_scenario_back(scenario):
    text = to_link(scenario, STUDY, FIT)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    found = from_link(text, STUDY)
    assert (found.scenario, found.fit_sha256) == (scenario, FIT)


def test_the_id_names_the_content():
    assert (
        scenario_id(Scenario(radius=0))
        == scenario_id(Scenario(radius=-0.0))
        == scenario_id(Scenario(radius=0.0))
    )
    assert scenario_id(Scenario(radius=0.1)) != scenario_id(Scenario(radius=0.2))


def test_every_field_is_written():
    written = to_json(Scenario(new_domain=POETRY))
    assert set(written) == {"schema", *(f.name for f in fields(Scenario))}


def test_a_scenario_without_a_new_domain_is_written_as_before_there_were_any():
    """Files and links from then are read, and keep their ids."""
    written = to_json(Scenario())
    assert "new_domain" not in written
    assert from_json(written) == Scenario()
    # From the file and the link of a version without new domains.
    assert scenario_id(Scenario()) == BEFORE
    assert from_link(to_link(Scenario(), STUDY, FIT), STUDY).scenario.new_domain is None


def test_the_order_of_a_new_domains_covariates_is_no_content():
    turned = NewDomain(POETRY.name, POETRY.state[::-1])
    assert turned == POETRY
    assert scenario_id(Scenario(new_domain=turned)) == scenario_id(Scenario(new_domain=POETRY))
    assert scenario_id(Scenario(new_domain=POETRY)) != scenario_id(Scenario())


def test_bounds_and_supply_may_name_a_new_domain():
    scenario = Scenario(
        new_domain=POETRY,
        bounds=(Bound("poetry", cap=0.01),),
        supply=Supply(1e9, available=(("poetry", 1e6),)),
    )
    check_scenario(scenario, STUDY)
    with pytest.raises(ScenarioError, match="poetry"):
        check_scenario(replace(scenario, new_domain=None), STUDY)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": 1}, "colour"),
        ({"radius": "0.1"}, "radius"),
        ({"radius": True}, "radius"),
        ({"radius": 1.5}, "radius"),
        ({"radius": -0.1}, "radius"),
        ({"radius": 10**400}, "radius"),
        ({"level": 1.0}, "level"),
        ({"metric": "cosine"}, "metric"),
        ({"anchor": ["mean"]}, "anchor"),
        ({"entered": [2.0]}, "entered"),
        ({"entered": 0.5}, "entered"),
        ({"bounds": [{"domain": "math", "floor": -1.0}]}, "math"),
        ({"bounds": [{"floor": 0.1}]}, "lacks domain"),
        ({"bounds": [{"domain": "math"}, {"domain": "math"}]}, "twice"),
        ({"bounds": [["math", 0.1]]}, "bounds 1"),
        ({"pool": {"kind": "web"}}, "kind"),
        ({"pool": {"own": [["x"]]}}, "own 1"),
        ({"pool": {"label": "\ud800"}}, "label"),
        ({"pool": {"label": "a" * 501}}, "label"),
        ({"pool": None}, "pool"),
        ({"objective": {"kind": "least_change"}}, "objective"),
        ({"supply": {"budget": -1.0}}, "supply"),
        ({"supply": {}}, "budget"),
        ({"domains": ["math", "math"]}, "domains"),
        ({"domains": ["a"] * 10_001}, "domains"),
        ({"schema": "causalmix/scenario@2"}, "scenario@1"),
        ({"new_domain": {"name": "poetry"}}, "lacks state"),
        ({"new_domain": {"name": " ", "state": []}}, "needs a name"),
        ({"new_domain": {"name": "a\nb", "state": []}}, "needs a name"),
        ({"new_domain": {"name": "a" * 81, "state": []}}, "81 characters"),
        ({"new_domain": {"name": "poetry", "state": [["hes", "much"]]}}, "finite number"),
        ({"new_domain": {"name": "poetry", "state": [["hes", 1.0], ["hes", 2.0]]}}, "hes twice"),
    ],
)
def test_what_is_no_scenario_is_refused_by_name(change, named):
    with pytest.raises(ScenarioError, match=named):
        from_json({**to_json(Scenario()), **change})


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"radius": NaN}', b"{}"])
def test_what_is_not_even_json_is_refused(data):
    with pytest.raises(ScenarioError):
        from_json(data)


def test_infinities_are_refused():
    written = canonical_bytes(Scenario()).replace(b'"radius":0.15', b'"radius":Infinity')
    with pytest.raises(ScenarioError, match="radius"):
        from_json(written)


@pytest.mark.parametrize(
    ("scenario", "named"),
    [
        (Scenario(bounds=(Bound("poems", 0.1),)), "poems"),
        (Scenario(domains=("poems",)), "poems"),
        (Scenario(weights=(("wit", 1.0),)), "wit"),
        (Scenario(anchor="entered", entered=(1.0,)), "1 shares"),
        (Scenario(pool=PoolChoice("table", "nowhere")), "nowhere"),
        (Scenario(pool=PoolChoice("file", values=(1.0,))), "1 values"),
        (Scenario(pool=PoolChoice().with_own("x_poems", 1.0)), "x_poems"),
        (Scenario(futures=(PoolChoice().with_whole("rhyme", 1.0),)), "rhyme"),
        (Scenario(supply=Supply(1e9, available=(("poems", 1.0),))), "poems"),
        (Scenario(new_domain=NewDomain(STUDY.domains[0], POETRY.state)), "own effect is in the runs"),
        (Scenario(new_domain=NewDomain("poetry", POETRY.state[1:])), "lacks"),
        (Scenario(new_domain=NewDomain("poetry", (*POETRY.state, ("rhyme", 1.0)))), "rhyme"),
    ],
)
def test_a_scenario_of_another_table_is_refused_by_name(scenario, named):
    with pytest.raises(ScenarioError, match=named):
        check_scenario(scenario, STUDY)


def test_natural_shares_that_a_table_does_not_know_are_refused():
    with pytest.raises(ScenarioError, match="natural"):
        check_scenario(Scenario(anchor="natural"), parse_runs(runs_csv(), "runs.csv"))


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).rstrip(b"=").decode()


def test_a_link_that_unpacks_to_more_than_a_scenario_is_refused_without_unpacking_it():
    bomb = packed(b"{" + b" " * 4_000_000 + b"}")
    assert len(bomb) <= LONGEST_LINK < MOST_UNPACKED
    with pytest.raises(ScenarioError, match="cut off or changed"):
        from_link(bomb, STUDY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%%%",
        "é",
        "A",
        "A" * 100,
        packed(b"[]"),
        packed(b"{}"),
        packed(b"[" * 5000),
        packed(b"\xff"),
        "A" * 9000,
    ],
)
def test_damaged_links_are_refused(text):
    with pytest.raises(ScenarioError):
        from_link(text, STUDY)


def test_no_part_of_a_link_can_be_left_out_or_changed():
    text = to_link(Scenario(radius=0.123), STUDY, FIT)
    for end in range(0, len(text), 7):
        with pytest.raises(ScenarioError):
            from_link(text[:end], STUDY)


def test_a_link_of_another_project_says_so():
    other = parse_runs(runs_csv(), "runs.csv")
    with pytest.raises(ScenarioError, match="another table"):
        from_link(to_link(Scenario(), STUDY, FIT), other)


def test_a_link_that_claims_this_table_is_still_checked_against_it():
    content = json.loads(zlib.decompress(base64.urlsafe_b64decode(to_link(Scenario(), STUDY, FIT) + "===")))
    content["scenario"]["domains"] = ["poems"]
    with pytest.raises(ScenarioError, match="poems"):
        from_link(packed(json.dumps(content).encode()), STUDY)


def test_a_scenario_too_long_for_a_link_says_how_to_hand_it_over():
    noise = tuple((f"domain {i * 7919 % 10007}", i / 9973) for i in range(2000))
    with pytest.raises(ScenarioError, match="file"):
        to_link(replace(Scenario(), weights=noise), STUDY, FIT)

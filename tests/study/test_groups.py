"""New pools: drawn from their own seeds, by the law that each group declares."""

import pytest

from causalmix_core.study.plan import read_plan
from causalmix_core.study.verification.groups import new_pools
from tests.study.small_study import small_plan

DOMAINS = ("counting", "colours", "weather")


def drawn(**groups):
    verification = dict(small_plan().verification) | {"groups": groups}
    verification["groups"] |= {"ordinary": {"pools": 2}}
    return new_pools(small_plan(verification=verification), DOMAINS)


def test_every_group_has_its_pools_by_name():
    found = drawn(mild={"pools": 3, "quality": [0.7, 1.0]})
    assert list(found) == ["mild-00", "mild-01", "mild-02", "ordinary-00", "ordinary-01"]
    assert {pool.group for name, pool in found.items() if name.startswith("mild")} == {"mild"}


def test_qualities_keep_to_the_range_of_their_group():
    found = drawn(mild={"pools": 30, "quality": [0.7, 0.9]})
    values = [d.quality for pool in found.values() if pool.group == "mild" for d in pool.state.values()]
    assert 0.7 <= min(values) < 0.73
    assert 0.87 < max(values) <= 0.9


def test_only_so_many_domains_are_broken():
    found = drawn(extreme={"pools": 20, "quality": [0.0, 0.1], "broken": 2})
    hit = [
        [name for name, d in pool.state.items() if d.damage]
        for pool in found.values()
        if pool.group == "extreme"
    ]
    assert {len(names) for names in hit} == {2}
    assert {name for names in hit for name in names} == set(DOMAINS)


def test_a_group_with_damage_of_its_own_has_no_other():
    found = drawn(unseen={"pools": 20, "damage": {"garble": 1.0}})
    kinds = {d.damage for pool in found.values() if pool.group == "unseen" for d in pool.state.values()}
    assert kinds - {None} == {"garble"}


def test_a_pool_does_not_depend_on_the_groups_beside_it():
    alone, beside = drawn(), drawn(mild={"pools": 5, "quality": [0.7, 1.0]})
    assert alone["ordinary-01"] == beside["ordinary-01"]


def test_the_flagship_holds_a_kind_of_damage_out():
    plan = read_plan("flagship")
    held = set(plan.verification["groups"]["unseen damage"]["damage"])
    assert held
    assert not held & set(plan.plain["pools"]["damage"])
    for pool in new_pools(plan, tuple(plan.weights)).values():
        kinds = {d.damage for d in pool.state.values()} - {None}
        assert kinds <= held if pool.group == "unseen damage" else not kinds & held


def test_the_flagship_verifies_on_new_pools_enough():
    plan = read_plan("flagship")
    assert len(new_pools(plan, tuple(plan.weights))) == pytest.approx(50, abs=2)
    assert plan.verification["orders"] >= 3

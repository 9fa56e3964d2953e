"""Random scenarios of the shipped study, with everything in them that a scenario can hold."""

from __future__ import annotations

from hypothesis import strategies as st

from causalmix_core.decision.objective import Floor, Objective
from causalmix_core.decision.supply import Supply
from causalmix_core.evidence.domain_state import own_names
from causalmix_core.scenarios.new_domain import NewDomain
from causalmix_core.scenarios.pool_choice import PoolChoice
from causalmix_core.scenarios.scenario import ANCHORS, Bound, Scenario
from causalmix_core.store import ProjectStore

STUDY = ProjectStore().sample()
_SHARE = st.floats(0.0, 1.0)
_FINITE = st.floats(allow_nan=False, allow_infinity=False)


def _pairs(names, values):
    return st.dictionaries(st.sampled_from(names), values, max_size=3).map(lambda d: tuple(d.items()))


def pools():
    columns, names = STUDY.covariate_columns, [c.name for c in STUDY.covariates]
    shifts = {"own": _pairs(columns, _FINITE), "whole": _pairs(names, _FINITE)}
    size = len(columns)
    return st.one_of(
        st.builds(PoolChoice, **shifts),
        st.builds(PoolChoice, st.just("table"), st.sampled_from(STUDY.pool_ids), **shifts),
        st.builds(
            PoolChoice,
            st.just("file"),
            values=st.lists(_FINITE, min_size=size, max_size=size).map(tuple),
            label=st.text(st.characters(codec="utf-8"), max_size=20),
        ),
    )


def new_domains():
    names = own_names(STUDY)
    values = st.lists(_FINITE, min_size=len(names), max_size=len(names))
    return st.builds(
        NewDomain,
        st.sampled_from(["poetry", "Gedichte von früher", "x"]),
        values.map(lambda found: tuple(zip(names, found, strict=True))),
    )


def scenarios():
    domains = STUDY.domains
    outcomes = [o.name for o in STUDY.outcomes]
    bound = st.builds(Bound, st.sampled_from(domains), _SHARE, _SHARE, st.booleans())
    return st.builds(
        Scenario,
        anchor=st.sampled_from(ANCHORS),
        entered=st.lists(_SHARE, min_size=len(domains), max_size=len(domains)).map(tuple),
        radius=_SHARE,
        metric=st.sampled_from(["tv", "kl", "l2"]),
        policy=st.sampled_from(["analytic", "search"]),
        level=st.floats(0.01, 0.99),
        bounds=st.lists(bound, max_size=4, unique_by=lambda b: b.domain).map(tuple),
        pool=pools(),
        objective=st.sampled_from([Objective(), Objective("least_change", 0.5), Objective("maximin")]),
        weights=_pairs(outcomes, _FINITE),
        floors=st.lists(st.builds(Floor, st.sampled_from(outcomes), _FINITE, st.booleans()), max_size=2).map(
            tuple
        ),
        supply=st.one_of(
            st.none(), st.builds(Supply, st.floats(1.0, 1e12), available=_pairs(domains, st.floats(0, 1e12)))
        ),
        domains=st.lists(st.sampled_from(domains), unique=True, max_size=3).map(tuple),
        futures=st.lists(pools(), max_size=2).map(tuple),
        new_domain=st.one_of(st.none(), new_domains()),
    )

"""Siting from sparse reach: the same problem, the same plan, the same figures as from the dense table."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput
from planning.siting import Request, journeys_of, problem_of, site_programme
from planning.siting import layers as layers_module
from planning.siting.columns import columns_of, positions_of
from planning.siting.layers import travel_rows
from planning.standards import Standard
from planning.travel import Reach, Travel, journeys, reach, travel
from scenarios.files import load_scenario
from scenarios.work import read_inputs, request_of
from tests.toy import toy_country, toy_programme


def assert_same(one, other):
    for name in ("place", "kind", "year", "lower", "upper", "rank"):
        np.testing.assert_array_equal(getattr(one.columns, name), getattr(other.columns, name))
    assert (one.measures, one.stages, one.floors) == (other.measures, other.stages, other.floors)
    np.testing.assert_array_equal(one.weights, other.weights)
    np.testing.assert_array_equal(one.sets.indptr, other.sets.indptr)
    np.testing.assert_array_equal(one.sets.indices, other.sets.indices)
    assert [rule.name for rule in one.rules] == [rule.name for rule in other.rules]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_dense_and_sparse_give_the_same_arrays_on_the_toy(seed, partial):
    request = Request(toy_country(seed=seed), toy_programme(), standard=Standard(partial_counts=partial))
    dense = problem_of(request, travel(request.country))
    assert_same(dense, problem_of(request, reach(request.country, limit_minutes=120.0)))
    assert_same(dense, problem_of(request, reach(request.country, limit_minutes=500.0)))


@pytest.mark.parametrize("preset", ["jordan", "jordan-2026"])
def test_dense_and_sparse_give_the_same_arrays_on_the_built_in_country(preset):
    scenario = load_scenario(preset)
    country, _ = read_inputs(scenario)
    request = request_of(scenario, country)
    assert_same(problem_of(request, travel(country)), problem_of(request, reach(country, limit_minutes=120.0)))


def by_hand(instance, position, final_year, cap):
    """The layers of mean travel, point by point, as the docstring of the builder says them."""
    minutes = instance.journeys.minutes
    rows, weights, constant = [], [], 0
    for i in range(len(minutes)):
        usable = [j for j in range(minutes.shape[1]) if position[j, -1] >= 0]
        whole = {j: int(min(np.ceil(minutes[i, j]), cap)) if np.isfinite(minutes[i, j]) else cap for j in usable}
        end = min([whole[j] for j in usable if instance.open_from[j] <= final_year] + [cap])
        steps = [*sorted({w for w in whole.values() if w < end}), end]
        constant += int(instance.people[i]) * steps[0]
        for here, after in zip(steps[:-1], steps[1:], strict=True):  # noqa: RUF007
            rows.append(sorted(position[j, -1] for j in usable if whole[j] <= here))
            weights.append(int(instance.people[i]) * (after - here))
    return rows, weights, constant


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_layers_of_mean_travel_are_those_counted_by_hand(seed):
    from planning.siting.request import instance_of as _instance

    programme = toy_programme()
    request = Request(toy_country(seed=seed, points=20), programme)
    instance = _instance(request, travel(request.country))
    columns = columns_of(instance, programme)
    position = positions_of(columns, instance, programme)
    measure, sets, weights = travel_rows(instance, programme, position, 120)
    rows, expected, constant = by_hand(instance, position, programme.final_year, 120)
    summed: dict[tuple[int, ...], int] = {}  # equal sets are one row, in order of first appearance
    for row, weight in zip(rows, expected, strict=True):
        summed[tuple(row)] = summed.get(tuple(row), 0) + weight
    found = [tuple(sets.indices[a:b].tolist()) for a, b in zip(sets.indptr[:-1], sets.indptr[1:], strict=True)]
    assert dict(zip(found, weights.tolist(), strict=True)) == summed
    assert found == list(summed)
    assert measure.constant == constant


def test_a_plan_from_sparse_reach_is_the_plan_from_the_dense_table():
    request = Request(toy_country(), toy_programme())
    sparse = dataclasses.replace(request, ready_travel=reach(request.country, limit_minutes=120.0))
    one, other = site_programme(request), site_programme(sparse)
    assert one.sites.equals(other.sites)
    assert one.results.equals(other.results)
    for name, layer in one.layers.items():
        assert layer.equals(other.layers[name]), name


def test_a_reach_that_ends_before_the_standard_or_the_cap_is_refused():
    request = Request(toy_country(), toy_programme())
    with pytest.raises(InvalidInput, match="computed up to 59"):
        problem_of(request, reach(request.country, limit_minutes=59.0))
    with pytest.raises(InvalidInput, match="120"):
        problem_of(request, reach(request.country, limit_minutes=60.0))


def test_a_request_asks_for_what_its_limits_need(monkeypatch):
    request = Request(toy_country(), toy_programme(), standard=Standard(30.0, 180.0))
    assert isinstance(journeys_of(request), Travel)
    defaults = journeys.__kwdefaults__ | {"dense_pairs": 10}
    monkeypatch.setattr("planning.travel.journeys.__kwdefaults__", defaults)
    found = journeys_of(request)
    assert isinstance(found, Reach)
    assert found.limit_minutes == 180.0


def test_mean_travel_beyond_what_can_be_held_is_refused(monkeypatch):
    monkeypatch.setattr(layers_module, "MOST_ENTRIES", 10)
    request = Request(toy_country(), toy_programme())
    with pytest.raises(InvalidInput, match="coarser demand"):
        problem_of(request, travel(request.country))

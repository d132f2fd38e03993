"""Theil and its parts, Lorenz, shortfall, the worst served, lived density: worked cases and laws."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput
from planning import equity
from planning.density import density_around, density_of, lived_density
from tests.toy import toy_country

INF = math.inf


def lists(*, most=25):
    """Travel in tenths of a minute (some unreachable), whole people, one of three groups."""
    minute = st.one_of(st.integers(0, 1500).map(lambda tenths: tenths / 10), st.just(INF))
    row = st.tuples(minute, st.integers(1, 5000), st.sampled_from("abc"))
    return st.lists(row, min_size=1, max_size=most).map(
        lambda rows: tuple(np.array(part) for part in zip(*rows, strict=True))
    )


# ---------------------------------------------------------------- Theil


def test_theil_by_hand():
    # two people, 10 and 30: mean 20; T = (1/2)(.5 ln .5 + 1.5 ln 1.5); L = (1/2)(ln 2 + ln(2/3))
    found = equity.theil(np.array([10.0, 30.0]), np.array([1, 1]), cap_minutes=120)
    assert found.t == pytest.approx((0.5 * math.log(0.5) + 1.5 * math.log(1.5)) / 2)
    assert found.l == pytest.approx((math.log(2) + math.log(2 / 3)) / 2)


def test_one_who_has_everything():
    # T of n people of whom one has all tends to ln n (Theil 1967)
    minutes = np.array([1e-6, 1e-6, 1e-6, 100.0])
    found = equity.theil(minutes, np.ones(4), cap_minutes=120, least_minutes=1e-6)
    assert found.t == pytest.approx(math.log(4), abs=1e-4)


# ten values in three groups, as pysal's inequality 1.1.2 computes them (TheilD: T, within, between; Gini)
VALUES = np.array([10.0, 20, 30, 40, 50, 60, 15, 25, 90, 120])
REGION = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 2])


def test_theil_agrees_with_a_published_implementation():
    found = equity.decomposed(VALUES, np.ones(10), REGION, index="T", cap_minutes=200)
    assert found.total == pytest.approx(0.2460715342108686, abs=1e-14)
    assert found.within == pytest.approx(0.16093244, abs=5e-9)
    assert found.between == pytest.approx(0.0851391, abs=5e-8)
    assert equity.gini(VALUES, np.ones(10)) == pytest.approx(0.391304347826087, abs=1e-14)


def test_the_shares_of_a_decomposition_by_hand():
    found = equity.decomposed(
        np.array([10.0, 10.0, 40.0]), np.array([1, 1, 2]), np.array(["x", "x", "y"]), index="L", cap_minutes=120
    )
    assert [(s.label, s.people, s.mean_minutes, s.inequality) for s in found.shares] == [
        ("x", 0.5, 10.0, 0.0),
        ("y", 0.5, 40.0, 0.0),
    ]
    assert found.between == pytest.approx(0.5 * math.log(2.5) + 0.5 * math.log(25 / 40))
    assert found.within == 0.0


@given(lists(), st.sampled_from(["T", "L"]))
@settings(max_examples=35)
def test_within_and_between_are_all_there_is(data, index):
    minutes, people, labels = data
    found = equity.decomposed(minutes, people, labels, index=index, cap_minutes=120)
    whole = equity.theil(minutes, people, cap_minutes=120)
    assert found.total == pytest.approx(whole.t if index == "T" else whole.l, abs=1e-15)
    assert found.within + found.between == pytest.approx(found.total, abs=1e-12)
    assert found.between >= -1e-12
    assert sum(share.people for share in found.shares) == pytest.approx(1)
    assert sum(share.travel for share in found.shares) == pytest.approx(1)


@given(lists(), st.floats(0.01, 100))
@settings(max_examples=25)
def test_theil_does_not_know_the_unit_and_splitting_changes_nothing(data, factor):
    minutes, people, _ = data
    one = equity.theil(minutes, people, cap_minutes=120)
    other = equity.theil(minutes * factor, people, cap_minutes=120 * factor, least_minutes=0.1 * factor)
    twice = equity.theil(np.tile(minutes, 2), np.tile(people, 2), cap_minutes=120)
    for found in (other, twice):
        assert found.t == pytest.approx(one.t, abs=1e-9)
        assert found.l == pytest.approx(one.l, abs=1e-9)


def test_one_group_has_nothing_between_and_one_value_nothing_within():
    minutes, people = np.array([5.0, 50.0, INF]), np.array([3, 2, 1])
    one = equity.decomposed(minutes, people, np.array(["a"] * 3), index="T", cap_minutes=120)
    assert one.between == pytest.approx(0, abs=1e-15)
    each = equity.decomposed(minutes, people, np.array(["a", "b", "c"]), index="T", cap_minutes=120)
    assert each.within == pytest.approx(0, abs=1e-15)
    assert each.between == pytest.approx(each.total)


def test_no_travel_counts_as_the_least():
    found = equity.theil(np.array([0.0, 30.0]), np.array([1, 1]), cap_minutes=120)
    same = equity.theil(np.array([0.1, 30.0]), np.array([1, 1]), cap_minutes=120)
    assert found == same
    assert math.isfinite(found.l)


# ---------------------------------------------------------------- Lorenz


def test_lorenz_by_hand():
    curve = equity.lorenz(np.array([30.0, 10.0]), np.array([1, 3]), cap_minutes=120)
    assert curve.people.tolist() == [0.0, 0.75, 1.0]
    assert curve.travel.tolist() == [0.0, 0.5, 1.0]
    assert curve.at(0.5) == pytest.approx(1 / 3)
    assert curve.gini == pytest.approx(0.25)


@given(lists())
@settings(max_examples=30)
def test_lorenz_holds_the_gini_and_bends_below_equality(data):
    minutes, people, _ = data
    curve = equity.lorenz(minutes, people, cap_minutes=120)
    assert curve.gini == pytest.approx(equity.gini(minutes, people, cap_minutes=120), abs=1e-9)
    assert (curve.travel <= curve.people + 1e-12).all()
    assert (curve.people[0], curve.travel[0], curve.people[-1]) == (0.0, 0.0, 1.0)
    assert curve.travel[-1] == pytest.approx(1.0)
    steps = np.diff(curve.travel) / np.diff(curve.people)
    assert (np.diff(steps) >= -1e-9).all()


def test_nobody_travels_is_equality():
    curve = equity.lorenz(np.zeros(2), np.array([1, 4]), cap_minutes=120)
    assert curve.travel.tolist() == curve.people.tolist()
    assert curve.gini == pytest.approx(0.0)


# ---------------------------------------------------------------- Foster, Greer & Thorbecke


def test_shortfall_by_hand():
    # standard 30: one within, one 15 beyond (a half), one unreachable at the cap of 120 (three times beyond)
    found = equity.shortfall(np.array([30.0, 45.0, INF]), np.array([2, 1, 1]), np.full(3, 30.0), cap_minutes=120)
    assert found.headcount == 0.5
    assert found.depth == pytest.approx((0.5 + 3) / 4)
    assert found.severity == pytest.approx((0.25 + 9) / 4)
    assert found.excess_minutes == pytest.approx((15 + 90) / 2)


def test_the_limit_is_within_and_a_tenth_more_is_not():
    def headcount(minutes):
        return equity.shortfall(np.array([minutes]), np.array([1]), np.array([30.0]), cap_minutes=120).headcount

    assert (headcount(30.0), headcount(30.1)) == (0.0, 1.0)


def test_no_route_is_beyond_even_a_standard_longer_than_the_cap():
    found = equity.shortfall(np.array([INF]), np.array([5]), np.array([150.0]), cap_minutes=120)
    assert (found.headcount, found.depth, found.severity) == (1.0, 0.0, 0.0)


def test_who_is_beyond_may_be_said():
    """A place with a standard of its own decides: of two who travel 45 minutes one is beyond, of two near ones one."""
    minutes, people, limits = np.array([45.0, 45.0, 10.0, 10.0]), np.ones(4, dtype=int), np.full(4, 30.0)
    beyond = np.array([True, False, True, False])
    found = equity.shortfall(minutes, people, limits, cap_minutes=120, beyond=beyond)
    assert (found.headcount, found.depth, found.excess_minutes) == (0.5, 0.125, 7.5)


@given(lists())
@settings(max_examples=30)
def test_shortfall_of_the_whole_is_the_mean_of_its_parts(data):
    minutes, people, labels = data
    limits = np.where(labels == "a", 30.0, 60.0)
    whole = equity.shortfall(minutes, people, limits, cap_minutes=120)
    for name in ("headcount", "depth", "severity"):
        parts = sum(
            getattr(equity.shortfall(minutes[here], people[here], limits[here], cap_minutes=120), name)
            * people[here].sum()
            for here in (labels == label for label in np.unique(labels))
        )
        assert getattr(whole, name) == pytest.approx(parts / people.sum())
    exact = Fraction(int(people[minutes > limits].sum()), int(people.sum()))
    assert whole.headcount == pytest.approx(float(exact))
    assert whole.excess_minutes >= 0


# ---------------------------------------------------------------- the worst served


def test_the_worst_five_percent_by_hand():
    minutes, people = np.array([5.0, 80.0, INF, 60.0, 80.0]), np.array([90, 3, 1, 5, 1])
    assert equity.worst_served(minutes, people).tolist() == [False, True, True, False, True]
    assert equity.worst_served(minutes, people, share=0.06).tolist() == [False, True, True, True, True]
    assert equity.worst_served(minutes, people, share=0.01).tolist() == [False, False, True, False, False]
    assert equity.worst_served(minutes, people, share=1.0).all()


@given(lists(), st.floats(0.001, 1.0))
@settings(max_examples=30)
def test_the_worst_served_are_enough_and_no_more(data, share):
    minutes, people, _ = data
    marked = equity.worst_served(minutes, people, share=share)
    total = people.sum()
    assert people[marked].sum() >= share * total * (1 - 1e-9)
    edge = minutes[marked].min()
    assert people[minutes > edge].sum() < share * total
    assert (minutes[~marked] < edge).all()


# ---------------------------------------------------------------- nobody, and refusals


def test_a_measure_of_nobody_is_nan():
    nobody = (np.array([10.0, INF]), np.array([0, 0]))
    assert math.isnan(equity.theil(*nobody, cap_minutes=120).t)
    found = equity.decomposed(*nobody, np.array(["a", "b"]), index="L", cap_minutes=120)
    assert math.isnan(found.total)
    assert found.shares == ()
    curve = equity.lorenz(*nobody, cap_minutes=120)
    assert math.isnan(curve.gini)
    assert math.isnan(curve.at(0.5))
    assert math.isnan(equity.shortfall(*nobody, np.full(2, 30.0), cap_minutes=120).headcount)
    assert not equity.worst_served(*nobody).any()


def test_wrong_options_are_refused():
    one = (np.array([1.0]), np.array([1]))
    with pytest.raises(InvalidInput, match="least travel"):
        equity.theil(*one, cap_minutes=120, least_minutes=0.0)
    with pytest.raises(InvalidInput, match="labels"):
        equity.decomposed(*one, np.array(["a", "b"]), index="T", cap_minutes=120)
    with pytest.raises(InvalidInput, match="no standard"):
        equity.shortfall(*one, np.array([0.0]), cap_minutes=120)
    with pytest.raises(InvalidInput, match="cap"):
        equity.shortfall(*one, np.array([30.0]), cap_minutes=0)
    with pytest.raises(InvalidInput, match="worst-served"):
        equity.worst_served(*one, share=0.0)


# ---------------------------------------------------------------- lived density


def test_density_by_hand_and_the_radius_is_inclusive():
    xy = np.array([[0.0, 0.0], [3000.0, 0.0], [6000.1, 0.0]])
    circle = math.pi * 9.0
    found = density_around(xy, np.array([10, 20, 40]))
    assert found.tolist() == pytest.approx([30 / circle, 30 / circle, 40 / circle])
    assert lived_density(found, np.array([10, 20, 40])) == pytest.approx((30 * 30 + 40 * 40) / 70 / circle)
    assert lived_density(found, np.array([0, 0, 1])) == pytest.approx(40 / circle)
    assert math.isnan(lived_density(found, np.zeros(3)))


@given(st.integers(0, 1000), st.floats(100.0, 8000.0))
@settings(max_examples=25)
def test_density_agrees_with_all_pairs(seed, radius):
    random = np.random.default_rng(seed)
    xy, people = random.uniform(0, 10_000, (30, 2)), random.integers(0, 500, 30)
    apart = np.hypot(*(xy[:, None, :] - xy[None, :, :]).transpose(2, 0, 1))
    expected = (people[None, :] * (apart <= radius)).sum(axis=1) / (math.pi * (radius / 1000) ** 2)
    assert density_around(xy, people, radius_m=radius) == pytest.approx(expected)


def test_points_are_asked_in_pieces(monkeypatch):
    random = np.random.default_rng(1)
    xy, people = random.uniform(0, 10_000, (50, 2)), random.integers(0, 500, 50)
    whole = density_around(xy, people)
    monkeypatch.setattr("planning.density.CHUNK", 7)
    assert density_around(xy, people).tolist() == whole.tolist()
    assert density_around(np.zeros((0, 2)), np.zeros(0)).size == 0


def test_density_of_a_country_is_measured_in_metres():
    country = toy_country()
    found = density_of(country)
    assert found.shape == (len(country.people),)
    # everyone is at least near themselves
    assert (found >= country.people["people"].to_numpy() / (math.pi * 9) - 1e-9).all()
    assert density_of(country, radius_m=1e7) * math.pi * 1e8 == pytest.approx(country.people["people"].sum())


def test_hostile_positions_are_refused():
    with pytest.raises(InvalidInput, match="position"):
        density_around(np.array([[math.nan, 0.0]]), np.array([1]))
    with pytest.raises(InvalidInput, match="radius"):
        density_around(np.zeros((1, 2)), np.array([1]), radius_m=0.0)
    with pytest.raises(InvalidInput, match="residents"):
        density_around(np.zeros((1, 2)), np.array([-1]))

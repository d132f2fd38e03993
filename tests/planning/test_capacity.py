"""Sizing, sharing out and the three ways of a visit: worked cases, trying everything, conservation."""

import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput, Unsupported
from planning import capacity
from planning.capacity import (
    CapacitySettings,
    Centres,
    Flow,
    Limit,
    Near,
    Opening,
    WaitingTarget,
    allocate,
    busy_hour,
    capacity_of,
    room_of,
    size_centres,
    split_nearest,
    three_of,
    three_of_group,
)
from planning.network import network
from planning.travel import Travel

INF = math.inf
PLAIN = Opening(days_per_week=7, hours_per_day=8, closed_days=0, ramadan_days=0, ramadan_hours=8)
EVEN = CapacitySettings(peak_hour_share=0.125, handling_minutes=6.0, target=WaitingTarget(10.0, 0.8))


# ---------------------------------------------------------------- the busy hour


def test_the_busy_hour_by_hand():
    # 36,500 visits over 365 days: 100 a day, 150 in the peak month, a fifth of them in one hour
    busy = busy_hour(PLAIN, dataclasses.replace(EVEN, peak_hour_share=0.2), peak_month_factor=1.5)
    assert 36_500 * busy.per_visit == pytest.approx(30.0)
    assert not busy.ramadan


def test_days_a_week_and_holidays():
    opening = Opening(days_per_week=6, hours_per_day=8, closed_days=14, ramadan_days=0)
    assert opening.open_days == pytest.approx(365 * 6 / 7 - 14)
    busy = busy_hour(opening, EVEN, peak_month_factor=1.0)
    assert busy.per_visit == pytest.approx(0.125 / (365 * 6 / 7 - 14))


def test_ramadan_gathers_the_day_in_fewer_hours():
    short = dataclasses.replace(PLAIN, ramadan_days=30, ramadan_hours=4)
    settings_ = dataclasses.replace(EVEN, ramadan_factor=0.8)
    # 0.8 of a day's visits, twice as dense: 1.6 times the mean busy hour, more than a peak month of 1.2
    busy = busy_hour(short, settings_, peak_month_factor=1.2)
    assert busy.ramadan
    assert busy.per_visit == pytest.approx(1.6 * 0.125 / 365)
    calm = busy_hour(short, dataclasses.replace(EVEN, ramadan_factor=0.5), peak_month_factor=1.2)
    assert not calm.ramadan
    assert calm.per_visit == pytest.approx(1.2 * 0.125 / 365)


def test_no_hour_holds_more_than_the_whole_day():
    short = dataclasses.replace(PLAIN, ramadan_days=30, ramadan_hours=1)
    busy = busy_hour(short, dataclasses.replace(EVEN, peak_hour_share=0.5, ramadan_factor=1.0), peak_month_factor=1.0)
    assert busy.per_visit == pytest.approx(1.0 / 365)


def test_a_busiest_hour_below_an_even_share_is_refused():
    assert busy_hour(PLAIN, EVEN, peak_month_factor=1.0).per_visit > 0  # exactly even: 1/8
    with pytest.raises(InvalidInput, match="even share"):
        busy_hour(PLAIN, dataclasses.replace(EVEN, peak_hour_share=0.12), peak_month_factor=1.0)
    with pytest.raises(InvalidInput, match="peak month"):
        busy_hour(PLAIN, EVEN, peak_month_factor=0.9)


# ---------------------------------------------------------------- counters, staff, hall


def test_sizing_by_hand():
    # 100 visits in the busy hour, 6 minutes each: 10 erlangs; 80 % within 20 s takes 14 counters with 3 minutes each
    settings_ = dataclasses.replace(
        EVEN,
        handling_minutes=3.0,
        target=WaitingTarget(20 / 60, 0.8),
        staff_hours_per_week=40.0,
        shrinkage=0.3,
        m2_per_person=2.0,
    )
    busy = busy_hour(PLAIN, settings_, peak_month_factor=1.0)
    found = size_centres(
        np.array([200 / busy.per_visit, 0.0, 5e6]), np.array([True, True, False]), settings_, PLAIN, busy
    )
    assert found.counters.tolist() == [14, 1, 0]
    # 14 counters x 56 hours a week / 40 / 0.7
    assert found.staff.tolist() == [28, 2, 0]
    assert found.hall_m2[0] == found.present[0] * 2.0
    assert found.in_time[0] == pytest.approx(0.8884, abs=5e-5)
    assert found.occupancy[0] == pytest.approx(10 / 14)
    assert found.peak_hour.tolist() == pytest.approx([200.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("field", "value", "measure"),
    [
        ("handling_minutes", 12.0, "counters"),
        ("target", WaitingTarget(0.5, 0.99), "counters"),
        ("target", WaitingTarget(0.05, None), "counters"),
        ("peak_hour_share", 0.3, "peak_hour"),
        ("least_counters", 50, "counters"),
        ("staff_hours_per_week", 20.0, "staff"),
        ("shrinkage", 0.6, "staff"),
        ("m2_per_person", 4.0, "hall_m2"),
        ("present_share", 0.999, "hall_m2"),
    ],
)
def test_every_setting_of_sizing_changes_it(field, value, measure):
    def sized(settings_):
        busy = busy_hour(PLAIN, settings_, peak_month_factor=1.2)
        return float(getattr(size_centres(np.array([200_000.0]), np.array([True]), settings_, PLAIN, busy), measure)[0])

    before, after = sized(EVEN), sized(dataclasses.replace(EVEN, **{field: value}))
    assert after > before


def test_settings_out_of_range_are_refused_by_name():
    for field, value in [("handling_minutes", 0.0), ("shrinkage", 1.0), ("peak_hour_share", 1.5), ("m2_per_person", 0)]:
        with pytest.raises(InvalidInput, match=field):
            CapacitySettings(**{field: value})
    with pytest.raises(InvalidInput, match="days a week"):
        Opening(days_per_week=8)
    with pytest.raises(InvalidInput, match="some open day"):
        Opening(days_per_week=1, closed_days=60)


# ---------------------------------------------------------------- limits


def test_room_of_a_site_goes_before_its_kind():
    limits = (Limit(kind="agency", visits_per_year=100), Limit(site="b", visits_per_year=7))
    busy = busy_hour(PLAIN, EVEN, peak_month_factor=1.0)
    assert room_of(["a", "b", "c"], ["agency", "agency", "other"], limits, EVEN, busy).tolist() == [100.0, 7.0, INF]


def test_counters_become_the_visits_they_serve_in_time():
    busy = busy_hour(PLAIN, EVEN, peak_month_factor=1.0)
    room = room_of(["a"], ["k"], (Limit(site="a", counters=5),), EVEN, busy)[0]
    for visits, counters in [(room, 5), (room * 1.001 + 1, 6)]:
        assert size_centres(np.array([visits]), np.array([True]), EVEN, PLAIN, busy).counters[0] == counters
    both = room_of(["a"], ["k"], (Limit(site="a", counters=5, visits_per_year=10),), EVEN, busy)
    assert both.tolist() == [10.0]


def test_limits_that_cannot_be_are_refused():
    for wrong in [{}, {"site": "a"}, {"site": "a", "kind": "b", "counters": 1}, {"counters": 3}]:
        with pytest.raises(InvalidInput, match="capacity limit"):
            Limit(**wrong)
    twice = (Limit(site="a", counters=1), Limit(site="a", counters=2))
    with pytest.raises(InvalidInput, match="Two capacity limits name a"):
        room_of(["a"], ["k"], twice, EVEN, busy_hour(PLAIN, EVEN, peak_month_factor=1.0))


# ---------------------------------------------------------------- the three ways, nearest


def test_split_by_hand():
    visits = np.array([60, 40, 30, 5])
    split = split_nearest(visits, np.array([0, 0, 1, -1]), np.array([True, True, False, False]), np.array([50.0, INF]))
    assert split.served.tolist() == [30, 20, 0, 0]  # 50 of 100, in proportion
    assert split.over.tolist() == [30, 20, 0, 0]
    assert split.out.tolist() == [0, 0, 30, 5]
    assert (split.served_by.tolist(), split.sought.tolist()) == ([50, 0], [100, 0])


def test_exactly_full_turns_nobody_away():
    split = split_nearest(np.array([50]), np.array([0]), np.array([True]), np.array([50.0]))
    assert three_of(split) == capacity.Three(50, 0, 0)


cases = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 400), min_size=n, max_size=n),
        st.lists(st.integers(-1, 2), min_size=n, max_size=n),
        st.lists(st.booleans(), min_size=n, max_size=n),
        st.lists(st.one_of(st.integers(0, 500).map(float), st.just(INF)), min_size=3, max_size=3),
        st.lists(st.floats(0, 1), min_size=n, max_size=n),
    )
)


@given(cases)
@settings(max_examples=35)
def test_visits_are_conserved_to_the_visit(case):
    visits, nearest, within, room, share = (np.array(part) for part in case)
    within &= nearest >= 0
    split = split_nearest(visits, nearest, within, room)
    assert (split.served + split.over + split.out == visits).all()
    assert min(split.served.min(), split.over.min(), split.out.min()) >= 0
    assert (split.served_by <= room).all()
    assert split.served_by.sum() == split.served.sum()
    # nobody is turned away from a centre with room
    assert ((split.sought == split.served_by) | (split.served_by == room)).all()
    group = three_of_group(split, share)
    assert group.total == round(float((split.served + split.over + split.out) @ share))
    rest = [three_of(split, nearest == k) for k in (-1, 0, 1, 2)]
    assert sum(part.total for part in rest) == visits.sum() == three_of(split).total


# ---------------------------------------------------------------- the nearest with room


def everyone_tried(visits, minutes, room, limit):
    """Least (unserved, travel) over every way to send single visits."""
    people = [i for i, count in enumerate(visits) for _ in range(count)]
    options = [[j for j in range(len(room)) if minutes[i][j] <= limit] + [None] for i in people]
    best = None
    for way in itertools.product(*options):
        if all(sum(j == k for j in way) <= room[k] for k in range(len(room))):
            travel = sum(minutes[i][j] for i, j in zip(people, way, strict=True) if j is not None)
            key = (sum(j is None for j in way), round(travel, 6))
            best = key if best is None or key < best else best
    return best


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_allocation_agrees_with_trying_everything(seed):
    random = np.random.default_rng(seed)
    visits = random.integers(0, 3, 4)
    minutes = random.integers(0, 400, (4, 3)) / 10.0
    room = random.integers(0, 4, 3).astype(float)
    point, centre = np.nonzero(minutes <= 30.0)
    found = allocate(visits, point, centre, minutes[point, centre], room)
    reachable = np.isin(np.arange(4), point)
    unserved, travel = everyone_tried(np.where(reachable, visits, 0), minutes, room, 30.0)
    assert found.unserved.sum() == unserved
    assert found.flow @ minutes[point, centre] == pytest.approx(travel)
    assert (found.load <= room).all()
    assert found.value == found.bound


def test_one_who_can_only_go_here_is_not_crowded_out():
    # both are nearest to centre 0, which has room for one; point 1 reaches no other
    point, centre = np.array([0, 0, 1]), np.array([0, 1, 0])
    found = allocate(np.array([1, 1]), point, centre, np.array([1.0, 29.0, 20.0]), np.array([1.0, 5.0]))
    assert found.flow.tolist() == [0, 1, 1]
    assert found.unserved.sum() == 0


def test_room_for_all_sends_everyone_to_the_nearest():
    point, centre = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    found = allocate(np.array([5, 7]), point, centre, np.array([1.0, 2.0, 9.0, 3.0]), np.array([INF, INF]))
    assert found.flow.tolist() == [5, 0, 0, 7]
    assert found.price.tolist() == [0, 0]


def test_a_price_says_what_one_more_visit_of_room_saves():
    point, centre = np.array([0, 0]), np.array([0, 1])
    arrays = (np.array([10]), point, centre, np.array([5.0, 20.0]))
    found, more = (allocate(*arrays, np.array([room, 20.0])) for room in (4.0, 5.0))
    assert found.price[0] == found.value - more.value == 150


def test_hostile_allocations_are_refused(monkeypatch):
    one = np.array([0])
    with pytest.raises(InvalidInput, match="room"):
        allocate(np.array([1]), one, one, np.array([1.0]), np.array([1.5]))
    with pytest.raises(InvalidInput, match="journeys"):
        allocate(np.array([1]), one, one, np.array([INF]), np.array([1.0]))
    monkeypatch.setattr("planning.capacity.transport.MOST_PAIRS", 0)
    with pytest.raises(Unsupported, match="allocation: nearest"):
        allocate(np.array([1]), one, one, np.array([1.0]), np.array([1.0]))


def test_no_pair_at_all_serves_nobody():
    none = np.array([], dtype=np.int64)
    found = allocate(np.array([3, 4]), none, none, np.array([]), np.array([5.0]))
    assert (found.unserved.tolist(), found.load.tolist()) == ([0, 0], [0])


# ---------------------------------------------------------------- a whole plan


def plan(*, stated=np.full(2, INF), sized=True, **changes):  # noqa: B008 - never changed
    """Two years, three points, three candidates; centre 2 opens first, centre 0 in the second year."""
    minutes = np.array([[10.0, 99.0, 25.0], [40.0, 99.0, 20.0], [INF, INF, 80.0]])
    journeys = Travel(minutes, np.where(np.isfinite(minutes), minutes * 1000, INF))
    limits = np.full(3, 30.0)
    networks = tuple(
        network(journeys, np.array(sites), limits, year=year) for year, sites in [(2024, [2]), (2025, [0, 2])]
    )
    visits = {
        "mid": np.array([[100.0, 50.0, 10.0], [110.0, 55.0, 11.0]]),
        "high": np.array([[200.0, 100.0, 20.0], [220.0, 110.0, 22.0]]),
    }
    near = Near(*np.nonzero(minutes <= 30.0), minutes[minutes <= 30.0])
    return capacity_of(
        [Flow(visits, networks, near)],
        Centres(("late", "first"), ("k", "k"), np.array([0, 2]), stated, np.array([True, sized])),
        CapacitySettings(peak_hour_share=0.125, **changes),
        PLAIN,
        peak_month_factor=1.0,
    )


def test_what_a_kind_can_take_is_a_limit_unless_another_is_named():
    by_kind = plan(stated=np.array([60.0, INF]))
    assert three_of(by_kind.final.split) == capacity.Three(115, 50, 11)
    named = plan(stated=np.array([60.0, INF]), limits=(Limit(kind="k", visits_per_year=200),))
    assert named.room.tolist() == [200.0, 200.0]


def test_a_mobile_unit_serves_but_has_no_counters():
    found = plan(sized=False).final
    assert found.sizing.counters.tolist() == [1, 0]
    assert found.come.tolist() == [110, 66]


def test_a_plan_year_by_year():
    found = plan()
    first, last = found.years
    assert first.is_open.tolist() == [False, True]
    assert first.come.tolist() == [0, 160]  # the ten from 80 minutes away come too
    assert last.come.tolist() == [110, 66]
    assert three_of(last.split) == capacity.Three(165, 0, 11)
    assert last.sizing.counters.tolist() == [1, 1]
    assert found.cases["high"].come.tolist() == [220, 132]
    assert np.isnan(found.utilisation(last)).all()


def test_beyond_the_standard_may_stay_away():
    assert plan(beyond_come=False).final.come.tolist() == [110, 55]


def test_a_full_centre_and_its_neighbour_with_room():
    tight = (Limit(site="late", visits_per_year=60),)
    nearest, shared = plan(limits=tight), plan(limits=tight, policy="with_room")
    assert three_of(nearest.final.split) == capacity.Three(115, 50, 11)
    assert three_of(shared.final.split) == capacity.Three(165, 0, 11)
    assert shared.final.split.served_by.tolist() == [60, 105]
    assert nearest.utilisation(nearest.final)[0] == pytest.approx(110 / 60)
    assert np.isnan(nearest.utilisation(nearest.years[0])[0])  # not open yet


def test_those_who_find_no_room_are_counted_where_they_sought_it():
    tight = (Limit(kind="k", visits_per_year=60),)
    shared = plan(limits=tight, policy="with_room").final
    assert three_of(shared.split) == capacity.Three(120, 45, 11)
    assert (shared.split.sought - shared.split.served_by).sum() == 45


def test_the_case_shared_out_is_the_stated_one():
    assert plan(case="high").final.visits.sum() == 352
    with pytest.raises(InvalidInput, match="'low'"):
        plan(case="low")

"""Networks, the order of openings, and what a private label may and may not do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from planning.layers import band_of
from planning.network import marginal_order, network
from planning.programme import PrivateLabel
from planning.sites import Opening, private_sites
from planning.travel import Travel

journeys = hnp.arrays(
    float, (6, 5), elements=st.one_of(st.integers(0, 1200).map(lambda tenths: tenths / 10), st.just(np.inf))
).map(lambda minutes: Travel(minutes, np.where(np.isinf(minutes), np.inf, minutes * 1000)))


@given(journeys, st.sets(st.integers(0, 4)), st.integers(0, 4))
def test_another_centre_never_makes_anyone_travel_longer(travel, opened, more):
    limits = np.full(6, 30.0)
    before = network(travel, np.array(sorted(opened), dtype=np.int64), limits, year=2025)
    after = network(travel, np.array(sorted(opened | {more}), dtype=np.int64), limits, year=2025)
    assert (after.minutes <= before.minutes).all()
    assert (after.covered >= before.covered).all()


@given(journeys, st.sets(st.integers(0, 4)))
def test_the_nearest_centre_is_open_and_no_other_is_nearer(travel, opened):
    place = network(travel, np.array(sorted(opened), dtype=np.int64), np.full(6, 30.0), year=2025)
    for i in range(6):
        times = {j: travel.minutes[i, j] for j in opened if np.isfinite(travel.minutes[i, j])}
        if not times:
            assert (place.nearest[i], place.minutes[i], place.covered[i]) == (-1, np.inf, False)
        else:
            assert place.nearest[i] == min(times, key=lambda j: (times[j], j))
            assert place.minutes[i] == min(times.values())
            assert place.covered[i] == (min(times.values()) <= 30.0)


def test_exactly_the_limit_is_covered():
    travel = Travel(np.array([[30.0], [30.1]]), np.array([[1.0], [1.0]]))
    assert network(travel, np.array([0]), np.array([30.0, 30.0]), year=2025).covered.tolist() == [True, False]


@given(hnp.arrays(bool, (8, 4)), hnp.arrays(np.int64, 8, elements=st.integers(0, 100)))
def test_marginal_gains_add_up_to_what_the_year_covers(reach, people):
    already = reach[:, 0]
    order = marginal_order(reach, people, already, np.array([1, 2, 3]), list("abcd"))
    assert sorted(site for site, _ in order) == [1, 2, 3]
    assert sum(gain for _, gain in order) == people[reach.any(axis=1)].sum() - people[already].sum()


def test_equal_gains_go_by_id():
    reach = np.array([[True, True]])
    order = marginal_order(reach, np.array([5]), np.array([False]), np.array([0, 1]), ["b", "a"])
    assert order == [(1, 5), (0, 0)]


def test_bands_have_inclusive_upper_edges():
    minutes = np.array([0.0, 30.0, 30.1, 60.0, 60.1, 90.0, 90.1, np.inf])
    assert band_of(minutes).tolist() == [
        "within_30",
        "within_30",
        "within_60",
        "within_60",
        "within_90",
        "within_90",
        "beyond_90",
        "unreachable",
    ]


def _opened(*years):
    return [Opening(site, year, 0, 0) for site, year in enumerate(years)]


def test_private_labels_go_to_the_busiest_that_are_neither_fixed_nor_alone():
    zones = np.array(["a", "a", "b", "a", "a"], dtype=object)
    residents = {0: 900, 1: 100, 2: 800, 3: 200, 4: 300}
    opened = _opened(2022, 2024, 2024, 2024, 2025)
    chosen = private_sites(opened, PrivateLabel(2, 2023, 2024), fixed={0}, zone_of_site=zones, residents=residents)
    assert chosen == {1, 3}
    more = private_sites(opened, PrivateLabel(3, 2023, 2024), fixed={0}, zone_of_site=zones, residents=residents)
    assert more == {1, 3, 4}


def test_fewer_are_labelled_when_fewer_may_be():
    zones = np.array(["a", "b"], dtype=object)
    label = PrivateLabel(2, 2023, 2024)
    assert private_sites(_opened(2024, 2024), label, fixed=set(), zone_of_site=zones, residents={}) == set()
    assert private_sites(_opened(2024), None, fixed=set(), zone_of_site=zones, residents={}) == set()

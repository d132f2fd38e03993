"""Networks, the order of openings, and what a private label may and may not do."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from planning.failing import OpenCentres
from planning.layers import band_of
from planning.network import marginal_order, network
from planning.private import Care, taken_in_turn
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


def _centres(zones, **changes):
    """Centres that all reach the one point of each of two governorates, so that nobody depends on any."""
    k = len(zones)
    whole = {
        "ids": tuple(f"s{i}" for i in range(k)),
        "zone_of_centre": np.array(zones),
        "fixed": np.zeros(k, dtype=bool),
        "fit": np.ones(k, dtype=bool),
        "private_kind": np.zeros(k, dtype=bool),
        "people": np.array([10, 10]),
        "zone_of_point": np.array([0, 1]),
        "zones": ("a", "b"),
        "within": np.ones((k, 2), dtype=bool),
    }
    return OpenCentres(**(whole | changes))


def _labelled(opened, label, centres, residents):
    return private_sites(opened, label, centres, {o.site: o.site for o in opened}, residents)


def test_private_labels_go_to_the_busiest_that_are_neither_fixed_nor_alone():
    centres = _centres([0, 0, 1, 0, 0], fixed=np.array([True, False, False, False, False]))
    residents = {0: 900, 1: 100, 2: 800, 3: 200, 4: 300}
    opened = _opened(2022, 2024, 2024, 2024, 2025)
    assert _labelled(opened, PrivateLabel(2, 2023, 2024), centres, residents) == {1, 3}
    assert _labelled(opened, PrivateLabel(3, 2023, 2024), centres, residents) == {1, 3, 4}  # 0 stays public


def test_fewer_are_labelled_when_fewer_may_be():
    label = PrivateLabel(2, 2023, 2024)
    assert _labelled(_opened(2024, 2024), label, _centres([0, 1]), {}) == set()
    assert _labelled(_opened(2024), None, _centres([0]), {}) == set()


def test_the_labels_together_leave_a_governorate_its_least_busy_centre():
    label = PrivateLabel(3, 2023, 2024)
    assert _labelled(_opened(2024, 2024, 2024), label, _centres([0, 0, 0]), {0: 5, 1: 9, 2: 7}) == {1, 2}
    assert _labelled(_opened(2024, 2024, 2024), label, _centres([0, 0, 1]), {0: 5, 1: 9, 2: 7}) == {1}


def test_no_label_where_the_worst_off_depend_on_the_centre():
    within = np.array([[True, False], [True, True], [False, True]])
    centres = _centres([0, 0, 0], within=within & np.array([[True], [True], [False]]))
    label = PrivateLabel(3, 2023, 2024)
    assert _labelled(_opened(2024, 2024, 2024), label, centres, {}) == {0, 2}  # 1 alone reaches the second
    loose = PrivateLabel(3, 2023, 2024, Care(worst_off_loss=1.0))
    assert _labelled(_opened(2024, 2024, 2024), loose, centres, {1: 9}) == {1, 0}


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_no_other_set_that_leaves_each_governorate_a_public_centre_is_better(seed):
    """Taken in turn: against every set, of fit and unfit, public and private kinds."""
    random = np.random.default_rng(seed)
    k = int(random.integers(1, 8))
    centres = _centres(random.integers(0, 2, k), fit=random.random(k) < 0.8, private_kind=random.random(k) < 0.3)
    score, most = random.integers(0, 100, k), int(random.integers(1, 5))
    order = sorted(range(k), key=lambda i: (-score[i], i))
    taken, held = taken_in_turn(centres, order, most=most)

    def allowed(some):
        public = [i for i in range(k) if centres.fit[i] and not centres.private_kind[i] and i not in some]
        return all(any(centres.zone_of_centre[p] == centres.zone_of_centre[i] for p in public) for i in some)

    sets = [some for n in range(most + 1) for some in itertools.combinations(range(k), n) if allowed(some)]
    assert allowed(taken)
    assert sum(score[list(taken)]) == max(score[list(some)].sum() for some in sets)
    assert len(taken) == max(len(some) for some in sets)
    assert not set(taken) & set(held)

"""Those without a car: never faster than the drive, home by the last bus."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput
from planning.travel import TransportProxy, by_bus, reach, travel
from tests.planning.test_travel import country_of, line
from tests.toy import toy_country

PROXY = TransportProxy(wait_minutes=20.0, speed_kmh=24.0, first_bus=7.0, last_bus=16.0)


def test_a_ride_is_wait_and_road_length_at_the_stated_speed():
    journeys = travel(country_of(line(), [(0, 0)], [(20_000, 0)]))
    assert by_bus(journeys, PROXY).minutes.tolist() == [[20.0 + 60.0]]


def test_a_ride_is_never_shorter_than_the_drive():
    journeys = travel(country_of(line(90.0), [(0, 0)], [(20_000, 0)]))
    assert by_bus(journeys, PROXY).minutes.tolist() == [[90.0]]


@pytest.mark.parametrize(("last", "back"), [(9.0, False), (9.3, False), (9.0 + 20 / 60, True), (9.4, True)])
def test_who_cannot_be_back_for_the_last_bus_does_not_go_and_the_last_bus_itself_is_in_time(last, back):
    journeys = travel(country_of(line(), [(0, 0)], [(20_000, 0)]))
    proxy = TransportProxy(20.0, 24.0, first_bus=7.0, last_bus=last, visit_minutes=60.0)
    assert bool(np.isfinite(by_bus(journeys, proxy).minutes[0, 0])) is back


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.floats(0.0, 60.0), st.floats(5.0, 200.0))
def test_dense_and_sparse_agree_within_the_limit(seed, wait, speed):
    country = toy_country(seed=seed)
    proxy = TransportProxy(wait, speed, 7.0, 16.0)
    dense, sparse = travel(country), reach(country, limit_minutes=60.0)
    one, other = by_bus(dense, proxy), by_bus(sparse, proxy)
    inside = one.minutes <= 60.0
    np.testing.assert_array_equal(other.columns(np.arange(12))[0][inside], one.minutes[inside])
    near, far = one.nearest(np.array([1, 7])), other.nearest(np.array([1, 7]))
    here = near.minutes <= 60.0
    np.testing.assert_array_equal(near.minutes[here], far.minutes[here])
    assert (far.minutes[~here] > 60.0).all()
    assert (near.minutes >= dense.nearest(np.array([1, 7])).minutes).all()


@pytest.mark.parametrize(
    "wrong", [(-1, 24, 7, 16), (20, 0, 7, 16), (20, 24, 16, 7), (20, 24, 7, 25), (np.nan, 24, 7, 16)]
)
def test_a_proxy_that_cannot_be_is_refused(wrong):
    with pytest.raises(InvalidInput, match="transport proxy"):
        TransportProxy(*wrong)

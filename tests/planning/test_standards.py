import numpy as np
import pytest

from foundation.errors import InvalidInput
from planning.standards import Limits, Standard, within


def test_exactly_thirty_minutes_is_within_thirty():
    minutes = np.array([[30.0, 30.1, np.inf]])
    assert within(minutes, np.array([30.0])).tolist() == [[True, False, False]]


def test_exactly_sixty_minutes_is_within_the_rural_standard():
    limits = Standard().limits(np.array(["urban", "rural"], dtype=object))
    assert limits.tolist() == [30.0, 60.0]
    assert within(np.array([[60.0], [60.0]]), limits).ravel().tolist() == [False, True]


def test_the_limits_below_a_time_are_those_of_everybody():
    limits = Limits(20.0, 45.0, 120.0, (("elderly", 15.0), ("disabled", 20.0)))
    assert limits.below(90.0) == (15.0, 20.0, 45.0)
    assert limits.below(45.0) == (15.0, 20.0)
    assert Limits(30.0, 60.0).below(90.0) == (30.0, 60.0)


def test_no_route_is_never_within_even_an_endless_limit():
    assert not within(np.array([[np.inf]]), np.array([np.inf])).any()


def test_unknown_settlement_type_is_refused_by_name():
    with pytest.raises(InvalidInput, match="suburb"):
        Standard().limits(np.array(["suburb"], dtype=object))


def test_nan_minutes_are_refused():
    with pytest.raises(InvalidInput, match="write inf"):
        within(np.array([[np.nan]]), np.array([30.0]))


def test_shape_mismatch_is_refused():
    with pytest.raises(InvalidInput, match="one row for each of the 3 limits"):
        within(np.zeros((2, 2)), np.zeros(3))

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import InvalidInput
from planning.demand import apportion, group_people


@given(
    st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=50).filter(lambda w: sum(w) > 1e-3),
    st.integers(0, 10_000_000),
)
def test_apportion_conserves_people_and_stays_within_one_of_the_exact_share(weights, total):
    weights = np.array(weights)
    persons = apportion(weights, total)
    assert persons.sum() == total
    assert (persons >= 0).all()
    exact = weights / weights.sum() * total
    assert (np.abs(persons - exact) < 1 + 1e-6 * max(total, 1)).all()


def test_apportion_gives_ties_to_the_lower_position():
    assert apportion(np.array([1.0, 1.0, 1.0]), 2).tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("weights", "total"), [([0.0, 0.0], 1), ([-1.0, 2.0], 1), ([np.inf, 1.0], 1), ([1.0], -1), ([np.nan], 1)]
)
def test_apportion_refuses_what_cannot_be_split(weights, total):
    with pytest.raises(InvalidInput, match="Cannot split"):
        apportion(np.array(weights), total)


def test_apportion_of_nobody_over_nothing_is_nobody():
    assert apportion(np.array([0.0, 0.0]), 0).tolist() == [0, 0]


def _people():
    return pd.DataFrame({"zone_id": ["a", "a", "b"], "people": [100, 300, 50]})


def test_group_people_keep_the_zone_share_to_the_person():
    groups = pd.DataFrame({"zone_id": ["a", "b"], "group": ["elderly"] * 2, "share": [0.10, 0.30]})
    assert group_people(_people(), groups, "elderly").tolist() == [10, 30, 15]


def test_group_people_name_a_zone_without_a_share():
    groups = pd.DataFrame({"zone_id": ["a"], "group": ["elderly"], "share": [0.1]})
    with pytest.raises(InvalidInput, match=r"elderly.*b"):
        group_people(_people(), groups, "elderly")

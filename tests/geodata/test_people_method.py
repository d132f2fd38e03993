"""The arithmetic of the people model, case by case."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.jordan_build.people import density_at, largest_remainder
from geodata.jordan_build.settlements import capped_shares, district_totals, recorded_towns, urban_people
from geodata.load import BUILT_IN

SOURCES = BUILT_IN["jordan"] / "sources"


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=40), st.integers(0, 10_000_000))
def test_largest_remainder_shares_every_person_and_none_twice(weights: list[float], total: int) -> None:
    exact = np.array(weights) / sum(weights) * total
    whole = largest_remainder(np.array(weights), total)
    assert whole.sum() == total
    assert (np.abs(whole - exact) < 1 + 1e-4).all()


def test_largest_remainder_by_hand() -> None:
    assert largest_remainder(np.array([1.0, 1.0, 1.0]), 10).tolist() == [4, 3, 3]
    assert largest_remainder(np.array([6.0, 3.0, 1.0]), 5).tolist() == [3, 2, 0]


@given(st.lists(st.tuples(st.floats(0.01, 100), st.floats(0, 100)), min_size=1, max_size=20), st.floats(0, 1))
def test_capped_shares_keep_caps_and_the_total(rows: list[tuple[float, float]], part: float) -> None:
    weight, cap = (pd.Series(column) for column in zip(*rows, strict=True))
    total = part * cap.sum()
    shared = capped_shares(weight, cap, total)
    assert (shared <= cap + 1e-9).all()
    assert shared.sum() == pytest.approx(total, abs=1e-4)


def test_recorded_towns_keep_their_figure_when_it_fits() -> None:
    weight, recorded = np.array([100.0, 30.0, 10.0]), np.array([True, False, False])
    assert urban_people(weight, recorded, 160.0).tolist() == pytest.approx([100, 45, 15])
    # the others grow at most to twice their weight; then all share what remains
    assert urban_people(weight, recorded, 360.0).tolist() == pytest.approx([200, 120, 40])
    # no room: the others get none
    assert urban_people(weight, recorded, 90.0).tolist() == pytest.approx([90, 0, 0])


def test_density_falls_with_distance_and_ends() -> None:
    away = np.array([0.0, 1.0, 2.0, 50.0])
    density = density_at(600_000, away)
    assert density[0] == 30_000
    assert (np.diff(density) < 0).all()
    assert density[-1] == 0
    # the whole plane holds the people: 2 pi d0 b^2
    fine = np.arange(0.005, 60, 0.01)
    spread = np.sqrt(600_000 / (2 * np.pi * 30_000))
    assert (30_000 * np.exp(-fine / spread) * 2 * np.pi * fine * 0.01).sum() == pytest.approx(600_000, rel=1e-3)


def test_areas_of_greater_amman_fill_four_districts_to_the_person() -> None:
    towns = recorded_towns(SOURCES)
    areas = towns[towns["method"] == "amman_area_2015"].groupby("district_id")["people_2015"].sum()
    census = pd.read_csv(SOURCES / "district_population.csv")
    census = census[(census["governorate"] == "Amman") & (census["year"] == 2015)].set_index("district_en")[
        "population"
    ]
    assert areas["JO-AM-jamia"] == census["Al-Jami'ah"] == 743_980
    assert areas["JO-AM-marka"] == census["Marka"] == 956_104
    assert areas["JO-AM-quweismeh"] == census["Quwaysimah"] == 582_659
    assert areas["JO-AM-qasaba"] == census["Amman Qasabah"] == 855_955
    assert areas["JO-AM-wadi-as-sir"] == 342_509 < census["Wadi as-Sir"] == 367_370


def test_district_totals_sum_to_their_governorates() -> None:
    zones = pd.DataFrame({"zone_id": ["JO-AM", "JO-BA", "JO-IR"], "population": [5_004_600, 614_000, 2_210_500]})
    totals = district_totals(SOURCES, zones)
    assert len(totals) == 23
    sums = totals.groupby(totals.index.str[:5]).sum()
    assert sums.to_dict() == pytest.approx({"JO-AM": 5_004_600, "JO-BA": 614_000, "JO-IR": 2_210_500})

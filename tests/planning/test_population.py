"""Residents by year: recorded growth, exact to the person."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geodata
from foundation.errors import InvalidInput
from planning.population import Growth, growth_ratio, people_by_year
from tests.toy import toy_country
from tests.toy_services import toy_with_services


@pytest.fixture(scope="module")
def toy():
    return toy_with_services()


@pytest.fixture(scope="module")
def jordan():
    return geodata.load("jordan")


def _zone(country, people, zone):
    return people[:, (country.people["zone_id"] == zone).to_numpy()].sum(axis=1)


def test_the_year_of_the_population_is_the_table_itself(toy):
    for case in ("low", "mid", "high"):
        assert (people_by_year(toy, [2025], case)[0] == toy.people["people"]).all()


def test_between_records_a_governorate_grows_at_the_rate_that_joins_them(toy):
    # 10,000 in 2015 and 12,190 in 2025: 2.0 % a year, worked by hand as (12190 / 10000) ** (1 / 10)
    ratio = growth_ratio(toy.records.growth, "TO-A", [2015, 2016, 2025], since=2015)
    assert ratio[1] == pytest.approx(1.219**0.1)
    assert ratio[1] == pytest.approx(1.02, abs=1e-4)
    assert ratio[2] == pytest.approx(1.219)


def test_totals_are_exact_to_the_person(toy):
    years = [2015, 2020, 2025, 2026, 2035]
    people = people_by_year(toy, years)
    now = int(toy.zones.set_index("zone_id").loc["TO-A", "population"])
    expected = [round(now * 1.219 ** ((year - 2025) / 10)) for year in years]
    assert _zone(toy, people, "TO-A").tolist() == expected


def test_a_governorate_without_two_records_keeps_its_people(toy):
    people = people_by_year(toy, [2000, 2025, 2040])
    for zone in ("TO-B", "TO-C"):
        assert len(set(_zone(toy, people, zone).tolist())) == 1


def test_a_country_without_records_keeps_its_people():
    country = toy_country()
    assert (people_by_year(country, [1990, 2050]) == country.people["people"].to_numpy()).all()


def test_cases_leave_the_curve_only_after_the_last_record(toy):
    low, mid, high = (people_by_year(toy, [2020, 2025, 2035], case).sum(axis=1) for case in ("low", "mid", "high"))
    assert low[:2].tolist() == mid[:2].tolist() == high[:2].tolist()
    assert low[2] < mid[2] < high[2]


def test_the_low_case_multiplies_the_yearly_rate(toy):
    ratio = growth_ratio(toy.records.growth, "TO-A", [2027], since=2025, times=0.5)
    yearly = 1.219**0.1 - 1
    assert ratio[0] == pytest.approx((1 + yearly / 2) ** 2)


def test_growth_cases_are_fields_that_change_the_answer(toy):
    steady = people_by_year(toy, [2035], "high", growth=Growth(1.0, 1.0))
    assert steady.sum() == people_by_year(toy, [2035], "mid").sum()
    assert steady.sum() < people_by_year(toy, [2035], "high").sum()


def test_unused_records_do_not_bend_the_curve(toy):
    table = toy.records.growth
    stray = table.iloc[[0]].assign(year=2020, population=99_000, used=False)
    other = replace(toy, records=replace(toy.records, growth=pd.concat([table, stray], ignore_index=True)))
    assert (people_by_year(other, [2019, 2030]) == people_by_year(toy, [2019, 2030])).all()


def test_two_records_of_one_year_are_refused(toy):
    doubled = pd.concat([toy.records.growth] * 2, ignore_index=True)
    with pytest.raises(InvalidInput, match=r"TO-A.*two rows"):
        growth_ratio(doubled, "TO-A", [2020], since=2025)


@pytest.mark.parametrize(("low", "high"), [(-0.1, 1.5), (1.1, 1.5), (0.5, 0.9)])
def test_growth_cases_that_cross_are_refused(low, high):
    with pytest.raises(InvalidInput, match="Growth cases"):
        Growth(low, high)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1960, 2060), min_size=1, max_size=4, unique=True), st.integers(1, 50))
def test_people_are_conserved_in_every_year(years, seed):
    country = toy_with_services(seed=seed)
    people = people_by_year(country, years)
    assert (people >= 0).all()
    for zone in ("TO-A", "TO-B", "TO-C"):
        now = int((country.people.loc[country.people["zone_id"] == zone, "people"]).sum())
        ratio = growth_ratio(country.records.growth, zone, years, since=2025)
        assert _zone(country, people, zone).tolist() == [round(now * float(r)) for r in ratio]


def test_jordan_meets_its_records(jordan):
    people = people_by_year(jordan, [2015, 2025, 2022])
    # the census of 2015 and the estimate of 2025; 2022 lies between, near the 11.16 million of the curve
    assert people.sum(axis=1)[:2].tolist() == [9_531_712, 11_937_000]
    assert 11_000_000 < people.sum(axis=1)[2] < 11_310_647
    assert _zone(jordan, people, "JO-MN")[0] == 144_082
    assert np.issubdtype(people.dtype, np.int64)

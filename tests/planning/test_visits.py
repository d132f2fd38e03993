"""Visits: the formula worked by hand, conservation, calibration, priority and centres."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geodata
from foundation.errors import InvalidInput, NotFound
from planning.visits import Visits, VisitSettings, has_services, visits_by_site, visits_of, zone_visits
from planning.visits.calibration import recorded_rates
from planning.visits.priority import rank
from planning.visits.residents import curve_at, shares_of, take_up
from planning.visits.settings import Calendar, Calibration, Priorities, Refugees, Take
from tests.toy import toy_country
from tests.toy_services import toy_with_services

YEARS = (2023, 2024, 2025)
SMALL = toy_with_services(points=12)


@pytest.fixture(scope="module")
def toy():
    return toy_with_services()


@pytest.fixture(scope="module")
def plain():
    """Settings with no scale factor, so that the formula can be read off."""
    return VisitSettings(calibration=Calibration("none"))


@pytest.fixture(scope="module")
def visits(toy, plain) -> Visits:
    return visits_of(toy, YEARS, plain)


@pytest.fixture(scope="module")
def jordan():
    country = geodata.load("jordan")
    return country, visits_of(country, [2022, 2023, 2024, 2025])


# ---- the formula


def _people(toy, zone, year=2025):
    here = toy.people["zone_id"] == zone
    now = toy.people.loc[here, "people"].to_numpy(float)
    assert year == 2025
    return now


def test_a_counter_service_is_people_times_rate_over_transactions_a_visit(toy, visits):
    # identity card: nationals, 70 % outside the camp (point 5), 0.5 a year, presence needed, 2.48 a visit
    points = toy.people[toy.people["zone_id"] == "TO-A"]
    camp = points["is_camp"].to_numpy(bool)
    people = points["people"].to_numpy(float)
    share = 0.7 * people.sum() / people[~camp].sum()
    expected = np.where(camp, 0.0, people * share * 0.5 / 2.48)
    at = np.flatnonzero(toy.people["zone_id"] == "TO-A")
    assert visits.amount["mid"][0, 2, at] == pytest.approx(expected)
    assert visits.amount["recorded"][0, 2, at] == pytest.approx(expected)


def test_a_digital_service_leaves_by_available_times_take_up(toy, visits):
    # tax: everyone, 0.1 a year; available 0.4, 0.7, 1.0 planned; take-up 0.381 for every group
    people = toy.people["people"].to_numpy(float)
    for t, available in ((0, 0.4), (1, 0.7), (2, 1.0)):
        grown = visits.people[t]
        expected = grown * 0.1 * (1 - available * 0.381) / 2.48
        assert visits.amount["mid"][2, t] == pytest.approx(expected)
    recorded = people * 0.1 * (1 - 0.8 * 0.381) / 2.48
    assert visits.amount["recorded"][2, 2] == pytest.approx(recorded)


def test_the_cases_multiply_what_they_say(toy, visits):
    people = toy.people["people"].to_numpy(float)
    low = people * 0.1 * (1 - 0.381 * 1.25) / 3.6
    high = people * 0.1 * (1 - 0.381 * 0.75) / 2.0
    assert visits.amount["low"][2, 2] == pytest.approx(low)
    assert visits.amount["high"][2, 2] == pytest.approx(high)
    # an assumed rate (works, in Alpha) is also multiplied by 0.75 and 1.25
    alpha = (toy.people["zone_id"] == "TO-A").to_numpy()
    assert visits.amount["low"][3, 2, alpha] == pytest.approx(people[alpha] * 0.3 * 0.75 * (1 - 0.381 * 1.25) / 3.6)


def test_an_area_s_service_is_used_in_its_area_only(toy, visits):
    outside = (toy.people["zone_id"] != "TO-A").to_numpy()
    assert (visits.amount["mid"][3][:, outside] == 0).all()
    assert (visits.amount["mid"][3][:, ~outside] > 0).all()


def test_a_successor_gives_the_service_and_its_jurisdiction_changes(visits):
    assert visits.lines.agency[:, 1].tolist() == ["labour", "labour", "tax"]
    assert visits.lines.jurisdiction[:, 1].tolist() == ["governorate", "governorate", "national"]


def test_take_up_is_a_mean_of_disjoint_cells(toy):
    take = Take({"all": ((2025, 0.5),), "elderly": ((2025, 0.2),), "disabled": ((2025, 0.3),)})
    of = shares_of(toy, Refugees())
    found = take_up(of, [2025], take)[0]
    e, d = 0.054, 0.112
    expected = 0.5 * (1 - e) * (1 - d) + 0.2 * e * (1 - d) + 0.3 * d * (1 - e) + 0.2 * e * d
    assert found == pytest.approx(expected)
    assert take_up(of, [2025], take, group="elderly")[0] == pytest.approx(0.2)
    assert take_up(of, [2025], take, group="disabled")[0] == pytest.approx(0.3 * (1 - e) + 0.2 * e)


def test_curves_run_straight_and_stay_level_outside():
    assert curve_at([(2022.0, 0.2), (2024.0, 0.6)], [2020, 2022, 2023, 2024, 2030]).tolist() == pytest.approx(
        [0.2, 0.2, 0.4, 0.6, 0.6]
    )


@settings(max_examples=8, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_no_digital_curve_makes_more_visits_than_none(first, take, assisted):
    none = VisitSettings(calibration=Calibration("none"), planned=((2025, 0.0),))
    some = VisitSettings(
        calibration=Calibration("none"), planned=((2025, first),), take_up=Take({"all": ((2025, take),)}, assisted)
    )
    base, less = visits_of(SMALL, [2025], none), visits_of(SMALL, [2025], some)
    assert (less.total() <= base.total() + 1e-9).all()
    assert less.amount["mid"][0] == pytest.approx(base.amount["mid"][0])  # presence needed
    kept = 1 - first * take * (1 - assisted)
    assert less.amount["mid"][2].sum() == pytest.approx(base.amount["mid"][2].sum() * kept)


# ---- what a visit adds up to


def test_totals_and_weights_are_sums_over_services(visits):
    assert visits.total("high") == pytest.approx(visits.amount["high"].sum(axis=0))
    by_hand = sum(p * a for p, a in zip(visits.priority, visits.amount["mid"], strict=True))
    assert visits.weight() == pytest.approx(by_hand)


def test_low_mid_high_are_in_order_everywhere(visits):
    assert (visits.total("low") <= visits.total("mid") + 1e-12).all()
    assert (visits.total("mid") <= visits.total("high") + 1e-12).all()


def test_zones_sum_to_the_nation(toy, visits):
    by_zone = zone_visits(visits, "mid", toy.people["zone_id"].to_numpy(object))
    assert by_zone.sum(axis=0).to_numpy() == pytest.approx(visits.total().sum(axis=1))


def test_peak_day_and_hour_follow_the_calendar(visits):
    calendar = Calendar(days_per_week=7, hours_per_day=10, closed_days=0, ramadan_days=0)
    own = replace(visits, settings=replace(visits.settings, calendar=calendar, peak_month_factor=1.5))
    assert own.peak_day(np.array([3650.0])).tolist() == pytest.approx([15.0])
    assert own.peak_hour(np.array([3650.0])).tolist() == pytest.approx([1.5])


def test_ramadan_shortens_the_year():
    # 30 of 365 days with 5 hours in place of 10
    calendar = Calendar(days_per_week=7, hours_per_day=10, closed_days=0, ramadan_days=30, ramadan_hours=5)
    assert calendar.open_hours == pytest.approx(335 * 10 + 30 * 5)


# ---- centres


def test_centres_share_out_all_visits(toy, visits):
    zone_of_point = toy.people["zone_id"].to_numpy(object)
    nearest = np.full(len(toy.people), 11)  # everyone to a site in Gamma
    nearest[-1] = -1

    def to(offer):
        return np.where(zone_of_point == "TO-C", nearest, -1) if offer.bound else nearest

    found = visits_by_site(visits, "mid", 2024, (), to, len(toy.candidates))
    assert toy.candidates["zone_id"][11] == "TO-C"
    whole = found.visits.sum() + found.no_centre + found.elsewhere
    assert whole == pytest.approx(visits.total()[1].sum())
    # bound to their governorate: permits (labour, 2024) of Alpha and Beta, works of Alpha
    away = zone_of_point != "TO-C"
    bound = visits.amount["mid"][1, 1, away].sum() + visits.amount["mid"][3, 1, away].sum()
    last = visits.amount["mid"][:, 1, -1]  # reaches no centre, and lives in Gamma
    assert zone_of_point[-1] == "TO-C"
    assert last[[0, 2]].sum() > 0
    assert found.elsewhere == pytest.approx(bound + last[[1, 3]].sum())
    assert found.no_centre == pytest.approx(last[[0, 2]].sum())
    assert found.by_service.sum(axis=0) == pytest.approx(found.visits)


def test_a_bound_service_is_free_once_its_successor_is_national(toy, visits):
    zone = toy.people["zone_id"].to_numpy(object)
    nearest = np.full(len(toy.people), 11)
    found = visits_by_site(
        visits, "mid", 2025, (), lambda offer: np.where((zone == "TO-C") | (not offer.bound), nearest, -1), 12
    )
    alpha = zone == "TO-A"
    assert found.elsewhere == pytest.approx(visits.amount["mid"][3, 2, alpha].sum())


# ---- calibration


def test_the_record_is_read_between_two_dates_of_as_many_centres(toy):
    found = recorded_rates(toy.records.network_record)
    # 8,000 transactions and 3,200 visitors in 364 days
    assert (found.first, found.last, found.centres) == ("2025-01-01", "2025-12-31", 2)
    assert found.transactions == pytest.approx(8000 * 365 / 364)
    assert found.visitors == pytest.approx(3200 * 365 / 364)


def test_dates_of_another_number_of_centres_are_left_out(toy):
    record = toy.records.network_record
    early = record.iloc[:3].assign(date="2024-01-01", value=[0.0, 0.0, 1.0])
    found = recorded_rates(pd.concat([early, record], ignore_index=True))
    assert found.first == "2025-01-01"


def test_there_is_no_record_without_two_dates(toy):
    assert recorded_rates(toy.records.network_record.iloc[:3]) is None
    assert recorded_rates(toy.records.network_record.iloc[:0]) is None


def test_the_factor_brings_the_network_to_its_record(toy):
    fitted = visits_of(toy, YEARS)
    rows = {row.measure: row for row in fitted.fit.rows}
    assert rows["network_transactions"].mid == pytest.approx(8000 * 365 / 364)
    assert rows["network_transactions"].fitted
    assert rows["network_visitors"].mid == pytest.approx(8000 * 365 / 364 / 2.48)
    assert rows["visitors_per_day"].recorded_low == 10.0
    # open centres of the record's year: Alpha and Beta; the recorded curve of 2025 is scaled
    open_zones = toy.people["zone_id"].isin(["TO-A", "TO-B"]).to_numpy()
    scaled = fitted.amount["recorded"][:, 2][:, open_zones].sum() * 2.48
    assert scaled == pytest.approx(8000 * 365 / 364)


def test_fitted_to_single_centres_the_middle_of_their_record_is_met(toy):
    found = visits_of(toy, YEARS, VisitSettings(calibration=Calibration("centres"))).fit
    row = next(row for row in found.rows if row.measure == "visitors_per_day")
    assert row.mid == pytest.approx(15.0)
    assert found.factor == pytest.approx(found.alternatives["centres"])


def test_a_stated_factor_is_taken_as_it_is(toy, visits):
    twice = visits_of(toy, YEARS, VisitSettings(calibration=Calibration("stated", 2.0)))
    assert twice.total() == pytest.approx(2 * visits.total())


def test_a_factor_cannot_be_fitted_to_nothing(toy):
    bare = replace(toy, records=replace(toy.records, network_record=toy.records.network_record.iloc[:0]))
    with pytest.raises(InvalidInput, match="no such totals"):
        visits_of(bare, YEARS)


# ---- priority


def test_priority_is_the_weighted_mean_of_its_parts(visits):
    ranking = visits.ranking
    assert ranking.weights.sum() == pytest.approx(1.0)
    assert ranking.score == pytest.approx(ranking.parts @ ranking.weights)
    assert ranking.counted
    assert ranking.parts[:, 0].max() == 1.0  # the most used service


def test_weights_and_own_factors_change_the_order():
    table = pd.DataFrame({"service_id": ["a", "b"], "factor": "economy", "score": [0.2, 0.8]})
    volumes = np.array([100.0, 10.0])
    assert rank(("a", "b"), table, volumes, Priorities({"transactions": 1.0})).score.tolist() == [1.0, 0.1]
    assert rank(("a", "b"), table, volumes, Priorities({"economy": 2.0})).score.tolist() == [0.2, 0.8]
    green = Priorities({"green": 1.0, "economy": 3.0}, {("a", "green"): 1.0, ("b", "green"): 0.0})
    assert rank(("a", "b"), table, volumes, green).score.tolist() == pytest.approx([0.4, 0.6])


def test_priority_refuses_a_factor_nobody_scored_and_a_score_nobody_weighs():
    table = pd.DataFrame({"service_id": ["a"], "factor": "economy", "score": [0.2]})
    with pytest.raises(InvalidInput, match=r"scores missing \(a, green\)"):
        rank(("a",), table, np.ones(1), Priorities({"green": 1.0}))
    with pytest.raises(InvalidInput, match="scores without use"):
        rank(("a",), table, np.ones(1), Priorities({"economy": 1.0}, {("z", "economy"): 0.5}))


# ---- countries without the data


def test_a_country_without_services_says_so():
    assert not has_services(toy_country())
    with pytest.raises(NotFound, match="no service lines"):
        visits_of(toy_country(), YEARS)


def test_a_service_for_nationals_needs_their_table(toy):
    bare = replace(toy, records=replace(toy.records, nationals=toy.records.nationals.iloc[:0]))
    with pytest.raises(InvalidInput, match=r"id-card is for nationals"):
        visits_of(bare, YEARS)


def test_a_country_without_a_digital_curve_is_refused(toy):
    bare = replace(toy, records=replace(toy.records, digital_curve=toy.records.digital_curve.iloc[:0]))
    with pytest.raises(InvalidInput, match="no planned digital curve"):
        visits_of(bare, YEARS)


# ---- Jordan against its record


def test_jordan_is_calibrated_to_about_a_million_visitors(jordan):
    _, found = jordan
    recorded = found.fit.recorded
    # 2,900,000 to 4,117,550 transactions and 1,165,293 to 1,657,763 visitors in 183 days at nine centres
    assert recorded.centres == 9
    assert recorded.transactions == pytest.approx(1_217_550 * 365 / 183)
    assert recorded.visitors == pytest.approx(492_470 * 365 / 183)
    rows = {row.measure: row for row in found.fit.rows}
    assert rows["network_transactions"].mid == pytest.approx(recorded.transactions)
    assert rows["network_visitors"].mid == pytest.approx(recorded.visitors, rel=0.01)
    assert 0 < found.fit.factor < 1
    # single centres are busier than the network's factor allows: the doubt is shown, not hidden
    assert found.fit.alternatives["centres"] > found.fit.factor
    assert {row.place for row in found.fit.rows} == {"", "JO-AQ-centre-aqaba", "JO-JA-centre-jerash"}


def test_jordan_s_two_digital_curves_part(jordan):
    _, found = jordan
    assert found.available["planned"].tolist() == [0.2, 0.4, 0.6, 1.0]
    assert found.available["recorded"][1] == pytest.approx(0.45)
    assert found.available["recorded"][3] == pytest.approx(0.80)
    total = {case: found.total(case).sum(axis=1) for case in ("mid", "recorded")}
    assert total["recorded"][0] < total["mid"][0]  # more was digital than planned
    assert total["recorded"][3] > total["mid"][3]  # then less


def test_jordan_s_bound_services_stay_in_their_area(jordan):
    country, found = jordan
    s = found.services.index("aqaba-licences")
    outside = (country.people["zone_id"] != "JO-AQ").to_numpy()
    assert found.amount["mid"][s][:, outside].sum() == 0.0

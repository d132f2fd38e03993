"""Every field of the demand's settings changes the visits, or is refused by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foundation.errors import InvalidInput
from planning.population import Growth
from planning.visits import VisitSettings, visits_of
from planning.visits.settings import (
    AgencyYears,
    Calendar,
    Calibration,
    CaseRule,
    DemandAt,
    Priorities,
    Refugees,
    Take,
)
from tests.toy_services import toy_with_services

YEARS = (2023, 2024, 2025, 2030)
PLAIN = VisitSettings(calibration=Calibration("none"))


@pytest.fixture(scope="module")
def toy():
    return toy_with_services()


@pytest.fixture(scope="module")
def base(toy):
    return visits_of(toy, YEARS, PLAIN)


CHANGES = {
    "services": {"services": ("id-card", "tax")},
    "rates": {"rates": {"tax": 0.2}},
    "agencies": {"agencies": {"civil": AgencyYears(valid_to=2024)}},
    "agencies.valid_from": {"agencies": {"civil": AgencyYears(valid_from=2024)}},
    "agencies.successor": {"agencies": {"labour": AgencyYears(valid_to=2024)}},  # the record names one
    "planned": {"planned": ((2023, 0.1), (2025, 0.5))},
    "take_up": {"take_up": Take({"all": ((2024, 0.6),)})},
    "take_up.elderly": {"take_up": Take({"all": ((2024, 0.381),), "elderly": ((2024, 0.1),)})},
    "take_up.disabled": {"take_up": Take({"all": ((2024, 0.381),), "disabled": ((2024, 0.1),)})},
    "take_up.assisted": {"take_up": Take({"all": ((2024, 0.381),)}, 0.2)},
    "cases.transactions_per_visit": {"cases": {**PLAIN.cases, "mid": CaseRule(3.0)}},
    "cases.take_up_times": {"cases": {**PLAIN.cases, "mid": CaseRule(2.48, 1.1)}},
    "cases.assumed_rates_times": {"cases": {**PLAIN.cases, "mid": CaseRule(2.48, 1.0, 1.1)}},
    "demand_at": {"demand_at": DemandAt(1.0)},
    "refugees": {"refugees": Refugees("return", 0.5, 2024, 2030)},
    "non_resident": {"non_resident": {"TO-B": 0.1}},
    "calibration": {"calibration": Calibration("network")},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_field_changes_the_visits(toy, base, name):
    other = visits_of(toy, YEARS, replace(PLAIN, **CHANGES[name]))
    assert other.total().shape == base.total().shape
    assert not np.allclose(other.total(), base.total())


@pytest.mark.parametrize("case", ["low", "high"])
@pytest.mark.parametrize("field", ["transactions_per_visit", "take_up_times", "assumed_rates_times"])
def test_a_case_of_its_own_changes_that_case_alone(toy, base, case, field):
    rule = PLAIN.cases[case]
    changed = replace(rule, **{field: getattr(rule, field) * 0.9})
    other = visits_of(toy, YEARS, replace(PLAIN, cases={**PLAIN.cases, case: changed}))
    assert not np.allclose(other.total(case), base.total(case))
    assert other.total("mid") == pytest.approx(base.total("mid"))


def test_a_stated_factor_scales_every_visit(toy, base):
    other = visits_of(toy, YEARS, replace(PLAIN, calibration=Calibration("stated", 0.5)))
    assert other.total() == pytest.approx(0.5 * base.total())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"growth": Growth(0.1, 3.0)}, "growth has no use: no year is after 2025"),
        ({"refugees": Refugees("return", 0.5, 2027, 2030)}, "nobody returns before 2027, and the last year is 2025"),
        ({"services": ("tax",), "agencies": {"city": AgencyYears(valid_to=2024)}}, "agencies has no use for city"),
    ],
)
def test_what_would_change_nothing_in_these_years_is_refused(toy, change, told):
    with pytest.raises(InvalidInput, match=told):
        visits_of(toy, (2023, 2024, 2025), replace(PLAIN, **change))


def test_what_the_years_of_a_lot_use_is_no_idle_field(toy):
    later = replace(PLAIN, growth=Growth(0.1, 3.0), refugees=Refugees("return", 0.5, 2027, 2030))
    assert visits_of(toy, (2024, 2025), later, used_until=2030).settings == later
    with pytest.raises(InvalidInput, match="nobody returns before 2027, and the last year is 2026"):
        visits_of(toy, (2024, 2025), later, used_until=2026)


def test_growth_changes_the_outer_cases_after_the_last_record(toy, base):
    other = visits_of(toy, YEARS, replace(PLAIN, growth=Growth(0.1, 3.0)))
    assert other.total("high")[3].sum() > base.total("high")[3].sum()
    assert other.total("low")[3].sum() < base.total("low")[3].sum()
    assert other.total("high")[2] == pytest.approx(base.total("high")[2])


def test_calendar_and_peak_change_the_busy_day_and_the_comparison(toy, base):
    other = visits_of(toy, YEARS, replace(PLAIN, calendar=Calendar(days_per_week=5.0), peak_month_factor=1.5))
    assert other.peak_day(other.total())[0] == pytest.approx(
        base.peak_day(base.total())[0] * 1.5 / 1.2 * PLAIN.calendar.open_days / other.settings.calendar.open_days
    )
    day = {row.place: row.mid for row in base.fit.rows}["pilot"]
    assert {row.place: row.mid for row in other.fit.rows}["pilot"] > day


@pytest.mark.parametrize(
    "change",
    [{"hours_per_day": 8.0}, {"closed_days": 30.0}, {"ramadan_days": 0.0}, {"ramadan_hours": 3.0}],
)
def test_every_field_of_the_calendar_changes_the_busy_hour(base, change):
    other = replace(base, settings=replace(PLAIN, calendar=replace(PLAIN.calendar, **change)))
    assert other.peak_hour(np.ones(1))[0] != base.peak_hour(np.ones(1))[0]


def test_priority_changes_the_weight_and_no_visit(toy, base):
    other = visits_of(toy, YEARS, replace(PLAIN, priority=Priorities({"economy": 1.0})))
    assert other.total() == pytest.approx(base.total())
    assert not np.allclose(other.weight(), base.weight())
    scored = Priorities({"economy": 1.0}, {("tax", "economy"): 0.9})
    own = visits_of(toy, YEARS, replace(PLAIN, priority=scored))
    assert not np.allclose(own.weight(), other.weight())


# ---- what each means


def test_work_moves_visits_within_the_governorate(toy, base):
    zone = toy.people["zone_id"].to_numpy(object)
    urban = (toy.people["settlement"] == "urban").to_numpy()
    work = visits_of(toy, YEARS, replace(PLAIN, demand_at=DemandAt(1.0, 2.0)))
    mix = visits_of(toy, YEARS, replace(PLAIN, demand_at=DemandAt(0.25, 2.0)))
    for place in ("TO-A", "TO-B", "TO-C"):
        here = zone == place
        assert work.total()[:, here].sum(axis=1) == pytest.approx(base.total()[:, here].sum(axis=1))
    assert (work.total()[:, ~urban] == 0).all()
    assert mix.total() == pytest.approx(0.75 * base.total() + 0.25 * work.total())


def test_concentration_draws_work_to_the_big_points(toy):
    flat = visits_of(toy, YEARS, replace(PLAIN, demand_at=DemandAt(1.0, 0.0)))
    sharp = visits_of(toy, YEARS, replace(PLAIN, demand_at=DemandAt(1.0, 3.0)))
    assert sharp.total()[0].max() > flat.total()[0].max()


def test_refugees_leave_evenly_and_nationals_do_not(toy):
    gone = Refugees("return", 1.0, 2024, 2025)
    assert [gone.gone(year) for year in (2023, 2024, 2025, 2040)] == [0.0, 0.5, 1.0, 1.0]
    assert Refugees().gone(2040) == 0.0
    base = visits_of(toy, YEARS, PLAIN)
    other = visits_of(toy, YEARS, replace(PLAIN, refugees=gone))
    assert other.amount["mid"][0] == pytest.approx(base.amount["mid"][0])  # identity cards: nationals
    assert (other.total()[2, 5], base.total()[2, 5] > 0) == (0.0, True)  # the camp is empty in 2025
    beta = (toy.people["zone_id"] == "TO-B").to_numpy()
    # tax: 1,000 of Beta's residents outside its camp are gone in 2025, and the camp
    people = toy.people.loc[beta, "people"].sum()
    camp = int(toy.people.loc[beta & toy.people["is_camp"], "people"].sum())
    lost = 1 - other.amount["mid"][2, 2, beta].sum() / base.amount["mid"][2, 2, beta].sum()
    assert lost == pytest.approx((1000 + camp) / people)
    assert other.amount["mid"][2, 0] == pytest.approx(base.amount["mid"][2, 0])  # not yet in 2023


def test_non_residents_are_added_by_governorate(toy, base):
    other = visits_of(toy, YEARS, replace(PLAIN, non_resident={"all": 0.1, "TO-B": 0.5}))
    beta = (toy.people["zone_id"] == "TO-B").to_numpy()
    assert other.total()[:, beta] == pytest.approx(1.5 * base.total()[:, beta])
    assert other.total()[:, ~beta] == pytest.approx(1.1 * base.total()[:, ~beta])


def test_an_agency_without_successor_ends(toy, base):
    ended = visits_of(toy, YEARS, replace(PLAIN, agencies={"civil": AgencyYears(valid_to=2024)}))
    assert ended.amount["mid"][0, 1].sum() > 0
    assert (ended.amount["mid"][0, 2:] == 0).all()
    later = visits_of(toy, YEARS, replace(PLAIN, agencies={"civil": AgencyYears(valid_from=2025)}))
    assert (later.amount["mid"][0, :2] == 0).all()
    kept = visits_of(toy, YEARS, replace(PLAIN, agencies={"civil": AgencyYears(None, 2024, "tax")}))
    assert kept.total() == pytest.approx(base.total())
    assert kept.lines.agency[:, 0].tolist() == ["civil", "civil", "tax", "tax"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"services": ("nothing",)}, "services names nothing"),
        ({"rates": {"nothing": 1.0}}, "rates names nothing"),
        ({"agencies": {"nobody": AgencyYears()}}, "agencies names nobody"),
        ({"agencies": {"tax": AgencyYears(None, 2024, "nobody")}}, "agencies names nobody"),
        ({"agencies": {"tax": AgencyYears(None, 2022, "civil"), "civil": AgencyYears(None, 2022, "tax")}}, "lead back"),
        ({"non_resident": {"TO-Z": 0.1}}, "non_resident names TO-Z"),
    ],
)
def test_what_the_country_does_not_have_is_refused_by_name(toy, change, message):
    with pytest.raises(InvalidInput, match=message):
        visits_of(toy, YEARS, replace(PLAIN, **change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"peak_month_factor": 0.9}, "peak_month_factor is 0.9"),
        ({"calendar": Calendar(days_per_week=8.0)}, "days_per_week is 8.0"),
        ({"demand_at": DemandAt(1.5)}, "work_share is 1.5"),
        ({"refugees": Refugees("return", 0.5, 2030, 2025)}, "refugees.last"),
        ({"take_up": Take({"elderly": ((2024, 0.1),)})}, "expected 'all'"),
        ({"take_up": Take({"all": ((2024, 0.1),), "students": ((2024, 0.1),)})}, "students"),
        ({"take_up": Take({"all": ((2024, 0.1), (2023, 0.2))})}, "not ascending"),
        ({"planned": ((2024, 1.1),)}, "planned"),
        ({"rates": {"tax": -0.1}}, "rates.tax is -0.1"),
        ({"cases": {"mid": CaseRule(2.0)}}, "expected low, mid and high"),
        ({"priority": Priorities({"economy": 0.0})}, "All weights"),
        ({"calibration": Calibration("stated", 0.0)}, "calibration.factor"),
        ({"visits_floor": float("nan")}, "visits_floor"),
    ],
)
def test_settings_out_of_bounds_are_refused_by_name(change, message):
    with pytest.raises(InvalidInput, match=message):
        replace(PLAIN, **change)


def test_the_bounds_themselves_are_within():
    replace(PLAIN, peak_month_factor=1.0, demand_at=DemandAt(1.0, 0.0), calendar=Calendar(days_per_week=7.0))


def test_a_return_of_refugees_needs_their_record(toy):
    bare = replace(toy, records=replace(toy.records, refugees=toy.records.refugees.iloc[:0]))
    with pytest.raises(InvalidInput, match="records none"):
        visits_of(bare, YEARS, replace(PLAIN, refugees=Refugees("return", 1.0, 2024, 2030)))


def test_a_return_of_refugees_leaves_the_years_before_it_as_they_were(toy):
    """The record is fitted with the people who were here, whatever is supposed of later years."""
    fitted = replace(PLAIN, calibration=Calibration("network"))
    stay = visits_of(toy, YEARS, fitted)
    leave = visits_of(toy, YEARS, replace(fitted, refugees=Refugees("return", 1.0, YEARS[0], YEARS[-1])))
    assert leave.fit.factor == stay.fit.factor
    assert (leave.total() <= stay.total()).all()
    assert (leave.total()[-1] < stay.total()[-1]).any()

"""Life events: journeys and hours saved, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.visits import VisitSettings, journeys_saved, visits_of
from planning.visits.settings import AgencyYears, Calibration, Take
from tests.toy_services import toy_with_services

SMALL = toy_with_services(points=12)
PLAIN = VisitSettings(calibration=Calibration("none"))


@pytest.fixture(scope="module")
def toy():
    return toy_with_services()


def _saved(country, wanted=PLAIN, *, minutes=30.0, year=2025):
    visits = visits_of(country, [2023, year] if year != 2023 else [2023], wanted)
    return journeys_saved(country, visits, np.full(len(country.people), minutes), year=year)


def test_the_journeys_of_a_birth_by_hand(toy):
    # two steps at civil status in person, one at the tax office that 38.1 % do digitally (all available in 2025):
    # apart 1 + 0.619, together 1, so 0.619 saved; 0.02 births a resident
    found = _saved(toy)
    people = toy.people["people"].to_numpy(float)
    assert found.per_event.tolist() == pytest.approx([0.619])
    assert found.journeys["all"][0] == pytest.approx(people * 0.02 * 0.619)
    # half an hour each way and an hour at the office
    assert found.hours["all"] == pytest.approx(found.journeys["all"] * 2.0)


def test_groups_have_their_own_take_up(toy):
    take = Take({"all": ((2024, 0.381),), "elderly": ((2024, 0.1),)})
    found = _saved(toy, replace(PLAIN, take_up=take))
    people = toy.people["people"].to_numpy(float)
    # the elderly who are also disabled take the lower of 0.1 and 0.381
    assert found.journeys["elderly"][0] == pytest.approx(people * 0.02 * 0.054 * 0.9)


def test_nothing_is_saved_where_no_centre_is_reached(toy):
    visits = visits_of(toy, [2025], PLAIN)
    minutes = np.where(np.arange(len(toy.people)) % 2, np.inf, 10.0)
    found = journeys_saved(toy, visits, minutes, year=2025)
    assert (found.journeys["all"][0, 1::2] == 0).all()
    assert (found.hours["all"][0, 1::2] == 0).all()
    assert (found.journeys["all"][0, ::2] > 0).all()


def test_less_is_saved_as_more_is_done_digitally(toy):
    early, late = _saved(toy, year=2023), _saved(toy, year=2025)
    assert early.per_event[0] == pytest.approx(1 - 0.4 * 0.381)
    assert early.per_event[0] > late.per_event[0]


def test_an_agency_that_takes_over_saves_the_journey_to_it(toy):
    merged = replace(PLAIN, agencies={"tax": AgencyYears(None, 2024, "civil")})
    assert _saved(toy, merged).per_event.tolist() == pytest.approx([0.0])


def test_only_the_share_that_comes_to_centres_is_counted(toy):
    whole, half = _saved(toy), _saved(toy, replace(PLAIN, calibration=Calibration("stated", 0.5)))
    assert half.share == 0.5
    assert half.journeys["all"] == pytest.approx(whole.journeys["all"] / 2)
    assert _saved(toy, replace(PLAIN, calibration=Calibration("stated", 3.0))).share == 1.0


def test_hours_at_an_office_are_a_field(toy):
    longer = _saved(toy, replace(PLAIN, bundle_hours=2.0))
    assert longer.hours["all"] == pytest.approx(longer.journeys["all"] * 3.0)


@settings(max_examples=8, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_centre_never_costs_a_journey(available, take):
    wanted = replace(PLAIN, planned=((2025, available),), take_up=Take({"all": ((2025, take),)}))
    found = _saved(SMALL, wanted)
    assert (found.journeys["all"] >= 0).all()
    assert 0 <= found.per_event[0] <= 1  # two agencies

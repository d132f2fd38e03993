"""People without a car: whole persons by place and group, every share used, coverage counted to the person."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.basis import Basis
from foundation.errors import InvalidInput, NotFound
from planning.cells import cells_of
from planning.without_car import CarlessShare, car_table, people_without_car
from tests.toy import toy_country

COUNTRY = toy_country()
PEOPLE = COUNTRY.people["people"].to_numpy(dtype=np.int64)
ZONE = COUNTRY.people["zone_id"].to_numpy(dtype=object)
SETTLEMENT = COUNTRY.people["settlement"].to_numpy(dtype=object)
CELLS = cells_of(COUNTRY, PEOPLE[None, :], ["elderly"])


def without(*shares):
    return people_without_car(COUNTRY, CELLS, SETTLEMENT, shares)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.integers(0, 100))
def test_whole_persons_within_each_cell_and_near_the_share_in_each_zone(shares, seed):
    country = toy_country(seed=seed)
    people = country.people["people"].to_numpy(dtype=np.int64)
    cells = cells_of(country, people[None, :], ["elderly"])
    zones = [str(zone) for zone in country.zones["zone_id"]]
    said = [CarlessShare(share, zones=(zone,)) for share, zone in zip(shares, zones, strict=True)]
    found = people_without_car(country, cells, country.people["settlement"].to_numpy(dtype=object), said)
    assert ((found >= 0) & (found <= cells.people[-1])).all()
    for share, zone in zip(shares, zones, strict=True):
        here = (country.people["zone_id"] == zone).to_numpy()
        expected = share * cells.people[-1][:, here].sum(axis=1)
        assert (np.abs(found[:, here].sum(axis=1) - expected) <= 0.5 + 1e-6).all()


def test_nobody_and_everybody():
    assert without(CarlessShare(0.0)).sum() == 0
    assert (without(CarlessShare(1.0)) == CELLS.people[-1]).all()


def test_of_several_shares_the_last_that_fits_counts():
    found = without(
        CarlessShare(0.0),
        CarlessShare(1.0, zones=("TO-B",)),
        CarlessShare(0.0, zones=("TO-B",), settlements=("rural",)),
        CarlessShare(1.0, groups=("elderly",), districts=("TO-C-1",)),
    )
    elderly = CELLS.of("elderly")
    urban_b = (ZONE == "TO-B") & (SETTLEMENT == "urban")
    assert (found[:, urban_b] == CELLS.people[-1][:, urban_b]).all()
    assert found[:, (ZONE == "TO-B") & ~urban_b].sum() == found[:, ZONE == "TO-A"].sum() == 0
    assert (found[elderly][:, ZONE == "TO-C"] == CELLS.people[-1][elderly][:, ZONE == "TO-C"]).all()
    assert found[~elderly][:, ZONE == "TO-C"].sum() == 0


def test_a_share_is_reported_with_its_source_and_assumed_without():
    assert CarlessShare(0.4).basis is Basis.ASSUMED
    assert CarlessShare(0.4, source="Household survey, table 3").basis is Basis.REPORTED


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ([CarlessShare(0.5, zones=("TO-A", "TO-C"))], "No share without a car is stated for people of TO-B"),
        ([CarlessShare(0.5, zones=("TO-A",)), CarlessShare(0.5)], "number 1 counts for nobody"),
        ([CarlessShare(0.5), CarlessShare(0.1, zones=("TO-D",))], "'TO-D' in zones.*TO-"),
        ([CarlessShare(0.5), CarlessShare(0.1, districts=("TO-A",))], "'TO-A' in districts.*TO-A-1"),
        ([CarlessShare(0.5), CarlessShare(0.1, settlements=("remote",))], "'remote' in settlements"),
        ([CarlessShare(0.5), CarlessShare(0.1, groups=("eldery",))], "'eldery' in groups.*elderly"),
    ],
)
def test_a_share_that_cannot_hold_is_refused_by_name(shares, told):
    with pytest.raises((InvalidInput, NotFound), match=told):
        without(*shares)


def test_coverage_is_counted_to_the_person_by_place_and_group():
    random = np.random.default_rng(5)
    gone = without(CarlessShare(0.37), CarlessShare(0.6, groups=("elderly",)))
    drive = random.random(CELLS.people[-1].shape) < 0.8
    bus = drive & (random.random(drive.shape) < 0.5)
    table = car_table(COUNTRY, CELLS, gone, drive=drive, bus=bus).set_index(["scope", "scope_id", "group"])
    have, elderly = CELLS.people[-1] - gone, CELLS.of("elderly")
    for (scope, scope_id, group), row in table.iterrows():
        here = np.ones(60, dtype=bool) if scope == "nation" else scope_id == ZONE
        rows = elderly if group == "elderly" else np.ones(len(elderly), dtype=bool)
        with_car = sum(int(have[c, i]) for c in np.flatnonzero(rows) for i in np.flatnonzero(here) if drive[c, i])
        by_bus = sum(int(gone[c, i]) for c in np.flatnonzero(rows) for i in np.flatnonzero(here) if bus[c, i])
        assert (row["covered_with_car"], row["covered_without_car"]) == (with_car, by_bus)
        assert row["covered"] == with_car + by_bus <= row["people"]
        assert row["share_without_car"] == by_bus / row["without_car"]
    nation = table.loc[("nation", "TO", "all")]
    zones = table.xs("governorate").xs("all", level="group")
    for name in ("people", "without_car", "covered_with_car", "covered_without_car", "covered"):
        assert zones[name].sum() == nation[name]
    assert nation["people"] == PEOPLE.sum()


def test_the_share_of_none_is_not_a_number():
    table = car_table(COUNTRY, CELLS, 0 * CELLS.people[-1], drive=np.ones((2, 60), bool), bus=np.ones((2, 60), bool))
    assert table["share_without_car"].isna().all()
    assert (table["share_with_car"] == 1).all()

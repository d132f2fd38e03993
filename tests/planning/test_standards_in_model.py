"""Standards by place and group, bands, and several at once: what they change, against trying every plan."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput
from planning.aims import Aim, CoverFloor, Objectives
from planning.cells import cells_of, parts, spread
from planning.demand import group_people
from planning.density import density_of
from planning.kinds import KindOfPlace
from planning.programme import Tranche
from planning.siting import Request, journeys_of, problem_of, site_programme
from planning.siting.request import cells_for, instance_of
from planning.standards import Band, Further, Limits, Remote, Standard
from tests.planning.test_objectives import COUNTRY, MINUTES, agrees, programme, request_of, solved, undrawn
from tests.toy import toy_country, toy_programme

__all__ = ["undrawn"]  # the fixture

FIRST = Objectives(order=(Aim("covered"),))
ELDERLY = (("elderly", 20.0),)
STANDARDS = {
    "elderly 20": Standard(groups=ELDERLY),
    "remote districts": Standard(remote_minutes=12.0, remote=Remote(districts=("TO-C-1",))),
    "remote by density": Standard(remote_minutes=90.0, remote=Remote(density_at_most=120.0)),
    "bands": Standard(bands=(Band(Limits(15, 25), 1.0), Band(Limits(30, 60), 0.6), Band(Limits(60, 90), 0.25))),
    "two at once": Standard(weight=2.0, further=(Further("near", Limits(15, 20), 3.0),)),
    "bands, elderly, remote, two at once": Standard(
        30,
        60,
        remote_minutes=90,
        remote=Remote(("TO-C-1",)),
        groups=ELDERLY,
        weight=2.0,
        bands=(
            Band(Limits(15, 25, 40, (("elderly", 10.0),)), 0.9),
            Band(Limits(30, 60, 90, (("elderly", 25.0),)), 0.5),
        ),
        further=(Further("near", Limits(12, 20, 30), 0.75),),
    ),
}


PLAIN = solved(request_of(objectives=FIRST)).certificate.stages[0]


@pytest.mark.parametrize("standard", STANDARDS.values(), ids=STANDARDS)
def test_a_standard_agrees_with_trying_everything_and_changes_what_coverage_says(standard):
    asked = agrees(request_of(standard=standard, objectives=FIRST)).certificate.stages[0]
    assert (asked.value, asked.unit) != (PLAIN.value, PLAIN.unit)


def test_a_stricter_limit_of_a_group_counts_for_its_people_alone():
    plan = site_programme(request_of(standard=Standard(groups=ELDERLY), objectives=FIRST))
    final, people = plan.networks[-1], COUNTRY.people
    minutes, limits = final.minutes, Standard().limits(people["settlement"].to_numpy(dtype=object))
    elderly = group_people(people, COUNTRY.groups, "elderly")
    others = people["people"].to_numpy() - elderly
    table = plan.results.query("year == 2025 and scope == 'nation' and measure == 'covered'").set_index("group")
    assert table.loc["elderly", "value"] == elderly[minutes <= np.minimum(limits, 20.0)].sum()
    inside = elderly[minutes <= np.minimum(limits, 20.0)].sum() + others[minutes <= limits].sum()
    assert table.loc["all", "value"] == inside
    assert plan.sites["cumulative_covered"].iloc[-1] == inside
    assert plan.sites["people_gained"].sum() == inside
    disabled = group_people(people, COUNTRY.groups, "disabled")
    assert disabled[minutes <= np.minimum(limits, 20.0)].sum() <= table.loc["disabled", "value"]
    assert table.loc["disabled", "value"] <= disabled[minutes <= limits].sum()


def test_people_stay_conserved_with_groups_and_remote_places():
    standard = Standard(remote_minutes=90.0, remote=Remote(("TO-C-1",)), groups=ELDERLY)
    plan = site_programme(request_of(standard=standard))
    wide = plan.results.pivot_table(
        index=["year", "scope", "scope_id", "group"], columns="measure", values="value"
    ).reset_index()
    assert (wide["covered"] + wide["out_of_standard"] + wide["unreachable"] == wide["population"]).all()
    for (_, _group), rows in wide.groupby(["year", "group"]):
        nation = rows.loc[rows["scope"] == "nation", ["population", "covered", "unreachable"]].iloc[0]
        parts_ = rows.loc[rows["scope"] == "settlement", ["population", "covered", "unreachable"]]
        assert len(parts_) == 3
        assert (parts_.sum() == nation).all()


def test_a_floor_of_a_group_uses_the_groups_own_limit():
    standard = Standard(groups=ELDERLY)
    floor = CoverFloor("group", "elderly", share=0.5)
    free = site_programme(request_of(standard=standard, objectives=FIRST))
    held = site_programme(request_of(standard=standard, objectives=dataclasses.replace(FIRST, floors=(floor,))))
    share = [
        p.results.query("year == 2025 and scope == 'nation' and group == 'elderly' and measure == 'covered_share'")[
            "value"
        ].iloc[0]
        for p in (free, held)
    ]
    assert share[1] >= 0.5 > share[0]


def test_remote_is_what_the_rule_says_and_urban_points_never_are():
    by_district = Standard(remote_minutes=90.0, remote=Remote(("TO-C-1",))).settlements(COUNTRY)
    recorded = COUNTRY.people["settlement"].to_numpy()
    there = (COUNTRY.people["district_id"] == "TO-C-1").to_numpy()
    assert (by_district == np.where(there & (recorded == "rural"), "remote", recorded)).all()
    density = density_of(COUNTRY)
    edge = float(np.sort(density[recorded == "rural"])[2])
    by_density = Standard(remote_minutes=90.0, remote=Remote(density_at_most=edge)).settlements(COUNTRY)
    assert (by_density == "remote").sum() == 3  # at exactly the density, too


def test_a_remote_district_that_is_not_there_is_refused_by_name():
    with pytest.raises(InvalidInput, match="'TO-Q' remote; Toyland has no such district"):
        Standard(remote_minutes=90.0, remote=Remote(("TO-Q",))).settlements(COUNTRY)


def test_a_group_the_country_does_not_have_is_refused_by_name():
    with pytest.raises(InvalidInput, match="no group 'tall'; its groups are disabled, elderly"):
        site_programme(request_of(standard=Standard(groups=(("tall", 20.0),))))


FAULTS = {
    "rising benefits": (
        {"bands": (Band(Limits(15, 30), 0.5), Band(Limits(30, 60), 0.7))},
        "must not rise with distance",
    ),
    "equal benefits": ({"bands": (Band(Limits(15, 30), 0.5), Band(Limits(30, 60), 0.5))}, "keep the wider one"),
    "bands that fall": ({"bands": (Band(Limits(30, 60), 0.9), Band(Limits(20, 90), 0.5))}, "at least as far"),
    "benefit": ({"bands": (Band(Limits(30, 60), 1.5),)}, "above 0, at most 1"),
    "a band without the group": ({"groups": ELDERLY, "bands": (Band(Limits(30, 60), 0.5),)}, "for the very groups"),
    "a loose group": ({"groups": (("elderly", 60.0),)}, "nowhere stricter"),
    "remote minutes alone": ({"remote_minutes": 90.0}, "go together"),
    "remote of nothing": ({"remote_minutes": 90.0, "remote": Remote()}, "names no district and no density"),
    "a weight alone": ({"weight": 2.0}, "without a further standard"),
    "no weight": ({"further": (Further("near", Limits(15, 30), 0.0),)}, "expected above 0"),
    "two of one name": ({"further": (Further("a", Limits(15, 30)), Further("a", Limits(5, 9)))}, "two standards"),
    "a further one without remote": (
        {"remote_minutes": 90.0, "remote": Remote(("x",)), "further": (Further("a", Limits(15, 30)),)},
        "if and only if",
    ),
}


@pytest.mark.parametrize(("fields", "said"), FAULTS.values(), ids=FAULTS)
def test_a_standard_that_does_not_hold_together_is_refused_by_name(fields, said):
    with pytest.raises(InvalidInput, match=said):
        Standard(**fields)


def test_a_weight_that_rounds_to_nothing_is_refused_by_name():
    faint = Standard(further=(Further("faint", Limits(15, 30), 0.0004),))
    with pytest.raises(InvalidInput, match=r"'faint' weighs 0\.0004"):
        site_programme(request_of(standard=faint, objectives=FIRST))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60))
def test_cells_keep_every_person_and_every_member(rows):
    people = np.array([n for n, _, _ in rows])
    counts = {name: np.array([int(n * row[at]) for n, *row in rows]) for at, name in enumerate(("b", "a"))}
    members, cells = parts(people, counts)
    assert (cells >= 0).all()
    assert (cells.sum(axis=0) == people).all()
    for group, count in counts.items():
        mine = [group in inside for inside in members]
        assert (cells[mine].sum(axis=0) == count).all()
    joint = cells[[len(inside) == 2 for inside in members]].sum()
    assert abs(joint - (counts["a"] * counts["b"] / np.maximum(people, 1)).sum()) <= 1 + 2 * len(rows) / 2


def test_shares_of_two_groups_are_multiplied_over_many_points():
    country = toy_country(points=60)
    people = country.people["people"].to_numpy()
    cells = cells_of(country, people[None, :], ["elderly", "disabled"])
    both = cells.people[0][[len(inside) == 2 for inside in cells.members]].sum()
    assert both == pytest.approx(people.sum() * 0.054 * 0.112, abs=3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=20))
def test_visits_are_spread_over_cells_to_the_last_quantum(rows):
    amount, cells = np.array([row[0] for row in rows]), np.array([row[1:] for row in rows]).T
    spread_ = spread(amount, cells)
    assert (spread_ >= 0).all()
    assert (spread_.sum(axis=0) == amount).all()
    assert (spread_[cells == 0][np.broadcast_to(cells.sum(axis=0) > 0, cells.shape)[cells == 0]] == 0).all()


def test_without_groups_there_is_one_cell():
    assert len(cells_for(request_of()).members) == 1
    assert MINUTES.shape == (25, 9)


def test_a_kinds_own_remote_limit_holds_where_the_standard_says_remote_by_trying():
    """The agency's remote people may travel as long as it says, its other rural ones as its rural limit says."""
    standard = Standard(remote_minutes=90.0, remote=Remote(("TO-C-1",)))
    found = {}
    for remote in (None, 5.0, 70.0):
        own = Limits(8.0, 20.0, remote)
        agency = KindOfPlace("agency", "a", "a", "agency", standard=own, counts_as=None)
        wanted = toy_programme(
            years=(2025,),
            tranches=(Tranche("one", "One", "واحد", 1, 2024, 2025, "agency"),),
            fixed=(),
            zone_quotas=(),
            private=None,
            kinds=(agency,),
        )
        request = Request(COUNTRY, wanted, standard=standard, objectives=FIRST, ready_travel=MINUTES)
        plan = site_programme(request)  # rechecked from the input tables on the way
        where = standard.settlements(COUNTRY)
        limit = np.where(where == "urban", 8.0, np.where(where == "rural", 20.0, 20.0 if remote is None else remote))
        people = COUNTRY.people["people"].to_numpy()
        inside = (MINUTES.minutes <= limit[:, None]) & np.isfinite(MINUTES.minutes)
        may = np.arange(inside.shape[1]) != 6  # where the partial centre stands
        found[remote] = plan.certificate.stages[0].value
        assert found[remote] == (people[:, None] * inside)[:, may].sum(axis=0).max()
    assert found[5.0] <= found[None] < found[70.0]


def test_a_kinds_remote_limit_without_remote_places_is_refused_by_name():
    agency = KindOfPlace("agency", "a", "a", "agency", standard=Limits(8.0, 20.0, 70.0))
    with pytest.raises(InvalidInput, match="The kind 'agency' has remote_minutes"):
        site_programme(request_of(programme=toy_programme(kinds=(agency,))))


def _agency(minutes):
    own = Limits(minutes, minutes)
    return KindOfPlace("agency", "a", "a", "agency", standard=own, counts_as=None)


@pytest.mark.parametrize("standard", [Standard(groups=ELDERLY), STANDARDS["bands"], STANDARDS["two at once"]])
@pytest.mark.parametrize("minutes", [10.0, 45.0])
def test_a_kinds_own_limit_meets_groups_bands_and_further_standards(standard, minutes):
    tranches = (Tranche("a", "a", "a", 1, 2024, 2024), Tranche("b", "b", "b", 2, 2024, 2025, "agency"))
    wanted = programme(tranches=tranches, kinds=(_agency(minutes),))
    request = request_of(programme=wanted, standard=standard, objectives=FIRST)
    plan = solved(request)  # recounted from the input tables on the way
    people, settlement = COUNTRY.people["people"].to_numpy(), COUNTRY.people["settlement"].to_numpy(dtype=object)
    elderly = group_people(COUNTRY.people, COUNTRY.groups, "elderly")
    instance = instance_of(request, MINUTES)
    total = 0.0
    for place in plan.networks:
        minutes_to, agency = (
            instance.places.columns(place.open_options)[0],
            instance.option_kind[place.open_options] == 2,
        )
        for level in standard.levels():
            general = level.limits.of(settlement)
            own = minutes if level.name == "standard" else np.minimum(minutes, general)
            limit = np.where(agency[None, :], np.broadcast_to(own, general.shape)[:, None], general[:, None])
            strict = np.minimum(limit, level.limits.of(settlement, ["elderly"])[:, None])
            mine = elderly if level.limits.groups else np.zeros_like(people)
            total += level.weight * (people - mine)[(minutes_to <= limit).any(axis=1)].sum()
            total += level.weight * mine[(minutes_to <= strict).any(axis=1)].sum()
    assert plan.certificate.stages[0].value == pytest.approx(total, rel=1e-9)
    assert plan.certificate.status == "proven_optimal"


def test_two_standards_that_both_count_are_weighted_person_years_even_of_equal_weight():
    """Who is within both counts twice: no reader may take the sum for people."""
    for standard, unit in (
        (Standard(), "person-years"),
        (Standard(further=(Further("near", Limits(15, 20), 1.0),)), "weighted person-years"),
        (Standard(weight=2.0, further=(Further("near", Limits(15, 20), 3.0),)), "weighted person-years"),
    ):
        request = Request(COUNTRY, programme(), standard=standard, objectives=FIRST)
        problem = problem_of(request, journeys_of(request))
        assert problem.measures[0].unit == unit

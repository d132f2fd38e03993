"""The sections `programme` and `kinds`: every field of the file reaches planning's types."""

import copy

import pytest
from pydantic import ValidationError

from planning.conditions import AreaRule, Budget, Closure, SiteLimit, Spacing, Together
from planning.kinds import Cost, Round, Where
from planning.programme import FixedCentre
from planning.standards import Limits
from scenarios.sections.kinds import Kind
from scenarios.sections.programme import ProgrammePart

TITLE = {"en": "Name", "ar": "اسم"}
YEARS = [2024, 2025]
KIND = {
    "id": "unit",
    "title": TITLE,
    "form": "mobile",
    "standard": {"urban_minutes": 10.0, "rural_minutes": 15.0},
    "services_count": 12,
    "cost": {"capital": 40, "running": 30, "price_year": 2024},
    "staff": 3,
    "capacity_visits_per_year": 9000,
    "opens_from": 2024,
    "opens_to": 2025,
    "build_years": 1,
    "where": {
        "origins": ["place"],
        "settlements": ["rural"],
        "governorates": ["A"],
        "districts": ["A-1"],
        "sites": ["a"],
    },
    "counts": True,
    "round": {
        "days_per_week": 3,
        "daily_range_km": 40.0,
        "routes": [{"base": "a", "stops": ["a", "b"]}],
        "stops_at": {"origins": ["place"]},
    },
}
CENTRE = {
    "id": "comprehensive",
    "title": TITLE,
    "services": ["births"],
    "cost": {"capital": 400, "running": 300, "price_year": 2024},
    "staff": 60,
}
PROGRAMME = {
    "fixed": [{"site": "a", "begun": 2022, "operating": 2023}, {"site": "c", "operating": 2024, "kind": "unit"}],
    "tranches": [
        {"id": "one", "title": TITLE, "count": 2, "begun": 2023, "operating": 2024, "at_most": True},
        {"id": "two", "title": TITLE, "count": 1, "begun": 2024, "operating": 2025, "kind": "unit"},
    ],
    "quotas": [{"each": "governorate", "at_least": 1, "from": 2024, "fixed_centres_count": False}],
    "private": {"count": 1, "offered": 2024, "operating": 2025},
    "rules": {
        "forbidden": [{"name": "no", "sites": ["z"], "kinds": ["unit"]}],
        "at_most_one_of": [{"name": "some", "sites": ["x", "y"], "at_most": 2, "kinds": ["unit"]}],
        "required_together": [{"name": "both", "sites": ["x", "y"]}],
        "spacing": [{"name": "far", "km": 8.0, "kinds": ["unit"]}],
        "governorates": [{"name": "each", "governorates": ["A"], "at_most": 4, "from": 2024, "kinds": ["unit"]}],
        "quota_regions": [
            {
                "name": "badia",
                "title": TITLE,
                "districts": ["A-1", "A-2"],
                "at_least": 1,
                "at_most": 3,
                "from": 2025,
                "fixed_centres_count": False,
            }
        ],
        "close": [{"site": "a", "not_before": 2025, "cost": 7, "move_to": ["b"], "within_km": 5.0}],
    },
    "budget": {
        "price_year": 2024,
        "by_year": [{"year": 2024, "jod": 1000}],
        "total": 2000,
        "capital_in": "operating",
        "discount_rate": 0.05,
        "base_year": 2023,
    },
    "staff": [{"year": 2025, "posts": 200}],
}


def built(programme=PROGRAMME, kinds=(CENTRE, KIND), recorded=()):
    part = ProgrammePart.model_validate(programme)
    return part.programme(YEARS, [Kind.model_validate(kind) for kind in kinds], recorded)


def test_every_rule_reaches_planning():
    conditions = built().conditions
    assert conditions.site_limits == (
        SiteLimit("no", ("z",), 0, ("unit",)),
        SiteLimit("some", ("x", "y"), 2, ("unit",)),
    )
    assert conditions.together == (Together("both", ("x", "y")),)
    assert conditions.spacing == (Spacing("far", 8.0, ("unit",)),)
    assert conditions.areas == (
        AreaRule(
            "each", "each", "each", ("A",), at_most=4, from_year=2024, kinds=("unit",), each_governorate=True
        ),
        AreaRule(
            "badia", "Name", "اسم", districts=("A-1", "A-2"), at_least=1, at_most=3, from_year=2025, fixed_count=False
        ),
    )  # fmt: skip
    assert conditions.closures == (Closure("a", 2025, 7, ("b",), 5.0),)
    assert conditions.budget == Budget(2024, ((2024, 1000),), 2000, "operating", 0.05, 2023)
    assert conditions.staff == ((2025, 200),)


def test_every_field_of_a_kind_reaches_planning():
    kind = built().kind("unit")
    assert (kind.title_en, kind.title_ar) == ("Name", "اسم")
    assert (kind.form, kind.standard, kind.services_count) == ("mobile", Limits(10.0, 15.0), 12)
    assert (kind.cost, kind.staff, kind.capacity_visits) == (Cost(40, 30, 2024), 3, 9000)
    assert (kind.opens_from, kind.opens_to, kind.build_years) == (2024, 2025, 1)
    assert kind.where == Where(("place",), ("rural",), ("A",), ("A-1",), ("a",))
    assert kind.round == Round(3, 40.0, (("a", ("a", "b")),), Where(origins=("place",)))
    assert kind.counted
    assert built().kind("comprehensive").services == ("births",)


def test_counts_and_fixed_places_reach_planning():
    programme = built(recorded=(FixedCentre("a", None, 2020), FixedCentre("q", None, 2021)))
    assert programme.fixed == (
        FixedCentre("a", 2022, 2023),
        FixedCentre("c", None, 2024, "unit"),
        FixedCentre("q", None, 2021),
    )
    assert [(t.kind, t.at_most, t.count) for t in programme.tranches] == [
        ("comprehensive", True, 2),
        ("unit", False, 1),
    ]
    assert [programme.number(year, "unit") for year in YEARS] == [1, 2]
    assert [programme.operating(year) for year in YEARS] == [5, 6]


@pytest.mark.parametrize(
    ("form", "counts", "found"),
    [("comprehensive", None, True), ("private", None, True), ("agency", None, False), ("agency", True, True)],
)
def test_agency_points_count_only_when_asked(form, counts, found):
    kind = {"id": "some", "title": TITLE, "form": form} | ({} if counts is None else {"counts": counts})
    assert Kind.model_validate(kind).kind().counted is found


def places_in(value, path=()):
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from places_in(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from places_in(inner, (*path, at))


@pytest.mark.parametrize("path", list(places_in(PROGRAMME)), ids=str)
def test_an_unknown_field_is_refused_everywhere(path):
    changed = copy.deepcopy(PROGRAMME)
    at = changed
    for key in path:
        at = at[key]
    at["surprise"] = 1
    with pytest.raises(ValidationError, match="surprise"):
        ProgrammePart.model_validate(changed)


@pytest.mark.parametrize("path", list(places_in(KIND)), ids=str)
def test_an_unknown_field_of_a_kind_is_refused_everywhere(path):
    changed = copy.deepcopy(KIND)
    at = changed
    for key in path:
        at = at[key]
    at["surprise"] = 1
    with pytest.raises(ValidationError, match="surprise"):
        Kind.model_validate(changed)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("rules", "spacing", 0, "km"), 0.0),
        (("rules", "spacing", 0, "km"), float("nan")),
        (("rules", "required_together", 0, "sites"), ["x"]),
        (("rules", "forbidden", 0, "sites"), []),
        (("budget", "total"), -1),
        (("budget", "total"), 1.5),
        (("budget", "discount_rate"), 1.01),
        (("budget", "capital_in"), "begin"),
        (("staff", 0, "posts"), -1),
        (("tranches", 0, "count"), 0),
    ],
)
def test_values_outside_their_range_are_refused(path, value):
    changed = copy.deepcopy(PROGRAMME)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(ValidationError):
        ProgrammePart.model_validate(changed)

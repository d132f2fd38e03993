"""
Every field of a scenario file changes the answer, or is refused by name (law 6).

The table below changes one field of a scenario on the toy country and names the figure that changes: places by
year, a stage of the certificate, the table of places, money by year, or words of the record. Sections with many
fields of their own have a table beside their study; `ELSEWHERE` says which, and a field without an entry fails.
"""

import dataclasses
import functools
import importlib
import json
from pathlib import Path
from unittest import mock

import pytest
from pydantic import BaseModel

from foundation.errors import ImpossibleProgramme, MarkazError
from foundation.language import language
from planning.siting import plan_of, problem_of
from planning.siting.lines import lines_of
from planning.siting.request import instance_of
from planning.siting.solve import certificate_of, solve_programme
from planning.travel import travel
from scenarios.files import _scenario, _Settings
from scenarios.record import run_record
from scenarios.stamp import stamp_now
from scenarios.studies import budget
from scenarios.studies.case import Case
from scenarios.work import read_inputs, request_of
from tests.scenarios.test_travel_fields import BUS
from tests.toy import toy_country
from tests.toy_pack import merged, write_toy_pack


def _country():
    """A toy with two origins of candidates, two districts in its third zone, and a site that may only open late."""
    country = toy_country(seed=2, points=24, candidates=8)
    candidates = country.candidates.assign(origin=["place", "liwa_seat"] * 4)
    return dataclasses.replace(country, candidates=candidates)


COUNTRY = _country()
JOURNEYS = travel(COUNTRY)


def title(text):
    return {"en": text, "ar": f"عنوان {text}"}


def tranche(name, count, begun, operating, **more):
    return {"id": name, "title": title(name), "count": count, "begun": begun, "operating": operating} | more


COVERED = {"order": [{"maximise": "covered"}]}
BASE = {
    "schema": 1,
    "name": "fields",
    "title": title("fields"),
    "country": "toy",
    "years": [2024, 2025],
    "programme": {
        "fixed": [{"site": "TO-A-00", "begun": 2022, "operating": 2022}],
        "tranches": [tranche("two", 2, 2023, 2024), tranche("one", 1, 2024, 2025)],
    },
    "objectives": COVERED,
}
COST = {"capital": 300, "running": 100, "price_year": 2024}
CENTRE = {"id": "comprehensive", "title": title("centre"), "cost": COST, "staff": 20}
AGENCY = {"id": "point", "title": title("point"), "form": "agency"} | {
    "standard": {"urban_minutes": 8.0, "rural_minutes": 12.0},
    "cost": {"capital": 30, "running": 10, "price_year": 2024},
    "staff": 2,
}
POINTS = {
    "kinds": [AGENCY],
    "programme": {"tranches": [*BASE["programme"]["tranches"], tranche("p", 2, 2023, 2024, kind="point")]},
}
ROUND = {"days_per_week": 2, "daily_range_km": 30.0}
UNIT = AGENCY | {"id": "unit", "title": title("unit"), "form": "mobile", "round": ROUND}
UNITS = {"kinds": [UNIT], "programme": {"tranches": [tranche("u", 1, 2023, 2024, kind="unit")]}}
PRICED = {"kinds": [CENTRE], "programme": {"budget": {"price_year": 2024, "by_year": [{"year": 2025, "jod": 5000}]}}}
FEWER = {
    "programme": {
        "tranches": [tranche("two", 2, 2023, 2024, at_most=True), tranche("one", 1, 2024, 2025, at_most=True)]
    }
}


def at(change, *path):
    """Nest a change: at(5, "programme", "staff")."""
    for name in reversed(path):
        change = {name: change}
    return change


def rule(kind, **fields):
    return at([{"name": "r"} | fields], "programme", "rules", kind)


def kind(base, **fields):
    return at([base | fields], "kinds")


class Answer:
    """A scenario solved on the toy; its plan in words and tables is made only when it is read."""

    def __init__(self, settings):
        self.scenario = _scenario(settings, name="fields", folder=Path())
        self.request = dataclasses.replace(request_of(self.scenario, COUNTRY), ready_travel=JOURNEYS)
        self.problem = problem_of(self.request, JOURNEYS)
        self.solution = solve_programme(self.problem, self.request.solver, impossible=_impossible)

    @functools.cached_property
    def plan(self):
        with mock.patch("planning.siting.describe.plan_layers", return_value={}):
            return plan_of(self.request, JOURNEYS, self.problem, self.solution)


def _impossible(_):
    return ImpossibleProgramme("impossible")


KNOWN = {}


def answer(settings):
    key = json.dumps(settings, sort_keys=True)
    if key not in KNOWN:
        KNOWN[key] = Answer(settings)
    return KNOWN[key]


def places(found):
    """Every place by year."""
    instance = instance_of(found.request, JOURNEYS)
    options, years = instance.options, found.request.programme.years
    open_ = found.solution.chosen[: options.size * len(years)].reshape(options.size, -1)
    named = [
        f"{instance.site_ids[site]}/{options.kinds[kind]}"
        for site, kind in zip(options.site, options.kind, strict=True)
    ]
    return {year: sorted(named[o] for o in open_[:, t].nonzero()[0]) for t, year in enumerate(years)}


def column(*names):
    """Columns of the table of places."""

    def read(found):
        table = found.plan.sites.sort_values("id")
        return json.loads(table[["id", *names]].to_json(orient="records"))

    return read


def stages(found):
    """Every stage of the certificate with its value."""
    return [(s.objective, s.value) for s in certificate_of(found.problem, found.solution).stages]


def may(found):
    """Which option may be open in which year."""
    columns = found.problem.columns
    return list(
        zip(columns.place.tolist(), columns.kind.tolist(), columns.year.tolist(), columns.upper.tolist(), strict=True)
    )


def rules(found):
    """Every rule, by name."""
    return {r.name: (r.columns.tolist(), r.coefficients.tolist(), r.sense, int(r.right)) for r in found.problem.rules}


def money(found):
    """Money and staff by year."""
    return budget.study(Case(found.scenario, COUNTRY, found.request, JOURNEYS, found.plan)).record["budget"]


def said(*path):
    def read(found):
        record = run_record(
            found.scenario,
            COUNTRY,
            found.plan,
            run_id="x",
            inputs=[],
            variants=[],
            studies=[],
            stamp=stamp_now(found.scenario, {}),
        )
        for name in path:
            record = record[name]
        return record

    return read


QUOTA = at([{"each": "governorate", "at_least": 1, "from": 2025}], "programme", "quotas")
OPEN = {"programme": {"fixed": [{"site": "TO-A-00", "begun": 2022, "operating": 2024}]}}
CLOSE = at([{"site": "TO-A-00", "not_before": 2024, "move_to": ["TO-B-04"]}], "programme", "rules", "close")
LATER = {
    "programme": {"private": {"count": 1, "offered": 2024, "operating": 2025}},
    "partnership": {"centres": {"worst_off_loss": 1.0}},
}
UPGRADE = kind(AGENCY | {"form": "comprehensive", "standard": None}, upgrades="partial")
REMOTE = {"standard": {"remote_minutes": 15.0, "remote": {"districts": ["TO-A-1", "TO-B-1"]}}}
BANDS = {
    "standard": {
        "bands": [
            {"urban_minutes": 15, "rural_minutes": 20, "benefit": 1.0},
            {"urban_minutes": 30, "rural_minutes": 60, "benefit": 0.5},
        ]
    }
}
NEAR = {"standard": {"further": [{"name": "near", "urban_minutes": 10, "rural_minutes": 15, "weight": 2.0}]}}
FLOOR = {"objectives": COVERED | {"floors": [{"each": "governorate", "share": 0.2}]}}
WORST = {"objectives": {"order": [{"maximise": "worst_governorate"}]}}


def floors(**fields):
    return {"objectives": COVERED | {"floors": [fields]}}


def order(*aims, **more):
    return {"objectives": {"order": list(aims)} | more}


def allowed(found):
    """The floors: what each part may miss."""
    return {floor.name: floor.allowed for floor in found.problem.floors}


def reach(found):
    """Which rows each place satisfies, and whom no place can reach."""
    sets = found.problem.sets
    return sets.indptr.tolist(), sets.indices.tolist(), [m.constant for m in found.problem.measures]


def words(code):
    """The conditions in words."""
    return lambda found: [language(code).phrase(line.said) for line in lines_of(found.request.programme.conditions)]


def settings_of_solver(found):
    return found.solution.settings


P, K, R = "programme", "kinds", "programme.rules"
# field, what stands before the change, the change, and the figure that changes (or what refuses it).
FIELDS = [
    ("name", {}, {"name": "other"}, said("scenario", "name")),
    ("title.en", {}, {"title": title("other")}, said("scenario", "title_en")),
    ("title.ar", {}, {"title": title("other")}, said("scenario", "title_ar")),
    ("years", {}, {"years": [2023, 2024, 2025]}, places),
    (f"{P}.fixed.site", {}, at([{"site": "TO-B-04", "operating": 2022}], P, "fixed"), places),
    (
        f"{P}.fixed.begun",
        {},
        at([{"site": "TO-A-00", "begun": 2021, "operating": 2022}], P, "fixed"),
        column("begun_year"),
    ),
    (f"{P}.fixed.operating", {}, OPEN | {"years": [2023, 2024, 2025]}, places),
    (f"{P}.fixed.kind", POINTS, at([{"site": "TO-A-00", "operating": 2022, "kind": "point"}], P, "fixed"), places),
    (f"{P}.fix_recorded", at([], P, "fixed"), at(["open"], P, "fix_recorded"), places),
    (
        f"{P}.tranches.id",
        {},
        at([tranche("zwei", 2, 2023, 2024), tranche("one", 1, 2024, 2025)], P, "tranches"),
        said(P, "steps"),
    ),
    (
        f"{P}.tranches.title.en",
        {},
        at([tranche("two", 2, 2023, 2024, title=title("Two")), tranche("one", 1, 2024, 2025)], P, "tranches"),
        said(P, "steps", 0, "title_en"),
    ),
    (
        f"{P}.tranches.title.ar",
        {},
        at([tranche("two", 2, 2023, 2024, title=title("Two")), tranche("one", 1, 2024, 2025)], P, "tranches"),
        said(P, "steps", 0, "title_ar"),
    ),
    (
        f"{P}.tranches.count",
        {},
        at([tranche("two", 2, 2023, 2024), tranche("one", 2, 2024, 2025)], P, "tranches"),
        places,
    ),
    (
        f"{P}.tranches.begun",
        {},
        at([tranche("two", 2, 2022, 2024), tranche("one", 1, 2024, 2025)], P, "tranches"),
        column("begun_year"),
    ),
    (
        f"{P}.tranches.operating",
        {},
        at([tranche("two", 2, 2023, 2025), tranche("one", 1, 2024, 2025)], P, "tranches"),
        places,
    ),
    (
        f"{P}.tranches.kind",
        POINTS,
        at([tranche("two", 2, 2023, 2024, kind="point"), tranche("one", 1, 2024, 2025)], P, "tranches"),
        places,
    ),
    (f"{P}.tranches.at_most", {}, FEWER, rules),
    (f"{P}.quotas.each", {}, QUOTA, places),
    (f"{P}.quotas.at_least", QUOTA, at([{"each": "governorate", "at_least": 2, "from": 2025}], P, "quotas"), "clash"),
    (f"{P}.quotas.from", QUOTA, at([{"each": "governorate", "at_least": 1, "from": 2024}], P, "quotas"), places),
    (
        f"{P}.quotas.fixed_centres_count",
        QUOTA,
        at([{"each": "governorate", "at_least": 1, "from": 2025, "fixed_centres_count": False}], P, "quotas"),
        rules,
    ),
    (
        f"{P}.private.count",
        LATER,
        at({"count": 2, "offered": 2024, "operating": 2025}, P, "private"),
        column("operator"),
    ),
    (
        f"{P}.private.offered",
        LATER,
        at({"count": 1, "offered": 2025, "operating": 2025}, P, "private"),
        said(P, "private", "offered"),
    ),
    (
        f"{P}.private.operating",
        LATER,
        at({"count": 1, "offered": 2024, "operating": 2024}, P, "private"),
        said(P, "private", "operating"),
    ),
    (
        f"{R}.forbidden.name",
        rule("forbidden", sites=["TO-A-02"]),
        at([{"name": "s", "sites": ["TO-A-02"]}], P, "rules", "forbidden"),
        rules,
    ),
    (f"{R}.forbidden.sites", {}, rule("forbidden", sites=["TO-A-02"]), places),
    (
        f"{R}.forbidden.kinds",
        merged(POINTS, rule("forbidden", sites=["TO-B-03"])),
        rule("forbidden", sites=["TO-B-03"], kinds=["point"]),
        places,
    ),
    (
        f"{R}.at_most_one_of.name",
        rule("at_most_one_of", sites=["TO-A-02", "TO-A-01"]),
        at([{"name": "s", "sites": ["TO-A-02", "TO-A-01"]}], P, "rules", "at_most_one_of"),
        rules,
    ),
    (f"{R}.at_most_one_of.sites", {}, rule("at_most_one_of", sites=["TO-A-02", "TO-A-01"]), places),
    (
        f"{R}.at_most_one_of.at_most",
        rule("at_most_one_of", sites=["TO-A-02", "TO-A-01"]),
        rule("at_most_one_of", sites=["TO-A-02", "TO-A-01"], at_most=2),
        places,
    ),
    (
        f"{R}.at_most_one_of.kinds",
        merged(POINTS, rule("at_most_one_of", sites=["TO-B-03", "TO-C-07"])),
        rule("at_most_one_of", sites=["TO-B-03", "TO-C-07"], kinds=["point"]),
        places,
    ),
    (
        f"{R}.required_together.name",
        rule("required_together", sites=["TO-B-04", "TO-C-05"]),
        at([{"name": "s", "sites": ["TO-B-04", "TO-C-05"]}], P, "rules", "required_together"),
        rules,
    ),
    (f"{R}.required_together.sites", {}, rule("required_together", sites=["TO-B-04", "TO-C-05"]), places),
    (f"{R}.spacing.name", rule("spacing", km=25.0), at([{"name": "s", "km": 25.0}], P, "rules", "spacing"), rules),
    (f"{R}.spacing.km", rule("spacing", km=5.0), rule("spacing", km=25.0), places),
    (f"{R}.spacing.kinds", merged(POINTS, rule("spacing", km=25.0)), rule("spacing", km=25.0, kinds=["point"]), places),
    *[
        (f"{R}.governorates.{name}", before, rule("governorates", **fields), reader)
        for name, before, fields, reader in (
            ("name", rule("governorates", at_most=2), {"at_most": 2, "name": "s"}, rules),
            ("at_least", {}, {"at_least": 1}, places),
            ("at_most", {}, {"at_most": 2}, places),
            ("from", rule("governorates", at_least=1), {"at_least": 1, "from": 2024}, rules),
            ("kinds", merged(POINTS, rule("governorates", at_most=2)), {"at_most": 2, "kinds": ["point"]}, rules),
            (
                "fixed_centres_count",
                rule("governorates", at_most=2),
                {"at_most": 2, "fixed_centres_count": False},
                places,
            ),
            ("governorates", rule("governorates", at_most=2), {"at_most": 2, "governorates": ["TO-C"]}, places),
        )
    ],
    *[
        (f"{R}.quota_regions.{name}", before, rule("quota_regions", title=title("east"), **fields), reader)
        for name, before, fields, reader in (
            (
                "name",
                rule("quota_regions", title=title("east"), districts=["TO-B-1"], at_least=1),
                {"districts": ["TO-B-1"], "at_least": 1, "name": "s"},
                rules,
            ),
            ("at_least", {}, {"districts": ["TO-B-1"], "at_least": 1}, places),
            ("at_most", {}, {"districts": ["TO-A-1"], "at_most": 1}, places),
            (
                "from",
                rule("quota_regions", title=title("east"), districts=["TO-B-1"], at_least=1),
                {"districts": ["TO-B-1"], "at_least": 1, "from": 2024},
                places,
            ),
            (
                "kinds",
                merged(POINTS, rule("quota_regions", title=title("east"), districts=["TO-B-1"], at_least=1)),
                {"districts": ["TO-B-1"], "at_least": 1, "kinds": ["point"]},
                rules,
            ),
            (
                "fixed_centres_count",
                rule("quota_regions", title=title("east"), districts=["TO-A-1"], at_most=2),
                {"districts": ["TO-A-1"], "at_most": 2, "fixed_centres_count": False},
                places,
            ),
            (
                "districts",
                rule("quota_regions", title=title("east"), districts=["TO-B-1"], at_least=1),
                {"districts": ["TO-A-1"], "at_least": 1},
                places,
            ),
        )
    ],
    (
        f"{R}.quota_regions.title.en",
        rule("quota_regions", title=title("east"), districts=["TO-B-1"], at_least=1),
        rule("quota_regions", title={"en": "Orient", "ar": "عنوان east"}, districts=["TO-B-1"], at_least=1),
        words("en"),
    ),
    (
        f"{R}.quota_regions.title.ar",
        rule("quota_regions", title=title("east"), districts=["TO-B-1"], at_least=1),
        rule("quota_regions", title={"en": "east", "ar": "المشرق"}, districts=["TO-B-1"], at_least=1),
        words("ar"),
    ),
    (f"{R}.close.site", {}, CLOSE, rules),
    (
        f"{R}.close.not_before",
        CLOSE,
        at([{"site": "TO-A-00", "not_before": 2025, "move_to": ["TO-B-04"]}], P, "rules", "close"),
        rules,
    ),
    (
        f"{R}.close.cost",
        merged(PRICED, CLOSE),
        at([{"site": "TO-A-00", "not_before": 2024, "move_to": ["TO-B-04"], "cost": 7}], P, "rules", "close"),
        rules,
    ),
    (
        f"{R}.close.move_to",
        CLOSE,
        at([{"site": "TO-A-00", "not_before": 2024, "move_to": ["TO-A-01"]}], P, "rules", "close"),
        rules,
    ),
    (
        f"{R}.close.within_km",
        CLOSE,
        at([{"site": "TO-A-00", "not_before": 2024, "within_km": 30.0}], P, "rules", "close"),
        rules,
    ),
    (
        f"{P}.budget.price_year",
        PRICED,
        at({"price_year": 2023, "by_year": [{"year": 2025, "jod": 5000}]}, P, "budget"),
        "2023",
    ),
    (
        f"{P}.budget.by_year.year",
        PRICED,
        at({"price_year": 2024, "by_year": [{"year": 2024, "jod": 5000}]}, P, "budget"),
        rules,
    ),
    (
        f"{P}.budget.by_year.jod",
        merged(PRICED, FEWER),
        at({"price_year": 2024, "by_year": [{"year": 2025, "jod": 300}]}, P, "budget"),
        places,
    ),
    (f"{P}.budget.total", merged(PRICED, FEWER), at({"price_year": 2024, "total": 600}, P, "budget"), places),
    (
        f"{P}.budget.capital_in",
        PRICED,
        at({"price_year": 2024, "by_year": [{"year": 2025, "jod": 5000}], "capital_in": "operating"}, P, "budget"),
        money,
    ),
    (
        f"{P}.budget.discount_rate",
        merged(PRICED, at({"total": 9000}, P, "budget")),
        at(0.1, P, "budget", "discount_rate"),
        money,
    ),
    (
        f"{P}.budget.base_year",
        merged(PRICED, at({"total": 9000, "discount_rate": 0.1}, P, "budget")),
        at(2020, P, "budget", "base_year"),
        money,
    ),
    (
        f"{P}.staff.year",
        merged({"kinds": [CENTRE]}, at([{"year": 2025, "posts": 900}], P, "staff")),
        at([{"year": 2024, "posts": 900}], P, "staff"),
        rules,
    ),
    (f"{P}.staff.posts", merged({"kinds": [CENTRE]}, FEWER), at([{"year": 2025, "posts": 65}], P, "staff"), places),
    (
        "kinds.id",
        POINTS,
        {
            "kinds": [AGENCY | {"id": "desk"}],
            P: {"tranches": [*BASE[P]["tranches"], tranche("p", 2, 2023, 2024, kind="desk")]},
        },
        places,
    ),
    (
        "kinds.title.en",
        merged(POINTS),
        kind(AGENCY, title=title("desk")),
        lambda found: [one["title_en"] for one in money(found)["kinds"]],
    ),
    (
        "kinds.title.ar",
        merged(POINTS),
        kind(AGENCY, title=title("desk")),
        lambda found: [one["title_ar"] for one in money(found)["kinds"]],
    ),
    ("kinds.form", POINTS, kind(AGENCY, form="private"), column("operator")),
    (
        "kinds.standard.urban_minutes",
        POINTS,
        kind(AGENCY, standard={"urban_minutes": 30.0, "rural_minutes": 12.0}),
        stages,
    ),
    (
        "kinds.standard.rural_minutes",
        POINTS,
        kind(AGENCY, standard={"urban_minutes": 8.0, "rural_minutes": 45.0}),
        reach,
    ),
    (
        "kinds.standard.remote_minutes",
        merged(POINTS, REMOTE),
        kind(AGENCY, standard={"urban_minutes": 8.0, "rural_minutes": 12.0, "remote_minutes": 70.0}),
        reach,
    ),
    ("kinds.services", POINTS, kind(AGENCY, services=["id-card", "tax"]), column("services_count")),
    ("kinds.services_count", POINTS, kind(AGENCY, services_count=5), column("services_count")),
    ("kinds.cost.capital", merged(PRICED, FEWER), kind(CENTRE, cost=COST | {"capital": 4900}), money),
    ("kinds.cost.running", merged(PRICED, FEWER), kind(CENTRE, cost=COST | {"running": 1700}), places),
    ("kinds.cost.price_year", PRICED, kind(CENTRE, cost=COST | {"price_year": 2023}), "2023"),
    (
        "kinds.staff",
        merged({"kinds": [CENTRE]}, FEWER, at([{"year": 2025, "posts": 85}], P, "staff")),
        kind(CENTRE, staff=40),
        places,
    ),
    (
        "kinds.capacity_visits_per_year",
        {"kinds": [CENTRE]},
        kind(CENTRE, capacity_visits_per_year=900),
        column("capacity_visits"),
    ),
    ("kinds.opens_from", POINTS, kind(AGENCY, opens_from=2025), "clash"),
    ("kinds.opens_to", {"kinds": [CENTRE]}, kind(CENTRE, opens_to=2024), "clash"),
    (
        "kinds.build_years",
        merged(PRICED, {"kinds": [CENTRE, AGENCY]}),
        {"kinds": [CENTRE, AGENCY | {"build_years": 3}]},
        column("begun_year"),
    ),
    ("kinds.where.origins", POINTS, kind(AGENCY, where={"origins": ["place"]}), places),
    ("kinds.where.settlements", POINTS, kind(AGENCY, where={"settlements": ["urban"]}), may),
    ("kinds.where.governorates", POINTS, kind(AGENCY, where={"governorates": ["TO-A", "TO-C"]}), places),
    ("kinds.where.districts", POINTS, kind(AGENCY, where={"districts": ["TO-A-1", "TO-C-1"]}), places),
    ("kinds.where.sites", POINTS, kind(AGENCY, where={"sites": ["TO-A-01", "TO-C-07"]}), places),
    (
        "kinds.counts",
        merged(POINTS, {P: {"tranches": [*BASE[P]["tranches"], tranche("p", 2, 2023, 2024, kind="point")]}}, QUOTA),
        kind(AGENCY, counts=True),
        rules,
    ),
    (
        "kinds.upgrades",
        merged(
            {"kinds": [AGENCY]},
            {P: {"tranches": [*BASE[P]["tranches"], tranche("p", 1, 2023, 2024, kind="point", at_most=True)]}},
        ),
        kind(AGENCY, upgrades="partial"),
        may,
    ),
    ("kinds.round.days_per_week", UNITS, kind(UNIT, round=ROUND | {"days_per_week": 1}), column("stops")),
    ("kinds.round.daily_range_km", UNITS, kind(UNIT, round=ROUND | {"daily_range_km": 1.0}), column("stops")),
    (
        "kinds.round.routes.base",
        UNITS,
        kind(UNIT, round=ROUND | {"routes": [{"base": "TO-C-07", "stops": ["TO-C-07"]}]}),
        places,
    ),
    (
        "kinds.round.routes.stops",
        merged(UNITS, kind(UNIT, round=ROUND | {"routes": [{"base": "TO-C-07", "stops": ["TO-C-07"]}]})),
        kind(UNIT, round=ROUND | {"routes": [{"base": "TO-C-07", "stops": ["TO-C-07", "TO-C-05"]}]}),
        column("stops"),
    ),
    (
        "kinds.round.stops_at.origins",
        UNITS,
        kind(UNIT, round=ROUND | {"stops_at": {"origins": ["liwa_seat"]}}),
        column("stops"),
    ),
    (
        "kinds.round.stops_at.settlements",
        UNITS,
        kind(UNIT, round=ROUND | {"stops_at": {"settlements": ["rural"]}}),
        column("stops"),
    ),
    (
        "kinds.round.stops_at.governorates",
        UNITS,
        kind(UNIT, round=ROUND | {"stops_at": {"governorates": ["TO-B"]}}),
        column("stops"),
    ),
    (
        "kinds.round.stops_at.districts",
        UNITS,
        kind(UNIT, round=ROUND | {"stops_at": {"districts": ["TO-B-1"]}}),
        column("stops"),
    ),
    (
        "kinds.round.stops_at.sites",
        UNITS,
        kind(UNIT, round=ROUND | {"stops_at": {"sites": ["TO-A-01"]}}),
        column("stops"),
    ),
    ("standard.urban_minutes", {}, {"standard": {"urban_minutes": 20.0}}, stages),
    ("standard.rural_minutes", {}, {"standard": {"rural_minutes": 20.0}}, stages),
    ("standard.remote_minutes", REMOTE, {"standard": {"remote_minutes": 45.0}}, reach),
    ("standard.remote.districts", REMOTE, {"standard": {"remote": {"districts": ["TO-C-1"]}}}, reach),
    (
        "standard.remote.density_at_most_per_km2",
        REMOTE,
        {"standard": {"remote": {"districts": [], "density_at_most_per_km2": 5.0}}},
        reach,
    ),
    ("standard.groups", {}, {"standard": {"groups": {"elderly": 15.0}}}, stages),
    ("standard.partial_centres_count", {}, {"standard": {"partial_centres_count": True}}, stages),
    (
        "standard.bands.urban_minutes",
        BANDS,
        {"standard": {"bands": [BANDS["standard"]["bands"][0] | {"urban_minutes": 25}, BANDS["standard"]["bands"][1]]}},
        stages,
    ),
    (
        "standard.bands.rural_minutes",
        BANDS,
        {"standard": {"bands": [BANDS["standard"]["bands"][0] | {"rural_minutes": 45}, BANDS["standard"]["bands"][1]]}},
        stages,
    ),
    (
        "standard.bands.remote_minutes",
        merged(REMOTE, {"standard": {"bands": [b | {"remote_minutes": 10} for b in BANDS["standard"]["bands"]]}}),
        {
            "standard": {
                "bands": [
                    BANDS["standard"]["bands"][0] | {"remote_minutes": 10},
                    BANDS["standard"]["bands"][1] | {"remote_minutes": 55},
                ]
            }
        },
        reach,
    ),
    (
        "standard.bands.groups",
        merged(
            {
                "standard": {
                    "groups": {"elderly": 20.0},
                    "bands": [b | {"groups": {"elderly": 12.0}} for b in BANDS["standard"]["bands"]],
                }
            }
        ),
        {
            "standard": {
                "bands": [
                    BANDS["standard"]["bands"][0] | {"groups": {"elderly": 12.0}},
                    BANDS["standard"]["bands"][1] | {"groups": {"elderly": 28.0}},
                ]
            }
        },
        stages,
    ),
    (
        "standard.bands.benefit",
        BANDS,
        {"standard": {"bands": [BANDS["standard"]["bands"][0], BANDS["standard"]["bands"][1] | {"benefit": 0.25}]}},
        stages,
    ),
    ("standard.weight", NEAR, {"standard": {"weight": 3.0}}, stages),
    (
        "standard.further.urban_minutes",
        NEAR,
        {"standard": {"further": [NEAR["standard"]["further"][0] | {"urban_minutes": 20}]}},
        stages,
    ),
    (
        "standard.further.rural_minutes",
        NEAR,
        {"standard": {"further": [NEAR["standard"]["further"][0] | {"rural_minutes": 40}]}},
        stages,
    ),
    (
        "standard.further.remote_minutes",
        merged(REMOTE, {"standard": {"further": [NEAR["standard"]["further"][0] | {"remote_minutes": 15}]}}),
        {"standard": {"further": [NEAR["standard"]["further"][0] | {"remote_minutes": 75}]}},
        reach,
    ),
    (
        "standard.further.groups",
        NEAR,
        {"standard": {"further": [NEAR["standard"]["further"][0] | {"groups": {"elderly": 4.0}}]}},
        stages,
    ),
    (
        "standard.further.name",
        NEAR,
        {"standard": {"further": [NEAR["standard"]["further"][0] | {"name": "close"}]}},
        said("standard"),
    ),
    (
        "standard.further.weight",
        NEAR,
        {"standard": {"further": [NEAR["standard"]["further"][0] | {"weight": 5.0}]}},
        stages,
    ),
    (
        "objectives.coverage_tolerance_person_years",
        {"objectives": {"order": []}},
        {"objectives": {"coverage_tolerance_person_years": 20_000}},
        stages,
    ),
    (
        "objectives.worst_tolerance_share",
        {"objectives": {"order": [], "coverage_tolerance_person_years": 40_000}},
        {"objectives": {"worst_tolerance_share": 0.5}},
        stages,
    ),
    (
        "objectives.travel_tolerance_person_minutes",
        {"objectives": {"order": [], "coverage_tolerance_person_years": 90_000, "worst_tolerance_share": 1.0}},
        {"objectives": {"travel_tolerance_person_minutes": 5_000_000}},
        stages,
    ),
    (
        "objectives.travel_cap_minutes",
        order({"minimise": "mean_travel"}),
        {"objectives": {"travel_cap_minutes": 60}},
        stages,
    ),
    (
        "objectives.inequality_aversion",
        order({"minimise": "ede"}),
        {"objectives": {"inequality_aversion": 2.0}},
        stages,
    ),
    ("objectives.order.maximise", {}, order({"maximise": "worst_settlement"}), stages),
    ("objectives.order.minimise", {}, order({"minimise": "mean_travel"}), stages),
    ("objectives.order.of", {}, order({"maximise": "covered", "of": "visits"}), "Add the section demand"),
    (
        "objectives.order.tolerance",
        order({"maximise": "covered"}, {"minimise": "mean_travel"}),
        order({"maximise": "covered", "tolerance": 30_000}, {"minimise": "mean_travel"}),
        stages,
    ),
    ("objectives.order.levels", WORST, order({"maximise": "worst_governorate", "levels": "all"}), stages),
    ("objectives.floors.each", {}, FLOOR, allowed),
    ("objectives.floors.governorate", FLOOR, floors(governorate="TO-B", share=0.4), allowed),
    ("objectives.floors.settlement", FLOOR, floors(settlement="rural", share=0.3), allowed),
    ("objectives.floors.group", FLOOR, floors(group="elderly", share=0.3), allowed),
    ("objectives.floors.nation", FLOOR, floors(nation=True, share=0.3), allowed),
    ("objectives.floors.share", floors(governorate="TO-B", share=0.1), floors(governorate="TO-B", share=0.4), allowed),
    (
        "objectives.floors.people",
        floors(governorate="TO-B", people=10),
        floors(governorate="TO-B", people=5000),
        allowed,
    ),
    (
        "objectives.floors.all_within_reach",
        floors(governorate="TO-B", people=10),
        floors(governorate="TO-B", all_within_reach=True),
        places,
    ),
    (
        "objectives.floors.from",
        floors(governorate="TO-B", people=5000),
        floors(governorate="TO-B", people=5000, **{"from": 2024}),
        allowed,
    ),
    ("objectives.discount_rate", {}, {"objectives": {"discount_rate": 0.2}}, stages),
    ("objectives.visits_case", {}, {"objectives": {"visits_case": "high"}}, "visits_case"),
    ("load.residents_per_centre", {}, {"load": {"residents_per_centre": 100}}, column("load_flag")),
    ("solver.time_limit_seconds", {}, {"solver": {"time_limit_seconds": 1e-9}}, "time limit"),
    ("solver.gap", {}, {"solver": {"gap": 0.5}}, settings_of_solver),
    ("solver.threads", {}, {"solver": {"threads": 2}}, settings_of_solver),
    ("solver.seed", {}, {"solver": {"seed": 7}}, settings_of_solver),
]


# Fields with a test of their own: the test, and the fields whose effect (or refusal by name) it shows.
ELSEWHERE = {
    "test_files::test_a_wrong_field_is_refused_by_name": ["schema"],
    "test_files::test_paths_start_at_the_scenario_file": ["country", "candidates.file"],
    "test_run::test_both_readings_of_the_quota_are_answered": ["compare"],
    "test_candidates_mode": ["candidates.mode"],
    "test_sections_wanted::test_people_of_each_year_are_those_of_the_case_asked_for": ["objectives.people"],
    "test_questions_study::test_each_step_of_a_price_is_the_planners": [
        f"questions.rule_prices.{step}" for step in ("budget_step", "posts_step", "share_step", "km_step")
    ],
    "test_questions_study::test_each_field_of_a_frontier_chooses_its_points": [
        f"questions.frontier.{name}" for name in ("over", "from", "to", "step")
    ],
    "test_questions_study::test_exact_and_exact_chosen_say_which_sites_are_solved_for": [
        "questions.why_not.exact",
        "questions.why_not.exact_chosen",
    ],
    "test_questions_study::test_within_share_and_at_most_bound_the_alternatives": [
        "questions.alternatives.within_share",
        "questions.alternatives.at_most",
    ],
    "test_questions_study::test_seconds_each_bounds_every_solve_and_what_it_cut_off_says_so": [
        "questions.seconds_each"
    ],
    "test_study_capacity::test_every_field_changes_the_answer": [
        *(f"capacity.{name}" for name in ("handling_minutes", "peak_hour_share", "ramadan_factor", "least_counters")),
        *(f"capacity.waiting.{name}" for name in ("share", "within_minutes", "mean_minutes")),
        *(f"capacity.staff.{name}" for name in ("hours_per_week", "shrinkage")),
        *(f"capacity.hall.{name}" for name in ("m2_per_person", "present_share")),
        *(f"capacity.{name}" for name in ("beyond_standard_come", "case", "limits.kind", "limits.counters")),
    ],
    "test_study_capacity::test_sharing_out_with_room_serves_no_fewer": ["capacity.allocation"],
    "test_study_capacity::test_a_limit_on_no_centre_of_the_plan_is_said": ["capacity.limits.site"],
    "test_study_capacity::test_every_field_reaches_planning": ["capacity.limits.visits_per_year"],
    "test_study_capacity::test_residents_stand_in_where_the_scenario_says_how_often_they_come": [
        "capacity.visits_per_resident"
    ],
    "test_study_capacity::test_siting_under_capacity_is_made_only_when_asked_for": ["capacity.siting"],
    "tests.planning.test_visits_fields::test_a_field_changes_the_visits": [
        "demand.services",
        "demand.rates",
        *(f"demand.agencies.{name}" for name in ("valid_from", "valid_to", "successor")),
        *(f"demand.digital.planned.{name}" for name in ("year", "share")),
        *(f"demand.digital.take_up.{who}.{n}" for who in ("all", "elderly", "disabled") for n in ("year", "share")),
        "demand.digital.assisted",
        *(f"demand.cases.mid.{n}" for n in ("transactions_per_visit", "take_up_times", "assumed_rates_times")),
        *(f"demand.refugees.{name}" for name in ("course", "share", "from", "to")),
        "demand.calibration.to",
    ],
    "tests.planning.test_visits_fields::test_a_stated_factor_scales_every_visit": ["demand.calibration.factor"],
    "tests.planning.test_visits_fields::test_a_case_of_its_own_changes_that_case_alone": [
        f"demand.cases.{case}.{name}"
        for case in ("low", "high")
        for name in ("transactions_per_visit", "take_up_times", "assumed_rates_times")
    ],
    "tests.planning.test_visits_fields::test_growth_changes_the_outer_cases_after_the_last_record": [
        "demand.growth.low",
        "demand.growth.high",
    ],
    "tests.planning.test_visits_fields::test_every_field_of_the_calendar_changes_the_busy_hour": [
        f"demand.calendar.{name}"
        for name in ("days_per_week", "hours_per_day", "closed_days", "ramadan_days", "ramadan_hours")
    ],
    "tests.planning.test_visits_fields::test_calendar_and_peak_change_the_busy_day_and_the_comparison": [
        "demand.peak_month_factor"
    ],
    "tests.planning.test_visits_fields::test_work_moves_visits_within_the_governorate": [
        "demand.demand_at.at",
        "demand.demand_at.work_share",
    ],
    "tests.planning.test_visits_fields::test_concentration_draws_work_to_the_big_points": [
        "demand.demand_at.concentration"
    ],
    "tests.planning.test_visits_fields::test_non_residents_are_added_by_governorate": ["demand.non_resident_demand"],
    "tests.planning.test_visits_fields::test_priority_changes_the_weight_and_no_visit": [
        "demand.priority.weights",
        "demand.priority.scores",
    ],
    "tests.planning.test_visits_bundles::test_hours_at_an_office_are_a_field": ["demand.bundle_hours"],
    "test_visits_study::test_a_centre_below_the_floor_in_its_life_is_flagged": ["demand.visits_floor"],
    "test_travel_fields::test_what_slows_makes_some_journeys_longer_and_none_shorter": [
        *(f"travel.speeds.{name}" for name in ("classes", "zones", "kmh", "factor")),
        *(f"travel.congestion.periods.{name}" for name in ("id", "factors")),
        *(f"travel.closures.{name}" for name in ("between", "route", "near.lon", "near.lat")),
        *(f"travel.off_road.{name}" for name in ("urban_kmh", "rural_kmh", "walk_kmh", "friction", "longest_leg_km")),
    ],
    "test_travel_fields::test_what_quickens_makes_some_journeys_shorter_and_none_longer": [
        *(f"travel.roads.{name}" for name in ("what", "between", "route", "near.lon", "near.lat")),
        *(f"travel.roads.{name}" for name in ("from", "to", "line", "minutes")),
    ],
    "test_travel_fields::test_the_class_the_length_and_the_direction_of_a_new_road_count": [
        *(f"travel.roads.{name}" for name in ("class", "kmh", "km", "oneway")),
    ],
    "test_travel_fields::test_the_reach_of_a_place_on_the_map_counts": [
        "travel.closures.near.radius_m",
        "travel.roads.near.radius_m",
    ],
    "test_travel_fields::test_an_hour_names_its_period_and_the_end_of_one_is_the_next": [
        *(f"travel.congestion.{name}" for name in ("judged_at", "periods.from", "periods.to")),
    ],
    "test_travel_fields::test_a_closure_of_some_years_is_unsupported_not_merely_wrong": ["travel.closures.years"],
    "test_travel_fields::test_what_cannot_be_is_refused_when_the_file_is_read_in_both_languages": ["travel.gtfs"],
    "test_travel_fields::test_a_matrix_takes_the_place_of_the_roads_and_goes_with_the_run": ["travel.matrix.file"],
    "test_travel_fields::test_pairs_that_a_matrix_lacks_are_no_route_only_where_that_is_said": [
        "travel.matrix.missing"
    ],
    "test_travel_fields::test_every_field_of_people_without_a_car_changes_their_table": [
        *(f"travel.without_car.shares.{name}" for name in ("share", "zones", "districts", "settlements", "groups")),
        "travel.without_car.shares.source",
        *(f"travel.without_car.bus.{name}" for name in BUS),
    ],
}
OWN_TABLE = {"partnership": "test_lots::test_no_field_is_left_out_of_these_tests"}


@pytest.mark.parametrize(("name", "before", "change", "reader"), FIELDS, ids=[field[0] for field in FIELDS])
def test_a_field_changes_the_answer_or_is_refused_by_name(name, before, change, reader):
    base = merged(BASE, before)
    assert merged(base, change) != base
    if reader == "clash":
        answer(base)
        with pytest.raises(ImpossibleProgramme):
            answer(merged(base, change))
    elif isinstance(reader, str):
        answer(base)
        with pytest.raises(MarkazError) as refused:
            answer(merged(base, change))
        assert reader in language("en").error(refused.value)
        assert language("ar").error(refused.value) != language("en").error(refused.value)
    else:
        assert reader(answer(base)) != reader(answer(merged(base, change)))


def leaves(model, head=""):
    for name, field in model.model_fields.items():
        path = f"{head}{field.alias or name}"
        inner = [part for part in kinds(field.annotation) if issubclass(part, BaseModel)]
        for part in inner:
            yield from leaves(part, f"{path}.")
        if not inner:
            yield path


def kinds(annotation):
    if isinstance(annotation, type):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from kinds(part)


def test_no_field_is_without_an_entry():
    asked = {path for path in leaves(_Settings) if path.partition(".")[0] not in OWN_TABLE}
    tried = [field[0] for field in FIELDS]
    elsewhere = [path for paths in ELSEWHERE.values() for path in paths]
    assert len(set(tried + elsewhere)) == len(tried + elsewhere)
    assert asked - set(tried) - set(elsewhere) == set(), "fields without a test"
    assert set(tried) | set(elsewhere) == asked, "entries of no field"


@pytest.mark.parametrize("test", [*ELSEWHERE, *OWN_TABLE.values()])
def test_every_test_that_is_named_is_there(test):
    module, _, name = test.rpartition("::")
    home = importlib.import_module(module if "." in module else f"tests.scenarios.{module or 'test_every_field'}")
    assert callable(getattr(home, name))


def test_candidates_mode(tmp_path):
    """`replace` leaves the country's own candidates out, `add` keeps them."""
    rows = COUNTRY.candidates.iloc[[0, 3]]
    lines = ["site_id,name_en,name_ar,lon,lat"]
    lines += [f"X-{r.site_id},{r.name_en},{r.name_ar},{r.geometry.x + 0.01},{r.geometry.y}" for r in rows.itertuples()]
    (tmp_path / "own.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_toy_pack(tmp_path / "pack", COUNTRY)
    found = {}
    for mode in ("add", "replace"):
        whole = merged(BASE, {"country": "./pack", "candidates": {"file": "own.csv", "mode": mode}})
        country, extra = read_inputs(_scenario(whole, name="fields", folder=tmp_path))
        found[mode] = set(country.candidates["site_id"])
        assert list(extra) == ["candidates/own.csv"]
    assert found["add"] > found["replace"] >= {"X-TO-A-00", "X-TO-B-03"}
    assert set(COUNTRY.candidates["site_id"]) <= found["add"]

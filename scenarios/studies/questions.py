"""
The studies of a planner's questions: the price of each rule, the frontier, why here, what else is as good.

Each solves again, exactly; a figure that a time limit cut off is null and its proof says so.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from typing import Any

import geopandas as gpd

from foundation.language import CODES, language
from planning.siting import Request
from planning.siting.instance import Instance
from planning.siting.questions import (
    Forced,
    FrontierPoint,
    PlanFigures,
    RulePrice,
    Similar,
    counts_money,
    counts_persons,
    forced,
    frontier,
    rule_prices,
    similar_plans,
)
from planning.siting.request import instance_of
from scenarios.sections.questions import QuestionsPart
from scenarios.studies.answer_layers import answer_layers
from scenarios.studies.answer_rows import answer_tables, figures_row, finite, said
from scenarios.studies.case import Case, Study

NO_MISS = (
    "The first objective is not people, visits or travel; what a site costs, and what is about as good, is counted in "
    "these only, and was not computed."
)
NO_SUM = (
    "The first objective is a share or a single journey; what a rule costs, and what more would buy, is counted in "
    "people, visits, travel, centres or dinars only, and was not computed."
)


def prices_study(case: Case) -> Study | None:
    """Price every line of the programme."""
    part = _part(case).rule_prices
    if part is None:
        return None
    if not _first_is_sum(case):
        return _not_computed("rule_prices", NO_SUM)
    found = rule_prices(_asked(case), case.journeys, _instance(case), _answer(case), part.steps())
    record = {"rule_prices": [_price(price) for price in found]}
    return _study(case, record, found)


def frontier_study(case: Case) -> Study | None:
    """Solve the points of each frontier asked for."""
    parts = _part(case).frontier
    if not parts:
        return None
    if not _first_is_sum(case):
        return _not_computed("frontier", NO_SUM)
    rows = [
        _point(point)
        for part in parts
        for point in frontier(
            _asked(case), case.journeys, _instance(case), _answer(case), over=part.over, values=part.values()
        )
    ]
    return Study({"frontier": rows}, answer_tables({"frontier": rows}), answer=rows)


def why_not_study(case: Case) -> Study | None:
    """Turn each site over and say what it costs."""
    part = _part(case).why_not
    if part is None:
        return None
    if not _first_is_miss(case):
        return _not_computed("why_not", NO_MISS)
    found = forced(_asked(case), _instance(case), _answer(case), exact=part.exact, exact_chosen=part.exact_chosen)
    unit = _unit(case)
    sites = case.country.candidates.set_index("site_id")
    rows = [_forced(one, sites, unit) for one in found]
    rows.sort(key=lambda row: (not row["chosen"], row["possible"], -(row["loss"] or row["at_least"]), row["site_id"]))
    return _study(case, {"why_not": rows}, found)


def alternatives_study(case: Case) -> Study | None:
    """List plans about as good."""
    part = _part(case).alternatives
    if part is None:
        return None
    if not _first_is_miss(case):
        return _not_computed("alternatives", NO_MISS)
    found = similar_plans(_asked(case), _instance(case), _answer(case), share=part.within_share, at_most=part.at_most)
    rows = [_similar(one, _unit(case), number) for number, one in enumerate(found.plans, start=1)]
    record = {
        "unit": _unit(case),
        "within": found.within,
        "within_share": part.within_share,
        "complete": found.complete,
        "plans": rows,
    }
    return _study(case, {"alternatives": record}, found)


def _study(case: Case, record: dict[str, Any], found: object) -> Study:
    return Study(record, answer_tables(record), answer_layers(record, case.country.candidates), found)


def _part(case: Case) -> QuestionsPart:
    return case.scenario.settings.questions


def _asked(case: Case) -> Request:
    """The request, with every single solve bounded."""
    limit, own = _part(case).seconds_each, case.request.solver.time_limit_seconds
    bounded = min(limit, own) if own else limit
    return dataclasses.replace(
        case.request, solver=dataclasses.replace(case.request.solver, time_limit_seconds=bounded)
    )


def _instance(case: Case) -> Instance:
    return instance_of(case.request, case.journeys)


def _answer(case: Case) -> tuple[Any, Any]:
    return case.plan.problem, case.plan.solution


def _first_is_miss(case: Case) -> bool:
    return counts_persons(case.plan.problem)


def _first_is_sum(case: Case) -> bool:
    return counts_persons(case.plan.problem) or counts_money(case.plan.problem)


def _unit(case: Case) -> str:
    stage = case.plan.problem.stages[0]
    name = getattr(stage, "measure", "")
    return next((m.unit for m in case.plan.problem.measures if m.name == name), "")


def _not_computed(field: str, why: str) -> Study:
    return Study({field: None, f"{field}_note": {f"text_{code}": language(code).text(why) for code in CODES}})


def _price(price: RulePrice) -> dict[str, Any]:
    after = price.after
    return {
        "key": price.key,
        "part": price.part,
        **said("says", price.says),
        **said("step", price.step),
        "step_jod": price.step_jod,
        "unit": price.unit,
        "kept": finite(price.kept),
        "relaxed": finite(price.relaxed),
        "gain": finite(price.gain),
        "gain_at_least": finite(price.at_least),
        "gain_at_most": finite(price.at_most),
        "status": price.status,
        **figures_row("before", price.before),
        **figures_row("after", after),
        "people_gained": None if after is None else after.people - price.before.people,
        "jod_saved": None if after is None else _saved(price.before, after),
        "proven": price.proven,
        "settled": price.settled,
        "opened": [] if after is None else _names(set(after.places) - set(price.before.places)),
        "closed": [] if after is None else _names(set(price.before.places) - set(after.places)),
        "basis": "modelled",
    }


def _saved(before: PlanFigures, after: PlanFigures) -> int | None:
    return None if before.jod is None or after.jod is None else before.jod - after.jod


def _point(point: FrontierPoint) -> dict[str, Any]:
    figures = point.figures
    return {
        "over": point.over,
        "at": point.at,
        "status": point.status,
        "value": finite(point.value),
        "bound": finite(point.bound),
        "people": None if figures is None else figures.people,
        "worst_share": None if figures is None else finite(figures.worst_share),
        "mean_minutes": None if figures is None else finite(figures.mean_minutes),
        "jod": None if figures is None else figures.jod,
        "settled": point.settled,
        "basis": "modelled",
    }


def _forced(one: Forced, sites: gpd.GeoDataFrame, unit: str) -> dict[str, Any]:
    exact = one.exact
    return {
        "site_id": one.site_id,
        "name_en": str(sites.loc[one.site_id, "name_en"]),
        "name_ar": str(sites.loc[one.site_id, "name_ar"]),
        "governorate": str(sites.loc[one.site_id, "zone_id"]),
        "kind": one.kind,
        "chosen": one.chosen,
        "from_year": one.since,
        "unit": unit,
        "at_least": one.at_least,
        "loss": None if exact is None else finite(exact),
        "possible": exact is None or not math.isinf(exact),
        "proof": "at_least" if exact is None else "exact",
        "basis": "modelled",
    }


def _similar(one: Similar, unit: str, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "unit": unit,
        "value": finite(one.value),
        "loss": finite(one.loss),
        "people": one.figures.people,
        "worst_share": finite(one.figures.worst_share),
        "worst_zone": one.figures.worst_zone,
        "mean_minutes": finite(one.figures.mean_minutes),
        "added": _names(one.added),
        "left_out": _names(one.left_out),
        "moved": _names(one.moved),
        "basis": "modelled",
    }


def _names(places: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(site if kind == "comprehensive" else f"{site}/{kind}" for site, kind in places)

"""Every plan of a small programme with kinds, tried one by one: what siting must agree with."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

from foundation.errors import BrokenProof
from planning.recheck_rules import Ground, _Recount, recheck_rules, stops_of
from planning.travel import travel


def places_of(country, programme):
    """Every (site, kind) that might stand; which may, the rules decide."""
    kinds = ["comprehensive", *(kind.id for kind in programme.kinds if kind.id != "comprehensive")]
    return [(str(site), kind) for site in country.candidates["site_id"] for kind in kinds]


def histories(programme, place, *, may_close):
    """Every way a place may be open over the years, as tuples of bool."""
    years = programme.years
    fixed = next((f for f in programme.fixed if (f.site_id, f.kind) == place), None)
    if fixed is None:
        return [tuple(t >= first for t in range(len(years))) for first in range(len(years) + 1)]
    opened = [year >= fixed.operating for year in years]
    if not may_close:
        return [tuple(opened)]
    return [tuple(o and t < shut for t, o in enumerate(opened)) for shut in range(len(years) + 1)]


def all_plans(country, programme, candidates):
    """Every plan that keeps the rules by the recheck: year -> places."""
    ground = Ground(country)
    closing = {closure.site for closure in programme.conditions.closures}
    upgraded = {kind.upgrades for kind in programme.kinds}
    ways, candidates = [], [place for place in candidates if _may_stand_alone(country, programme, place, ground)]
    for place in candidates:
        fixed = next((f for f in programme.fixed if (f.site_id, f.kind) == place), None)
        leaves = fixed is not None and (place[0] in closing or fixed.kind in upgraded)
        ways.append(histories(programme, place, may_close=leaves))
    most = sum(t.count for t in programme.tranches) + len(programme.fixed)
    grouped = all(programme.count_group(kind) for _, kind in candidates)
    exact = grouped and not closing and not any(upgraded) and not any(t.at_most for t in programme.tranches)
    for chosen in itertools.product(*ways):
        open_at_last = sum(way[-1] for way in chosen)
        if (grouped and open_at_last > most) or (exact and open_at_last < most):
            continue  # not as many as all tranches and fixed places together
        open_ = {
            year: [place for place, way in zip(candidates, chosen, strict=True) if way[t]]
            for t, year in enumerate(programme.years)
        }
        try:
            recheck_rules(country, programme, open_, ground)
        except BrokenProof:
            continue
        yield open_


def _may_stand_alone(country, programme, place, ground):
    """Tell whether nothing forbids the kind at the site; what is fixed there is looked at with the others."""
    for first in programme.years:
        open_ = {year: [place] if year >= first else [] for year in programme.years}
        try:
            _Recount(country, programme, open_, ground).places()
        except BrokenProof:
            continue
        return True
    return any((f.site_id, f.kind) == place for f in programme.fixed)


def value_of_plan(country, programme, open_, minutes, ground, cap=120):
    """Person-years within the standard, the worst zone's share, person-minutes: greater is better."""
    ids = {str(site): at for at, site in enumerate(country.candidates["site_id"])}
    people = country.people["people"].tolist()
    kinds = country.people["settlement"].tolist()
    zones = country.people["zone_id"].tolist()
    person_years, travelled = 0, 0
    inside = dict.fromkeys(zones, 0)
    for year, places in open_.items():
        visited = []
        for place in places:
            own = None if place[1] == "partial" else programme.kind(place[1]).standard
            limits = {"urban": 30.0, "rural": 60.0}
            if own is not None:
                limits = {"urban": own.urban, "rural": own.rural}
            visited += [(ids[stop], limits) for stop in stops_of(ground, programme, place)]
        for i, count in enumerate(people):
            if any(minutes[i, at] <= limits[kinds[i]] for at, limits in visited):
                person_years += count
                if year == programme.final_year:
                    inside[zones[i]] += count
            if year == programme.final_year:
                nearest = min((minutes[i, at] for at, _ in visited), default=math.inf)
                travelled += count * (cap if nearest >= cap else math.ceil(nearest))
    total = {zone: sum(p for p, z in zip(people, zones, strict=True) if z == zone) for zone in inside}
    worst = min(Fraction(inside[zone], total[zone]) for zone in inside)
    return person_years, worst, -travelled


def best_by_trying(country, programme, candidates=None):
    """The best value over every plan, or None where no plan keeps the rules."""
    minutes, ground = travel(country).minutes, Ground(country)
    candidates = candidates or places_of(country, programme)
    values = (value_of_plan(country, programme, o, minutes, ground) for o in all_plans(country, programme, candidates))
    return max(values, default=None)

"""
The study of long ways off the road: who counts as reached only over one, across land or sea that no data describe.

A home is joined to the network by a leg up to the limit of the travel rules. Without the legs longer than
`LONG_KM` some people of the final year would have a longer journey or none: those are counted here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from planning.siting.request import instance_of
from planning.travel_sources import RoadSource
from scenarios.sections.travel import TravelPart
from scenarios.studies.case import Case, Study

LONG_KM = 10.0  # assumed: a straight way off the road beyond which somebody must look
MOST_PLACES = 5


def study(case: Case) -> Study | None:
    """Count who relies on a long leg; None where nobody does, or where journeys are the planner's own table."""
    part: TravelPart | None = case.scenario.settings.travel
    source = RoadSource() if part is None else part.source(case.scenario.folder)
    final, country = case.plan.networks[-1], case.country
    if not isinstance(source, RoadSource) or not final.open_options.size:
        return None
    stated = None if source.off_road is None else source.off_road.limit_m
    limit_km = (country.roads.rules.access_limit_m if stated is None else stated) / 1000.0
    if limit_km <= LONG_KM:
        return None
    instance = instance_of(case.request, case.journeys)
    stops = np.unique(np.concatenate([instance.options.stops(int(option)) for option in final.open_options]))
    short = source.nearest(country, country.candidates.iloc[stops], longest_leg_m=LONG_KM * 1000.0).minutes
    relies = np.isfinite(final.minutes) & (short > final.minutes)
    persons = np.where(relies, instance.people, 0)
    if not persons.any():
        return None
    return Study(
        record={
            "long_legs": {
                "basis": "modelled",
                "year": final.year,
                "beyond_km": LONG_KM,
                "limit_km": limit_km,
                "people": int(persons.sum()),
                "no_other_way": int(persons[~np.isfinite(short)].sum()),
                "places": _places(case, persons),
            }
        }
    )


def _places(case: Case, persons: Any) -> list[dict[str, Any]]:
    """The places with most such people: their names, and how many."""
    points = case.country.people[["zone_id", "place_en", "place_ar"]].assign(people=persons)
    grouped = (
        points[points["people"] > 0]
        .groupby(["zone_id", "place_en", "place_ar"], sort=False, dropna=False)["people"]
        .sum()
    )
    most = grouped.sort_values(ascending=False, kind="stable").head(MOST_PLACES)
    return [
        {"zone_id": str(zone), "place_en": en, "place_ar": ar, "people": int(count)}
        for (zone, en, ar), count in most.items()
    ]

"""Visits as tables, a layer and fields of run.json; figures are whole visits that sum."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.network import places_at
from planning.population import people_by_year
from planning.visits import CASES, JourneysSaved, Visits, offers_of, visits_by_site
from planning.visits.calibration import Fit
from planning.visits.priority import COUNTED, Ranking
from planning.visits.residents import curve_at
from planning.visits.settings import CASES as OWN_CASES
from planning.visits.settings import VisitSettings
from scenarios.studies.capacity import centres_of
from scenarios.studies.case import Case
from scenarios.studies.visits_lists import compared_table, services_table, whole
from scenarios.studies.ways import Ways

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CentreVisits:
    """
    Visits of each open centre.

    Attributes
    ----------
    table
        One row a centre, year and case: visits a year, on a peak-month day; flagged where any later
        or earlier year of its life falls below the floor in that case.
    rest
        (case, year) to the whole visits that no centre is reached for which offers the service, and those
        bound to a governorate without one.
    """

    table: pd.DataFrame
    rest: dict[tuple[str, int], tuple[int, int]]


def years_table(case: Case, visits: Visits) -> pd.DataFrame:
    """One row a year, case and place (nation, governorate, settlement): whole visits."""
    zone = case.country.people["zone_id"].to_numpy(dtype=object)
    kind = case.country.people["settlement"].to_numpy(dtype=object)
    rows: list[tuple[object, ...]] = []
    for name in CASES:
        for t, year in enumerate(visits.years):
            found = visits.total(name)[t]
            nation = round(float(found.sum()))
            rows.append((year, name, "nation", case.country.code, nation))
            for scope, of in (("governorate", zone), ("settlement", kind)):
                sums = pd.Series(found).groupby(of).sum()
                rows += [
                    (year, name, scope, str(place), int(n))
                    for place, n in zip(sums.index, whole(sums.to_numpy(np.float64), nation), strict=True)
                ]
    frame = pd.DataFrame(rows, columns=["year", "case", "scope", "scope_id", "visits"])
    return frame.assign(unit="visits per year", basis="modelled")


def centre_visits(case: Case, visits: Visits, ways: Ways) -> CentreVisits:
    """Send every year's visits to the nearest open centres that can serve them, in every case."""
    sites, frames, rest = case.plan.sites, list[pd.DataFrame](), {}
    every = centres_of(case).positions
    for t, place in enumerate(case.plan.networks):
        offers = set(offers_of(visits, ways.kinds)[t])
        to = {offer: places_at(every, ways.networks(offer)[t].nearest_option) for offer in offers}
        here = np.isin(every, place.open_options)
        for name in CASES:
            found = visits_by_site(visits, name, place.year, ways.kinds, to.__getitem__, len(sites))
            parts = whole(np.append(found.visits[here], [found.no_centre, found.elsewhere]))
            rest[name, place.year] = (int(parts[-2]), int(parts[-1]))
            frames.append(_centre_rows(sites[here], place.year, name, parts[:-2], visits))
    table = pd.concat(frames, ignore_index=True)
    floor = visits.settings.visits_floor
    below = (table["visits"] < floor).groupby([table["site_id"], table["case"]]).transform("any")
    return CentreVisits(table.assign(below_floor=below & (floor > 0), basis="modelled"), rest)


def _centre_rows(sites: pd.DataFrame, year: int, name: str, counted: NDArray[np.int64], visits: Visits) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "year": year,
            "case": name,
            "site_id": sites["id"].to_numpy(),
            "name_en": sites["name_en"].to_numpy(),
            "name_ar": sites["name_ar"].to_numpy(),
            "governorate": sites["governorate"].to_numpy(),
            "visits": counted,
            "transactions": np.round(counted * visits.transactions_per_visit(name)).astype(np.int64),
            "peak_day": np.round(visits.peak_day(counted.astype(np.float64)), 1),
            "peak_hour": np.round(visits.peak_hour(counted.astype(np.float64)), 1),
        }
    )


def layer_of(case: Case, visits: Visits) -> gpd.GeoDataFrame:
    """Demand points with visits by year, mid case under both curves (EPSG:4326)."""
    layer = case.country.people[["point_id", "zone_id", "geometry"]].copy()
    for t, year in enumerate(visits.years):
        layer[f"people_{year}"] = visits.people[t]
        layer[f"visits_{year}"] = np.round(visits.total("mid")[t], 1)
        layer[f"visits_recorded_{year}"] = np.round(visits.total("recorded")[t], 1)
    return gpd.GeoDataFrame(layer, geometry="geometry", crs="EPSG:4326")


def record_of(case: Case, visits: Visits, centres: CentreVisits) -> dict[str, Any]:
    """Write the field `visits` of run.json."""
    fit, settings, country = visits.fit, visits.settings, case.country
    zone = country.people["zone_id"].to_numpy(dtype=object)
    people = {
        c: people_by_year(country, visits.years, c, growth=settings.growth).sum(axis=1).tolist() for c in OWN_CASES
    }
    by_zone = pd.DataFrame(visits.total("mid").T, columns=list(visits.years)).groupby(zone, sort=False).sum()
    zones = {year: dict(zip(by_zone.index, whole(by_zone[year].to_numpy()), strict=True)) for year in visits.years}
    return {
        "basis": "modelled",
        "years": list(visits.years),
        "totals": {name: _by_year(visits, [round(float(v)) for v in visits.total(name).sum(axis=1)]) for name in CASES},
        "population": {name: _by_year(visits, counted) for name, counted in people.items()},
        "digital": {name: _by_year(visits, np.round(found, 4)) for name, found in visits.available.items()},
        "take_up": {
            group: _by_year(visits, np.round(curve_at(curve, visits.years), 4))
            for group, curve in settings.take_up.by_group.items()
            if curve
        },
        "assisted": settings.take_up.assisted,
        "cases": {name: asdict(settings.cases[name]) for name in OWN_CASES},
        "stated": {  # by the planner, in place of what is recorded
            "planned": bool(settings.planned),
            "transactions_per_visit": any(
                settings.cases[name].transactions_per_visit != VisitSettings().cases[name].transactions_per_visit
                for name in OWN_CASES
            ),
        },
        "scale": _scale(fit),
        "compared": compared_table(case, visits).to_dict("records"),
        "factors": _factors(visits.ranking),
        "services": services_table(case, visits).to_dict("records"),
        "governorates": [
            {"zone_id": str(z), "visits": {str(y): int(zones[y][z]) for y in visits.years}} for z in by_zone.index
        ],
        "centres": _final_centres(centres.table),
        "no_centre": {str(y): centres.rest["mid", y][0] for y in visits.years if ("mid", y) in centres.rest},
        "elsewhere": {str(y): centres.rest["mid", y][1] for y in visits.years if ("mid", y) in centres.rest},
        "calendar": {
            "open_days": round(settings.calendar.open_days, 1),
            "open_hours": round(settings.calendar.open_hours, 1),
            "peak_month_factor": settings.peak_month_factor,
        },
        "visits_floor": settings.visits_floor,
        "demand_at_work_share": settings.demand_at.work_share,
        "refugees": settings.refugees.course,
        "non_resident": dict(settings.non_resident),
    }


def _scale(fit: Fit) -> dict[str, Any]:
    recorded = fit.recorded
    return {
        "to": fit.to,
        "factor": round(fit.factor, 4),
        "alternatives": {name: round(value, 4) for name, value in fit.alternatives.items()},
        "recorded": None
        if recorded is None
        else {
            "first": recorded.first,
            "last": recorded.last,
            "centres": recorded.centres,
            "transactions": round(recorded.transactions),
            "visitors": round(recorded.visitors),
        },
    }


def _factors(ranking: Ranking) -> list[dict[str, Any]]:
    return [
        {"factor": name, "weight": round(float(weight), 4), "counted": name == COUNTED and ranking.counted}
        for name, weight in zip(ranking.factors, ranking.weights, strict=True)
    ]


def _by_year(visits: Visits, values: Any) -> dict[str, Any]:
    found = values.tolist() if isinstance(values, np.ndarray) else values
    return dict(zip(map(str, visits.years), found, strict=True))


def _final_centres(table: pd.DataFrame) -> list[dict[str, Any]]:
    """One entry a centre of the final year: visits by case, its peak day, and where it falls below the floor."""
    final = table[table["year"] == table["year"].max()]
    wide = final.pivot_table(index="site_id", columns="case", values="visits", sort=False)
    mid = final[final["case"] == "mid"].set_index("site_id")
    below = table[table["below_floor"]].groupby("site_id")["case"].agg(lambda cases: sorted(set(cases)))
    return [
        {
            "id": str(site),
            "visits": {name: int(wide.loc[site, name]) for name in CASES},
            "peak_day": float(mid.loc[site, "peak_day"]),
            "below_floor": list(below.get(site, [])),
        }
        for site in mid.index
    ]


def saved_table(case: Case, saved: JourneysSaved) -> pd.DataFrame:
    """One row an event, place and group: whole journeys and hours saved a year; places sum to the nation."""
    people, rows = case.country.people, []
    scopes = [("governorate", people["zone_id"]), ("settlement", people["settlement"])]
    for e, event in enumerate(saved.events):
        for group in saved.journeys:
            found = {"journeys": saved.journeys[group][e], "hours": saved.hours[group][e]}
            nation = {name: round(float(values.sum())) for name, values in found.items()}
            rows.append((event, "nation", case.country.code, group, *nation.values()))
            for scope, of in scopes:
                sums = pd.DataFrame(found).groupby(of.to_numpy(dtype=object)).sum()
                counted = [whole(sums[name].to_numpy(np.float64), nation[name]) for name in found]
                rows += [
                    (event, scope, str(at), group, int(j), int(h))
                    for at, j, h in zip(sums.index, *counted, strict=True)
                ]
    frame = pd.DataFrame(rows, columns=["event_id", "scope", "scope_id", "group", "journeys", "hours"])
    return frame.assign(year=saved.year, basis="modelled")


def saved_layer(case: Case, table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Governorates with the journeys and hours saved a year, of everybody and of each group (EPSG:4326)."""
    layer = case.country.zones[["zone_id", "name_en", "name_ar", "geometry"]].copy()
    here = table[table["scope"] == "governorate"].groupby(["scope_id", "group"])[["journeys", "hours"]].sum()
    for group in table["group"].unique():
        ending = "" if group == "all" else f"_{group}"
        for name in ("journeys", "hours"):
            counted = here[name].xs(group, level="group").reindex(layer["zone_id"]).fillna(0)
            layer[f"{name}{ending}"] = counted.astype(np.int64).to_numpy()
    return gpd.GeoDataFrame(layer.assign(year=table["year"].max(), basis="modelled"), crs="EPSG:4326")


def saved_record(case: Case, visits: Visits, saved: JourneysSaved, table: pd.DataFrame) -> dict[str, Any]:
    """Write the field `journeys_saved` of run.json."""
    events = case.country.records.life_events.set_index("event_id")
    whole_nation = table[table["scope"] == "nation"]
    per_event = dict(zip(saved.events, saved.per_event, strict=True))
    groups = whole_nation.groupby("group", sort=False)[["journeys", "hours"]].sum()
    places = table[(table["scope"] != "nation") & (table["group"] == "all")]
    by_place = places.groupby(["scope", "scope_id"], sort=False)[["journeys", "hours"]].sum().reset_index()
    nation = whole_nation[whole_nation["group"] == "all"].set_index("event_id")
    return {
        "basis": "modelled",
        "year": saved.year,
        "share": round(saved.share, 4),
        "hours_per_journey": visits.settings.bundle_hours,
        "groups": [
            {"group": str(group), "journeys": int(one["journeys"]), "hours": int(one["hours"])}
            for group, one in groups.iterrows()
        ],
        "places": by_place.to_dict("records"),
        "events": [
            {
                "event_id": event,
                "name_en": str(events["name_en"][event]),
                "name_ar": str(events["name_ar"][event]),
                "journeys_per_event": None if np.isnan(per_event[event]) else round(float(per_event[event]), 3),
                "journeys": int(nation["journeys"].get(event, 0)),
                "hours": int(nation["hours"].get(event, 0)),
            }
            for event in saved.events
        ],
    }

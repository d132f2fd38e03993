"""A plan as map layers (EPSG:4326); columns as listed in docs/run-folder.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.country import Country
from planning.network import Network
from planning.results import value_of

EDGE = "EPSG:4326"
CELL_M = 1000.0  # side of the square drawn around a demand point in the bands layer
BANDS = ("within_30", "within_60", "within_90", "beyond_90", "unreachable")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What every layer is drawn from."""

    country: Country
    networks: tuple[Network, ...]
    limits: NDArray[np.float64]
    results: pd.DataFrame
    sites: pd.DataFrame


def band_of(minutes: NDArray[np.float64]) -> NDArray[np.object_]:
    """Name the travel band of each journey; upper edges inclusive, inf is "unreachable"."""
    names = np.array(BANDS, dtype=object)
    index = np.searchsorted([30.0, 60.0, 90.0], minutes, side="left")
    return np.asarray(names[np.where(np.isfinite(minutes), index, len(BANDS) - 1)])


def plan_layers(drawn: Drawn) -> dict[str, gpd.GeoDataFrame]:
    """Return every layer of a plan by name."""
    demand = _demand(drawn)
    stops = _stops(drawn)
    return ({} if stops.empty else {"stops": stops}) | {
        "governorates": _governorates(drawn),
        "demand": demand,
        "assignment": _assignment(drawn),
        "bands": _bands(drawn, demand),
        "centres": _centres(drawn),
        "candidates": _candidates(drawn),
        "unreachable": _unreachable(drawn),
    }


def farthest(drawn: Drawn, *, at_most: int = 20) -> list[dict[str, Any]]:
    """List the named places farthest out of the standard in the final year, worst first."""
    final, people = drawn.networks[-1], drawn.country.people
    out = np.flatnonzero(~final.covered & np.isfinite(final.minutes))
    frame = people.iloc[out][["place_en", "place_ar", "zone_id", "people"]].assign(
        minutes=final.minutes[out], km=final.metres[out] / 1000.0
    )
    if frame.empty:
        return []
    worst = frame.sort_values(["minutes", "people"], ascending=[False, False])
    grouped = worst.groupby(["zone_id", "place_en"], sort=False).agg(
        place_ar=("place_ar", "first"), people=("people", "sum"), minutes=("minutes", "first"), km=("km", "first")
    )
    return [
        {
            "place_en": place,
            "place_ar": row["place_ar"],
            "zone_id": zone,
            "people": int(row["people"]),
            "minutes": round(float(row["minutes"]), 1),
            "km": round(float(row["km"]), 1),
            "basis": "modelled",
        }
        for (zone, place), row in grouped.head(at_most).iterrows()
    ]


def _frame(data: pd.DataFrame | dict[str, Any], geometry: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(data, geometry=geometry, crs=EDGE)


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """A GeoPackage has no infinity: no route is written as NULL."""
    return np.where(np.isfinite(values), values, np.nan)


def _site_ids(drawn: Drawn, nearest: NDArray[np.int64]) -> NDArray[np.object_]:
    ids = drawn.country.candidates["site_id"].to_numpy(dtype=object)
    return np.asarray(np.where(nearest >= 0, ids[np.maximum(nearest, 0)], None))


def _demand(drawn: Drawn) -> gpd.GeoDataFrame:
    people = drawn.country.people
    columns = ["point_id", "zone_id", "district_id", "place_en", "place_ar", "settlement", "is_camp", "people"]
    data = {name: people[name].to_numpy() for name in [*columns, "method", "basis"]}
    data["limit_minutes"] = drawn.limits
    data["within"] = drawn.networks[-1].covered
    for place in drawn.networks:
        data[f"minutes_{place.year}"] = _finite(place.minutes)
        data[f"km_{place.year}"] = np.round(_finite(place.metres) / 1000.0, 2)
        data[f"band_{place.year}"] = band_of(place.minutes)
        data[f"site_{place.year}"] = _site_ids(drawn, place.nearest)
    return _frame(data, people.geometry.to_numpy())


def _assignment(drawn: Drawn) -> gpd.GeoDataFrame:
    final, people = drawn.networks[-1], drawn.country.people
    reached = np.flatnonzero(final.nearest >= 0)
    start = shapely.get_coordinates(people.geometry.to_numpy()[reached])
    end = shapely.get_coordinates(drawn.country.candidates.geometry.to_numpy()[final.nearest[reached]])
    data = {
        "point_id": people["point_id"].to_numpy()[reached],
        "site_id": _site_ids(drawn, final.nearest[reached]),
        "people": people["people"].to_numpy()[reached],
        "minutes": final.minutes[reached],
        "km": np.round(final.metres[reached] / 1000.0, 2),
    }
    return _frame(data, shapely.linestrings(np.stack([start, end], axis=1)))


def _bands(drawn: Drawn, demand: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    year = drawn.networks[-1].year
    cells = demand[["zone_id", "people"]].assign(band=demand[f"band_{year}"])
    squares = demand.geometry.to_crs(drawn.country.metric_crs).buffer(CELL_M / 2, cap_style="square")
    frame = gpd.GeoDataFrame(cells, geometry=squares, crs=drawn.country.metric_crs)
    return frame.dissolve(["zone_id", "band"], aggfunc={"people": "sum"}).reset_index().to_crs(EDGE)


def _centres(drawn: Drawn) -> gpd.GeoDataFrame:
    sites = drawn.sites
    return _frame(sites, gpd.points_from_xy(sites["lon"], sites["lat"]))


def _candidates(drawn: Drawn) -> gpd.GeoDataFrame:
    candidates = drawn.country.candidates
    opened = drawn.sites.groupby("site_id")["operating_year"].min()
    year = candidates["site_id"].map(opened)
    columns = ["site_id", "name_en", "name_ar", "zone_id", "origin", "position_basis"]
    data = candidates[columns].assign(chosen=year.notna(), operating_year=year.astype("Int64"))
    return _frame(data, candidates.geometry.to_numpy())


def _stops(drawn: Drawn) -> gpd.GeoDataFrame:
    """Where mobile units stop on their weekly rounds, one row a unit and stop; empty without such units."""
    candidates = drawn.country.candidates.set_index("site_id")
    units = drawn.sites[drawn.sites["stops"].notna()]
    rows = [
        {"unit": unit.id, "kind": unit.kind, "day": day, "site_id": stop, "operating_year": unit.operating_year}
        for unit in units.itertuples()
        for day, stop in enumerate(str(unit.stops).split(";"), start=1)
    ]
    data = pd.DataFrame(rows, columns=["unit", "kind", "day", "site_id", "operating_year"])
    named = candidates.loc[data["site_id"]]
    data = data.assign(name_en=named["name_en"].to_numpy(), name_ar=named["name_ar"].to_numpy())
    return _frame(data, named.geometry.to_numpy())


def _unreachable(drawn: Drawn) -> gpd.GeoDataFrame:
    people = drawn.country.people
    lost = people[~np.isfinite(drawn.networks[-1].minutes)]
    return _frame(lost[["point_id", "place_en", "place_ar", "zone_id", "people"]], lost.geometry.to_numpy())


def _governorates(drawn: Drawn) -> gpd.GeoDataFrame:
    zones, years = drawn.country.zones, [place.year for place in drawn.networks]
    rows = []
    for zone in zones["zone_id"]:
        row: dict[str, Any] = {"zone_id": zone}
        for measure in ("population", "density_per_km2", "covered", "covered_share", "out_of_standard", "unreachable"):
            row[measure] = _figure(drawn, measure, zone, years[-1])
        for measure in ("mean_minutes", "p90_minutes", "mean_km", "centres"):
            row[measure] = _figure(drawn, measure, zone, years[-1])
        for year in years:
            row[f"covered_{year}"] = _figure(drawn, "covered", zone, year)
            row[f"centres_{year}"] = _figure(drawn, "centres", zone, year)
        rows.append(row | _next_opening(drawn, zone) | _farthest_place(drawn, zone))
    named = zones[["zone_id", "name_en", "name_ar", "area_km2"]].merge(pd.DataFrame(rows), on="zone_id")
    named["boundary_basis"] = zones["boundary_basis"].to_numpy()
    return _frame(named, zones.geometry.to_numpy())


def _figure(drawn: Drawn, measure: str, zone: str, year: int) -> float:
    return value_of(drawn.results, measure, year=year, scope="governorate", scope_id=zone)


def _next_opening(drawn: Drawn, zone: str) -> dict[str, Any]:
    """First year, and the last year's newest opening: what a governorate waits for."""
    here = drawn.sites[drawn.sites["governorate"] == zone]
    if here.empty:
        return {"first_year": None, "next_opening_year": None, "next_opening_en": None, "next_opening_ar": None}
    planned = here[here["status"] != "open"]
    coming = planned.iloc[0] if len(planned) else None
    return {
        "first_year": int(here["operating_year"].min()),
        "next_opening_year": None if coming is None else int(coming["operating_year"]),
        "next_opening_en": None if coming is None else coming["name_en"],
        "next_opening_ar": None if coming is None else coming["name_ar"],
    }


def _farthest_place(drawn: Drawn, zone: str) -> dict[str, Any]:
    final, people = drawn.networks[-1], drawn.country.people
    here = np.flatnonzero((people["zone_id"] == zone).to_numpy() & np.isfinite(final.minutes))
    if here.size == 0:
        return {"farthest_place_en": None, "farthest_place_ar": None, "farthest_minutes": np.nan}
    worst = int(here[final.minutes[here].argmax()])
    return {
        "farthest_place_en": people["place_en"].iloc[worst],
        "farthest_place_ar": people["place_ar"].iloc[worst],
        "farthest_minutes": float(final.minutes[worst]),
    }

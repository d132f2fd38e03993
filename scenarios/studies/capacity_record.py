"""Capacity as tables, a layer and a field of run.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planning.capacity import Capacity, Split, Three, YearOfCentres, three_of, three_of_group
from planning.demand import group_people
from scenarios.studies.case import Case

SIZED = ("counters", "staff", "hall_m2", "mean_wait_minutes", "in_time_share", "occupancy")
THREE = ("served", "over_capacity", "out_of_reach")


def table_of(case: Case, found: Capacity) -> pd.DataFrame:
    """
    Write one row a centre, year and case: the stated case for every year, the others for the last.

    `visits` are those it is sized on; `served`, `over_capacity` and `out_of_reach` (beyond the standard,
    nearest to it) are disjoint. `room` is empty without a limit.
    """
    frames = [_centres(case, found, of, found.settings.case) for of in found.years]
    frames += [_centres(case, found, of, name) for name, of in found.cases.items() if name != found.settings.case]
    return pd.concat(frames, ignore_index=True)


def _centres(case: Case, found: Capacity, of: YearOfCentres, name: str) -> pd.DataFrame:
    sites, split, sizing = case.plan.sites, of.split, of.sizing
    room = np.where(np.isfinite(found.room), found.room, np.nan)
    frame = pd.DataFrame(
        {
            "year": of.year,
            "case": name,
            "id": sites["id"].to_numpy(),
            "name_en": sites["name_en"].to_numpy(),
            "name_ar": sites["name_ar"].to_numpy(),
            "governorate": sites["governorate"].to_numpy(),
            "kind": sites["kind"].to_numpy(),
            "visits": of.come,
            "served": split.served_by,
            "over_capacity": split.sought - split.served_by,
            "out_of_reach": of.beyond,
            "room": pd.array(room).astype("Int64"),
            "utilisation": found.utilisation(of),
            "peak_hour": np.round(sizing.peak_hour, 1),
            "counters": sizing.counters,
            "staff": sizing.staff,
            "hall_m2": np.round(sizing.hall_m2, 1),
            "mean_wait_minutes": np.round(sizing.mean_wait, 2),
            "in_time_share": np.round(sizing.in_time, 4),
            "occupancy": np.round(sizing.occupancy, 4),
            "basis": "modelled",
        }
    )
    for column in SIZED:  # a mobile unit brings its own counters, and is not sized
        whole = frame[column].dtype.kind == "i"
        frame[column] = frame[column].astype("Int64" if whole else "Float64").mask(~found.centres.sized)
    return frame[of.is_open].reset_index(drop=True)


def split_table(case: Case, found: Capacity) -> pd.DataFrame:
    """Write one row a year, place and group: the three ways its visits go, in whole visits."""
    rows = []
    for of in found.years:
        for scope, scope_id, group, three in _splits(case, of.split):
            rows.append((of.year, scope, scope_id, group, three.served, three.over, three.out, three.total))
    frame = pd.DataFrame(rows, columns=["year", "scope", "scope_id", "group", *THREE, "visits"])
    return frame.assign(basis="modelled")


def _splits(case: Case, split: Split) -> Iterator[tuple[str, str, str, Three]]:
    country = case.country
    yield "nation", country.code, "all", three_of(split)
    residents = country.people["people"].to_numpy(dtype=np.float64)
    for group in country.groups["group"].unique():
        share = group_people(country.people, country.groups, str(group)) / residents
        yield "nation", country.code, str(group), three_of_group(split, np.minimum(share, 1.0))
    for kind in country.people["settlement"].unique():
        yield "settlement", str(kind), "all", three_of(split, (country.people["settlement"] == kind).to_numpy())
    for zone in country.zones["zone_id"]:
        yield "governorate", str(zone), "all", three_of(split, (country.people["zone_id"] == zone).to_numpy())


def layer_of(case: Case, found: Capacity, table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the centres of the final year as points (EPSG:4326), with what each needs."""
    final = _shown(found, table)
    sites = case.plan.sites.set_index("id").loc[final["id"]]
    return gpd.GeoDataFrame(
        final.drop(columns=["case"]), geometry=gpd.points_from_xy(sites["lon"], sites["lat"]), crs="EPSG:4326"
    )


def record_of(
    found: Capacity, table: pd.DataFrame, splits: pd.DataFrame, source: str, peak_month_factor: float, unused: list[str]
) -> dict[str, Any]:
    """Write the field `capacity` of run.json; figures of the final year unless a year is named."""
    final = splits[splits["year"] == found.final.year]
    groups = final[final["scope"] == "nation"]
    return {
        "basis": "modelled",
        "year": found.final.year,
        "case": found.settings.case,
        "demand": source,
        "policy": found.settings.policy,
        "assumptions": _assumptions(found, peak_month_factor),
        "busy_hour": "ramadan" if found.busy.ramadan else "peak_month",
        "totals": _totals(found.final),
        "totals_by_year": {str(of.year): _totals(of) for of in found.years},
        "cases": {name: _totals(of) for name, of in found.cases.items()},
        "centres": _plain(_shown(found, table).drop(columns=["year", "case", "basis"])),
        "by_governorate": _rows(final[final["scope"] == "governorate"], "scope_id", "zone_id"),
        "by_settlement": _rows(final[final["scope"] == "settlement"], "scope_id", "settlement"),
        "by_group": _rows(groups, "group", "group"),
        "limits": len(found.settings.limits),
        "limits_unused": unused,
    }


def _shown(found: Capacity, table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["year"] == found.final.year) & (table["case"] == found.settings.case)].reset_index(drop=True)


def _totals(of: YearOfCentres) -> dict[str, Any]:
    three = three_of(of.split)
    return {
        "visits": three.total,
        "served": three.served,
        "over_capacity": three.over,
        "out_of_reach": three.out,
        "counters": int(of.sizing.counters.sum()),
        "staff": int(of.sizing.staff.sum()),
        "hall_m2": round(float(of.sizing.hall_m2.sum()), 1),
    }


def _assumptions(found: Capacity, peak_month_factor: float) -> dict[str, Any]:
    stated, opening = found.settings, found.opening
    return {
        "basis": "assumed",
        "handling_minutes": stated.handling_minutes,
        "waiting_minutes": stated.target.minutes,
        "waiting_share": stated.target.share,
        "peak_hour_share": stated.peak_hour_share,
        "peak_month_factor": peak_month_factor,
        "ramadan_factor": stated.ramadan_factor,
        "least_counters": stated.least_counters,
        "staff_hours_per_week": stated.staff_hours_per_week,
        "shrinkage": stated.shrinkage,
        "m2_per_person": stated.m2_per_person,
        "present_share": stated.present_share,
        "beyond_standard_come": stated.beyond_come,
        "visits_per_resident": stated.visits_per_resident,
        "days_per_week": opening.days_per_week,
        "hours_per_day": opening.hours_per_day,
        "closed_days": opening.closed_days,
        "ramadan_days": opening.ramadan_days,
        "ramadan_hours": opening.ramadan_hours,
    }


def _rows(frame: pd.DataFrame, column: str, name: str) -> list[dict[str, Any]]:
    return _plain(frame[[column, *THREE, "visits"]].rename(columns={column: name}))


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    said = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in said.to_dict("records")]

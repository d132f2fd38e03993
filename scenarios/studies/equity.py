"""
The study of equity: how unequally the plan's travel is shared, what lies between places, who has it worst.

Made of every run. Means, quantiles, bands, Gini and Kolm-Pollak stand in the results table; here are
Theil with its parts, the Lorenz curve, the shortfall beyond the standard and the worst-served places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.language import CODES, language
from planning import equity
from planning.demand import group_people
from planning.results import value_of
from planning.siting.cover import cover_of
from planning.siting.request import instance_of
from scenarios.studies.case import Case, Study

WORST_SHARE = 0.05
TRAVELLED = ("mean_minutes", "median_minutes", "p90_minutes", "ede_minutes")  # of the results table
MOST_PLACES = 20  # in run.json; worst_places.csv has all
CURVE = np.linspace(0.0, 1.0, 101)
CURVE_SHOWN = CURVE[::5]
NOT_CLAIMED = (
    "SDG indicator 16.6.2 (the share of people satisfied with their last experience of public services) is measured by "
    "a survey of people. Travel times say nothing of satisfaction, and no figure of this run is that indicator."
)

Place = tuple[str, str, NDArray[np.bool_]]  # scope, scope_id, (n,) where


def study(case: Case) -> Study:
    """Measure the equity of the plan's final year."""
    residents = _residents(case)
    groups = {name: persons.sum(axis=0) for name, persons in residents.groups.items()}
    measures = _measures(case, residents)
    curves = _curves(case, groups)
    worst = worst_places(case, groups)
    record = {
        "basis": "modelled",
        "year": case.plan.networks[-1].year,
        "cap_minutes": case.plan.objectives.cap_minutes,
        "least_minutes": equity.LEAST_MINUTES,
        "measures": measures.astype(object).where(measures.notna(), None).to_dict("records"),
        "theil": [
            _decomposition(case, groups["all"], by, index)
            for by in ("governorate", "settlement")
            for index in ("T", "L")
        ],
        "lorenz": [
            {"scope": scope, "scope_id": scope_id, "group": group, "points": _points(curve)}
            for scope, scope_id, group, curve in curves
        ],
        "worst": _worst_record(case, groups["all"], worst),
        "not_claimed": {f"text_{code}": language(code).text(NOT_CLAIMED) for code in CODES},
    }
    return Study(
        record={"equity": record},
        tables={
            "inequality.csv": measures.assign(basis="modelled"),
            "lorenz.csv": _curve_table(curves),
            "worst_places.csv": pd.DataFrame(worst.drop(columns="geometry")).assign(basis="modelled"),
        },
        layers={"worst_places": worst, "equity": layer_of(case, measures)},
        answer=record,
    )


def worst_places(case: Case, groups: dict[str, NDArray[np.int64]]) -> gpd.GeoDataFrame:
    """
    Name the places of the worst-served 5 % of people in the final year, worst first.

    Returns
    -------
    places
        One row a place: its people (and of each group), the longest and the mean journey of those
        with a route (empty where nobody has one), people with no route; the geometry is that of its worst point.
    """
    people, final = case.country.people, case.plan.networks[-1]
    marked = np.flatnonzero(equity.worst_served(final.minutes, groups["all"], share=WORST_SHARE))
    points = people.iloc[marked][["zone_id", "district_id", "place_en", "place_ar", "geometry"]].assign(
        minutes=final.minutes[marked], **{name: persons[marked] for name, persons in groups.items()}
    )
    points = points.sort_values(["minutes", "all"], ascending=[False, False], kind="stable")
    rows = []
    for (zone, place), here in points.groupby(["zone_id", "place_en"], sort=False, dropna=False):
        reached = np.isfinite(here["minutes"])
        times, persons = here.loc[reached, "minutes"], here.loc[reached, "all"]
        rows.append(
            {
                "zone_id": zone,
                "district_id": here["district_id"].iloc[0],
                "place_en": place,
                "place_ar": here["place_ar"].iloc[0],
                "people": int(here["all"].sum()),
                **{name: int(here[name].sum()) for name in groups if name != "all"},
                "unreachable": int(here.loc[~reached, "all"].sum()),
                "minutes": float(times.max()) if len(times) else np.nan,
                "mean_minutes": round(float(times @ persons / persons.sum()), 1) if len(times) else np.nan,
                "geometry": here["geometry"].iloc[0],
            }
        )
    columns = ["zone_id", "district_id", "place_en", "place_ar", "people", *(g for g in groups if g != "all")]
    columns += ["unreachable", "minutes", "mean_minutes", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=people.crs)


@dataclass(frozen=True, slots=True)
class _Residents:
    """
    The people of the final year by group, in the cells whose standards differ, as coverage counts them.

    groups (C, n) persons by name, "all" among them; limits (C, n) minutes; beyond (C, n) not within the standard.
    """

    groups: dict[str, NDArray[np.int64]]
    limits: NDArray[np.float64]
    beyond: NDArray[np.bool_]


def _residents(case: Case) -> _Residents:
    country, instance = case.country, instance_of(case.request, case.journeys)
    cells, final = instance.cells, case.plan.networks[-1]
    people = cells.people[-1]
    frame = country.people[["zone_id"]].assign(people=people.sum(axis=0))
    groups = {"all": people}
    for name in [str(name) for name in country.groups["group"].unique()]:
        if name in cells.groups:
            groups[name] = np.where(cells.of(name)[:, None], people, 0)
        else:  # no limit of its own: it is within the standard where people of no group are
            groups[name] = np.zeros_like(people)
            groups[name][0] = group_people(frame, country.groups, name)
    main = case.request.standard.main
    limits = np.stack([main.of(instance.settlement, members) for members in cells.members])
    return _Residents(groups, limits, ~cover_of(instance, final.open_options).inside(final.open_options))


def _places(case: Case) -> Iterator[Place]:
    people = case.country.people
    yield "nation", case.country.code, np.ones(len(people), dtype=bool)
    for kind in sorted(people["settlement"].unique()):
        yield "settlement", str(kind), (people["settlement"] == kind).to_numpy()
    for zone in case.country.zones["zone_id"]:
        yield "governorate", str(zone), (people["zone_id"] == zone).to_numpy()


def _measures(case: Case, residents: _Residents) -> pd.DataFrame:
    """One row a place and group: Gini, Theil, shortfall."""
    minutes, cap = case.plan.networks[-1].minutes, float(case.plan.objectives.cap_minutes)
    rows = []
    for scope, scope_id, here in _places(case):
        limits, beyond = residents.limits[:, here], residents.beyond[:, here]
        for group, cells in residents.groups.items():
            times, counted = minutes[here], cells[:, here].sum(axis=0)
            unequal = equity.theil(times, counted, cap_minutes=cap)
            short = equity.shortfall(
                np.tile(times, len(cells)),
                cells[:, here].ravel(),
                limits.ravel(),
                cap_minutes=cap,
                beyond=beyond.ravel(),
            )
            rows.append(
                {
                    "scope": scope,
                    "scope_id": scope_id,
                    "group": group,
                    "population": int(counted.sum()),
                    "gini": equity.gini(times, counted, cap_minutes=cap),
                    "theil_t": unequal.t,
                    "theil_l": unequal.l,
                    **asdict(short),
                }
            )
    return pd.DataFrame(rows)


def layer_of(case: Case, measures: pd.DataFrame) -> gpd.GeoDataFrame:
    """Governorates with how their residents' travel is shared, final year (EPSG:4326)."""
    layer = case.country.zones[["zone_id", "name_en", "name_ar", "geometry"]].copy()
    whole = measures[(measures["scope"] == "governorate") & (measures["group"] == "all")].set_index("scope_id")
    results, year = case.plan.results, case.plan.networks[-1].year
    for name in whole.columns.drop(["scope", "group"]):
        layer[name] = whole[name].reindex(layer["zone_id"]).to_numpy()
    for name in TRAVELLED:
        layer[name] = [value_of(results, name, year=year, scope="governorate", scope_id=z) for z in layer["zone_id"]]
    return gpd.GeoDataFrame(layer.assign(year=year, basis="modelled"), crs="EPSG:4326")


def _decomposition(case: Case, everyone: NDArray[np.int64], by: str, index: Any) -> dict[str, Any]:
    people = case.country.people
    labels = people["zone_id" if by == "governorate" else "settlement"].to_numpy(dtype=str)
    found = equity.decomposed(
        case.plan.networks[-1].minutes,
        everyone,
        labels,
        index=index,
        cap_minutes=float(case.plan.objectives.cap_minutes),
    )
    return {"by": by, **asdict(found)}


def _curves(case: Case, groups: dict[str, NDArray[np.int64]]) -> list[tuple[str, str, str, equity.Lorenz]]:
    """The country's curve, and those of its settlement types and groups."""
    minutes, cap = case.plan.networks[-1].minutes, float(case.plan.objectives.cap_minutes)
    found = []
    for scope, scope_id, here in _places(case):
        if scope == "governorate":
            continue
        for group, persons in groups.items():
            if scope == "nation" or group == "all":
                found.append((scope, scope_id, group, equity.lorenz(minutes[here], persons[here], cap_minutes=cap)))
    return found


def _points(curve: equity.Lorenz) -> list[list[float]]:
    """Points every 5 % of people; none for nobody."""
    return [[round(float(x), 2), round(curve.at(float(x)), 6)] for x in CURVE_SHOWN] if curve.people.size else []


def _curve_table(curves: list[tuple[str, str, str, equity.Lorenz]]) -> pd.DataFrame:
    rows = [
        (scope, scope_id, group, round(float(share), 2), round(curve.at(float(share)), 6))
        for scope, scope_id, group, curve in curves
        if curve.people.size
        for share in CURVE
    ]
    columns = ["scope", "scope_id", "group", "people_share", "travel_share"]
    return pd.DataFrame(rows, columns=columns).assign(basis="modelled")


def _worst_record(case: Case, persons: NDArray[np.int64], worst: gpd.GeoDataFrame) -> dict[str, Any]:
    everyone, counted = int(persons.sum()), int(worst["people"].sum())
    shown = pd.DataFrame(worst.drop(columns="geometry")).head(MOST_PLACES)
    final = case.plan.networks[-1].minutes
    marked = equity.worst_served(final, persons, share=WORST_SHARE)
    return {
        "share": WORST_SHARE,
        "people": counted,
        "people_share": counted / everyone if everyone else None,
        "unreachable": int(worst["unreachable"].sum()),
        "from_minutes": float(final[marked].min()) if marked.any() else None,
        "places_counted": len(worst),
        "places": shown.astype(object).where(shown.notna(), None).to_dict("records"),
    }

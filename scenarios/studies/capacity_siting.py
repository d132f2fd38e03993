"""
The study of siting under capacity: a second formulation, asked for by ``capacity: {siting: true}``.

The plan of the run stays what it is. This says which places would serve the most visits within the
standard *and* with room, under the same rules on places, and how far from that the plan is.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.language import CODES, language
from planning.capacity import Capacity, room_of
from planning.siting.capacitated import CapacitatedPlan, site_with_room
from planning.siting.choices import options_of
from planning.siting.options import Options
from scenarios.studies.capacity import capacity_answer
from scenarios.studies.case import Case, Study

NOTE = (
    "A second formulation ran beside the plan: capacitated maximal covering. It makes the most visits served, within "
    "the standard and with room, under the programme's rules on places; the objectives and floors of the plan are not "
    "part of it. Its bound is the solver's own. The plan of this run is the other one."
)


def study(case: Case) -> Study | None:
    """
    Site the programme for the most visits served; None when it is not asked for, or capacity was not made.

    Raises
    ------
    InvalidInput
        When siting is asked for and no centre has a limit.
    """
    found = capacity_answer(case)
    if found is None or not found.settings.siting:
        return None
    options = options_of(case.country, case.request.programme, case.request.standard)
    years = [place.year for place in case.plan.networks]
    own = np.zeros((options.size, len(years)), dtype=bool)
    for t, place in enumerate(case.plan.networks):
        own[place.open_options, t] = True
    answer = site_with_room(
        case.request,
        case.journeys,
        {offer: np.stack([of.by_flow[f] for of in found.years]) for f, offer in enumerate(found.offers)},
        rooms_of(case, found, options),
        instead_of=own,
    )
    table = _table(case, options, answer, own)
    return Study(
        record={"capacity_siting": _record(answer, table, case, options, own)},
        tables={"capacity_siting.csv": pd.DataFrame(table.drop(columns="geometry"))},
        layers={"capacity_siting": table},
        answer=answer,
    )


def rooms_of(case: Case, found: Capacity, options: Options) -> NDArray[np.float64]:
    """Return (o,) whole visits a year that each option can take: by the limits, else by its kind; inf for no limit."""
    ids = case.country.candidates["site_id"].to_numpy(dtype=str)
    kinds = [options.kinds[kind] for kind in options.kind]
    room = room_of([str(ids[s]) for s in options.site], kinds, found.settings.limits, found.settings, found.busy)
    stated = {kind.id: kind.capacity_visits for kind in case.request.programme.kinds}
    own = [np.inf if stated.get(kind) is None else float(stated[kind] or 0) for kind in kinds]
    return np.where(np.isfinite(room), room, np.array(own))


def _table(case: Case, options: Options, answer: CapacitatedPlan, own: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """One row a place that is open in some year, first the earliest."""
    years, candidates = np.array([place.year for place in case.plan.networks]), case.country.candidates
    opened = np.flatnonzero(answer.is_open.any(axis=1))
    first = years[answer.is_open[opened].argmax(axis=1)]
    opened, first = opened[np.argsort(first, kind="stable")], np.sort(first, kind="stable")
    at = candidates.iloc[options.site[opened]]
    columns = {name: at[name].to_numpy() for name in ("site_id", "name_en", "name_ar", "zone_id")}
    frame = pd.DataFrame(columns).rename(columns={"zone_id": "governorate"})
    frame["kind"] = [options.kinds[kind] for kind in options.kind[opened]]
    frame["open_from"] = first
    frame["in_plan"] = own[opened].any(axis=1).tolist()
    frame["basis"] = "modelled"
    return gpd.GeoDataFrame(frame, geometry=at.geometry.to_numpy(), crs=candidates.crs)


def _record(
    answer: CapacitatedPlan, table: gpd.GeoDataFrame, case: Case, options: Options, own: NDArray[np.bool_]
) -> dict[str, Any]:
    ids = case.country.candidates["site_id"].to_numpy(dtype=str)
    left = np.flatnonzero(own.any(axis=1) & ~answer.is_open.any(axis=1))
    return {
        "basis": "modelled",
        "formulation": "capacitated_maximal_covering",
        "status": answer.status,
        "proof": answer.proof,
        "unit": "visits, summed over the years",
        "served": answer.served,
        "bound": answer.bound,
        "plan_serves": answer.plan_serves,
        "rows": answer.rows,
        "sites": pd.DataFrame(table.drop(columns=["geometry", "basis"])).to_dict("records"),
        "sites_left": [str(ids[options.site[option]]) for option in left],
        **{f"note_{code}": language(code).text(NOTE) for code in CODES},
    }

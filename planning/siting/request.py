"""What a plan is made from, and the arrays that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.country import Country
from planning.aims import Objectives
from planning.cells import Cells, cells_of
from planning.offers import Part
from planning.plan import Load
from planning.programme import Programme
from planning.siting.choices import options_of, places_of
from planning.siting.instance import Instance
from planning.siting.scale import equity_scale
from planning.siting.solve import SolverSettings
from planning.siting.where import metric_xy
from planning.standards import Standard
from planning.travel import Reach, Travel
from planning.travel import journeys as journeys_within


@dataclass(frozen=True, slots=True)
class Request:
    """
    Everything a plan is made from.

    Attributes
    ----------
    ready_travel
        Saves computing journeys again for a variant.
    people_by_year
        (T, n) residents of each year of the programme; None: those of the country in every year.
    demand
        "visits" and "priority_visits": (T, n) visits in person a year, parted by the places that can serve them,
        where an objective counts them.
    office_minutes
        (n,) to the nearest recorded office, inf where there is no route; None: not known, and not computed.
    """

    country: Country
    programme: Programme
    standard: Standard = field(default_factory=Standard)
    objectives: Objectives = field(default_factory=Objectives)
    load: Load = field(default_factory=Load)
    solver: SolverSettings = field(default_factory=SolverSettings)
    ready_travel: Travel | Reach | None = None
    people_by_year: NDArray[np.int64] | None = None
    demand: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    office_minutes: NDArray[np.float64] | None = None


def journeys_of(request: Request) -> Travel | Reach:
    """Compute the journeys a request needs: every pair of a small country, else those within its limits and its cap."""
    return journeys_within(request.country, limit_minutes=farthest_of(request))


def farthest_of(request: Request) -> float:
    """Return the longest journey, in minutes, that some limit or the cap asks about."""
    own = [kind.standard.longest for kind in request.programme.kinds if kind.standard is not None]
    return float(max([request.standard.longest_minutes, request.objectives.cap_minutes, *own]))


def people_of(request: Request) -> NDArray[np.int64]:
    """Return (T, n) residents of each year."""
    here = request.country.people["people"].to_numpy(dtype=np.int64)
    years = len(request.programme.years)
    if request.people_by_year is None:
        return np.tile(here, (years, 1))
    return _checked("people_by_year", request.people_by_year, (years, here.size))


def cells_for(request: Request) -> Cells:
    """Part the people by the groups that the standard, an objective or a floor tells apart."""
    every = {str(name) for name in request.country.groups["group"].unique()}
    wanted = set(request.standard.group_names())
    named = [floor.which for floor in request.objectives.floors if floor.scope == "group"]
    if wanted or request.objectives.asks("worst_group") or "" in named:
        wanted |= every  # the figures of one group need its people parted by the limits of the others
    return cells_of(request.country, people_of(request), sorted(wanted | (set(named) - {""})))


def _checked(name: str, values: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.int64]:
    if values.shape != shape or (values < 0).any():
        raise InvalidInput(
            "{name} has the shape {found}, or negative entries; expected {expected}, years by demand points.",
            name=name,
            found=str(values.shape),
            expected=str(shape),
        )
    return np.asarray(values, dtype=np.int64)


def instance_of(request: Request, journeys: Travel | Reach) -> Instance:
    """Write a request as the arrays of an `Instance`; raises InvalidInput for a fixed centre that cannot be."""
    country, candidates = request.country, request.country.candidates
    options = options_of(country, request.programme, request.standard)
    settlement, cells = request.standard.settlements(country), cells_for(request)
    for name, parts in request.demand.items():
        for shape in [part.amount.shape for part in parts]:
            if shape != cells.everybody.shape:
                raise InvalidInput(
                    "The demand '{name}' has the shape {found}; expected {expected}, years by demand points.",
                    name=name,
                    found=str(shape),
                    expected=str(cells.everybody.shape),
                )
    scale = equity_scale(country, request.objectives) if request.objectives.asks("ede") else None
    return Instance(
        journeys=journeys,
        places=places_of(options, journeys),
        limits=request.standard.limits(settlement),
        people=cells.everybody[-1],
        zone_of_point=country.people["zone_id"].to_numpy(dtype=object),
        zone_of_site=candidates["zone_id"].to_numpy(dtype=object),
        site_ids=candidates["site_id"].to_numpy(dtype=object),
        district_of_site=candidates["district_id"].fillna("").to_numpy(dtype=object),
        site_xy=metric_xy(country),
        options=options,
        zones=tuple(str(zone) for zone in country.zones["zone_id"]),
        zone_names=tuple(str(name) for name in country.zones["name_en"]),
        standard=request.standard,
        settlement=settlement,
        cells=cells,
        demand=request.demand,
        rate=0.0 if scale is None else scale.aversion * scale.alpha,
    )

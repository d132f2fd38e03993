"""Journeys as a scenario's section `travel` wants them, and people without a car; what cannot be is refused first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.offices import placed
from planning.cells import Cells, cells_of
from planning.siting import Request, journeys_of
from planning.siting.request import cells_for, farthest_of, people_of
from planning.travel import Reach, Travel
from planning.travel_sources import RoadSource
from planning.without_car import people_without_car
from scenarios.files import Scenario
from scenarios.sections.travel import TravelPart


def journeys_for(scenario: Scenario, request: Request) -> Travel | Reach:
    """
    Compute the journeys by which a scenario's plan is judged.

    Raises
    ------
    InvalidInput, NotFound
        For whatever in the section `travel` names something that is not there, or cannot be.
    """
    part: TravelPart | None = scenario.settings.travel
    if part is None:
        return journeys_of(request)
    if part.congestion is not None:
        for period in part.congestion.periods:
            part.at(period.factors).graph(request.country)
    if part.without_car is not None:
        carless(request, part)
    journeys = part.source(scenario.folder).journeys(request.country, limit_minutes=farthest_of(request))
    if part.without_car is not None and part.matrix is not None:
        _expect_metres(journeys, part.matrix.file)
    return journeys


def office_minutes(scenario: Scenario, request: Request) -> NDArray[np.float64] | None:
    """
    Return (n,) minutes to the nearest recorded office over the roads that the plan is judged by.

    None where no office has a position, or where journeys are the planner's own table, which knows no offices.
    """
    part, offices = scenario.settings.travel, placed(request.country.offices)
    source = RoadSource() if part is None else part.source(scenario.folder)
    if offices.empty or not isinstance(source, RoadSource):
        return None
    return source.nearest(request.country, offices).minutes


def carless(request: Request, part: TravelPart) -> tuple[Cells, NDArray[np.int64]]:
    """Return the people of the final year in cells, and (C, n) those of each without a car."""
    shares = part.shares()
    groups = {group for share in shares for group in share.groups} | set(cells_for(request).groups)
    cells = cells_of(request.country, people_of(request)[-1:], sorted(groups))
    settlement = request.standard.settlements(request.country)
    return cells, people_without_car(request.country, cells, settlement, shares)


def _expect_metres(journeys: Travel | Reach, file: str) -> None:
    took, metres = np.asarray(journeys.minutes), np.asarray(journeys.metres)
    if ((took > 0) & np.isfinite(took) & (metres == 0)).any():
        raise InvalidInput(
            "{file} has no metres, and journeys by bus are computed from them. Add the column metres, or remove "
            "without_car.",
            file=file,
        )

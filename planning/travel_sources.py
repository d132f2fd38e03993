"""
Where journeys come from: the road graph, or a matrix made elsewhere.

Both are a `TravelSource`: asked for a country and a limit, they give a table of journeys with the same checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from foundation.errors import InvalidInput, Unsupported
from planning.journeys.matrix import MatrixSource, Missing
from planning.travel import Reach, Travel, journeys

if TYPE_CHECKING:
    from geodata.country import Country


class TravelSource(Protocol):
    """Gives the journeys of a country."""

    def journeys(self, country: Country, *, limit_minutes: float) -> Travel | Reach:
        """Return the journeys from `country.people` to `country.candidates`, at least those within the limit."""
        ...


@dataclass(frozen=True, slots=True)
class RoadSource:
    """Journeys over the country's road graph."""

    def journeys(self, country: Country, *, limit_minutes: float) -> Travel | Reach:
        """See `planning.travel.journeys`."""
        return journeys(country, limit_minutes=limit_minutes)


def travel_source(kind: str, *, path: Path | None = None, missing: Missing = "refuse") -> TravelSource:
    """
    Return the source a scenario names: "roads", or "matrix" with its path.

    Raises
    ------
    Unsupported
        For "gtfs" and any other kind that is not offered.
    """
    if kind == "roads":
        return RoadSource()
    if kind == "matrix":
        if path is None:
            raise InvalidInput("Travel from a matrix needs its file. Name it in 'path'.")
        return MatrixSource(path, missing)
    raise Unsupported(
        "Travel from '{kind}' is not offered; choose roads or matrix. R5 turns a timetable (GTFS) into a matrix.",
        kind=kind,
    )

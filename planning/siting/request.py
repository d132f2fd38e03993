"""What a plan is made from, and the arrays that come of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.country import Country
from planning.plan import Load, Objectives
from planning.programme import Programme
from planning.siting.instance import COMPREHENSIVE, NEVER, PARTIAL, Instance
from planning.siting.solve import SolverSettings
from planning.standards import Standard
from planning.travel import Reach, Travel
from planning.travel import journeys as journeys_within


@dataclass(frozen=True, slots=True)
class Request:
    """Everything a plan is made from. `ready_travel` saves computing it again for a variant."""

    country: Country
    programme: Programme
    standard: Standard = field(default_factory=Standard)
    objectives: Objectives = field(default_factory=Objectives)
    load: Load = field(default_factory=Load)
    solver: SolverSettings = field(default_factory=SolverSettings)
    ready_travel: Travel | Reach | None = None


def journeys_of(request: Request) -> Travel | Reach:
    """Compute the journeys a request needs: every pair of a small country, else those within its limits and its cap."""
    standard, cap = request.standard, request.objectives.cap_minutes
    return journeys_within(
        request.country, limit_minutes=float(max(standard.urban_minutes, standard.rural_minutes, cap))
    )


def instance_of(request: Request, journeys: Travel | Reach) -> Instance:
    """Write a request as the arrays of an `Instance`; raises InvalidInput for a fixed centre that cannot be."""
    country, candidates = request.country, request.country.candidates
    ids = candidates["site_id"].to_numpy(dtype=object)
    position = {str(site): i for i, site in enumerate(ids)}
    open_from = np.full(ids.size, NEVER, dtype=np.int64)
    kind = np.full(ids.size, COMPREHENSIVE, dtype=np.int64)
    _mark_partial(request, position, kind, open_from)
    for centre in request.programme.fixed:
        if centre.site_id not in position:
            raise InvalidInput(
                "The programme fixes '{site}', which is no candidate site. Use a site_id of the candidates table.",
                site=centre.site_id,
            )
        if kind[position[centre.site_id]] == PARTIAL:
            raise InvalidInput(
                "The programme fixes '{site}', a partial centre, which is never counted. Remove it from fixed.",
                site=centre.site_id,
            )
        open_from[position[centre.site_id]] = centre.operating
    earliest = candidates["earliest_year"].fillna(0).to_numpy(dtype=np.int64)
    return Instance(
        journeys=journeys,
        limits=request.standard.limits(country.people["settlement"].to_numpy(dtype=object)),
        people=country.people["people"].to_numpy(dtype=np.int64),
        zone_of_point=country.people["zone_id"].to_numpy(dtype=object),
        zone_of_site=candidates["zone_id"].to_numpy(dtype=object),
        site_ids=ids,
        site_kind=kind,
        open_from=open_from,
        earliest=earliest,
        zones=tuple(str(zone) for zone in country.zones["zone_id"]),
        zone_names=tuple(str(name) for name in country.zones["name_en"]),
    )


def _mark_partial(
    request: Request, position: dict[str, int], kind: NDArray[np.int64], open_from: NDArray[np.int64]
) -> None:
    """A partial centre is no place for a comprehensive one; it is open only where it counts."""
    for centre in request.country.centres.itertuples():
        if centre.kind != "partial" or centre.site_id not in position:
            continue
        where = position[centre.site_id]
        kind[where] = PARTIAL
        if request.standard.partial_counts and centre.status == "open" and centre.opened_year == centre.opened_year:
            open_from[where] = int(centre.opened_year)

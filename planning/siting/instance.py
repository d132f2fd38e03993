"""What the builder of the arrays needs to know of a country and a programme, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.journeys.tables import Pairs
from planning.travel import Reach, Travel

COMPREHENSIVE, PARTIAL = 0, 1
NEVER = 9999  # the year from which a free site is fixed open


@dataclass(frozen=True, slots=True)
class Instance:
    """
    What the builder needs, as arrays; n demand points, m sites.

    Attributes
    ----------
    journeys
        From n points to m sites, dense or sparse; a sparse one must hold every journey within the
        limits and within the cap of mean travel.
    limits
        (n,) the standard, minutes, inclusive.
    people
        (n,) persons.
    zone_of_point, zone_of_site
        (n,), (m,) zone ids.
    site_ids
        (m,) unique.
    site_kind
        (m,) COMPREHENSIVE or PARTIAL; partial sites are never counted or chosen,
        only open from `open_from`.
    open_from
        (m,) year from which the site is fixed open, `NEVER` when it is free.
    earliest
        (m,) first year in which a free site may operate.
    zones, zone_names
        All zone ids, in the order of reports, and their English names.
    """

    journeys: Travel | Reach
    limits: NDArray[np.float64]
    people: NDArray[np.int64]
    zone_of_point: NDArray[np.object_]
    zone_of_site: NDArray[np.object_]
    site_ids: NDArray[np.object_]
    site_kind: NDArray[np.int64]
    open_from: NDArray[np.int64]
    earliest: NDArray[np.int64]
    zones: tuple[str, ...]
    zone_names: tuple[str, ...]

    def pairs(self, limit: float) -> Pairs:
        """List the journeys of at most `limit` minutes (inclusive) from a point to a place of a column."""
        return self.journeys.pairs(limit)

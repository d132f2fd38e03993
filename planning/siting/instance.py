"""What the builder of the arrays needs to know of a country and a programme, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.cells import Cells
from planning.offers import Part
from planning.siting.options import COMPREHENSIVE, NEVER, PARTIAL, Options
from planning.siting.places import OptionPairs, PlaceJourneys
from planning.standards import Standard
from planning.travel import EVERY, Reach, Travel

__all__ = ["COMPREHENSIVE", "NEVER", "PARTIAL", "Instance", "OptionPairs", "Options"]


@dataclass(frozen=True, slots=True)
class Instance:
    """
    What the builder needs, as arrays; n demand points, m sites, o options.

    An option is a kind of place at a site. The first m options are the comprehensive (or recorded
    partial) centres of the m sites, in their order; without further kinds there are no others.

    Attributes
    ----------
    journeys
        From n points to m sites, dense or sparse; a sparse one must hold every journey within the
        limits and within the cap of mean travel.
    places
        The same journeys, read as those to the o options.
    limits
        (n,) the standard for people of no group, minutes, inclusive.
    people
        (n,) persons in the final year.
    zone_of_point, zone_of_site
        (n,), (m,) zone ids.
    site_ids
        (m,) unique.
    district_of_site
        (m,) district ids, "" where none is known.
    site_xy
        (m, 2) metres in the country's metric CRS.
    options
        The (o,) choices; see `Options`.
    zones, zone_names
        All zone ids, in the order of reports, and their English names.
    standard, settlement
        The standard, and (n,) settlement types as it reads them.
    cells
        The people of every year, parted by the groups that an objective, a floor or the standard tells apart.
    demand
        "visits" and "priority_visits": (T, n) in person a year, parted by the places that can serve them, where
        they were computed.
    rate
        Of the Kolm-Pollak equivalent, per minute; 0 where it is no objective.
    """

    journeys: Travel | Reach
    places: PlaceJourneys
    limits: NDArray[np.float64]
    people: NDArray[np.int64]
    zone_of_point: NDArray[np.object_]
    zone_of_site: NDArray[np.object_]
    site_ids: NDArray[np.object_]
    district_of_site: NDArray[np.object_]
    site_xy: NDArray[np.float64]
    options: Options
    zones: tuple[str, ...]
    zone_names: tuple[str, ...]
    standard: Standard
    settlement: NDArray[np.object_]
    cells: Cells
    demand: Mapping[str, tuple[Part, ...]]
    rate: float

    @property
    def option_site(self) -> NDArray[np.int64]:
        """(o,) site of each option."""
        return self.options.site

    @property
    def option_kind(self) -> NDArray[np.int64]:
        """(o,) kind of each option: COMPREHENSIVE, PARTIAL, or 2 and more."""
        return self.options.kind

    @property
    def open_from(self) -> NDArray[np.int64]:
        """(o,) year from which the option is fixed open, `NEVER` when it is free."""
        return self.options.open_from

    @property
    def zone_of_option(self) -> NDArray[np.object_]:
        """(o,) zone id of each option."""
        return np.asarray(self.zone_of_site[self.options.site])

    def surely_open(self, year: int) -> NDArray[np.bool_]:
        """(o,) True where the option is open at the end of `year` in every plan."""
        return self.options.surely_open(year)

    def pairs(self, limit: float, points: slice = EVERY) -> OptionPairs:
        """List the journeys of at most `limit` minutes (inclusive) from a point (of a range of them) to an option."""
        return self.places.pairs(limit, points)

    def limits_at(self, pairs: OptionPairs, limits: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Return the limit that holds for each pair: the kind's own standard, or else the general one.

        Parameters
        ----------
        limits
            (n,) the general standard, for the people in question.
        """
        own = self.options.own_limits[self.options.kind[pairs.option], pairs.point]
        return np.where(np.isnan(own), limits[pairs.point], own)

    @property
    def longest_limit(self) -> float:
        """The longest limit of any point and kind, minutes."""
        own = self.options.own_limits
        most = float(self.limits.max(initial=0.0))
        return max(most, float(np.nanmax(own))) if np.isfinite(own).any() else most

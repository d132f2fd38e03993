"""What open centres cover, and what is lost when some of them fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OpenCentres:
    """
    The k open centres of one year and the n points around them.

    Attributes
    ----------
    ids
        Of the centres.
    zone_of_centre
        (k,) positions in `zones`.
    fixed
        (k,) True where the programme fixes it.
    fit
        (k,) True for a full centre: no mobile unit, agency point or partial centre.
    private_kind
        (k,) True where every place of its kind is operated privately.
    people
        (n,) persons.
    zone_of_point
        (n,) positions in `zones`.
    zones
        Governorate ids.
    within
        (k, n) True where a point is within the standard of a centre (inclusive).
    """

    ids: tuple[str, ...]
    zone_of_centre: Ints
    fixed: Flags
    fit: Flags
    private_kind: Flags
    people: Ints
    zone_of_point: Ints
    zones: tuple[str, ...]
    within: Flags

    @property
    def run_by_state(self) -> Flags:
        """(k,) True for a full centre whose kind is not operated privately."""
        return self.fit & ~self.private_kind

    def public(self, tendered: Sequence[int]) -> Flags:
        """(k,) True where a centre is none of `tendered` (positions) and its kind is not operated privately."""
        public = ~self.private_kind
        public[list(tendered)] = False
        return public

    def zone_people(self) -> Ints:
        """(z,) residents by governorate."""
        return _by_zone(self, np.ones(self.people.size, dtype=bool))


@dataclass(frozen=True, slots=True)
class Loss:
    """
    What is lost when some centres fail together.

    Attributes
    ----------
    by_zone
        (z,) persons within the standard only through them.
    worst_before, worst_after
        Least covered share of a governorate with people; NaN where nobody lives.
    zone_before, zone_after
        Positions of that governorate; ties to the lower position. -1 where nobody lives.
    """

    by_zone: Ints
    worst_before: float
    worst_after: float
    zone_before: int
    zone_after: int

    @property
    def people(self) -> int:
        """Persons within the standard only through them."""
        return int(self.by_zone.sum())


def covered_by(centres: OpenCentres, some: Flags) -> Flags:
    """(n,) True where a point is within the standard of one of the (k,) flagged centres."""
    return np.asarray(centres.within[some].any(axis=0), dtype=bool)


def loss_without(centres: OpenCentres, failed: Ints | list[int]) -> Loss:
    """Count the people within the standard only through `failed`, and what becomes of the worst-off governorate."""
    left = np.ones(len(centres.ids), dtype=bool)
    left[np.asarray(failed, dtype=np.int64)] = False
    before = covered_by(centres, np.ones(left.size, dtype=bool))
    after = covered_by(centres, left)
    whole = centres.zone_people()
    worst_before, zone_before = _worst(_by_zone(centres, before), whole)
    worst_after, zone_after = _worst(_by_zone(centres, after), whole)
    return Loss(_by_zone(centres, before & ~after), worst_before, worst_after, zone_before, zone_after)


def worst_off(centres: OpenCentres, count: int) -> Ints:
    """
    Positions of the `count` governorates with people whose covered share is least; ties to the lower position.

    The best covered ones, where the number would take some of them and leave others, are none of the worst-off.
    """
    whole = centres.zone_people()
    lived = np.flatnonzero(whole > 0)
    share = _by_zone(centres, covered_by(centres, np.ones(len(centres.ids), dtype=bool)))[lived] / whole[lived]
    order = np.argsort(share, kind="stable")
    taken = order[:count]
    if taken.size < order.size and share[taken[-1:]] == share.max(initial=0.0):
        taken = taken[share[taken] < share.max(initial=0.0)]
    return np.asarray(lived[taken], dtype=np.int64)


def fall(centres: OpenCentres, failed: Ints | list[int], zones: Ints) -> float:
    """By how much the covered share of a governorate of `zones` falls at most without `failed`; 0 to 1."""
    lost, whole = loss_without(centres, failed).by_zone[zones], centres.zone_people()[zones]
    return float(np.max(lost / whole, initial=0.0))


def _by_zone(centres: OpenCentres, chosen: Flags) -> Ints:
    counted = np.bincount(centres.zone_of_point[chosen], weights=centres.people[chosen], minlength=len(centres.zones))
    return np.asarray(np.rint(counted), dtype=np.int64)


def _worst(covered: Ints, whole: Ints) -> tuple[float, int]:
    lived = np.flatnonzero(whole > 0)
    if lived.size == 0:
        return float("nan"), -1
    share = covered[lived] / whole[lived]
    least = int(np.argmin(share))
    return float(share[least]), int(lived[least])

"""What centres cover in a year: catchments, overlap with public centres, and what is lost when some fail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ground:
    """
    The k open centres of a plan's final year and the n points around them.

    Attributes
    ----------
    ids, names_en, names_ar
        Of the centres.
    zone_of_centre
        (k,) positions in `zones`.
    xy
        (k, 2) metres in the country's metric CRS.
    labelled
        (k,) True where the plan labels the centre as privately operated.
    fixed
        (k,) True where the programme fixes it.
    fit
        (k,) True where a centre of its kind may be operated privately: no mobile unit, agency point or partial centre.
    operating
        (k,) year from which each operates.
    nearest
        (n,) the nearest centre, -1 where none can be reached.
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
    names_en: tuple[str, ...]
    names_ar: tuple[str, ...]
    zone_of_centre: Ints
    xy: Floats
    labelled: Flags
    fixed: Flags
    fit: Flags
    operating: Ints
    nearest: Ints
    people: Ints
    zone_of_point: Ints
    zones: tuple[str, ...]
    within: Flags

    def km(self, one: int, to: Floats) -> Floats:
        """Straight-line km from a centre to (m, 2) positions, to the millimetre."""
        apart = to - self.xy[one]
        return np.asarray(np.round(np.hypot(apart[:, 0], apart[:, 1]) / 1000.0, 6))

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


def covered_by(ground: Ground, centres: Flags) -> Flags:
    """(n,) True where a point is within the standard of one of the (k,) flagged centres."""
    return np.asarray(ground.within[centres].any(axis=0), dtype=bool)


def loss_without(ground: Ground, centres: Ints | list[int]) -> Loss:
    """Count the people within the standard only through `centres`, and what becomes of the worst-off governorate."""
    left = np.ones(len(ground.ids), dtype=bool)
    left[np.asarray(centres, dtype=np.int64)] = False
    before = covered_by(ground, np.ones(left.size, dtype=bool))
    after = covered_by(ground, left)
    whole = ground.zone_people()
    worst_before, zone_before = _worst(_by_zone(ground, before), whole)
    worst_after, zone_after = _worst(_by_zone(ground, after), whole)
    return Loss(_by_zone(ground, before & ~after), worst_before, worst_after, zone_before, zone_after)


def worst_off(ground: Ground, count: int) -> Ints:
    """Positions of the `count` governorates with people whose covered share is least; ties to the lower position."""
    whole = ground.zone_people()
    lived = np.flatnonzero(whole > 0)
    share = _by_zone(ground, covered_by(ground, np.ones(len(ground.ids), dtype=bool)))[lived] / whole[lived]
    return np.asarray(lived[np.argsort(share, kind="stable")[:count]], dtype=np.int64)


def fall(ground: Ground, centres: Ints | list[int], zones: Ints) -> float:
    """By how much the covered share of a governorate of `zones` falls at most without `centres`; 0 to 1."""
    lost, whole = loss_without(ground, centres).by_zone[zones], ground.zone_people()[zones]
    return float(np.max(lost / whole, initial=0.0))


def overlap(ground: Ground, centre: int, public: Flags) -> float:
    """
    Share of a centre's catchment (people nearest to it) within the standard of a public centre.

    `public` is (k,), the centre itself is left out. NaN without a catchment.
    """
    others = public.copy()
    others[centre] = False
    here = ground.nearest == centre
    people = int(ground.people[here].sum())
    if people == 0:
        return float("nan")
    shared = covered_by(ground, others) & here
    return int(ground.people[shared].sum()) / people


def _by_zone(ground: Ground, chosen: Flags) -> Ints:
    counted = np.bincount(ground.zone_of_point[chosen], weights=ground.people[chosen], minlength=len(ground.zones))
    return np.asarray(np.rint(counted), dtype=np.int64)


def _worst(covered: Ints, whole: Ints) -> tuple[float, int]:
    lived = np.flatnonzero(whole > 0)
    if lived.size == 0:
        return float("nan"), -1
    share = covered[lived] / whole[lived]
    least = int(np.argmin(share))
    return float(share[least]), int(lived[least])

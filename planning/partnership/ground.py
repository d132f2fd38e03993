"""A plan as a tender sees it: the centres of its final year, their catchments and overlap with public centres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.failing import Loss, OpenCentres, covered_by, fall, loss_without, worst_off

__all__ = ["Ground", "Loss", "covered_by", "fall", "loss_without", "overlap", "worst_off"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ground(OpenCentres):
    """
    The k open centres of a plan's final year and the n points around them; see `OpenCentres`.

    Attributes
    ----------
    names_en, names_ar
        Of the centres.
    xy
        (k, 2) metres in the country's metric CRS.
    labelled
        (k,) True where the plan labels the centre as privately operated.
    operating
        (k,) year from which each operates.
    nearest
        (n,) the nearest centre, -1 where none can be reached.
    """

    names_en: tuple[str, ...]
    names_ar: tuple[str, ...]
    xy: Floats
    labelled: Flags
    operating: Ints
    nearest: Ints

    def km(self, one: int, to: Floats) -> Floats:
        """Straight-line km from a centre to (m, 2) positions, to the millimetre."""
        apart = to - self.xy[one]
        return np.asarray(np.round(np.hypot(apart[:, 0], apart[:, 1]) / 1000.0, 6))


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

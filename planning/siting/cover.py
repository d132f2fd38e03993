"""Which open places bring which people within the standard, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.coverage import classes_of
from planning.siting.instance import Instance

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cover:
    """
    Reach of the places that are ever open, for each class of people whose limits are equal.

    Attributes
    ----------
    opened
        (k,) options.
    reach
        (classes, n, k) True where a place is within the limit.
    class_of
        (C,) class of each cell.
    """

    opened: Ints
    reach: Flags
    class_of: Ints

    def inside(self, open_options: Ints) -> Flags:
        """(C, n) True where some of these places is within the limit of a cell's people."""
        open_now = np.isin(self.opened, open_options)
        reached = np.asarray(self.reach[:, :, open_now].any(axis=2))
        return np.asarray(reached[self.class_of])

    def stacked(self, people: Ints, options: int) -> tuple[Flags, Ints]:
        """
        Return reach and people with one row a class and point, for what knows no cells.

        Parameters
        ----------
        people
            (C, n) persons.

        Returns
        -------
        reach, people
            (classes x n, options) and (classes x n,).
        """
        count, n, _ = self.reach.shape
        reach = np.zeros((count * n, options), dtype=bool)
        reach[:, self.opened] = self.reach.reshape(count * n, -1)
        persons = np.zeros((count, n), dtype=np.int64)
        np.add.at(persons, self.class_of, people)
        return reach, persons.ravel()


def cover_of(instance: Instance, opened: Ints) -> Cover:
    """Say whom each of some places reaches; see `inside_pairs` for which limit holds."""
    limits, kind = instance.standard.main, instance.options.kind[opened]
    minutes = instance.places.columns(opened)[0]
    own = instance.options.own_limits[kind].T
    classes = classes_of(instance, limits)
    reach, class_of = [], np.zeros(len(instance.cells.members), dtype=np.int64)
    for at, (members, cells) in enumerate(classes):
        general = limits.of(instance.settlement, members)[:, None]
        limit = np.where(np.isnan(own), general, own)
        if members & dict(limits.groups).keys():
            limit = np.minimum(limit, general)
        reach.append(np.isfinite(minutes) & (minutes <= limit))
        class_of[cells] = at
    return Cover(opened, np.stack(reach), class_of)

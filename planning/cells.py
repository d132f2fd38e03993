"""
Demand in disjoint cells: a demand point and the groups a person belongs to, so that everybody counts once.

The share of people who belong to two groups at once is recorded nowhere here: independence is
assumed within each demand point (a stated assumption), and rounded so that every person and every
member of a group is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.country import Country
from planning.demand import group_people

Ints = NDArray[np.int64]
_PLACES = 16  # binary places of an expected number of people


@dataclass(frozen=True, slots=True)
class Cells:
    """
    Everybody, in C disjoint cells a demand point.

    Attributes
    ----------
    members
        C sets of groups: whom a cell holds. The first is the empty set: people of none of them.
    people
        (T, C, n) persons in each year.
    """

    members: tuple[frozenset[str], ...]
    people: Ints

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups that the cells tell apart."""
        return tuple(sorted(frozenset().union(*self.members)))

    @property
    def everybody(self) -> Ints:
        """(T, n) residents of each point."""
        return np.asarray(self.people.sum(axis=1))

    def of(self, group: str) -> NDArray[np.bool_]:
        """(C,) True for the cells whose people belong to a group; "all" is everybody."""
        return np.array([group == "all" or group in inside for inside in self.members])


def cells_of(country: Country, people: Ints, groups: Sequence[str]) -> Cells:
    """
    Part the people of every year into cells.

    Parameters
    ----------
    people
        (T, n) residents.
    groups
        Groups of `Country.groups` to tell apart, any number; each doubles the cells.

    Raises
    ------
    InvalidInput
        For a group the country has no shares of.
    """
    known = {str(name) for name in country.groups["group"].unique()}
    for group in groups:
        if group not in known:
            raise InvalidInput(
                "The country has no group '{group}'; its groups are {known}.",
                group=group,
                known=", ".join(sorted(known)) or "-",
            )
    if not groups:
        return Cells((frozenset(),), people[:, None, :])
    parted: dict[bytes, tuple[tuple[frozenset[str], ...], Ints]] = {}
    for row in people:
        if row.tobytes() not in parted:
            frame = country.people[["zone_id"]].assign(people=row)
            parted[row.tobytes()] = parts(row, {g: group_people(frame, country.groups, g) for g in sorted(set(groups))})
    found = [parted[row.tobytes()] for row in people]
    return Cells(found[0][0], np.stack([cells for _, cells in found]))


def parts(people: Ints, counts: Mapping[str, Ints]) -> tuple[tuple[frozenset[str], ...], Ints]:
    """
    Part people by the groups they belong to, group after group, as if membership were independent.

    Parameters
    ----------
    people
        (n,) residents of each point.
    counts
        (n,) members of each group, at most the residents.

    Returns
    -------
    members, cells
        The cells' groups, and (C, n) persons: they sum to the residents at every point, and the cells of a
        group to its members. Expected numbers are rounded up or down, carrying what is left to the next
        point, so that sums over many points stay near.
    """
    members: list[frozenset[str]] = [frozenset()]
    cells: list[Ints] = [people.astype(np.int64)]
    for group, count in counts.items():
        if (count > people).any() or (count < 0).any():
            raise InvalidInput("The group '{group}' has more members somewhere than there are residents.", group=group)
        left, rest = count.astype(np.int64), people.astype(np.int64)
        inside: list[Ints] = []
        for cell in cells:
            taken = _shared(left, cell, rest)
            inside.append(taken)
            left, rest = left - taken, rest - cell
        members += [known | {group} for known in members]
        cells = [cell - taken for cell, taken in zip(cells, inside, strict=True)] + inside
    return tuple(members), np.stack(cells)


def _shared(left: Ints, cell: Ints, rest: Ints) -> Ints:
    """Whole members in a cell: `left` members over `rest` people, of whom `cell` are here."""
    expected = ((left * cell) << _PLACES) // np.maximum(rest, 1)
    carried = (np.cumsum(expected) + (1 << (_PLACES - 1))) >> _PLACES
    taken = np.diff(carried, prepend=0)
    return np.clip(taken, np.maximum(0, left - (rest - cell)), np.minimum(left, cell))


def spread(amount: Ints, cells: Ints) -> Ints:
    """
    Spread whole amounts of each point over its cells in proportion to their people.

    Parameters
    ----------
    amount
        (n,) whole, >= 0.
    cells
        (C, n) persons.

    Returns
    -------
    amounts
        (C, n), summing to `amount` at every point; where nobody lives, all in the first cell.
    """
    total = cells.sum(axis=0)
    edges = np.cumsum(cells, axis=0)
    edges[:, total == 0] = 1
    reached = amount * edges // np.maximum(total, 1)
    return np.asarray(np.diff(reached, axis=0, prepend=0), dtype=np.int64)

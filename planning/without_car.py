"""
People without a car: how many by place and group, and who of them is within the standard by bus.

Every share is the planner's: one with a source counts as reported, one without as assumed. What is
counted with them is modelled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.basis import Basis
from foundation.errors import InvalidInput, NotFound
from geodata.country import Country
from planning.cells import Cells
from planning.journeys.where import like

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CarlessShare:
    """
    Share of some people who have no car at hand.

    Attributes
    ----------
    share
        0 to 1.
    zones, districts, settlements
        Where it holds: in one of each list that is not empty.
    groups
        For whom: people of one of these groups; empty: everybody.
    source
        Where the share is printed; None: it is assumed.
    """

    share: float
    zones: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    settlements: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    source: str | None = None

    @property
    def basis(self) -> Basis:
        """Reported where a source is named, else assumed."""
        return Basis.ASSUMED if self.source is None else Basis.REPORTED


def people_without_car(
    country: Country, cells: Cells, settlement: NDArray[np.object_], shares: Sequence[CarlessShare]
) -> Ints:
    """
    Count people without a car in each cell, in the last year of the cells.

    Of several shares that hold for somebody the last one counts. Expected numbers are rounded to whole persons,
    carrying what is left to the next point of the same zone and cell, so that a zone's sum is off by less than one.

    Parameters
    ----------
    cells
        Disjoint cells that tell apart every group a share names.
    settlement
        (n,) settlement types as the standard reads them.

    Returns
    -------
    persons
        (C, n), from 0 to the people of each cell.

    Raises
    ------
    NotFound
        For a zone, district, settlement type or group that is not there.
    InvalidInput
        For people for whom no share is stated, or a share that counts for nobody.
    """
    people = cells.people[-1]
    which = _which(country, cells, settlement, shares)
    for zone in country.zones["zone_id"]:
        here = (country.people["zone_id"] == zone).to_numpy()
        if ((which < 0) & (people > 0))[:, here].any():
            raise InvalidInput(
                "No share without a car is stated for people of {zone}. Add one, or one for everybody: a share with no "
                "place and no group, first in the list.",
                zone=str(zone),
            )
    for at in range(len(shares)):
        if not people[which == at].sum():
            raise InvalidInput(
                "The share without a car number {n} counts for nobody: no people there, or later ones hold for all of "
                "them. Of several that fit the last one counts.",
                n=at + 1,
            )
    expected = people * np.where(which >= 0, np.array([one.share for one in shares])[which], 0.0)
    persons = np.zeros_like(people)
    for zone in country.zones["zone_id"]:
        here = np.flatnonzero(country.people["zone_id"] == zone)
        carried = np.floor(np.cumsum(expected[:, here], axis=1) + 0.5)
        persons[:, here] = np.diff(carried, axis=1, prepend=0).astype(np.int64)
    return np.asarray(np.clip(persons, 0, people), dtype=np.int64)


def car_table(country: Country, cells: Cells, without: Ints, *, drive: Flags, bus: Flags) -> pd.DataFrame:
    """
    Count who is within the standard, with and without a car.

    Parameters
    ----------
    without
        (C, n) persons without a car.
    drive, bus
        (C, n) True where a cell's people are within the standard by car, and by bus.

    Returns
    -------
    coverage
        One row a place (the nation, then its zones in order) and group of the cells: scope, scope_id, group, people,
        without_car, covered_with_car (of those who have one), covered_without_car, covered (their sum), in persons;
        share_with_car, share_without_car: covered ones of those with and without; NaN where there are none.
    """
    people = cells.people[-1]
    counts = {
        "people": people,
        "without_car": without,
        "covered_with_car": np.where(drive, people - without, 0),
        "covered_without_car": np.where(bus, without, 0),
    }
    rows = []
    for scope, scope_id, here in nation_and_zones(country):
        for group in ("all", *cells.groups):
            mine = cells.of(group)
            counted = {name: int(values[mine][:, here].sum()) for name, values in counts.items()}
            rows.append({"scope": scope, "scope_id": scope_id, "group": group} | counted)
    table = pd.DataFrame(rows)
    table["covered"] = table["covered_with_car"] + table["covered_without_car"]
    having = (table["people"] - table["without_car"]).replace(0, np.nan)
    table["share_with_car"] = table["covered_with_car"] / having
    table["share_without_car"] = table["covered_without_car"] / table["without_car"].replace(0, np.nan)
    return table


def nation_and_zones(country: Country) -> Iterator[tuple[str, str, Flags]]:
    """Yield scope, scope_id and the (n,) demand points of the nation, then of each governorate in order."""
    zone_of = country.people["zone_id"].to_numpy(dtype=object)
    yield "nation", country.code, np.ones(zone_of.size, dtype=bool)
    for zone in country.zones["zone_id"]:
        yield "governorate", str(zone), np.asarray(zone_of == zone)


def _which(
    country: Country, cells: Cells, settlement: NDArray[np.object_], shares: Sequence[CarlessShare]
) -> NDArray[np.int64]:
    """(C, n) position of the share that counts, -1 where none is stated."""
    which = np.full(cells.people[-1].shape, -1)
    frame = country.people
    known = {
        "zones": (frame["zone_id"].to_numpy(dtype=object), country.zones["zone_id"]),
        "districts": (frame["district_id"].to_numpy(dtype=object), country.districts["district_id"]),
        "settlements": (settlement, pd.Series(settlement).unique()),
    }
    for at, one in enumerate(shares):
        here = np.ones(len(frame), dtype=bool)
        for name, (of_point, ids) in known.items():
            wanted = getattr(one, name)
            _expect(name, wanted, [str(each) for each in ids])
            here &= np.isin(of_point, wanted) if wanted else True
        _expect("groups", one.groups, list(cells.groups))
        mine = np.array([not one.groups or bool(inside & set(one.groups)) for inside in cells.members])
        which[np.ix_(mine, here)] = at
    return which


def _expect(name: str, wanted: Sequence[str], known: list[str]) -> None:
    for one in wanted:
        if one not in known:
            raise NotFound(
                "A share without a car names '{value}' in {field}, which is not there. Spelled most like it: {near}. "
                "Known are {known}.",
                value=one,
                field=name,
                near=", ".join(like(one, known)) or "-",
                known=", ".join(known[:60]),
            )

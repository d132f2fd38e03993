"""The yes-or-no decisions: one column an option and year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimization import Columns
from planning.programme import Programme
from planning.siting.instance import PARTIAL, Instance
from planning.siting.rules import count_groups, in_group


def columns_of(instance: Instance, programme: Programme) -> Columns:
    """One column an option and year, option by option; years with nothing to choose are closed to free options."""
    options, years = instance.options, np.array(programme.years)
    option = np.repeat(np.arange(options.size), years.size)
    year = np.tile(years, options.size)
    open_ = options.open_from[option] <= year
    in_time = (options.earliest[option] <= year) & (options.latest[option] >= programme.years[0])
    free = options.free[option] & in_time & _to_choose(instance, programme).ravel()
    return Columns(
        place=options.site[option],
        kind=options.kind[option],
        year=year,
        lower=(open_ & (year < options.closes_from[option])).astype(np.int64),
        upper=(open_ | free).astype(np.int64),
        rank=np.where(options.kind[option] != PARTIAL, option + 1, 0),
    )


def positions_of(columns: Columns, instance: Instance, programme: Programme) -> NDArray[np.int64]:
    """Return (o, years) column positions, -1 where the column can never be open."""
    table = np.arange(columns.place.size).reshape(instance.options.size, len(programme.years))
    return np.where(columns.upper.reshape(table.shape) == 1, table, -1)


def widened(columns: Columns, more: int, year: int, *, mark: int) -> Columns:
    """Add free columns that are no places behind the others; `mark` (below 0) stands for their place and kind."""

    def padded(values: NDArray[np.int64], fill: int) -> NDArray[np.int64]:
        return np.concatenate([values, np.full(more, fill, dtype=np.int64)])

    return Columns(
        place=padded(columns.place, mark),
        kind=padded(columns.kind, mark),
        year=padded(columns.year, year),
        lower=padded(columns.lower, 0),
        upper=padded(columns.upper, 1),
        rank=padded(columns.rank, 0),
    )


def _to_choose(instance: Instance, programme: Programme) -> NDArray[np.bool_]:
    """(o, years) True where a count leaves room for a choice; always so where no count holds the option."""
    room = np.ones((instance.options.size, len(programme.years)), dtype=bool)
    for group in count_groups(programme):
        mask = in_group(instance, programme, group)
        for t, year in enumerate(programme.years):
            room[mask, t] = programme.number(year, group) > int((instance.surely_open(year) & mask).sum())
    return room

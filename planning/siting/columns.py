"""The yes-or-no decisions: one column a site and year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimization import Columns
from planning.programme import Programme
from planning.siting.instance import COMPREHENSIVE, NEVER, Instance


def columns_of(instance: Instance, programme: Programme) -> Columns:
    """One column a site and year, site by site; years with nothing to choose are closed to free sites."""
    m, years = instance.site_ids.size, np.array(programme.years)
    place = np.repeat(np.arange(m), years.size)
    year = np.tile(years, m)
    fixed = instance.open_from[place] <= year
    fixed_count = np.array([_fixed_count(instance, int(t)) for t in years])
    to_choose = np.array([programme.operating(int(t)) for t in years]) > fixed_count
    free = (
        (instance.site_kind[place] == COMPREHENSIVE)
        & (instance.open_from[place] == NEVER)
        & (instance.earliest[place] <= year)
        & np.tile(to_choose, m)
    )
    return Columns(
        place=place,
        kind=instance.site_kind[place],
        year=year,
        lower=fixed.astype(np.int64),
        upper=(fixed | free).astype(np.int64),
        rank=np.where(instance.site_kind[place] == COMPREHENSIVE, place + 1, 0),
    )


def positions_of(columns: Columns, instance: Instance, programme: Programme) -> NDArray[np.int64]:
    """Return (m, years) column positions, -1 where the column can never be open."""
    table = np.arange(columns.place.size).reshape(instance.site_ids.size, len(programme.years))
    return np.where(columns.upper.reshape(table.shape) == 1, table, -1)


def _fixed_count(instance: Instance, year: int) -> int:
    return int(((instance.open_from <= year) & (instance.site_kind == COMPREHENSIVE)).sum())

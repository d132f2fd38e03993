"""
Offices of single agencies: what kind each is, and which services it gives.

`placed` picks those with a position, of a kind or giving a service: the rows that a journey to "any office" goes
to (`planning.travel.nearest(country, placed(country.offices))`).
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np

KINDS = ("civil_status", "post", "municipality", "other")
BETWEEN = "; "
"""Between the services of one office."""


def services_of(cell: str) -> tuple[str, ...]:
    """Return the services named in one cell, in its order; separated by ';' (or the Arabic '؛')."""
    return tuple(name.strip() for name in cell.replace("؛", ";").split(";") if name.strip())


def placed(offices: gpd.GeoDataFrame, *, kind: str = "", service: str = "") -> gpd.GeoDataFrame:
    """
    Return the offices whose position is known: all, of one kind, or giving one service (capitals do not count).

    An office without a recorded kind or services is of no kind and gives none that is asked for.
    """
    kept = offices.geometry.notna() & ~offices.geometry.is_empty
    if kind:
        kept &= offices["kind"] == kind
    if service:
        asked = service.casefold()
        given = [asked in (name.casefold() for name in services_of(cell)) for cell in offices["services"]]
        kept &= np.array(given, dtype=bool)
    return gpd.GeoDataFrame(offices[kept].reset_index(drop=True), crs=offices.crs)

"""A raster of heights or of friction, through the gate, onto the grid that a country keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np

from geodata.gate import Limits, read_through_gate
from geodata.terrain.grid import Grid

LIMITS = Limits(memory_mib=3072, cpu_seconds=900, wall_seconds=1800.0, answer_mib=512)


def read_grid(
    path: Path,
    zones: gpd.GeoSeries,
    *,
    what: Literal["elevation", "friction"],
    metric_crs: str,
    resolution_m: float,
    crs: str = "",
    nodata: float | None = None,
) -> tuple[Grid, dict[str, Any]]:
    """
    Read a GeoTIFF of any coordinate system and size onto a grid over the zones and 5 km around them.

    Heights are averaged where the grid is coarser than the raster, else taken between its cells; friction is
    averaged, else taken from the cell. See `geodata.terrain.cells.grid` for the parameters and what is refused.

    Returns
    -------
    grid, facts
        Facts: side_m and cell_m (of the raster), known (cells with a figure), crs.
    """
    answer = read_through_gate(
        "geodata.terrain.cells:grid",
        path,
        kinds=("geotiff",),
        library="raster",
        options={"what": what, "plane": metric_crs, "resolution_m": resolution_m, "crs": crs, "nodata": nodata},
        given={"frame": np.asarray(zones.to_crs(metric_crs).total_bounds, dtype=np.float64)},
        limits=LIMITS,
    )
    facts = answer.facts
    values = answer.arrays["values"].astype(np.float32)
    return Grid(facts["west"], facts["north"], facts["side_m"], values), facts

"""What a raster of a country folder says of itself, before its cells are read, and the land that it covers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely
from shapely.affinity import translate

from geodata.folder.settings import PartFile, inside
from geodata.gate import read_through_gate


def raster_facts(folder: Path, part: PartFile) -> dict[str, Any]:
    """Return what a raster says of itself, without reading its cells; see `geodata.gate.raster.facts`."""
    answer = read_through_gate(
        "geodata.gate.raster:facts",
        inside(folder, part.file),
        kinds=("geotiff",),
        library="raster",
        options={"crs": part.crs},
    )
    return answer.facts


def framed(ring: list[list[float]]) -> Any:
    """Return the land within a raster's edge (`geodata.gate.raster.frame_of`), in degrees; None where unknown."""
    if not ring:
        return None
    shape = shapely.make_valid(shapely.Polygon(ring))
    return shapely.union_all([translate(shape, turn) for turn in (-360.0, 0.0, 360.0)])

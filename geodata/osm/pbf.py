"""OpenStreetMap extracts in PBF, streamed by osmium (pyosmium, BSD-2-Clause)."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from foundation.errors import InvalidInput
from foundation.reasons import quoted
from geodata.osm.gather import Gatherer, Points
from geodata.osm.table import RoadTable
from geodata.osm.tags import TagReader


def read_pbf(path: Path, tags: TagReader) -> RoadTable:
    """
    Read the ways of an extract; points come before ways in the file, as every published extract has them.

    Raises
    ------
    InvalidInput
        If the file is cut off, damaged or no PBF.
    """
    import osmium

    gatherer = Gatherer(tags)
    try:
        stream = (
            osmium.FileProcessor(osmium.io.File(str(path), "pbf"), osmium.osm.NODE | osmium.osm.WAY)
            .with_locations()
            .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
            .with_filter(osmium.filter.KeyFilter("highway"))
        )
        for way in stream:
            gatherer.add(way.id, way.tags.get, functools.partial(_points, way))
    except (RuntimeError, ValueError) as error:
        raise InvalidInput(
            "{file} cannot be read to its end as an OSM PBF extract ({problem}). Download it again and check its size.",
            file=path.name,
            problem=quoted(str(error)),
        ) from error
    return gatherer.table()


def _points(way: Any) -> Points:
    points = list(way.nodes)
    places = [point.location for point in points]
    return [point.ref for point in points], [place.x for place in places], [place.y for place in places]

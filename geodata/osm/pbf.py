"""OpenStreetMap extracts in PBF, streamed by osmium (pyosmium, BSD-2-Clause)."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from foundation.errors import InvalidInput
from foundation.reasons import quoted
from geodata.osm.blobs import expect_true_sizes
from geodata.osm.gather import Gatherer, Points
from geodata.osm.table import RoadTable
from geodata.osm.tags import TagReader

FEATURES = 20  # optional features of a header that are looked at


def read_pbf(path: Path, tags: TagReader) -> RoadTable:
    """
    Read the ways of an extract as it stands at one moment; ways marked as deleted are left out and counted.

    Points come before ways in the file, as every published extract has them, or stand in the ways themselves
    (``LocationsOnWays``). Ids below 0, as editors give them, are read.

    Raises
    ------
    InvalidInput
        If the file is cut off, damaged or no PBF, claims more than an extract holds, or is a history of versions.
    """
    expect_true_sizes(path)
    gatherer = Gatherer(tags)
    try:
        _gather(path, gatherer)
        _place_below_zero(path, gatherer)
    except InvalidInput:
        raise
    except (RuntimeError, ValueError) as error:
        raise InvalidInput(
            "{file} cannot be read to its end as an OSM PBF extract ({problem}). Download it again and check its size.",
            file=path.name,
            problem=quoted(str(error)),
        ) from error
    return gatherer.table()


def _gather(path: Path, gatherer: Gatherer) -> None:
    before = (0, 0)
    for way in _ways(path):
        if way.id == before[0] and way.version > before[1]:  # a history that its header does not own up to
            raise _history(path.name)
        before = (way.id, way.version)
        if way.visible and "highway" not in way.tags:
            if way.tags.get("route") == "ferry":
                gatherer.ferry(way.id, functools.partial(_points, way))
        elif way.visible:
            gatherer.add(way.id, way.tags.get, functools.partial(_points, way))
        else:
            gatherer.tags.tally.ways += 1
            gatherer.tags.tally.leave_out("deleted")


def _ways(path: Path) -> Any:
    """Return the stream of ways that may be roads or ferries, with the places of their points."""
    import osmium

    file = osmium.io.File(str(path), "pbf")
    with osmium.io.Reader(file, osmium.osm.NOTHING) as reader:
        header = reader.header()
    if header.has_multiple_object_versions:
        raise _history(path.name)
    if any(header.get(f"pbf_optional_feature_{at}") == "LocationsOnWays" for at in range(FEATURES)):
        stream = osmium.FileProcessor(file, osmium.osm.WAY)
    else:
        stream = osmium.FileProcessor(file, osmium.osm.NODE | osmium.osm.WAY).with_locations()
    only_ways = osmium.filter.EntityFilter(osmium.osm.WAY)
    return stream.with_filter(only_ways).with_filter(osmium.filter.KeyFilter("highway", "route"))


def _history(file: str) -> InvalidInput:
    return InvalidInput(
        "{file} is a history of OpenStreetMap: it holds ways as they were once. Take an extract of today, or make one "
        "of it (osmium time-filter).",
        file=file,
    )


def _place_below_zero(path: Path, gatherer: Gatherer) -> None:
    """Find the points with ids below 0: osmium's table of places holds the others only."""
    import osmium

    wanted = gatherer.lacking_below_zero()
    if wanted:
        nodes: Any = osmium.FileProcessor(osmium.io.File(str(path), "pbf"), osmium.osm.NODE)
        gatherer.place({node.id: (node.location.x, node.location.y) for node in nodes if node.id in wanted})


def _points(way: Any) -> Points:
    points = list(way.nodes)
    places = [point.location for point in points]
    return [point.ref for point in points], [place.x for place in places], [place.y for place in places]

"""Answers of an Overpass server in JSON: elements of type node and way, with or without ``out geom``."""

from __future__ import annotations

import functools
import json
import math
from pathlib import Path
from typing import Any

from foundation.errors import InvalidInput, Phrase
from foundation.reasons import quoted, reason_of
from geodata.osm.gather import NOWHERE, UNITS, Gatherer, Points
from geodata.osm.table import RoadTable
from geodata.osm.tags import TagReader

MAX_BYTES = 1_000_000_000  # JSON is held whole while it is read


def read_overpass(path: Path, tags: TagReader) -> RoadTable:
    """
    Read an Overpass answer.

    Raises
    ------
    InvalidInput
        If the file is too large, no JSON, cut off by the server ("remark"), or an element is malformed.
    """
    if path.stat().st_size > MAX_BYTES:
        raise InvalidInput(
            "{file} is larger than {limit} bytes. Use a PBF extract instead.", file=path.name, limit=MAX_BYTES
        )
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InvalidInput("{file} is not JSON: {problem}.", file=path.name, problem=reason_of(error)) from error
    elements = content.get("elements") if isinstance(content, dict) else None
    if not isinstance(elements, list):
        raise InvalidInput("{file} has no list 'elements'; expected an Overpass answer.", file=path.name)
    remark = content.get("remark")
    if isinstance(remark, str) and "error" in remark.lower():
        raise InvalidInput(
            "{file} was cut off by the server: {problem}. Ask for a smaller area, or use a PBF extract.",
            file=path.name,
            problem=quoted(remark),
        )
    return _table(elements, path.name, tags)


class _Wrong(Exception):
    """An element that cannot be, and why."""

    def __init__(self, said: Phrase) -> None:
        self.said = said
        super().__init__(str(said))


def _table(elements: list[Any], file: str, tags: TagReader) -> RoadTable:
    gatherer = Gatherer(tags)
    places: dict[int, tuple[int, int]] = {}

    def point(element: dict[str, Any]) -> None:
        if element["type"] == "node":
            places[int(element["id"])] = _place(element)

    def way(element: dict[str, Any]) -> None:
        if element["type"] != "way":
            return
        if "highway" in element.get("tags", {}):
            tag = functools.partial(_tag, element["tags"])
            gatherer.add(int(element["id"]), tag, functools.partial(_points, element, places))
        elif element.get("tags", {}).get("route") == "ferry":
            gatherer.ferry(int(element["id"]), functools.partial(_points, element, places))

    for take in (point, way):
        for at, element in enumerate(elements):
            try:
                take(element)
            except _Wrong as error:
                raise InvalidInput(
                    "{file}, element {row}: {problem}. Ask the server again.",
                    file=file,
                    row=at + 1,
                    problem=error.said,
                ) from error
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
                raise InvalidInput(
                    "{file}, element {row}: {problem}; expected a node (id, lat, lon) or a way (nodes, tags).",
                    file=file,
                    row=at + 1,
                    problem=quoted(repr(error)[:120]),
                ) from error
    return gatherer.table()


def _tag(tags: dict[str, Any], name: str) -> str | None:
    """Return a tag as text: a server writes texts only, other programs also numbers, true and false."""
    value = tags.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{value:.15g}"
    raise _Wrong(Phrase("the tag {tag} is neither text nor number", {"tag": name}))


def _place(point: dict[str, Any]) -> tuple[int, int]:
    lon, lat = float(point["lon"]), float(point["lat"])
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180.0 and abs(lat) <= 90.0):
        raise _Wrong(Phrase("the position {lon}, {lat} is not on the Earth", {"lon": str(lon), "lat": str(lat)}))
    return round(lon / UNITS), round(lat / UNITS)


def _points(way: dict[str, Any], places: dict[int, tuple[int, int]]) -> Points:
    drawn = way.get("geometry") or [None] * len(way["nodes"])
    if len(drawn) != len(way["nodes"]):
        counts = {"nodes": len(way["nodes"]), "positions": len(drawn)}
        raise _Wrong(Phrase("its nodes ({nodes}) are not as many as its positions ({positions})", counts))
    found: list[tuple[int, int, int]] = []
    for ref, point in zip(way["nodes"], drawn, strict=True):
        found.append((int(ref), *(_place(point) if point else places.get(int(ref), (NOWHERE, NOWHERE)))))
    return [point[0] for point in found], [point[1] for point in found], [point[2] for point in found]

"""
Street graphs in GraphML, as osmnx and networkx write them.

Read here by the expat parser and not by osmnx itself: osmnx keeps every edge as a
dictionary in a networkx graph, imports an HTTP client, and rebuilds geometry that a
travel graph has no use for. Entities and document types are refused.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from foundation.reasons import quoted
from geodata.osm.table import SHORTEST_M, RoadTable, metres_between
from geodata.osm.tags import TagReader

LONGEST_M = 20_000_000  # half way round the Earth: no edge is longer
LONGEST_ID, MARKUP = 120, "<>"  # an id stands in messages, edits and pages


@dataclass(slots=True)
class _Parsed:
    """What the parser has met so far."""

    names: dict[tuple[str, str], str] = field(default_factory=dict)  # (for, key id) -> attribute name
    place: dict[str, int] = field(default_factory=dict)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    edges: list[tuple[int, int, float, int, float, float]] = field(default_factory=list)
    directed: bool = True


def read_graphml(path: Path, tags: TagReader) -> RoadTable:
    """
    Read a street graph: nodes with x and y in degrees, edges with highway, length and maxspeed.

    An edge of a directed graph is driven from its source to its target; two opposite edges of one
    length, class and speed become one road driven both ways. A missing length is measured straight.

    Raises
    ------
    InvalidInput
        If the file is no GraphML, cut off, holds entities, names unknown nodes or one twice, has an id that is no
        plain word or a length out of range, or lies in another CRS.
    """
    parsed = _Parsed()
    try:
        with path.open("rb") as stream:
            _Handler(parsed, tags, path.name).parser.ParseFile(stream)
    except expat.ExpatError as error:
        raise InvalidInput(
            "{file} cannot be read to its end as GraphML ({problem}). Save it again.",
            file=path.name,
            problem=quoted(str(error)),
        ) from error
    lon, lat = np.array(parsed.lon, dtype=np.float64), np.array(parsed.lat, dtype=np.float64)
    far = ~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0))
    if far.any():
        raise InvalidInput(
            "{file}: the position {x}, {y} is not in degrees. Save the graph in EPSG:4326 (unprojected).",
            file=path.name,
            x=float(lon[far][0]),
            y=float(lat[far][0]),
        )
    return _table(parsed, lon, lat, tuple(tags.table.classes))


class _Handler:
    """Feeds nodes and edges into `_Parsed` as the parser meets them."""

    def __init__(self, parsed: _Parsed, tags: TagReader, file: str) -> None:
        self.parsed, self.tags, self.file = parsed, tags, file
        self._code = {name: code for code, name in enumerate(tags.table.classes)}
        self._element: dict[str, str] = {}
        self._data: dict[str, str] = {}
        self._key: str | None = None
        self._text: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def _refuse_doctype(self, *_: object) -> None:
        raise InvalidInput("{file} declares a document type or entities, which are not read.", file=self.file)

    def _start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "key":
            self.parsed.names[given.get("for", ""), given.get("id", "")] = given.get("attr.name", "")
        elif name == "graph":
            self.parsed.directed = given.get("edgedefault", "directed") == "directed"
        elif name in {"node", "edge"}:
            self._element, self._data = given, {}
        elif name == "data":
            self._key, self._text = given.get("key"), []

    def _characters(self, text: str) -> None:
        if self._key is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        if name == "data" and self._key is not None:
            self._data[self._key] = "".join(self._text)
            self._key = None
        elif name == "node":
            self._node({self.parsed.names.get(("node", k), k): v for k, v in self._data.items()})
        elif name == "edge":
            self._edge({self.parsed.names.get(("edge", k), k): v for k, v in self._data.items()})

    def _node(self, data: Mapping[str, str]) -> None:
        at = self._element.get("id", "")
        if at in self.parsed.place:
            raise InvalidInput(
                "{file}: the node '{node}' is given twice. Give each node its own id.",
                file=self.file,
                node=at[:LONGEST_ID],
            )
        if not at or len(at) > LONGEST_ID or not at.isprintable() or any(mark in at for mark in MARKUP):
            raise InvalidInput(
                "{file}: '{node}' is no id of a node. Use letters, digits and plain signs, at most {most}.",
                file=self.file,
                node="".join(letter for letter in at if letter.isprintable())[:LONGEST_ID],
                most=LONGEST_ID,
            )
        self.parsed.place[at] = len(self.parsed.lon)
        self.parsed.lon.append(self._number(data.get("x", data.get("lon", "")), "x", f"node {at}"))
        self.parsed.lat.append(self._number(data.get("y", data.get("lat", "")), "y", f"node {at}"))

    def _edge(self, data: Mapping[str, str]) -> None:
        source, target = self._element.get("source", ""), self._element.get("target", "")
        for end in (source, target):
            if end not in self.parsed.place:
                raise InvalidInput(
                    "{file}: an edge names the node '{node}', which is not there.", file=self.file, node=end
                )
        tags = {name: _plain(name, value) for name, value in data.items() if name not in {"oneway", "junction"}}
        if self.parsed.directed and self.tags.table.oneway:
            tags["oneway"] = "yes"
        rule = self.tags.rule(tags.get)
        if rule is None or source == target:
            return
        length = self._number(data["length"], "length", f"edge {source}-{target}") if "length" in data else math.nan
        backward = 0.0 if self.parsed.directed else rule.backward
        start, end_ = self.parsed.place[source], self.parsed.place[target]
        self.parsed.edges.append((start, end_, length, self._code[rule.road_class], rule.forward, backward))

    def _number(self, text: str, field_: str, where: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if field_ == "length" and not 0 <= value <= LONGEST_M:
            raise InvalidInput(
                "{file}, {where}: {field} is '{value}'; expected metres from 0 to {most}.",
                file=self.file,
                where=where,
                field=field_,
                value=text[:40],
                most=LONGEST_M,
            )
        if not math.isfinite(value):
            raise InvalidInput(
                "{file}, {where}: {field} is '{value}'; expected a number.",
                file=self.file,
                where=where,
                field=field_,
                value=text[:40],
            )
        return value


def _plain(name: str, value: str) -> str:
    """Take the first of a list that simplification left (``['residential', 'tertiary']``); of limits, all."""
    if not value.startswith("["):
        return value
    try:
        words = [str(word) for word in ast.literal_eval(value[:1000])]
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return value
    if name.startswith("maxspeed"):
        return ";".join(words)
    return words[0] if words else ""


def _table(
    parsed: _Parsed,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    classes: tuple[str, ...],
) -> RoadTable:
    rows = np.array(parsed.edges, dtype=np.float64).reshape(-1, 6)
    start, end, code = rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64), rows[:, 3].astype(np.int16)
    straight = metres_between(lon[start], lat[start], lon[end], lat[end])
    metres = np.maximum(np.where(np.isnan(rows[:, 2]), straight, rows[:, 2]), SHORTEST_M)
    forward, backward = rows[:, 4], rows[:, 5]
    if parsed.directed:
        keep, backward = _pair(start, end, metres, code, forward)
        start, end, code, metres = start[keep], end[keep], code[keep], metres[keep]
        forward, backward = forward[keep], backward[keep]
    key = np.array(list(parsed.place), dtype=str)
    return RoadTable(key, lon, lat, start, end, metres, forward, backward, code, classes)


def _pair(
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    metres: NDArray[np.float64],
    code: NDArray[np.int16],
    forward: NDArray[np.float64],
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Join opposite edges of one length, class and speed: which edges stay, and their speed backwards."""
    low, high, back = np.minimum(start, end), np.maximum(start, end), start > end
    order = np.lexsort((back, forward, code, metres, high, low))
    same = np.ones(max(order.size - 1, 0), dtype=bool)
    for part in (low, high, code, forward, np.round(metres, 3)):
        same &= part[order][1:] == part[order][:-1]
    same &= ~back[order][:-1] & back[order][1:]
    stay, backward = np.ones(order.size, dtype=bool), np.zeros(order.size)
    backward[order[:-1][same]] = forward[order[1:][same]]
    stay[order[1:][same]] = False
    return stay, backward

"""Gathering ways while a file is streamed: flat arrays that grow, never one object a way."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from geodata.osm.table import RoadTable, Ways, table_of
from geodata.osm.tags import TagOf, TagReader

NOWHERE = 2_147_483_647  # the coordinate of a point that the file lacks
Points = tuple[list[int], list[int], list[int]]

MOST_FERRY_ENDS = 20_000
UNITS = 1e-7  # degrees; the resolution of OpenStreetMap coordinates


class Gatherer:
    """
    Takes ways one by one and gives the road table in the end.

    Points are given as lists of ids, x and y, these in `UNITS` of a degree, `NOWHERE` when unknown.
    """

    def __init__(self, tags: TagReader) -> None:
        self.tags = tags
        self.classes = tuple(tags.table.classes)
        self._code = {name: code for code, name in enumerate(self.classes)}
        self._ways, self._size, self._class = array("q"), array("q"), array("h")
        self._forward, self._backward = array("d"), array("d")
        self._ref, self._x, self._y = array("q"), array("i"), array("i")

    def add(self, way_id: int, tag: TagOf, points: Callable[[], Points]) -> None:
        """Take one way if its tags say that it is driven; `points` is called only then."""
        rule = self.tags.rule(tag)
        if rule is None:
            return
        refs, x, y = points()
        self._ref.extend(refs)
        self._x.extend(x)
        self._y.extend(y)
        self._ways.append(way_id)
        self._size.append(len(refs))
        self._class.append(self._code[rule.road_class])
        self._forward.append(rule.forward)
        self._backward.append(rule.backward)

    def ferry(self, way_id: int, points: Callable[[], Points]) -> None:
        """Count a ferry, which is never driven, and keep where its two ends lie."""
        tally = self.tags.tally
        tally.ways += 1
        tally.leave_out("ferry")
        _, x, y = points()
        for at in (0, -1) if len(tally.ferry_at) < MOST_FERRY_ENDS and x else ():
            if x[at] != NOWHERE and y[at] != NOWHERE:
                tally.ferry_at.append((str(way_id), x[at] * UNITS, y[at] * UNITS))

    def lacking_below_zero(self) -> set[int]:
        """Return the ids below 0 that ways name and whose place is not known yet."""
        if not self._ref:
            return set()
        refs, x = np.frombuffer(self._ref, dtype=np.int64), np.frombuffer(self._x, dtype=np.int32)
        return set(refs[(refs < 0) & (x == NOWHERE)].tolist())

    def place(self, found: Mapping[int, tuple[int, int]]) -> None:
        """Put points whose place was not known where they are: x and y in `UNITS`, by id."""
        refs = np.frombuffer(self._ref, dtype=np.int64)
        x, y = (np.frombuffer(values, dtype=np.int32) for values in (self._x, self._y))
        for at in np.flatnonzero((x == NOWHERE) & np.isin(refs, np.array(list(found), dtype=np.int64))).tolist():
            x[at], y[at] = found[int(refs[at])]

    def table(self) -> RoadTable:
        """Return the road table of all ways taken."""
        refs = np.frombuffer(self._ref, dtype=np.int64) if self._ref else np.empty(0, dtype=np.int64)
        x, y = (np.array(values, dtype=np.int64) for values in (self._x, self._y))
        known = np.flatnonzero((x != NOWHERE) & (y != NOWHERE))
        key, first = np.unique(refs[known], return_index=True)
        ways = Ways(
            way_id=np.array(self._ways, dtype=np.int64),
            size=np.array(self._size, dtype=np.int64),
            ref=refs,
            road_class=np.array(self._class, dtype=np.int16),
            forward=np.array(self._forward, dtype=np.float64),
            backward=np.array(self._backward, dtype=np.float64),
        )
        at = known[first]
        return table_of(ways, self.classes, key, _degrees(x[at]), _degrees(y[at]))


def _degrees(units: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(units / 10_000_000.0, dtype=np.float64)

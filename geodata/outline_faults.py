"""What is wrong with an outline, in sentences of the catalogue; the geometry library says it in English only."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import shapely

from foundation.errors import Phrase
from foundation.reasons import quoted

_FAULTS = {
    "Self-intersection": "its line crosses itself at {x}, {y}",
    "Ring Self-intersection": "its line touches itself at {x}, {y}",
    "Hole lies outside shell": "a hole lies outside it at {x}, {y}",
    "Holes are nested": "a hole lies in another at {x}, {y}",
    "Interior is disconnected": "a hole parts it in two at {x}, {y}",
    "Nested shells": "a part of it lies in another at {x}, {y}",
    "Duplicate Rings": "a line is given twice at {x}, {y}",
    "Too few points in geometry component": "a line has too few points at {x}, {y}",
}
MOST_MEETINGS, FREE_MEETINGS = 20, 200
"""
Pieces of line that a piece of an outline may meet, on average of those looked at together, and beyond that for all of
these. In a valid outline a piece meets itself and two neighbours; along a border drawn twice it meets six.
"""
AT_ONCE, PAIRS_AT_ONCE = 16, 200_000
_SAID = re.compile(r"^(.*?)\[([-+.\deE]+) ([-+.\deE]+)\]$")


def fault_of(shape: Any) -> Phrase:
    """Say why a polygon is not valid; `shape` is not."""
    said = str(shapely.is_valid_reason(shape))
    found = _SAID.match(said)
    if found is None or found[1] not in _FAULTS:
        return quoted(said)
    x, y = (f"{float(number):.8g}" for number in found.group(2, 3))
    return Phrase(_FAULTS[found[1]], {"x": x, "y": y})


def is_scribble(shape: Any) -> bool:
    """
    Whether an outline crosses or touches itself so often that mending it would take minutes and gigabytes.

    Mending makes a point of every meeting of two pieces, and some thousand pieces drawn at random meet a million times.
    """
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    start, end = points[:-1], points[1:]
    drawn = (ring[1:] == ring[:-1]) & (start != end).any(axis=1)
    pieces: Any = shapely.linestrings(np.stack([start[drawn], end[drawn]], axis=1))
    tree = shapely.STRtree(pieces)
    step = max(AT_ONCE, PAIRS_AT_ONCE // max(len(pieces), 1))
    for first in range(0, len(pieces), step):
        some = pieces[first : first + step]
        if tree.query(some, predicate="intersects").shape[1] > MOST_MEETINGS * len(some) + FREE_MEETINGS:
            return True
    return False

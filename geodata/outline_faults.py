"""What is wrong with an outline, in sentences of the catalogue; the geometry library says it in English only."""

from __future__ import annotations

import re
from typing import Any

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
_SAID = re.compile(r"^(.*?)\[([-+.\deE]+) ([-+.\deE]+)\]$")


def fault_of(shape: Any) -> Phrase:
    """Say why a polygon is not valid; `shape` is not."""
    said = str(shapely.is_valid_reason(shape))
    found = _SAID.match(said)
    if found is None or found[1] not in _FAULTS:
        return quoted(said)
    x, y = (f"{float(number):.8g}" for number in found.group(2, 3))
    return Phrase(_FAULTS[found[1]], {"x": x, "y": y})

"""
The fourth floor: draws a run.

`publish` writes ``map.html`` and the QGIS styles into a run folder that still lies
aside; `picture` draws the map of the final year as a PNG. May import `scenarios` and
`foundation`. Knows nothing of solving, reports or HTTP.
"""

from maps.drawing import picture
from maps.publisher import publish

__all__ = ["picture", "publish"]

"""What the picture's map and its words share: type, signs, the round length of a scale bar."""

from __future__ import annotations

import functools
import math
from typing import Any

from matplotlib import font_manager
from matplotlib.lines import Line2D

from maps import palette
from maps.fonts import ARABIC_FAMILY, font_file, latin_font_file


@functools.cache
def register_fonts() -> None:
    """Make our type known to matplotlib, once."""
    for path in (font_file(400), font_file(600), latin_font_file()):
        font_manager.fontManager.addfont(str(path))


def font(size: float, weight: int = 400) -> dict[str, Any]:
    """Return the text properties of our type at `size` points."""
    return {
        "family": [ARABIC_FAMILY, "IBM Plex Sans", "DejaVu Sans"],
        "size": size,
        "weight": weight,
        "parse_math": False,
    }


def centre_mark(operator: str, kind: str) -> dict[str, Any]:
    """Return how a place is drawn: disc, or lozenge (private), square (agency point), triangle (mobile unit)."""
    size = {"partial": 26, "agency": 24, "mobile": 34}
    return {
        "marker": {"agency": "s", "mobile": "^"}.get(kind, "D" if operator == "private" else "o"),
        "s": size.get(kind, 44 if operator == "private" else 58),
        "facecolor": palette.ACCENT,
        "edgecolor": "white",
        "linewidth": 1.1,
    }


def scale_length(metres_across: float) -> float:
    """Return a round length in kilometres (1, 2, 3 or 5 times ten to a power), about a fifth of the map."""
    most = metres_across / 5 / 1000
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1, 2, 3, 5) if step * power <= most)


def legend_dot(colour: str, *, hollow: bool = False) -> Line2D:
    """Return the sign of a travel band."""
    return Line2D(
        [], [], linestyle="", marker="o", markersize=6.5,
        markerfacecolor="white" if hollow else colour, markeredgecolor=colour, markeredgewidth=1.2 if hollow else 0,
    )  # fmt: skip


def legend_cased(colour: str) -> Line2D:
    """Return the sign of a point outside the standard: a white gap and a dark line around it."""
    return Line2D(
        [], [], linestyle="", marker="o", markersize=7.2, fillstyle="full",
        markerfacecolor=colour, markeredgecolor=palette.INK, markeredgewidth=1.4,
    )  # fmt: skip


def legend_frame() -> Line2D:
    """Return the sign of the worst-covered governorate: a strong outline."""
    return Line2D(
        [], [], linestyle="", marker="s", markersize=7, markerfacecolor="none",
        markeredgecolor=palette.INK, markeredgewidth=1.8,
    )  # fmt: skip

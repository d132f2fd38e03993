"""
The colours of every map, in one place, so that a page, a picture and QGIS agree.

Travel bands run from light to dark: nearer is lighter, and each step is darker than
the one before, so that the order survives colour blindness and a grey printer. The
shade of a governorate is a quiet green-grey under them. One accent is left for what
the plan decides: the centres.
"""

from __future__ import annotations

from typing import Final

ACCENT: Final = "#00594f"  # centres, and everything that can be pressed
ACCENT_SOFT: Final = "#e3eeec"
INK: Final = "#1b2a2e"
MUTED: Final = "#55666a"
PAPER: Final = "#ffffff"
GROUND: Final = "#edf0ee"  # outside the country
LINE: Final = "#8fa39f"  # boundaries

BANDS: Final[dict[str, str]] = {
    "within_30": "#e9b949",
    "within_60": "#d9772b",
    "within_90": "#a83a3a",
    "beyond_90": "#4a1942",
    "unreachable": "#111111",
}

# Share of a governorate's residents within the standard: lower end of the class, colour.
SHARES: Final[tuple[tuple[float, str], ...]] = (
    (0.0, "#ffffff"),
    (0.25, "#e9f0ec"),
    (0.5, "#d3e3db"),
    (0.75, "#b9d4c8"),
    (0.9, "#9cc3b4"),
)


def share_class(share: float) -> int:
    """
    Return the class in `SHARES` of a share; a boundary belongs to the class above it.

    NaN (no people, or not computed) is class 0.
    """
    return max((k for k, (low, _) in enumerate(SHARES) if share >= low), default=0)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.1), 0 for black to 1 for white."""
    channels = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours (WCAG 2.1), 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)

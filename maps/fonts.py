"""
IBM Plex Sans Arabic (with its Latin), cut down to what a page writes, inside the page.

The fonts come from `fontpkg-ibm-plex-sans-arabic` (SIL Open Font Licence 1.1) and are
subset by fontTools to Arabic, Latin and the punctuation of both. Nothing is loaded from a network.
"""

from __future__ import annotations

import base64
import functools
import io
import logging
from importlib import resources
from pathlib import Path
from typing import Final

from fontTools import subset  # type: ignore[import-untyped]

ARABIC_FAMILY: Final = "IBM Plex Sans Arabic"
WEIGHTS: Final[dict[int, str]] = {400: "Regular", 600: "SemiBold"}
_KEPT: Final = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x600, 0x700),
    *range(0x2010, 0x2030),
    0x2032,
    0x2190,
    0x2192,
    0x2212,
    0x221E,
    0x2264,
    0x2265,
)


def font_file(weight: int) -> Path:
    """Path of the whole TrueType file of `weight` (400 or 600), for matplotlib and documents."""
    folder = Path(str(resources.files("fontpkg_ibm_plex_sans_arabic")))
    return folder / "files" / f"IBMPlexSansArabic-{WEIGHTS[weight]}.ttf"


def latin_font_file() -> Path:
    """Path of IBM Plex Sans (variable), which holds more Latin letters than the Arabic family."""
    return Path(str(resources.files("fontpkg_ibm_plex_sans"))) / "files" / "IBMPlexSans[wdth,wght].ttf"


@functools.cache
def font_faces() -> str:
    """Return the ``@font-face`` rules, fonts embedded as base64 WOFF, about 180 kB."""
    return "\n".join(
        f'@font-face{{font-family:"{ARABIC_FAMILY}";font-weight:{weight};font-style:normal;'
        f"src:url(data:font/woff;base64,{_subset(font_file(weight))}) format('woff')}}"
        for weight in WEIGHTS
    )


def _subset(path: Path) -> str:
    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)
    options = subset.Options(flavor="woff", layout_features=["*"], drop_tables=["meta"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_KEPT)
    held = io.BytesIO()
    with subset.load_font(str(path), options) as font:
        cutter.subset(font)
        subset.save_font(font, held, options)
    return base64.b64encode(held.getvalue()).decode("ascii")

"""
What a GeoJSON says its coordinate system is, read beside GDAL.

GDAL takes a ``crs`` that it cannot resolve (a link, an unknown name) for longitude and latitude, and says nothing.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from foundation.errors import InvalidInput

DEGREES = "EPSG:4326"
_MEMBER = re.compile(rb'"crs"\s*:\s*(?=[{"])')
_WGS84 = re.compile(
    r"(urn:(x-)?ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?((ogc|epsg)?[:/][\d.:/]*)?(crs84|4326)"
)
_LONGEST = 4096  # bytes of a ``crs``


def expect_understood(path: Path, found: str | None, name: str) -> None:
    """
    Refuse a GeoJSON that was taken for longitude and latitude and says that it is something else.

    Parameters
    ----------
    found
        What GDAL made of it; only `DEGREES` may be a guess.

    Raises
    ------
    InvalidInput
        With what the file says.
    """
    if path.suffix.casefold() not in (".geojson", ".json") or found != DEGREES or not path.stat().st_size:
        return
    for said in _said(path):
        if not _WGS84.fullmatch(said.strip().casefold()) and said.strip().casefold() not in ("wgs84", "wgs 84"):
            raise InvalidInput(
                "{file} says that its coordinate system is '{said}', which is not understood. Write its EPSG code, or "
                "take 'crs' out where it is in degrees of longitude and latitude.",
                file=name,
                said=said[:80],
            )


def _said(path: Path) -> Iterator[str]:
    """Yield what each ``crs`` of a file says; a text only where it stands before the features, whose own it may be."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        features = data.find(b'"features"')
        for member in _MEMBER.finditer(data):
            at = member.end()
            if data[at : at + 1] == b'"' and at > features:
                continue
            text = data[at : at + _LONGEST].decode("utf-8", "replace")
            try:
                value, _ = json.JSONDecoder().raw_decode(text)
            except (ValueError, RecursionError):
                value = text
            if isinstance(value, str) or {"type", "properties"} <= set(value):
                yield _name(value)


def _name(value: Any) -> str:
    told = value if isinstance(value, str) else value["properties"]
    if isinstance(told, dict):
        code = told.get("code")
        told = told.get("name") or (f"EPSG:{code}" if code else told.get("href")) or told
    return told if isinstance(told, str) else json.dumps(told)

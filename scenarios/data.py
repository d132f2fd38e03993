"""A country's data at the door: what is read of a folder, fetching one from the services, its points for a router."""

from __future__ import annotations

from pathlib import Path

import geodata
from foundation.files import folder_written_aside, write_text
from geodata import DataReport
from geodata import check as check_data
from geodata.download import Downloaded, Offer, download_country, offer_country

__all__ = ["DataReport", "Downloaded", "Offer", "check_data", "download_country", "offer_country", "write_points"]

POINTS = ["point_id", "lon", "lat", "people", "zone_id"]
SITES = ["site_id", "lon", "lat", "name_en", "name_ar", "zone_id"]


def write_points(country: str | Path, folder: Path) -> tuple[int, int]:
    """
    Write what a router outside needs to make a matrix: ``points.csv`` and ``sites.csv`` in a new folder.

    Ids as a matrix must name them, longitude and latitude in degrees (EPSG:4326). UTF-8 without a mark.

    Returns
    -------
    points, sites
        How many of each.

    Raises
    ------
    OutputRefused
        If the folder exists and is not empty, or cannot be written.
    """
    found = geodata.load(country)
    with folder_written_aside(folder) as aside:
        for name, frame, columns in (("points", found.people, POINTS), ("sites", found.candidates, SITES)):
            table = frame.assign(lon=frame.geometry.x.round(6), lat=frame.geometry.y.round(6))[columns]
            write_text(aside / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    return len(found.people), len(found.candidates)

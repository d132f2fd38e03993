"""What is said of the people of a country folder: read, left out, given to the nearest zone, scaled."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np

from foundation.errors import Name
from foundation.language import language
from geodata.folder.report import Notebook
from geodata.folder.settings import ShortSettings
from geodata.population.blocks import Blocks
from geodata.population.persons import People

SCALED = "{zone}: {read} people of the source were scaled to {total}, times {factor}"


def tell_reading(blocks: Blocks, file: str, geometry: str, notes: Notebook) -> None:
    """Note what was read of a population source, and what of it was left out."""
    facts = blocks.facts
    total = round(facts["total"])
    if geometry == "raster":
        notes.note(
            "read",
            "population",
            file,
            "{total} people in {cells} cells of {metres} m, {empty} without a figure; {crs}; {block} x {block} a block",
            total=total,
            cells=int(facts["cells"]),
            metres=float(facts["cell_m"]),
            crs=str(facts["crs"]),
            empty=int(facts["empty"]),
            block=int(facts["block"]),
        )
        if facts["cropped"]:
            notes.note(
                "left_out",
                "population",
                file,
                "the raster reaches far beyond the zones: {cells} of its {all} cells, those around them, were read; "
                "people farther away are in no figure",
                cells=int(facts["cells"]),
                all=int(facts["cells_all"]),
            )
    else:
        notes.note("read", "population", file, "people: {total}, rows: {rows}", total=total, rows=int(facts["rows"]))
        if facts["no_people"]:
            notes.note("left_out", "population", file, "rows without people: {count}", count=int(facts["no_people"]))
    if facts.get("spread"):
        notes.note("assumed", "population", file, "the people of an outline live evenly over it")


def tell_counting(
    people: People, blocks: Blocks, settings: ShortSettings, notes: Notebook, zones: gpd.GeoDataFrame
) -> None:
    """Note whom no zone holds, every scaling with its factor, and what exact shares of cells would change."""
    file = settings.population.file
    if round(people.strays):
        notes.note(
            "repaired",
            "population",
            file,
            "{people} people lie outside every zone but at most {km} km from one: given to the nearest",
            people=round(people.strays),
            km=settings.strays_within_km,
        )
    if people.left_out > 0:
        lon, lat, count = people.left_out_at[0]
        notes.note(
            "left_out",
            "population",
            file,
            "{people} people lie outside every zone and are in no total; most at {lon}, {lat} ({count})",
            people=round(people.left_out),
            lon=f"{lon:.4f}",
            lat=f"{lat:.4f}",
            count=round(count),
        )
    for values in _scalings(people, zones):
        notes.note("assumed", "totals", settings.totals.file if settings.totals else "", SCALED, **values)
    if blocks.exact is not None:
        inside = blocks.zone >= 0
        by_centre = np.bincount(blocks.zone[inside], blocks.people[inside], minlength=len(zones))
        worst = float(np.abs(by_centre - blocks.exact).max())
        notes.note(
            "read",
            "population",
            file,
            "by the exact share of every cell a zone would hold at most {people} people more or fewer",
            people=round(worst),
        )


def _scalings(people: People, zones: gpd.GeoDataFrame) -> Iterator[dict[str, object]]:
    """The values of `SCALED` for every zone whose people were scaled."""
    names = zip(zones["name_en"], zones["name_ar"], strict=True)
    for (en, ar), factor, total, read in zip(names, people.factors, people.totals, people.read, strict=True):
        if factor != 1.0:
            told = {"zone": Name(str(en), str(ar)), "read": round(read), "total": int(total)}
            yield told | {"factor": f"{factor:.6f}"}


def scaling_note(people: People, zones: gpd.GeoDataFrame) -> dict[str, dict[str, str]]:
    """Return the note that goes with every run of a country whose people were scaled: each zone's factor."""
    scaled = list(_scalings(people, zones))
    said = {code: "; ".join(language(code).text(SCALED, **values) for values in scaled) for code in ("en", "ar")}
    return {"scaled to official totals": said} if scaled else {}

"""Warnings of people that can be read and yet cannot be right: half a country, densities, totals that do not fit."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

import geodata
from geodata.folder.doubts import DENSITY, tell_doubts, tell_places_doubts
from geodata.folder.report import Notebook
from geodata.population.blocks import Blocks
from geodata.population.persons import People
from tests.geodata.folders import write_country

PLANE = "EPSG:32636"


def zones_of(*widths_km: float) -> gpd.GeoDataFrame:
    """Zones side by side, each 100 km high."""
    edges = 300_000.0 + 1000.0 * np.cumsum([0.0, *widths_km])
    shapes = [shapely.box(west, 3_400_000, east, 3_500_000) for west, east in itertools.pairwise(edges)]
    names = [f"Z{row}" for row in range(len(shapes))]
    frame = gpd.GeoDataFrame({"name_en": names, "name_ar": ["أ"] * len(shapes)}, geometry=shapes, crs=PLANE)
    return frame.to_crs(4326)


def people_of(totals: list[int], factors: list[float] | None = None) -> People:
    count, scale = len(totals), np.array(factors or [1.0] * len(totals))
    empty = np.zeros(count)
    whole = np.array(totals, dtype=np.int64)
    return People(empty, empty, whole, np.arange(count), empty > 0, whole, whole / scale, scale, 0.0, 0.0, ())


def told(totals: list[int], zones: gpd.GeoDataFrame, *, most: float = 1.0, factors=None, **facts: Any) -> list[str]:
    one = np.zeros(1)
    blocks = Blocks(
        lon=one,
        lat=one,
        people=np.array([most]),
        zone=np.zeros(1, np.int64),
        near=np.full(1, -1),
        urban=one > 0,
        facts={"cell_m": 250.0, "block": 4} | facts,
    )
    notes = Notebook()
    tell_doubts(people_of(totals, factors), blocks, "people.tif", zones, PLANE, notes)
    assert {finding.level for finding in notes.findings} <= {"warning"}
    assert all(any("\u0621" <= letter <= "\u064a" for letter in finding.text("ar")) for finding in notes.findings)
    return [finding.text("en") for finding in notes.findings]


def test_a_sound_country_is_not_doubted():
    assert told([900_000, 40_000], zones_of(50, 50), most=150_000.0) == []


def test_zones_where_hardly_anybody_lives_are_named():
    (said,) = told([1_000_000, 0, 900], zones_of(40, 30, 30))
    assert said.startswith("zones in which nobody lives, or hardly anybody: Z1 (0). ")
    (said,) = told([1_000_000, 250, 900], zones_of(40, 30, 30))
    assert "hardly anybody: Z1 (250). " in said
    assert told([1_000_000, 2_000, 1], zones_of(40, 30, 0.01)) == []


def test_land_that_the_raster_does_not_reach_is_given_zone_by_zone():
    zones = zones_of(50, 50)
    west, south, east, north = zones.total_bounds
    middle = zones.geometry[0].centroid.x
    ring = [[west - 1, south - 1], [middle, south - 1], [middle, north + 1], [west - 1, north + 1]]
    (said,) = told([500_000, 500_000], zones, frame=ring)
    assert "share outside it): Z0 50 %, Z1 100 %. " in said
    whole = [[west, south], [east, south], [east, north], [west, north]]
    assert told([500_000, 500_000], zones, frame=whole) == []
    assert told([500_000, 500_000], zones, frame=[[lon + 360, lat] for lon, lat in whole]) == []


@pytest.mark.parametrize(
    ("totals", "most", "said"),
    [
        ([20_100_000, 1_000_000], 1.0, "2,110 people a km2 over all the zones"),
        ([900_000, 40_000], 201_000.0, "201,000 people a km2 at the densest place"),
    ],
)
def test_people_denser_than_anywhere(totals: list[int], most: float, said: str):
    (line,) = told(totals, zones_of(50, 50), most=most)
    assert line.startswith(said)


def test_small_blocks_may_be_as_dense_as_a_tower():
    assert told([900_000, 40_000], zones_of(50, 50), most=9_000.0, cell_m=100.0, block=1) == []


@pytest.mark.parametrize("words", ["persons/km2", "people per sq km", "hab km-2", "Densité", "pop_density", "كثافة"])
def test_a_file_that_calls_its_figures_a_density(words: str):
    (line,) = told([900_000, 40_000], zones_of(50, 50), words=f"{words}; AREA_OR_POINT")
    assert line.startswith("the file calls its figures a density (")
    assert words.replace("_", " ")[:4] in line.replace("_", " ")


@pytest.mark.parametrize("words", ["persons", "people per cell", "ppp_100m_constrained", "Area; km"])
def test_words_that_are_no_density(words: str):
    assert DENSITY.search(words) is None


def test_official_totals_far_from_what_was_read():
    (line,) = told([900_000, 40_000], zones_of(50, 50), factors=[0.06, 1.0])
    assert line.startswith("15,000,000 people were read where the official totals say 900,000")
    assert told([900_000, 40_000], zones_of(50, 50), factors=[1.3, 1.0]) == []


def places(recorded: list[int | None]) -> list[str]:
    notes = Notebook()
    frame = gpd.GeoDataFrame({"population": pd.array(recorded, dtype="Int64")})
    tell_places_doubts(people_of([1_000_000, 0]), frame, "people.tif", notes)
    return [finding.text("en") for finding in notes.findings]


def test_a_total_far_from_the_places_together():
    assert places([90_000, 9_000, None])[0].startswith("1,000,000 people in all, but 99,000 in the places together")
    assert places([1_300_000])[0].startswith("1,000,000 people in all, but 1,300,000 in the places")
    assert places([90_000, 10_000, None]) == places([1_250_000]) == places([None]) == []


def test_half_a_country_is_told_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    folder = write_country(tmp_path / "testland")
    with rasterio.open(folder / "habitantes.tif") as data:
        cells, told_of = data.read(1), data.profile
    half = told_of["height"] // 2
    grid = told_of["transform"]
    lower = Affine(grid.a, 0, grid.c, 0, grid.e, grid.f + half * grid.e)
    told_of |= {"height": told_of["height"] - half, "transform": lower}
    with rasterio.open(folder / "habitantes.tif", "w", **told_of) as data:
        data.write(cells[half:], 1)
        data.set_band_unit(1, "persons/km2")
    said = geodata.check(folder).lines("en")
    warned = [line for line in said if ": warning: " in line]
    assert len(warned) == 2
    assert "the file calls its figures a density ('persons/km2" in warned[0]
    assert "(share outside it): Norte " in warned[1]
    assert said[-2].startswith("Lines marked as a warning: 2.")
    assert said[-1].startswith("Together: ")
    assert "Compare this with the official figure" in said[-1]

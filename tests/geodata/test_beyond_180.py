"""Rasters that count their degrees from 0 to 360, and countries at either end of a raster of the world."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from foundation.errors import InvalidInput
from geodata.plane import metric_plane
from geodata.population.blocks import Blocks, read_blocks
from geodata.population.cells import sampled, zone_sums
from geodata.population.persons import persons_of
from geodata.population.rows import PopulationSource
from geodata.terrain.read import read_grid
from tests.hostile import makers

CHILE = gpd.GeoSeries([shapely.box(-70.0, -33.0, -69.5, -32.0), shapely.box(-69.5, -33.0, -69.0, -32.0)], crs=4326)
FIJI = gpd.GeoSeries([shapely.box(179.5, -17.0, 180.0, -16.0), shapely.box(-180.0, -17.0, -179.5, -16.0)], crs=4326)
WIDE_CHILE = gpd.GeoSeries([shapely.box(-74.0, -34, -70, -28), shapely.box(-70, -34, -66, -28)], crs=4326)
WIDE_FIJI = gpd.GeoSeries([shapely.box(176.0, -20, 180, -14), shapely.box(-180, -20, -176, -14)], crs=4326)
GHANA = gpd.GeoSeries([shapely.box(-3.0, 5.0, 1.0, 11.0), shapely.box(1.0, 5.0, 2.0, 11.0)], crs=4326)


def read(path: Path, zones: gpd.GeoSeries, **options: object) -> Blocks:
    return read_blocks(PopulationSource(path, **options), zones, metric_crs=metric_plane(zones))  # type: ignore[arg-type]


def people(seed: int, shape: tuple[int, int] = (100, 100)) -> np.ndarray:
    return np.random.default_rng(seed).gamma(0.5, 4.0, shape).astype("float32")


def test_a_raster_that_lies_beyond_180_holds_what_its_twin_does(tmp_path: Path):
    values = people(1, (120, 120))
    found = [
        read(makers.raster(tmp_path / f"{west}.tif", values, west=west, north=-31.9), CHILE, exact=True)
        for west in (-70.1, 289.9)
    ]
    for name in ("people", "zone", "near", "urban"):
        assert getattr(found[0], name).tolist() == getattr(found[1], name).tolist()
    assert found[1].lon == pytest.approx(found[0].lon)
    assert found[1].exact == pytest.approx(found[0].exact, rel=1e-9)
    assert persons_of(found[1], CHILE).totals.tolist() == persons_of(found[0], CHILE).totals.tolist()


def test_a_raster_across_180_loses_no_zone(tmp_path: Path):
    values = people(2)
    found = read(makers.raster(tmp_path / "p.tif", values, west=179.5, north=-16.0), FIJI, exact=True)
    wanted = [float(values[:, :50].sum(dtype="float64")), float(values[:, 50:].sum(dtype="float64"))]
    assert [found.people[found.zone == at].sum() for at in (0, 1)] == pytest.approx(wanted)
    assert found.exact == pytest.approx(wanted, rel=1e-6)
    assert found.facts["outside"] == 0.0
    assert (np.abs(found.lon) <= 180.0).all()


@pytest.mark.parametrize("west", [-180.0, 0.0])
@pytest.mark.parametrize("zones", [WIDE_CHILE, WIDE_FIJI, GHANA])
def test_a_raster_of_the_world_is_read_around_the_zones(tmp_path: Path, west: float, zones: gpd.GeoSeries):
    """On cells of half a degree, whose centres are counted by hand; most of the world is not read."""
    values = np.ones((360, 720), dtype="float32")
    path = makers.raster(tmp_path / "world.tif", values, cell=0.5, west=west, north=90.0)
    found = read(path, zones)
    held = [(shape.bounds[2] - shape.bounds[0]) * (shape.bounds[3] - shape.bounds[1]) * 4 for shape in zones]
    assert [found.people[found.zone == at].sum() for at in (0, 1)] == held
    assert found.facts["cropped"]
    assert found.facts["cells"] < 320
    raw = np.array(shapely.to_wkb(zones.to_numpy()), dtype=object)
    assert zone_sums(path, scratch=tmp_path, given={"zones": raw})[0]["sums"].tolist() == held


def test_what_a_raster_beyond_180_says_at_a_position(tmp_path: Path):
    codes = np.arange(720, dtype="float32")[None, :].repeat(360, axis=0)
    path = makers.raster(tmp_path / "world.tif", codes, cell=0.5, west=0.0, north=90.0)
    at = {"lon": np.array([-70.1, 0.1, 179.9, -179.9, -0.1]), "lat": np.zeros(5)}
    assert sampled(path, scratch=tmp_path, given=at)[0]["value"].tolist() == [579, 0, 359, 360, 719]


@pytest.mark.parametrize(("west", "zones"), [(289.0, CHILE), (0.0, CHILE), (179.0, FIJI)])
def test_heights_beyond_180(tmp_path: Path, west: float, zones: gpd.GeoSeries):
    """Heights that rise with latitude only: known all over the zones, and what the same raster says at home."""
    wide, cell = (720, 0.5) if west == 0.0 else (40, 0.05)
    north = 20.0 if west == 0.0 else float(zones.total_bounds[3]) + 0.5
    lat = north - cell * (np.arange(120 if west == 0.0 else 40) + 0.5)
    heights = (1000.0 + 10.0 * lat).astype("float32")[:, None].repeat(wide, axis=1)
    path = makers.raster(tmp_path / "h.tif", heights, cell=cell, west=west, north=north)
    plane = metric_plane(zones)
    grid, _ = read_grid(path, zones, what="elevation", metric_crs=plane, resolution_m=2000.0)
    points = gpd.GeoSeries(zones.representative_point(), crs=4326)
    at = points.to_crs(plane)
    found = grid.between(np.column_stack([at.x, at.y]))
    assert found == pytest.approx(1000.0 + 10.0 * points.y.to_numpy(), abs=1.0)


def test_heights_whose_raster_begins_in_the_country(tmp_path: Path):
    path = makers.raster(tmp_path / "h.tif", np.ones((60, 720), dtype="float32"), cell=0.5, west=0.0, north=20.0)
    with pytest.raises(InvalidInput, match=r"h\.tif begins and ends within the country.*gdalwarp .*h\.tif turned\.tif"):
        read_grid(path, GHANA, what="elevation", metric_crs=metric_plane(GHANA), resolution_m=5000.0)

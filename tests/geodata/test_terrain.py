"""Slopes and friction: against published values, laws, brute force, and rasters in any coordinate system."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyproj import Transformer

import geodata
import geodata.terrain.cells as cells
from foundation.errors import InvalidInput
from geodata.folder.cache import compiled
from geodata.osm import read_network, read_speed_table
from geodata.roads import RoadGraph
from geodata.terrain.friction import friction_minutes
from geodata.terrain.grid import Grid, Terrain
from geodata.terrain.legs import over_ground
from geodata.terrain.read import read_grid
from geodata.terrain.roads import on_slopes
from geodata.terrain.slope import tobler_factor, walking_factors
from tests.geodata.folders import LAEA, PLANE, at, write_country, zone_shapes

ZONES = gpd.GeoSeries(zone_shapes(), crs=PLANE).to_crs(4326)
PUBLISHED = {-10: 3.86, -5: 5.26, -2.8624: 6.00, 0: 5.04, 1: 4.74, 5: 3.71, 10: 2.72, 15: 1.97, 20: 1.41, 30: 0.67}
"""Degrees of slope to km/h, as tables of Tobler's function are printed."""


def tilted(east: float = 0.0, north: float = 0.0, *, cells: int = 20, side: float = 100.0) -> Grid:
    """A plane that rises by `east` metres a metre eastwards and by `north` northwards."""
    row, column = np.mgrid[:cells, :cells] + 0.5
    height = 500.0 + side * (column * east + (cells - row) * north)
    return Grid(0.0, cells * side, side, height.astype(np.float32))


def ways(*ends: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(ends, dtype=np.float64)
    return table[:, :2], table[:, 2:]


@pytest.mark.parametrize("degrees", PUBLISHED)
def test_tobler_gives_the_published_speeds(degrees: float):
    flat = 6.0 * np.exp(-3.5 * 0.05)
    speed = flat / tobler_factor(np.tan(np.radians([degrees])))[0]
    assert speed == pytest.approx(PUBLISHED[degrees], abs=0.006)


def test_an_unknown_slope_is_flat_and_a_wall_is_45_degrees():
    assert tobler_factor(np.array([np.nan, 0.0, 7.0])).tolist() == pytest.approx([1.0, 1.0, np.exp(3.5)])


def test_ways_up_down_and_along_a_tilted_plane():
    start, end = ways((100, 500, 900, 500), (900, 500, 100, 500), (500, 100, 500, 900), (500, 500, 500, 500))
    up, down, along, nowhere = walking_factors(tilted(east=0.1), start, end)
    assert (up, down) == pytest.approx((np.exp(0.35), 1.0), rel=1e-4)  # 10 % downhill is walked as the flat
    assert (along, nowhere) == pytest.approx((1.0, 1.0), rel=1e-4)
    half = walking_factors(tilted(east=0.05), *ways((900, 500, 100, 500)))[0]
    assert 6.0 * np.exp(-0.175) / half == pytest.approx(6.0, rel=1e-4)  # the greatest speed, 5 % downhill


def test_a_hill_between_two_equal_ends_is_seen():
    """End to end the way is level; up and down again it is not."""
    ridge = np.tile(np.concatenate([np.arange(10), np.arange(10)[::-1]]) * 20.0, (20, 1)).astype(np.float32)
    factor = walking_factors(Grid(0.0, 2000.0, 100.0, ridge), *ways((150, 950, 1850, 950)))[0]
    up, down = tobler_factor(np.array([0.2, -0.2]))
    assert factor == pytest.approx((8 * up + 8 * down + 1) / 17, rel=1e-6)


def test_where_no_height_is_known_the_way_is_flat():
    grid = tilted(east=0.1)
    grid.values[:, 10:] = np.nan
    known, half, off = walking_factors(grid, *ways((150, 500, 950, 500), (150, 500, 1750, 500), (5e6, 0, 5e6, 900)))
    assert known == pytest.approx(np.exp(0.35), rel=1e-4)
    assert half == pytest.approx((8 * np.exp(0.35) + 8) / 16, rel=0.03)
    assert off == 1.0


def test_many_ways_are_the_same_as_one_by_one(monkeypatch: pytest.MonkeyPatch):
    random = np.random.default_rng(1)
    grid = Grid(0.0, 2000.0, 100.0, random.uniform(0.1, 200, (20, 20)).astype(np.float32))
    start, end = random.uniform(-100, 2100, (2, 50, 2))
    for measure, module in ((walking_factors, "slope"), (friction_minutes, "friction")):
        whole = measure(grid, start, end)
        monkeypatch.setattr(f"geodata.terrain.{module}.AT_ONCE", 7)
        np.testing.assert_array_equal(measure(grid, start, end), whole)
        single = [measure(grid, start[i : i + 1], end[i : i + 1])[0] for i in range(50)]
        np.testing.assert_allclose(single, whole)


def test_friction_against_a_walk_in_small_steps():
    random = np.random.default_rng(2)
    values = random.uniform(0.005, 0.2, (20, 20)).astype(np.float32)
    values[random.random((20, 20)) < 0.1] = np.nan
    grid = Grid(0.0, 2000.0, 100.0, values)
    start, end = random.uniform(100, 2300, (2, 30, 2))
    found = friction_minutes(grid, start, end)
    for i in range(30):
        steps = start[i] + (np.arange(100_000)[:, None] + 0.5) / 100_000 * (end[i] - start[i])
        cell = np.floor(grid.cells(steps)).astype(np.int64)
        met = grid.held(cell[:, 0], cell[:, 1])
        met = met[np.isfinite(met)]
        assert found[i] == pytest.approx(met.mean() if met.size else np.nan, rel=1e-3, nan_ok=True)
    assert np.isnan(friction_minutes(grid, *ways((-900, -900, -500, -900)))[0])


def test_a_way_without_length_and_one_on_a_line_of_the_grid():
    grid = Grid(0.0, 200.0, 100.0, np.array([[0.1, 0.2], [0.3, 0.4]], dtype=np.float32))
    start, end = ways((50, 50, 50, 50), (100, 0, 100, 200), (0, 50, 200, 50))
    assert friction_minutes(grid, start, end) == pytest.approx([0.3, 0.3, 0.35], rel=1e-6)


def test_friction_takes_the_place_of_the_plain_rate_where_it_is_known():
    rough = Grid(0.0, 2000.0, 1000.0, np.array([[0.5, 0.5], [0.5, np.nan]], dtype=np.float32))
    start = np.array([[500.0, 1500.0], [1500.0, 500.0]])
    end = start[:, None, :] + np.array([[300.0, 0.0], [0.0, 300.0]])
    plain = np.array([[0.02, 0.03], [0.04, 0.05]])
    hill = tilted(east=0.1)
    walk = np.array([[np.exp(0.35), 1.0], [np.exp(0.35), 1.0]])
    np.testing.assert_allclose(over_ground(Terrain(), start, end, plain, walked=True), plain)
    np.testing.assert_allclose(over_ground(Terrain(hill), start, end, plain, walked=True), plain * walk, rtol=1e-4)
    np.testing.assert_allclose(over_ground(Terrain(hill), start, end, plain, walked=False), plain)
    some = np.arange(plain.size).reshape(plain.shape) % 2 == 0
    mixed = over_ground(Terrain(hill), start, end, plain, walked=some)
    np.testing.assert_allclose(mixed, np.where(some, plain * walk, plain), rtol=1e-4)
    both = over_ground(Terrain(hill, rough), start, end, plain, walked=True)
    np.testing.assert_allclose(both, [[0.5, 0.5], [0.04 * np.exp(0.35), 0.05]], rtol=1e-4)


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.float32, (6, 6), elements=st.floats(0.125, 8.0, width=32)),
    st.lists(st.floats(1.0, 599.0), min_size=4, max_size=4),
    st.floats(0.05, 0.95),
)
def test_friction_is_a_mean_that_adds_up_and_turns_round(values: np.ndarray, ends: list[float], share: float):
    grid = Grid(0.0, 600.0, 100.0, values)
    one, other = np.array([ends[:2]]), np.array([ends[2:]])
    between = one + share * (other - one)
    whole, back = friction_minutes(grid, one, other)[0], friction_minutes(grid, other, one)[0]
    parts = share * friction_minutes(grid, one, between)[0] + (1 - share) * friction_minutes(grid, between, other)[0]
    assert values.min() * (1 - 1e-6) <= whole <= values.max() * (1 + 1e-6)
    assert whole == pytest.approx(back, rel=1e-6)
    if np.hypot(*(other - one)[0]) > 1e-3:
        assert whole == pytest.approx(parts, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.floats(-1.0, 1.0), st.floats(0.0, 1.0))
def test_steeper_is_never_faster_uphill(slope: float, more: float):
    low, high = tobler_factor(np.array([abs(slope), min(1.0, abs(slope) + more)]))
    assert 1.0 <= low <= high
    assert tobler_factor(np.array([slope]))[0] >= np.exp(-0.175)


def graph(road_class: str) -> RoadGraph:
    """Two nodes 1 km apart in the middle of the zones, joined both ways by a road of 1,250 m."""
    lon, lat = (
        gpd.GeoSeries([shapely.Point(at(40, 40)), shapely.Point(at(41, 40))], crs=PLANE)
        .to_crs(4326)
        .get_coordinates()
        .T.to_numpy()
    )
    return RoadGraph(
        node_id=np.array(["a", "b"]),
        lon=lon,
        lat=lat,
        region=np.full(2, "all"),
        in_capital_city=np.zeros(2, dtype=bool),
        start=np.array([0, 1]),
        end=np.array([1, 0]),
        metres=np.full(2, 1250.0),
        minutes=np.full(2, 15.0),
        road_class=np.full(2, road_class),
        rules=read_speed_table("walk").rules(),
    )


def test_slopes_along_roads_go_by_their_own_length():
    x, y = at(40, 40)
    column = np.tile(np.arange(50) + 0.5, (50, 1))
    rising = Grid(x - 2500, y + 2500, 100.0, (0.1 * 100.0 * column).astype(np.float32))
    told = {"metric_crs": PLANE}
    up, down = tobler_factor(np.array([100.0 / 1250.0, -100.0 / 1250.0]))
    for road_class in ("residential", "track"):
        walked = on_slopes(graph(road_class), rising, walked=True, **told)
        assert walked.minutes == pytest.approx([15 * up, 15 * down], rel=1e-3)
    assert on_slopes(graph("residential"), rising, walked=False, **told).minutes.tolist() == [15.0, 15.0]
    driven = on_slopes(graph("track"), rising, walked=False, **told)
    assert driven.minutes == pytest.approx([15 * up, 15.0], rel=1e-3)  # a vehicle gains nothing downhill
    nowhere = Grid(0.0, 0.0, 100.0, np.ones((3, 3), dtype=np.float32))
    assert on_slopes(graph("track"), nowhere, walked=True, **told).minutes.tolist() == [15.0, 15.0]


def write_heights(path: Path, crs: str, cell: float, *, nodata: float | None = None, **profile: object) -> Path:
    """Write heights that rise by 20 m a km to the east of the plane and 10 m a km to the north."""
    frame = gpd.GeoSeries([shapely.box(*at(-12, -12), *at(137, 114))], crs=PLANE).to_crs(crs)
    west, south, east, north = frame.total_bounds
    wide, tall = int((east - west) / cell), int((north - south) / cell)
    row, column = np.mgrid[:tall, :wide] + 0.5
    x, y = Transformer.from_crs(crs, PLANE, always_xy=True).transform(west + column * cell, north - row * cell)
    height = height_at(np.asarray(x), np.asarray(y)).astype("float32")
    if nodata is not None:
        height[:, : wide // 4] = nodata
    told = {"driver": "GTiff", "width": wide, "height": tall, "count": 1, "dtype": "float32", "nodata": nodata}
    told |= {"crs": crs, "transform": Affine(cell, 0, west, 0, -cell, north)} | profile
    with rasterio.open(path, "w", **told) as data:
        data.write(height, 1)
    return path


def height_at(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    west, south = at(0, 0)
    return 100.0 + 0.02 * (x - west) + 0.01 * (y - south)


@pytest.mark.parametrize(("crs", "cell"), [("EPSG:4326", 0.01), (LAEA, 300.0)])
def test_a_raster_of_any_system_comes_onto_the_plane(tmp_path: Path, crs: str, cell: float):
    path = write_heights(tmp_path / "dem.tif", crs, cell)
    grid, facts = read_grid(path, ZONES, what="elevation", metric_crs=PLANE, resolution_m=500.0)
    assert grid.side_m == max(500.0, facts["cell_m"])
    assert facts["cell_m"] == pytest.approx(1000 if crs == "EPSG:4326" else 300, rel=0.1)
    inside = np.array([at(20, 20), at(60.3, 41.7), at(100, 90)])
    assert grid.between(inside) == pytest.approx(height_at(*inside.T), abs=1.5)


@pytest.mark.parametrize("side", [1100.0, 1500.0, 4000.0])
def test_tiles_do_not_show_and_nodata_stays_unknown(tmp_path: Path, side: float):
    """The child's reader itself: small windows give what one window gives, to GDAL's eighth of a cell."""
    path = write_heights(tmp_path / "dem.tif", "EPSG:4326", 0.01, nodata=-32768.0)
    told = {"what": "elevation", "plane": PLANE, "resolution_m": side}
    frame = {"frame": np.asarray(ZONES.to_crs(PLANE).total_bounds)}
    whole, facts = cells.grid(path, scratch=tmp_path, given=frame, **told)
    tiled, _ = cells.grid(path, scratch=tmp_path, given=frame, window_cells=2000, **told)
    rise_of_a_cell = np.hypot(0.02, 0.01) * facts["cell_m"]
    np.testing.assert_allclose(tiled["values"], whole["values"], rtol=0, atol=rise_of_a_cell / 8)
    assert np.isnan(whole["values"]).any()
    assert float(np.nanmin(whole["values"])) > 0
    assert facts["known"] == np.isfinite(whole["values"]).sum()


def test_a_grid_is_never_finer_than_its_raster_nor_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write_heights(tmp_path / "dem.tif", LAEA, 2000.0)
    frame = {"frame": np.asarray(ZONES.to_crs(PLANE).total_bounds)}
    told = {"scratch": tmp_path, "given": frame, "what": "elevation", "plane": PLANE}
    assert cells.grid(path, resolution_m=100.0, **told)[1]["side_m"] == 2000.0
    monkeypatch.setattr(cells, "MOST_CELLS", 100)
    with pytest.raises(InvalidInput, match=r"at most 100 are kept. Raise 'resolution_m:'"):
        cells.grid(path, resolution_m=100.0, **told)


@pytest.fixture(scope="module")
def hilly(tmp_path_factory: pytest.TempPathFactory):
    """A folder with heights and friction, as a country on foot, and its flat twin."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARKAZ_CACHE", str(tmp_path_factory.mktemp("cache")))
        folder = tmp_path_factory.mktemp("raw") / "testland"
        write_country(folder, roads={"file": "caminos.gpkg", "speeds": "walk"})
        flat = read_network(folder / "caminos.gpkg", speeds=read_speed_table("walk")).graph
        write_heights(folder / "dem.tif", "EPSG:4326", 0.01)
        with rasterio.open(folder / "habitantes.tif") as data:
            profile = data.profile | {"nodata": None}
            rough = np.where(data.read(1) > 0.05, 0.02, 0.1).astype("float32")
        with rasterio.open(folder / "friction.tif", "w", **profile) as data:
            data.write(rough, 1)
        told = {
            "elevation": {"file": "dem.tif", "source": "made up"},
            "friction": {"file": "friction.tif", "resolution_m": 1000},
        }
        write_country(folder, roads={"file": "caminos.gpkg", "speeds": "walk"}, **told)
        yield flat, *compiled(folder)


def test_a_country_on_foot_walks_its_slopes(hilly):
    flat, country, report = hilly
    assert report.ok, report.lines("en")
    assert country.terrain.elevation.side_m >= 250.0
    np.testing.assert_array_equal(country.roads.metres, flat.metres)
    factor = country.roads.minutes / flat.minutes
    nodes = gpd.GeoSeries(gpd.points_from_xy(flat.lon, flat.lat), crs=4326).to_crs(country.metric_crs)
    height = country.terrain.elevation.between(np.column_stack([nodes.x, nodes.y]))
    slope = (height[flat.end] - height[flat.start]) / flat.metres
    np.testing.assert_allclose(factor, np.exp(3.5 * (np.abs(slope + 0.05) - 0.05)), rtol=1e-9)
    assert factor.min() < 0.95
    assert factor.max() > 1.05
    assert {resource.name for resource in country.resources} >= {"elevation", "friction"}


def test_the_ground_is_reported_in_both_languages(hilly):
    report = hilly[2]
    english, arabic = report.lines("en"), report.lines("ar")
    assert any(line.startswith("dem.tif: read: heights from ") for line in english)
    assert any("slopes change" in line and "of the walk" in line for line in english)
    assert any(line.startswith("friction.tif: read: friction from 0.02 to 0.1 minutes a metre") for line in english)
    assert [line for line in arabic if not any("\u0621" <= letter <= "\u064a" for letter in line)] == []


def test_the_ground_survives_compiling(hilly, tmp_path: Path):
    country = hilly[1]
    for name, path in geodata.files_of(country).items():
        shutil.copy(path, tmp_path / name)
    again = geodata.load(tmp_path)
    for name in ("elevation", "friction"):
        one, other = (getattr(each.terrain, name) for each in (country, again))
        assert (one.west, one.north, one.side_m) == (other.west, other.north, other.side_m)
        np.testing.assert_array_equal(one.values, other.values)
    bare = dataclasses.replace(country.terrain, friction=None)
    assert bare.elevation is country.terrain.elevation


def test_legs_of_a_country_as_travel_would_ask_for_them(hilly):
    """(n, k) legs at once: slopes and friction of each, by position in the metric plane."""
    country = hilly[1]
    points = country.people.geometry.to_crs(country.metric_crs)
    home = np.column_stack([points.x, points.y])[:40]
    legs = np.repeat(home, 3, axis=0)
    ends = legs + np.tile([[0.0, 800.0], [600.0, 0.0], [-600.0, 0.0]], (40, 1))
    factor = walking_factors(country.terrain.elevation, legs, ends).reshape(40, 3)
    assert factor.mean(axis=0) == pytest.approx(tobler_factor(np.array([0.01, 0.02, -0.02])), rel=0.02)
    minutes = friction_minutes(country.terrain.friction, legs, ends).reshape(40, 3)
    assert (minutes >= 0.02 - 1e-6).all()
    assert (minutes <= 0.1 + 1e-6).all()

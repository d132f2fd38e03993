"""Rasters, points and polygons of people become whole persons, and none is lost."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.errors import InvalidInput
from geodata.population.blocks import Blocks, read_blocks
from geodata.population.cells import blocks as child_blocks
from geodata.population.cells import zone_sums
from geodata.population.persons import persons_of
from geodata.population.rows import PopulationSource
from geodata.population.settlement import SettlementRule, urban_cells
from geodata.population.strays import Around
from geodata.population.whole import rounded_totals, whole_persons
from tests.hostile import makers

METRIC = "+proj=laea +lat_0=31.5 +lon_0=36.5 +datum=WGS84 +units=m +no_defs +type=crs"
ZONES = gpd.GeoSeries([shapely.box(36.0, 31.0, 36.43, 32.0), shapely.box(36.43, 31.0, 37.0, 32.0)], crs=4326)


def counts(seed: int = 1, shape: tuple[int, int] = (120, 120)) -> np.ndarray:
    random = np.random.default_rng(seed)
    values = random.gamma(0.4, 30.0, shape).astype("float32")
    values[random.random(shape) < 0.4] = 0
    return values


def read(path: Path, **options: object) -> Blocks:
    told = {name: options.pop(name) for name in ("rule", "urban", "strays_within_m") if name in options}
    return read_blocks(PopulationSource(path, **options), ZONES, metric_crs=METRIC, **told)  # type: ignore[arg-type]


def direct(path: Path, resolution_m: float, zones: gpd.GeoSeries = ZONES, **options: object):
    """Call the reader in this process, to look at it closely."""
    told = {"density_per_km2": 300.0, "cluster_people": 5000.0, "plane": METRIC, "strays_within_m": 2000.0} | options
    given_ = {"zones": np.array(shapely.to_wkb(zones.to_numpy()), dtype=object)}
    return child_blocks(path, scratch=path.parent, given=given_, resolution_m=resolution_m, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", [0.01, 0.004])
@pytest.mark.parametrize("resolution", [500.0, 1000.0, 3000.0, 7000.0])
def test_people_are_kept_at_every_resolution(tmp_path: Path, resolution: float, cell: float):
    values = counts()
    path = makers.raster(tmp_path / "p.tif", values, cell=cell, west=35.9787, north=32.01)
    arrays, facts = direct(path, resolution)
    total = float(values.astype("float64").sum())
    assert arrays["people"].sum() == pytest.approx(total, rel=1e-12)
    assert facts["total"] == pytest.approx(total, rel=1e-12)
    rows, columns = np.mgrid[:120, :120] + 0.5
    lon, lat = 35.9787 + columns * cell, 32.01 - rows * cell
    for zone, shape in enumerate(ZONES):
        inside = shapely.contains_xy(shape, lon, lat)
        assert arrays["people"][arrays["zone"] == zone].sum() == pytest.approx(values[inside].sum(dtype="float64"))
        assert shapely.contains_xy(shape, arrays["lon"], arrays["lat"])[arrays["zone"] == zone].all()
    assert facts["outside"] == pytest.approx(arrays["people"][arrays["zone"] < 0].sum())


def test_one_cell_is_one_block(tmp_path: Path):
    values = np.zeros((10, 10), dtype="float32")
    values[3, 7] = 12.5
    arrays, facts = direct(makers.raster(tmp_path / "p.tif", values), 100.0)
    assert facts["block"] == 1
    assert (arrays["lon"][0], arrays["lat"][0]) == pytest.approx((36.075, 31.965))
    assert arrays["people"].tolist() == [12.5]


def test_another_system_gives_the_same_people(tmp_path: Path):
    """A grid in UTM metres with a declared empty value."""
    values = counts(2, (300, 300))
    values[:20] = -99999
    path = makers.raster(
        tmp_path / "p.tif",
        values,
        cell=250.0,
        west=600_000,
        north=3_530_000,
        crs="EPSG:32637",
        nodata=-99999,
    )
    zone = gpd.GeoSeries(
        [gpd.GeoSeries([shapely.box(601_000, 3_460_000, 660_000, 3_529_000)], crs=32637).to_crs(4326)[0]], crs=4326
    )
    arrays, facts = direct(path, 1000.0, zone)
    assert (facts["block"], facts["cell_m"], facts["empty"]) == (4, 250.0, 6000)
    assert arrays["people"].sum() == pytest.approx(values[20:].sum(dtype="float64"))
    assert set(arrays["zone"].tolist()) == {-1, 0}


def test_a_world_raster_is_read_around_the_zones_only(tmp_path: Path):
    values = np.ones((180, 360), dtype="float32")
    path = makers.raster(tmp_path / "world.tif", values, cell=1.0, west=-180, north=90)
    zone = gpd.GeoSeries([shapely.box(30, 20, 40, 30)], crs=4326)
    arrays, facts = direct(path, 1000.0, zone)
    assert facts["cropped"]
    assert arrays["people"][arrays["zone"] == 0].sum() == 100
    assert facts["total"] == 121 + 11 + 11 + 1


def test_exact_shares_agree_with_the_areas(tmp_path: Path):
    """A uniform raster: the exact sum of a zone is its share of the area."""
    path = makers.raster(tmp_path / "p.tif", np.ones((100, 100), dtype="float32"))
    found = read(path, exact=True)
    assert found.exact == pytest.approx([4300.0, 5700.0], rel=1e-6)
    inside = makers.raster(tmp_path / "q.tif", np.ones((100, 100), dtype="float32"), west=36.005)
    assert read(inside, exact=True).exact == pytest.approx([4250.0, 5700.0], rel=1e-6)


def test_scaled_whole_numbers(tmp_path: Path):
    import rasterio

    path = makers.raster(tmp_path / "p.tif", np.full((10, 10), 20, dtype="int16"))
    with rasterio.open(path, "r+") as data:
        data.scales = (0.5,)
    assert direct(path, 1000.0)[1]["total"] == 1000.0


@pytest.mark.parametrize("value", [-1.0, np.inf])
def test_impossible_people(tmp_path: Path, value: float):
    values = np.ones((10, 10), dtype="float32")
    values[4, 4] = value
    said = "negative numbers of people: 1, the least -1" if value < 0 else "an infinite figure: 1. Write the raster"
    with pytest.raises(InvalidInput, match=said):
        read(makers.raster(tmp_path / "p.tif", values))
    if value < 0:
        assert read(makers.raster(tmp_path / "p.tif", values), nodata=-1.0).facts["total"] == 99


def test_not_a_figure_is_no_one(tmp_path: Path):
    values = np.ones((10, 10), dtype="float32")
    values[0] = np.nan
    found = read(makers.raster(tmp_path / "p.tif", values))
    assert (found.facts["total"], found.facts["empty"]) == (90.0, 10)


def test_cells_that_the_mask_hides_hold_no_one(tmp_path: Path):
    """The mask inside the file counts beside nodata, in sums, in exact shares and in rasters of ages."""
    values = np.ones((100, 100), dtype="float32")
    values[:50] = 1e6
    values[60] = -9
    seen = np.ones((100, 100), dtype=bool)
    seen[:50] = False
    path = makers.masked(tmp_path / "p.tif", values, seen, nodata=-9)
    found = read(path, exact=True)
    assert (found.facts["total"], found.facts["empty"]) == (4900.0, 5100)
    assert found.people.sum() == 4900.0
    assert found.exact == pytest.approx([43 * 49, 57 * 49], rel=1e-6)
    zones = np.array(shapely.to_wkb(ZONES.to_numpy()), dtype=object)
    arrays, facts = zone_sums(path, scratch=tmp_path, given={"zones": zones})
    assert (arrays["sums"].tolist(), facts["total"]) == ([43 * 49, 57 * 49], 4900.0)


def test_a_picture_is_no_raster_of_counts(tmp_path: Path):
    with pytest.raises(InvalidInput, match=r"p\.tif is a picture: its numbers stand for colours"):
        read(makers.painted(tmp_path / "p.tif", np.ones((10, 10), dtype="uint8")))


def test_a_raster_of_another_continent(tmp_path: Path):
    path = makers.raster(tmp_path / "p.tif", np.ones((10, 10), dtype="float32"), west=-70.0, north=-10.0)
    with pytest.raises(InvalidInput, match="does not lie over the zones"):
        read(path)


def test_wrong_zone_of_utm(tmp_path: Path):
    """Counts of zone 37 said to be zone 36: six degrees off, still on the globe."""
    path = makers.raster(
        tmp_path / "p.tif",
        np.ones((100, 100), dtype="float32"),
        cell=900.0,
        west=215_000,
        north=3_540_000,
        crs="EPSG:32638",
    )
    with pytest.raises(InvalidInput, match=r"does not lie over|lie in any zone"):
        read(path)


def test_urban_by_cluster():
    people = np.zeros((7, 9))
    people[1:4, 1:4] = 600.0
    people[3, 3] = 200.0
    people[5, 5] = people[6, 6] = 4999.0
    people[1, 8] = 4999.0
    one = np.ones((1, 1))
    found = urban_cells(people, one, density_per_km2=300, cluster_people=4800)
    assert found.sum() == 8 + 2 + 1
    assert not found[3, 3]
    assert urban_cells(people, one, density_per_km2=300, cluster_people=5000).sum() == 2
    assert urban_cells(people, one, density_per_km2=600, cluster_people=4800)[1, 1]
    assert not urban_cells(people, 2 * one, density_per_km2=600, cluster_people=4800)[1, 1]


def test_a_map_of_towns_takes_the_place_of_the_rule(tmp_path: Path):
    path = makers.raster(tmp_path / "p.tif", np.ones((100, 100), dtype="float32"))
    towns = gpd.GeoSeries([shapely.box(36.2, 31.2, 36.3, 31.3)], crs=4326)
    found = read(path, urban=towns)
    assert found.people[found.urban].sum() == pytest.approx(100.0)
    assert not read(path).urban.any()


def table(path: Path, rows: list[tuple[object, ...]], header: str = "pop,east,north") -> Path:
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return path


COLUMNS = {"people": "pop", "lon": "east", "lat": "north"}


def test_points_from_csv(tmp_path: Path):
    rows = [(10, 36.1, 31.1), (5, 36.1001, 31.1001), (0.5, 36.9, 31.9), (0, 36.5, 31.5)]
    found = read(table(tmp_path / "p.csv", rows), geometry="point", columns=COLUMNS, resolution_m=5000)
    assert sorted(found.people.tolist()) == [0.5, 15.0]
    assert found.facts["rows"] == 4
    assert found.facts["no_people"] == 1
    assert sorted(found.zone.tolist()) == [0, 1]


def test_points_in_another_system_and_layer(tmp_path: Path):
    at = gpd.GeoSeries(gpd.points_from_xy([36.1, 36.9], [31.1, 31.9]), crs=4326).to_crs(32637)
    frame = gpd.GeoDataFrame({"Einwohner": [7, 9]}, geometry=at)
    pyogrio.write_dataframe(frame, tmp_path / "p.gpkg", layer="leute")
    found = read(tmp_path / "p.gpkg", geometry="point", columns={"people": "Einwohner"})
    assert sorted(found.people.tolist()) == [7.0, 9.0]
    assert sorted(found.lon.round(6).tolist()) == [36.1, 36.9]
    x, y = at.x.tolist(), at.y.tolist()
    rows = [(7, x[0], y[0]), (9, x[1], y[1])]
    told = read(table(tmp_path / "p.csv", rows), geometry="point", columns=COLUMNS, crs="EPSG:32637")
    assert sorted(told.lat.round(6).tolist()) == [31.1, 31.9]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([(10, 36.1, 31.1), (-3, 36.1, 31.1)], r"row 3: it has a negative number of people"),
        ([(10, 0, 0)], "the position 0, 0"),
        ([(10, "nan", 31.1)], "row 2, field east: 'nan' is not a finite number"),
        ([("1e999", 36.1, 31.1)], "row 2, field pop"),
        ([("1_000", 36.1, 31.1)], "row 2, field pop"),
        ([("٣", 36.1, 31.1)], "row 2, field pop"),
        ([(10, 31.1, 36.1)], "longitude and latitude are swapped"),
        ([(10, 136.1, 31.1)], "lie in any zone"),
        ([(10, 36.1, 231.1)], "row 2: the position"),
        ([(0, 36.1, 31.1)], "no people at all"),
    ],
)
def test_broken_points(tmp_path: Path, rows: list[tuple[object, ...]], problem: str):
    with pytest.raises(InvalidInput, match=problem):
        read(table(tmp_path / "p.csv", rows), geometry="point", columns=COLUMNS)


def test_polygon_counts_are_spread_inside(tmp_path: Path):
    frame = gpd.GeoDataFrame(
        {"n": [1000.5, 3]},
        geometry=[shapely.box(36.1, 31.1, 36.3, 31.3), shapely.box(36.5, 31.5, 36.5001, 31.5001)],
        crs=4326,
    )
    pyogrio.write_dataframe(frame, tmp_path / "p.gpkg")
    found = read(tmp_path / "p.gpkg", geometry="polygon", columns={"people": "n"}, resolution_m=2000)
    assert found.people.sum() == pytest.approx(1003.5)
    assert found.people.size > 80
    assert shapely.contains_xy(shapely.union_all(frame.geometry).buffer(1e-6), found.lon, found.lat).all()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.floats(1e-6, 1e6), st.integers(0, 3)), min_size=1, max_size=40),
    st.lists(st.integers(0, 10**9), min_size=4, max_size=4),
)
def test_whole_persons_sum_exactly(rows: list[tuple[float, int]], totals: list[int]):
    weights = np.array([weight for weight, _ in rows])
    group = np.array([at for _, at in rows])
    held = np.bincount(group, weights, minlength=4)
    wanted = np.where(held > 0, totals, 0)
    persons = whole_persons(weights, group, wanted)
    assert (persons >= 0).all()
    assert np.bincount(group, persons, minlength=4).astype(int).tolist() == wanted.tolist()
    exact = weights * (wanted / np.where(held > 0, held, 1))[group]
    assert (np.abs(persons - exact) < 1 + 1e-6 * (1 + exact)).all()


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=30))
def test_rounded_totals_add_up(sums: list[float]):
    assert rounded_totals(np.array(sums)).sum() == round(float(np.sum(sums)))


def test_nobody_cannot_be_scaled():
    with pytest.raises(InvalidInput, match="over nobody"):
        whole_persons(np.zeros(2), np.zeros(2, dtype=np.int64), np.array([5]))


def made(people: list[float], lon: list[float], zone: list[int], near: list[int] | None = None) -> Blocks:
    n = len(people)
    given_to = np.array(near or [-1] * n)
    return Blocks(np.array(lon), np.full(n, 31.5), np.array(people), np.array(zone), given_to, np.zeros(n, bool), {})


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.floats(0.01, 1e5), st.integers(-1, 1)), min_size=1, max_size=30))
def test_persons_strays_and_the_left_out_are_everyone(rows: list[tuple[float, int]]):
    people, zone = [row[0] for row in rows], [row[1] for row in rows]
    near = [1 if at < 0 and i % 2 == 0 else -1 for i, at in enumerate(zone)]
    found = persons_of(made(people, [36.5] * len(rows), zone, near), ZONES)
    assert found.read.sum() + found.left_out == pytest.approx(sum(people))
    assert found.persons.sum() == found.totals.sum() == round(float(found.read.sum()))
    assert found.strays == pytest.approx(sum(p for p, at in zip(people, near, strict=True) if at == 1))


def to_edge(lon: float) -> float:
    """Metres from a position east of the zones to the second of them."""
    edge = ZONES.segmentize(0.05).to_crs(METRIC)[1]
    return float(gpd.GeoSeries([shapely.Point(lon, 31.5)], crs=4326).to_crs(METRIC).distance(edge).iloc[0])


def test_stray_limit_is_inclusive(tmp_path: Path):
    rows, limit = [(5, 37.02, 31.5), (9, 36.1, 31.5)], round(to_edge(37.02), 3)
    path = table(tmp_path / "p.csv", rows)
    for within, strays in ((limit, 5.0), (limit - 0.001, 0.0)):
        blocks = read(path, geometry="point", columns=COLUMNS, strays_within_m=within)
        found = persons_of(blocks, ZONES)
        assert (found.strays, found.left_out) == (strays, 5.0 - strays)
        assert blocks.zone.tolist().count(-1) == 1
    assert found.left_out_at == ((pytest.approx(37.02), pytest.approx(31.5), 5.0),)


@pytest.mark.parametrize("within", [0.0, 1500.0, 2000.0, 6000.0])
def test_who_is_near_a_zone_is_a_rule_of_cells_whatever_the_blocks(tmp_path: Path, within: float):
    """Against every cell measured on its own; the same total at every resolution."""
    values = counts(5, (160, 160))
    path = makers.raster(tmp_path / "p.tif", values, cell=1 / 120, west=35.83, north=32.13)
    rows, columns = np.mgrid[:160, :160] + 0.5
    lon, lat = (35.83 + columns / 120).ravel(), (32.13 - rows / 120).ravel()
    edges = ZONES.segmentize(0.05).to_crs(METRIC)
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=4326).to_crs(METRIC)
    metres = np.stack([points.distance(edge).to_numpy() for edge in edges])
    inside = np.stack([shapely.contains_xy(shape, lon, lat) for shape in ZONES])
    zone = np.where(inside.any(axis=0), inside.argmax(axis=0), -1)
    zone = np.where((zone < 0) & (metres.min(axis=0) <= within), metres.argmin(axis=0), zone)
    wanted = [float(values.ravel()[zone == at].sum(dtype="float64")) for at in (0, 1)]
    for resolution in (900.0, 1900.0, 5000.0, 20_000.0):
        found = persons_of(read(path, resolution_m=resolution, strays_within_m=within), ZONES)
        assert found.read.tolist() == pytest.approx(wanted, rel=1e-9)
        assert found.persons.sum() == round(sum(wanted))
        assert found.left_out == pytest.approx(float(values.sum(dtype="float64")) - sum(wanted))


def test_people_near_two_zones_are_given_to_the_nearer_and_of_two_to_the_first():
    around = Around([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)], 5.0)
    x = np.array([12.0, 18.0, 15.0, 15.1, 36.0, np.inf])
    assert around.nearest(x, np.full(6, 5.0)).tolist() == [0, 1, 0, 1, -1, -1]
    assert around.nearest(np.array([-5.0, -5.0011, 5.0]), np.array([5.0, 5.0, 5.0])).tolist() == [0, -1, 0]


def test_official_totals_are_met_and_their_factor_recorded():
    blocks = made([10.4, 20.2, 4.0], [36.1, 36.2, 36.7], [0, 0, 1])
    found = persons_of(blocks, ZONES, official={0: 100})
    assert found.totals.tolist() == [100, 4]
    assert found.factors == pytest.approx([100 / 30.6, 1.0])
    assert np.bincount(found.zone, found.persons).tolist() == [100.0, 4.0]
    with pytest.raises(InvalidInput, match="official total of West is 5"):
        persons_of(made([1.0], [36.7], [1]), ZONES, official={0: 5}, names=["West", "East"])


def test_rule_is_passed_through_the_gate(tmp_path: Path):
    values = np.zeros((100, 100), dtype="float32")
    values[50, 50] = 6000
    path = makers.raster(tmp_path / "p.tif", values)
    assert read(path).urban.tolist() == [True]
    assert read(path, rule=SettlementRule(cluster_people=6001)).urban.tolist() == [False]

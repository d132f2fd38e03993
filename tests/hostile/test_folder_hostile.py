"""Country folders that mean harm or are broken: a named error each, a silent canary, nothing left behind."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

import geodata
from foundation.errors import InvalidInput, MarkazError, Unsupported
from geodata.folder.places import read_places
from geodata.folder.report import Notebook
from geodata.folder.short_form import read_settings
from geodata.folder.words import checked_ids, checked_names
from geodata.osm import read_network
from geodata.terrain.grid import Grid
from geodata.terrain.read import read_grid
from tests.geodata.folders import at, write_country, zone_shapes
from tests.geodata.osm_files import write_pbf
from tests.hostile import makers
from tests.hostile.canary import Canary


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_country(tmp_path_factory.mktemp("raw") / "testland")


@pytest.fixture
def folder(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKAZ_CACHE", str(written.parent / "cache"))  # one for all: the roads are read once
    return Path(shutil.copytree(written, tmp_path / "testland"))


def refused(folder: Path, problem: str) -> None:
    """The folder is refused by name, in seconds, and nothing is kept of it."""
    began = time.monotonic()
    with pytest.raises(MarkazError, match=problem):
        geodata.load(folder)
    assert time.monotonic() - began < 60
    assert not list(Path(os.environ["MARKAZ_CACHE"]).rglob("compiled.json"))


def zones(folder: Path, shapes: list[Any], names: list[str] | None = None, crs: str = "EPSG:32721") -> Path:
    (folder / "limites.gpkg").unlink()
    ids = [f"ZZ-{row}" for row in range(len(shapes))]
    frame = gpd.GeoDataFrame({"COD": ids, "NOMBRE": names or ids, "ARABE": [""] * len(ids)}, geometry=shapes, crs=crs)
    pyogrio.write_dataframe(frame, folder / "limites.gpkg", layer="departamentos")
    text = (folder / "country.yaml").read_text("utf-8").replace("capital_zone: Oeste\n", "")
    (folder / "country.yaml").write_text(text, encoding="utf-8")
    return folder


def towns(folder: Path, *rows: str) -> Path:
    (folder / "pueblos.csv").write_text(
        "\n".join(["ciudad,habitantes,longitud,latitud", *rows]) + "\n", encoding="utf-8"
    )
    return folder


def test_zones_of_another_continent(folder: Path):
    refused(zones(folder, zone_shapes(), crs="EPSG:32636"), "it is the zones that are wrong")


def test_zones_with_longitude_and_latitude_swapped(folder: Path):
    turned = [
        shapely.transform(shape, lambda xy: xy[:, ::-1])
        for shape in gpd.GeoSeries(zone_shapes(), crs=32721).to_crs(4326)
    ]
    refused(zones(folder, turned, crs="EPSG:4326"), "With latitude and longitude swapped the zones do lie there")


def test_zones_that_overlap(folder: Path):
    shapes = zone_shapes()
    refused(zones(folder, [shapes[0], shapes[1], shapes[2].buffer(3000)]), r"ZZ-\d and ZZ-\d overlap by")


def test_zone_that_crosses_itself(folder: Path):
    bow = shapely.Polygon([at(0, 0), at(40, 50), at(40, 0), at(0, 50)])
    refused(zones(folder, [bow, *zone_shapes()[1:]]), "feature 1: .*its line crosses itself at 440000, 6335000")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("<script>alert(1)</script>", "has markup"),
        ("Oeste\u202egnp.exe", "hidden mark that turns the writing direction"),
        ("\u2066Oeste", "hidden mark"),
        ("x" * 255, "more than 120 letters"),
        ("", "has no letters"),
        ("Oe\x07ste", "a control character"),
        ("=cmd|' /C calc'!A0", "a formula mark"),
    ],
)
def test_names(name: str, problem: str):
    with pytest.raises(InvalidInput, match=problem) as told:
        checked_names(["Norte", name], [1, 2], field="name_en", file="limites.gpkg")
    assert told.value.values["row"] == 2
    said = str(told.value)
    assert "\u202e" not in said
    assert "\u2066" not in said
    assert len(said) < 250


def test_names_are_looked_at_in_files(folder: Path):
    refused(zones(folder, zone_shapes(), ["<b>Oeste</b>", "Este", "Norte"]), r"limites\.gpkg, row 1, field name_en")


def test_names_of_all_the_world_are_welcome():
    given = ["Río de la Plata", "Ōsaka", "عجلون", "Ma'an", "Saint-Étienne (nord)", "می\u200cخواهم"]
    assert checked_names(given, range(6), field="name", file="a") == given


@pytest.mark.parametrize("ids", [["a", "A"], ["a b", "c"], ["../a", "b"], ["", "b"], ["é", "b"], ["a" * 65, "b"]])
def test_ids(ids: list[str]):
    with pytest.raises(InvalidInput, match="row"):
        checked_ids(ids, [2, 3], field="id", file="a.csv")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("A,10,NaN,-33", "row 2, field longitud: 'NaN' is not a finite number"),
        ("A,10,inf,-33", "is not a finite number"),
        ("A,10,0,0", "the position 0, 0"),
        ("A,10,-33.1,-57.5", "longitude and latitude are swapped"),
        ("A,10,36,32", "most positions lie outside every zone"),
        ("A,10,-57.5", "3 cells; expected 4"),
        ("A,ten,-57.5,-33.1", "row 2, field population"),
        (f"{'x' * 5000},10,-57.5,-33.1", "not readable as CSV"),
    ],
)
def test_towns(folder: Path, row: str, problem: str):
    outlines = gpd.GeoDataFrame({"zone_id": ["W", "E", "N"]}, geometry=zone_shapes(), crs=32721).to_crs(4326)
    settings = read_settings(towns(folder, row))
    with pytest.raises(InvalidInput, match=problem):
        read_places(folder, settings, outlines, "EPSG:32721", Notebook())


def test_negative_people(folder: Path):
    values = np.ones((60, 60), dtype="float32")
    values[7, 7] = -5
    makers.raster(folder / "habitantes.tif", values, west=-58.2, north=-32.0, cell=0.02)
    refused(folder, r"habitantes\.tif: cells that hold negative numbers of people: 1.*-5\.0")


@pytest.mark.parametrize("length", [8, 20_000])
def test_raster_cut_off(folder: Path, length: int):
    path = folder / "habitantes.tif"
    path.write_bytes(path.read_bytes()[:length])
    refused(folder, r"habitantes\.tif is cut off or damaged")


def test_raster_that_claims_the_world(folder: Path):
    makers.claims_160_gb(folder / "habitantes.tif")
    refused(folder, "claims 40000000000 cells")


def test_virtual_files_by_every_door(folder: Path, canary: Canary):
    """Each file of the folder in turn is a virtual one that points to the canary."""
    for name, make in (
        ("habitantes.tif", makers.vrt_raster),
        ("limites.gpkg", makers.vrt_vector),
        ("caminos.gpkg", makers.vrt_vector),
        ("pueblos.csv", makers.vrt_vector),
    ):
        kept = (folder / name).read_bytes()
        make(folder / name, canary.url)
        refused(folder, re.escape(name) + " is no .* file")
        (folder / name).write_bytes(kept)
    assert canary.hits == []


def ground(path: Path, part: str) -> Grid:
    outlines = gpd.GeoSeries(zone_shapes(), crs=32721).to_crs(4326)
    return read_grid(path, outlines, what=part, metric_crs="EPSG:32721", resolution_m=250.0)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("part", ["elevation", "friction"])
def test_rasters_of_the_ground_pass_the_same_gate(tmp_path: Path, canary: Canary, part: str):
    """A virtual one, one that claims the world, one cut off, one without a system, one of another continent."""
    noise = np.random.default_rng(1).random((40, 40), dtype="float32") + 0.01
    told = {"west": -58.4, "north": -32.0, "cell": 0.05}
    assert np.isfinite(ground(makers.raster(tmp_path / "good.tif", noise, **told), part).values).all()
    cut = makers.raster(tmp_path / "cut.tif", noise, **told)
    cut.write_bytes(cut.read_bytes()[:3000])
    for path, problem in (
        (makers.vrt_raster(tmp_path / "virtual.tif", canary.url), r"virtual\.tif is no GeoTIFF file"),
        (makers.claims_160_gb(tmp_path / "claim.tif"), "claims 40000000000 cells"),
        (cut, r"cut\.tif is cut off or damaged"),
        (makers.raster(tmp_path / "no.tif", noise, crs=None, **told), "does not say its coordinate system"),
        (makers.raster(tmp_path / "far.tif", noise, west=36.0, north=32.0), "does not lie over the zones"),
    ):
        with pytest.raises(MarkazError, match=problem):
            ground(path, part)
    assert canary.hits == []


@pytest.mark.parametrize(
    ("part", "value", "problem"),
    [
        ("elevation", 9500.0, "cannot be metres above the sea, such as 9500"),
        ("elevation", -9999.0, "cannot be metres above the sea.*nodata:"),
        ("elevation", np.inf, "cannot be metres above the sea"),
        ("friction", -1.0, "cannot be minutes for one metre, such as -1"),
        ("friction", 0.0, "cannot be minutes for one metre"),
        ("friction", np.inf, "cannot be minutes for one metre"),
    ],
)
def test_impossible_heights_and_frictions(tmp_path: Path, part: str, value: float, problem: str):
    values = np.full((40, 40), 0.5, dtype="float32")
    values[10:14, 10:14] = value
    path = makers.raster(tmp_path / "ground.tif", values, west=-58.4, north=-32.0, cell=0.05)
    with pytest.raises(InvalidInput, match=problem):
        ground(path, part)


def test_friction_in_another_unit(tmp_path: Path):
    seconds = makers.raster(tmp_path / "f.tif", np.full((40, 40), 12.0, "float32"), west=-58.4, north=-32.0, cell=0.05)
    with pytest.raises(InvalidInput, match="else give the raster in that unit"):
        ground(seconds, "friction")


def test_a_link_out_of_the_folder(folder: Path, tmp_path: Path):
    (folder / "pueblos.csv").rename(tmp_path / "secret.csv")
    (folder / "pueblos.csv").symlink_to(tmp_path / "secret.csv")
    refused(folder, "leads out of the folder")


def test_roads_with_a_view(folder: Path):
    import sqlite3

    with sqlite3.connect(folder / "caminos.gpkg") as base:
        base.execute("CREATE VIEW more AS SELECT * FROM vias")
    base.close()
    refused(folder, "'more' is a view")


@pytest.mark.parametrize("length", [20, -10])
def test_truncated_pbf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int):
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    path = write_pbf(tmp_path / "roads.osm.pbf")
    graph = read_network(path).graph
    assert graph.lon.size > 5
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(path.read_bytes()[:length])
    with pytest.raises(InvalidInput, match=r"cut\.osm\.pbf"):
        read_network(cut)


def test_graphml_that_declares_entities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "roads.graphml"
    path.write_text('<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "b">]><graphml>&a;</graphml>')
    with pytest.raises(InvalidInput, match="declares a document type"):
        read_network(path)
    with pytest.raises(Unsupported, match="not read from a zip"):
        read_network(makers.packed(tmp_path / "roads.zip", {"a": b"b"}))


def test_compiled_country_from_a_stranger(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A run folder travels: what is in it is no more trusted than any file."""
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    home = geodata.load(folder).folder
    for damage in (
        lambda text: text.replace('"schema": 1', '"schema": 2'),
        lambda text: text[:500],
        lambda text: text.replace('"text"', '"geometry"'),
        lambda text: text.replace('"sha256": "', '"sha256": "0', 1),
        lambda _: "[]",
        lambda _: '{"schema": 1}',
    ):
        stranger = Path(shutil.copytree(home, tmp_path / "stranger"))
        (stranger / "compiled.json").write_text(damage((home / "compiled.json").read_text("utf-8")), encoding="utf-8")
        with pytest.raises(InvalidInput, match="is damaged"):
            geodata.load(stranger)
        shutil.rmtree(stranger)


def roads(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    (folder / "caminos.gpkg").unlink()
    pyogrio.write_dataframe(frame, folder / "caminos.gpkg", layer="vias")
    return folder


def test_roads_of_another_continent(folder: Path):
    own = pyogrio.read_dataframe(folder / "caminos.gpkg")
    refused(roads(folder, own.set_crs("EPSG:32636", allow_override=True)), "no road lies in the zones: they are around")


def test_roads_with_longitude_and_latitude_swapped(folder: Path):
    own = pyogrio.read_dataframe(folder / "caminos.gpkg").to_crs(4326)
    turned = own.set_geometry(shapely.transform(own.geometry.to_numpy(), lambda xy: xy[:, ::-1]), crs=4326)
    refused(roads(folder, turned), "They would lie together if these were swapped in one of the two files")


def test_towns_of_another_continent(folder: Path):
    frame = gpd.GeoDataFrame(geometry=[shapely.box(35, 31, 36, 32)], crs=4326)
    pyogrio.write_dataframe(frame, folder / "urbano.gpkg")
    with (folder / "country.yaml").open("a", encoding="utf-8") as lines:
        lines.write("settlement: urbano.gpkg\n")
    refused(folder, "urbano.gpkg: it lies outside every zone")


def test_a_settlement_raster_of_another_continent(folder: Path):
    makers.raster(folder / "smod.tif", np.full((20, 20), 30, dtype=np.int16))
    with (folder / "country.yaml").open("a", encoding="utf-8") as lines:
        lines.write("settlement: smod.tif\n")
    refused(folder, "smod.tif: it lies outside every zone")


def test_roads_among_other_shapes_are_read_and_the_others_counted(folder: Path):
    own = pyogrio.read_dataframe(folder / "caminos.gpkg").to_crs(4326)
    parts = own.geometry.to_list()
    parts[0] = shapely.MultiLineString([parts[0]])
    mixed = gpd.GeoDataFrame(
        {"highway": [*own["highway"], "primary", "primary"]},
        geometry=[*parts, shapely.Point(-57.0, -33.0), shapely.box(-57, -33, -56.9, -32.9)],
        crs=4326,
    )
    (folder / "caminos.gpkg").unlink()
    pyogrio.write_dataframe(mixed, folder / "caminos.geojson", driver="GeoJSON")
    text = (folder / "country.yaml").read_text("utf-8").replace("caminos.gpkg", "caminos.geojson")
    (folder / "country.yaml").write_text(text, encoding="utf-8")
    report = geodata.check(folder)
    told = [finding.text("en") for finding in report.findings if finding.part == "roads"]
    assert any("1 of the ways: no line but Point" in line for line in told)
    assert any("1 of the ways: no line but Polygon" in line for line in told)
    assert any(line.startswith(f"ways: {len(own) + 2}, of them driven") for line in told if "directed edges" in line)

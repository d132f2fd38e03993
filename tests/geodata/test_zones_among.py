"""A bad zones file is named, not the files that are measured against it; every part is reported each time."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

import geodata
from geodata.folder.rasters import framed
from tests.geodata.folders import PLANE, write_country, zone_shapes

ZONES = {"file": "limites.gpkg", "columns": {"id": "COD", "name_en": "NOMBRE", "name_ar": "ARABE"}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    return write_country(tmp_path / "testland")


def outlines(folder: Path, shapes: list[shapely.Geometry], crs: str, *, silent: bool = False) -> None:
    frame = gpd.GeoDataFrame(
        {"COD": ["W", "E", "N"], "NOMBRE": ["Oeste", "Este", "Norte"], "ARABE": ["الغرب", "الشرق", "الشمال"]},
        geometry=shapes,
        crs=None if silent else crs,
    )
    (folder / "limites.gpkg").unlink()
    pyogrio.write_dataframe(frame, folder / "limites.gpkg", layer="departamentos")


def said(folder: Path, level: str) -> dict[str, str]:
    return {found.part: found.text("en") for found in geodata.check(folder).findings if found.level == level}


def test_swapped_zones_are_named_and_no_other_file_is_to_be_changed(folder: Path):
    turned = [
        shapely.transform(shape, lambda at: at[:, ::-1])
        for shape in gpd.GeoSeries(zone_shapes(), crs=PLANE).to_crs(4326)
    ]
    outlines(folder, turned, "EPSG:4326")
    refused = said(folder, "refused")
    assert set(refused) == {"zones"}
    told = refused["zones"]
    assert "while the other files (caminos.gpkg, pueblos.csv, habitantes.tif) lie together around -57." in told
    assert "Leave the others as they are. With latitude and longitude swapped the zones do lie there" in told
    assert set(said(folder, "unjudged")) == {"population", "roads", "places"}


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_wrong_system_that_the_folder_declares_is_named(folder: Path):
    outlines(folder, zone_shapes(), PLANE, silent=True)
    write_country_lines(folder, zones=ZONES | {"crs": "EPSG:32720"})
    refused = said(folder, "refused")
    assert set(refused) == {"zones"}
    assert "The 'crs: EPSG:32720' that country.yaml gives for them is not theirs" in refused["zones"]


def write_country_lines(folder: Path, **changes: object) -> None:
    """Write `country.yaml` anew, and leave the zones as they are."""
    kept = (folder / "limites.gpkg").read_bytes()
    write_country(folder, **changes)
    (folder / "limites.gpkg").write_bytes(kept)


def test_zones_of_another_country_are_named(folder: Path):
    moved = [shapely.affinity.translate(shape, yoff=900_000.0) for shape in zone_shapes()]
    outlines(folder, moved, PLANE)
    refused = said(folder, "refused")
    assert set(refused) == {"zones"}
    assert refused["zones"].endswith("Take the zones of this country, or correct their coordinate system.")


def test_a_single_file_that_lies_elsewhere_is_named_itself(folder: Path):
    towns = (folder / "pueblos.csv").read_text("utf-8").replace("longitud,latitud", "latitud,longitud")
    (folder / "pueblos.csv").write_text(towns, encoding="utf-8")
    refused = said(folder, "refused")
    assert set(refused) == {"places"}
    assert "longitude and latitude are swapped" in refused["places"]
    assert said(folder, "unjudged") == {"candidates": "it waits for 'places', which was refused"}


def test_two_files_against_one_where_the_roads_cannot_be_read(folder: Path):
    moved = [shapely.affinity.translate(shape, yoff=900_000.0) for shape in zone_shapes()]
    outlines(folder, moved, PLANE)
    (folder / "caminos.gpkg").write_bytes(b"SQLite format 3\x00" + b"\x00" * 200)
    refused = said(folder, "refused")
    assert set(refused) == {"zones", "roads"}
    assert "(pueblos.csv, habitantes.tif)" in refused["zones"]


def test_roads_and_towns_that_reach_far_beyond_the_zones_do_not_accuse_them(folder: Path):
    # A part of a country: the others cover it, so it is they that hold too much.
    small = [shapely.affinity.scale(shape, 0.2, 0.2, origin=(0, 0)) for shape in zone_shapes()]
    home = zone_shapes()[0].centroid
    shapes = [
        shapely.transform(shape, lambda at: at - np.array(small[0].centroid.coords) + [home.x, home.y])
        for shape in small
    ]
    outlines(folder, shapes, PLANE)
    assert "zones" not in said(folder, "refused")


def test_every_part_is_looked_at_while_the_zones_are_refused(folder: Path):
    write_country(folder, zones={"file": "limites.gpkg", "layer": "none", "columns": ZONES["columns"]})
    (folder / "pueblos.csv").write_text("ciudad,habitantes,longitud,latitud\n<b>A</b>,5,-57.5,-33\n", encoding="utf-8")
    (folder / "habitantes.tif").write_bytes(b"II*\x00 no raster")
    refused = said(folder, "refused")
    assert set(refused) == {"zones", "places", "population"}
    assert "row 2, field name_en" in refused["places"]
    assert set(said(folder, "unjudged")) == {"roads"}


def test_own_candidates_and_districts_do_not_wait_for_places(folder: Path):
    write_country(
        folder,
        candidates={"file": "sitios.csv", "columns": {"name_en": "sitio"}},
        districts={"file": "limites.gpkg", "columns": {"id": "COD", "name_en": "NADA"}},
    )
    (folder / "sitios.csv").write_text("sitio,lon,lat\nA,0,0\n", encoding="utf-8")
    (folder / "pueblos.csv").write_text("ciudad,habitantes,longitud,latitud\nA,x,-57.5,-33.2\n", encoding="utf-8")
    assert set(said(folder, "refused")) == {"places", "candidates", "districts"}


def test_what_is_missing_is_said_once(folder: Path):
    (folder / "habitantes.tif").unlink()
    lines = [line for line in geodata.check(folder).lines("en") if "habitantes.tif" in line]
    assert len(lines) == 1


def test_a_frame_past_the_180th_meridian_holds_both_its_sides():
    land = framed([[179.0, -19.0], [182.0, -19.0], [182.0, -16.0], [179.0, -16.0]])
    assert shapely.contains_xy(land, [179.5, -179.0, 0.0], [-18.0, -18.0, -18.0]).tolist() == [True, True, False]
    assert framed([]) is None

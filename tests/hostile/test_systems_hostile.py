"""Coordinate systems that name a file or a chain of operations: refused by name, and nothing is opened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS
from pyproj.network import is_network_enabled

import geodata
from foundation.errors import InvalidInput
from geodata.folder.frames import load_country
from geodata.folder.short_form import read_settings
from geodata.gate.raster import opened
from geodata.population.rows import degrees
from geodata.systems import names_a_file, system_of
from tests.geodata.folders import write_country
from tests.hostile import makers

LAEA = "+proj=laea +lat_0=-33 +lon_0=-57 +ellps=WGS84 +units=m"
GRID = "/nowhere/grid"
SHIFTED = f"+proj=longlat +ellps=intl +nadgrids={GRID}"
IN_WKT = (
    'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.25],EXTENSION["PROJ4_GRIDS","{0}"]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433],EXTENSION["PROJ4","+proj=longlat +ellps=WGS84 +nadgrids={0}"]]'
)
ROCKY = '{"proj": "longlat", "ellps": "WGS84", "\\u006eadgrids": "/nowhere/grid"}'
METHOD = (
    'DERIVEDPROJCRS["x",METHOD["PROJ-based operation method: +proj=pipeline +step +proj=hgridshift +grids=/nowhere"]]'
)


@pytest.mark.parametrize(
    "text",
    [
        SHIFTED,
        f"{LAEA} +nadgrids={GRID}",
        f"{LAEA} + NADGRIDS = {GRID}",
        f"{LAEA} +nadgrids=@null,{GRID}",
        f"{LAEA} +nadgrids=@{GRID}",
        f"{LAEA} +geoidgrids={GRID}",
        f"{LAEA} +catalog={GRID}",
        f"+proj=hgridshift +grids={GRID}",
        f"+proj=deformation +xy_grids={GRID}",
        f"+proj=tinshift +file={GRID}",
        f"+proj=defmodel +model={GRID}",
        "+init=epsg:4326",
        "init=epsg:4326",
        f"+init={GRID}:section",
        "+proj=pipeline +step +proj=utm +zone=36",
        "proj = pipeline step proj=longlat",
        IN_WKT.format(GRID),
        METHOD,
        CRS(SHIFTED).to_wkt(),
        CRS(SHIFTED).to_json(),
        ROCKY,
        json.dumps({"proj": f"longlat +nadgrids={GRID}"}),
    ],
)
def test_a_system_that_names_a_file_is_refused_by_name(text: str):
    assert names_a_file(text)
    with pytest.raises(InvalidInput, match="names a file or a chain of operations"):
        system_of(text)
    with pytest.raises(InvalidInput, match=r"a\.csv: .*names a file or a chain of operations"):
        degrees(np.zeros(1), np.zeros(1), text, "a.csv", np.ones(1, dtype=np.int64))


@pytest.mark.parametrize(
    "text",
    [
        "EPSG:32721",
        "epsg:4326",
        "urn:ogc:def:crs:EPSG::4326",
        "ESRI:102022",
        LAEA,
        f"{LAEA} +towgs84=1,2,3,0,0,0,0",
        "proj=utm zone=36 datum=WGS84",
        "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs",
        CRS("EPSG:3857").to_wkt("WKT1_GDAL"),
        CRS("EPSG:27700").to_wkt(),
        CRS("EPSG:2180").to_json(),
        CRS(f"{LAEA} +towgs84=1,2,3,0,0,0,0").to_json(),
    ],
)
def test_plain_systems_are_welcome(text: str):
    assert system_of(text).equals(CRS.from_user_input(text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("EPSG:4978", "neither degrees nor a plane"),
        ("EPSG:5773", "neither degrees nor a plane"),
        ('LOCAL_CS["x",UNIT["metre",1]]', "neither degrees nor a plane"),
        ("nonsense", "is not a coordinate system that PROJ knows"),
        ("", "is not a coordinate system that PROJ knows"),
        ("{", "is not a coordinate system that PROJ knows"),
        ('{"a":' * 3000, "is not a coordinate system that PROJ knows"),
        (LAEA + " " * 30_000, "is not a coordinate system that PROJ knows"),
    ],
)
def test_what_is_no_system_of_a_map(text: str, problem: str):
    with pytest.raises(InvalidInput, match=problem):
        system_of(text)


def test_proj_never_asks_the_network():
    assert not is_network_enabled()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
@pytest.mark.parametrize("part", ["metric_crs", "places"])
def test_a_folder_that_names_a_pipe_does_not_hang(tmp_path: Path, part: str):
    pipe = tmp_path / "grid"
    os.mkfifo(pipe)
    told: object = f"{LAEA} +nadgrids={pipe}"
    if part == "places":
        columns = {"name_en": "ciudad", "lon": "longitud", "lat": "latitud"}
        told = {"file": "pueblos.csv", "crs": f"+proj=longlat +ellps=WGS84 +nadgrids={pipe}", "columns": columns}
    folder = write_country(tmp_path / "testland", **{part: told})
    asked = f"import geodata; print(*geodata.check({str(folder)!r}).lines('en'))"
    root = Path(geodata.__file__).parents[1]
    answer = subprocess.run([sys.executable, "-c", asked], cwd=root, timeout=60, capture_output=True, text=True)
    assert "names a file or a chain of operations" in answer.stdout


@pytest.mark.parametrize("part", ["zones", "roads", "population", "places"])
def test_every_part_of_a_folder_is_asked(tmp_path: Path, part: str):
    file = {"zones": "limites.gpkg", "roads": "caminos.gpkg", "population": "habitantes.tif", "places": "pueblos.csv"}
    folder = write_country(tmp_path / "testland", **{part: {"file": file[part], "crs": SHIFTED}})
    with pytest.raises(InvalidInput, match=rf"{part}.*names a file or a chain of operations"):
        read_settings(folder)


def test_a_raster_whose_own_system_names_a_file(tmp_path: Path):
    path = makers.raster(tmp_path / "p.tif", np.ones((4, 4), dtype="float32"), crs=None)
    with (
        pytest.raises(InvalidInput, match=r"p\.tif: .*names a file or a chain of operations"),
        opened(path, crs=SHIFTED),
    ):
        pass


def test_a_compiled_country_whose_plane_names_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    home = geodata.load(write_country(tmp_path / "testland")).folder
    told = json.loads((home / "compiled.json").read_text("utf-8"))
    told["country"]["metric_crs"] = f"{LAEA} +nadgrids={GRID}"
    (home / "compiled.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"is damaged .*names a file or a chain of operations"):
        load_country(home)

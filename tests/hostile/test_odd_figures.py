"""Figures, names and files that are odd rather than broken: what they mean, or a refusal that names them."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest

import geodata
from foundation.errors import InvalidInput, MarkazError, Unsupported
from geodata.folder.report import Notebook
from geodata.folder.words import texts_of
from geodata.gate.magic import expect_hashable
from geodata.osm.report import why_left_out
from tests.geodata.folders import town_points, write_country
from tests.hostile import makers


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    return write_country(tmp_path / "testland")


def said(folder: Path) -> list[str]:
    return geodata.check(folder).lines("en")


def test_a_class_of_several_words_is_left_out_by_its_name(folder: Path):
    roads = pyogrio.read_dataframe(folder / "caminos.gpkg")
    roads["highway"] = ["Main Road", *roads["highway"][1:]]
    (folder / "caminos.gpkg").unlink()
    pyogrio.write_dataframe(roads, folder / "caminos.gpkg")
    assert "caminos.gpkg: left out: 1 of the ways: class Main Road" in said(folder)
    assert [str(why_left_out(why)) for why in ("class none", "area", "no line but Point", "oneway a b")] == [
        "class none",
        "an area",
        "no line but Point",
        "one-way a b",
    ]


def test_what_is_missing_in_a_layer_is_missing_and_whole_numbers_stay_whole(folder: Path):
    towns = gpd.GeoDataFrame(
        {"nombre": ["A", "B", "C"], "pop": [None, 9000.0, 12.0], "code": [1.0, 2.0, 3.0]},
        geometry=town_points()[:3].to_list(),
        crs=town_points().crs,
    )
    pyogrio.write_dataframe(towns, folder / "pueblos.gpkg")
    write_country(
        folder, places={"file": "pueblos.gpkg", "columns": {"name_en": "nombre", "population": "pop", "id": "code"}}
    )
    places = geodata.load(folder).places
    assert places["population"].isna().tolist() == [True, False, False]
    assert places["place_id"].tolist() == ["1", "2", "3"]
    assert texts_of(np.array([5.0, 2.5, np.nan])) == ["5", "2.5", ""]


def test_an_id_that_is_missing_is_refused(folder: Path):
    zones = pyogrio.read_dataframe(folder / "limites.gpkg")
    zones["COD"] = [1.0, 2.0, None]
    (folder / "limites.gpkg").unlink()
    pyogrio.write_dataframe(zones, folder / "limites.gpkg", layer="departamentos")
    write = (folder / "country.yaml").read_text("utf-8").replace("capital_zone: Oeste\n", "")
    (folder / "country.yaml").write_text(write, encoding="utf-8")
    assert any("row 3, field id: '' is no id" in line for line in said(folder))


@pytest.mark.parametrize("value", [3.4028235e38, 1e11])
def test_more_people_than_the_earth_in_a_cell_are_refused(folder: Path, value: float):
    values = np.ones((60, 60), dtype="float32")
    values[7, 7] = value
    makers.raster(folder / "habitantes.tif", values, west=-58.2, north=-32.0, cell=0.02)
    assert any("cells that hold more people than the Earth: 1" in line and "nodata:" in line for line in said(folder))


@pytest.mark.parametrize("total", [10**25, 10**12])
def test_an_official_total_beyond_the_earth_is_refused(folder: Path, total: int):
    (folder / "totales.csv").write_text(f"zone,population\nOeste,{total}\n", encoding="utf-8")
    write_country(folder, totals="totales.csv")
    assert any("row 2: expected a zone" in line for line in said(folder))


@pytest.mark.parametrize("people", ["-5", "1e30"])
def test_a_place_of_people_that_cannot_be_is_refused(folder: Path, people: str):
    text = (folder / "pueblos.csv").read_text("utf-8").replace("60000", people)
    (folder / "pueblos.csv").write_text(text, encoding="utf-8")
    assert any("population is" in line and "0 or more" in line for line in said(folder))


def test_a_pipe_a_folder_and_a_file_beyond_its_format_are_not_even_hashed(folder: Path):
    os.mkfifo(folder / "pipe.tif")
    (folder / "folder.tif").mkdir()
    with (folder / "huge.gpkg").open("wb") as file:
        file.truncate(60 * 2**30)
    for name, kind, told, checked in (
        ("pipe.tif", Unsupported, "no regular file", "no regular file"),
        ("folder.tif", Unsupported, "no regular file", "Merge the tiles of a raster first"),
        ("huge.gpkg", InvalidInput, "is larger than", "is larger than"),
    ):
        with pytest.raises(kind, match=told):
            expect_hashable(folder / name)
        key = "zones" if name.endswith("gpkg") else "population"
        write_country(folder, **{key: name})
        assert any(checked in line for line in said(folder))


def test_what_comes_from_a_file_cannot_command_the_terminal():
    notes = Notebook()
    notes.note("read", "roads", "a\x1b[2J\u202eb", "{text} and {count}", text="\x1b]0;PWNED\x07\u202e", count=3)
    (finding,) = notes.findings
    assert not any(mark in f"{finding.file}{finding.text('ar')}" for mark in "\x1b\x07\u202e")
    assert finding.values["count"] == 3


def test_a_refusal_goes_to_the_file_it_names_and_to_no_other_of_that_name():
    notes = Notebook()
    notes.part_of = {"a/data.csv": "centres", "b/data.csv": "offices", "towns.gpkg": "settlement"}
    for part, file, named in (("centres", "a/data.csv", "data.csv"), ("population", "people.tif", "towns.gpkg")):
        notes.refuse(part, file, InvalidInput("{file}: wrong.", file=named))
    assert [(one.part, one.file) for one in notes.findings] == [("centres", "a/data.csv"), ("settlement", "towns.gpkg")]


@pytest.mark.parametrize("speed", ["2020-01-01", True, 1e-300, 1e300, 0.5, 300.0])
def test_a_speed_that_cannot_be_is_refused(folder: Path, speed: object):
    roads = pyogrio.read_dataframe(folder / "caminos.gpkg")[["geometry"]]
    column = gpd.pd.to_datetime([speed] * len(roads)) if isinstance(speed, str) else [speed] * len(roads)
    roads["speed"] = column
    (folder / "caminos.gpkg").unlink()
    pyogrio.write_dataframe(roads, folder / "caminos.gpkg")
    with pytest.raises(MarkazError, match="a speed from 1 to 200 km/h, or 0 for none"):
        geodata.load(folder)


def test_a_kind_or_a_layer_that_does_not_fit_is_told_with_what_would(folder: Path):
    write_country(folder, population={"file": "habitantes.tif", "kind": "points"})
    assert any("does not fit a file of this ending. Take 'kind:' out" in line for line in said(folder))
    write_country(folder, roads={"file": "caminos.gpkg", "layer": "zzz"})
    assert any("which layer? It has vias" in line for line in said(folder))

"""Names that are to be Arabic: refused in a wrong encoding or column, read in the encoding that the folder states."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from pydantic import ValidationError

from foundation.errors import InvalidInput
from geodata.folder.arabic import tell_latin
from geodata.folder.report import Finding, Notebook
from geodata.folder.settings import PartFile
from geodata.folder.tables import read_areas
from tests.geodata.folders import PLANE, zone_shapes

ARABIC = ["بن عروس", "باجة", "صفاقس"]
PART = {"file": "zones.zip", "columns": {"name_en": "NOM", "name_ar": "ARABE"}}


def told(arabic: list[str], file: str = "names.csv") -> list[Finding]:
    notes = Notebook()
    english = [f"Name {row}" for row in range(len(arabic))]
    tell_latin(arabic, english, range(2, 2 + len(arabic)), "places", PartFile(file=file), notes)
    return notes.findings


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    """A Shapefile in cp1256 that does not say so."""
    frame = gpd.GeoDataFrame({"NOM": ["A", "B", "C"], "ARABE": ARABIC}, geometry=zone_shapes(), crs=PLANE)
    pyogrio.write_dataframe(frame, tmp_path / "zones.shp", encoding="cp1256")
    with zipfile.ZipFile(tmp_path / "zones.zip", "w") as packed:
        for ending in (".shp", ".shx", ".dbf", ".prj"):
            packed.write(tmp_path / f"zones{ending}", f"zones{ending}")
    return tmp_path / "zones.zip"


def test_a_shapefile_that_does_not_say_its_encoding(zipped: Path):
    with pytest.raises(InvalidInput, match=r"no Arabic letter: 3 of 3, .*write 'encoding: cp1256' in this part"):
        read_areas(zipped, PartFile.model_validate(PART), "zones", code="TN", notes=Notebook())
    part = PartFile.model_validate(PART | {"encoding": "windows-1256"})
    assert read_areas(zipped, part, "zones", code="TN", notes=Notebook())["name_ar"].tolist() == ARABIC


def test_names_that_were_read_in_another_encoding_are_known_again():
    latin = [name.encode("utf-8").decode("latin-1") for name in ARABIC]
    with pytest.raises(InvalidInput, match="Arabic in the encoding utf-8, read as another: export the file as UTF-8"):
        told(latin)
    with pytest.raises(InvalidInput, match=r"such as 'Béja' \(row 2\)\. Name the column of Arabic names"):
        told(["Béja", "Kébili", "Médenine"])


def test_a_few_latin_names_are_a_warning_and_the_english_name_counts_as_none():
    found = told([*ARABIC, "Sfax 2", ""])
    assert [(finding.level, finding.values["row"], finding.values["all"]) for finding in found] == [("warning", 5, 4)]
    assert "no Arabic letter: 1 of 4, such as 'Sfax 2' (row 5)" in found[0].text("en")
    assert told(["Name 0", "Name 1"]) == []
    assert told([]) == []


def test_an_encoding_that_nobody_knows():
    with pytest.raises(ValidationError, match="'cp9999' is no encoding of text"):
        PartFile.model_validate(PART | {"encoding": "cp9999"})
    assert PartFile.model_validate(PART | {"encoding": "CP1256"}).encoding == "cp1256"

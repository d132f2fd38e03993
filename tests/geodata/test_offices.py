"""Offices: their kinds and services, what is refused by row and field, and the way to any of them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest

from foundation.errors import InvalidInput
from geodata.checks_records import check_records
from geodata.folder.offices import read_offices
from geodata.folder.report import Notebook
from geodata.folder.short_form import read_settings
from geodata.offices import placed, services_of
from planning.travel import nearest, travel
from tests.geodata.folders import PLANE, write_country, zone_shapes
from tests.toy import toy_country

HEADER = "name,arabe,tipo,servicios,lon,lat"
COLUMNS = {"name_ar": "arabe", "kind": "tipo", "services": "servicios"}
ROWS = (
    "Correo,البريد,post,Parcels; Pensions,-57.7,-33.2",
    "Registro,الأحوال,civil status,Birth certificate;Passport,-57.6,-33.2",
    "Alcaldía,البلدية,بلدية,Building permit؛ Passport,-57.5,-33.1",
    "Otro,غيره,,,-57.4,-33.1",
    "Lejos,بعيد,post,Parcels,-50,-33",
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_country(tmp_path_factory.mktemp("raw") / "testland")


def offices_of(folder: Path, *rows: str, header: str = HEADER, columns: dict[str, str] | None = None, **more):
    """Read the part alone; with the report's findings."""
    (folder / "oficinas.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    write_country(folder, offices={"file": "oficinas.csv", "columns": COLUMNS if columns is None else columns} | more)
    outlines = gpd.GeoDataFrame({"zone_id": ["W", "E", "N"]}, geometry=zone_shapes(), crs=PLANE).to_crs(4326)
    notes = Notebook()
    return read_offices(folder, read_settings(folder), outlines, PLANE, notes), notes.findings


def test_kinds_and_services_are_read_counted_and_said(written: Path):
    offices, findings = offices_of(written, *ROWS)
    assert offices["kind"].tolist() == ["post", "civil_status", "municipality", ""]
    assert offices["services"].tolist() == [
        "Parcels; Pensions",
        "Birth certificate; Passport",
        "Building permit; Passport",
        "",
    ]
    assert offices["agency"].tolist() == ["post", "civil status", "municipality", "kind not known"]
    assert offices["name_ar"].tolist() == ["البريد", "الأحوال", "البلدية", "غيره"]
    said = [finding.text("en") for finding in findings]
    assert "offices: 1 (civil status)" in said
    assert "the service Passport is given at 2 of the offices" in said
    assert "offices that do not say which services they give: 1" in said
    assert any("Lejos lies outside every zone" in line for line in said)
    assert all(any("\u0621" <= letter <= "\u064a" for letter in finding.text("ar")) for finding in findings)


def test_a_geopackage_of_offices_with_an_agency_only(written: Path):
    frame = gpd.GeoDataFrame(
        {"name": ["A"], "agency": ["Posts"]}, geometry=gpd.points_from_xy([-57.7], [-33.2]), crs=4326
    )
    pyogrio.write_dataframe(frame.to_crs(PLANE), written / "oficinas.gpkg")
    write_country(written, offices="oficinas.gpkg")
    outlines = gpd.GeoDataFrame({"zone_id": ["W", "E", "N"]}, geometry=zone_shapes(), crs=PLANE).to_crs(4326)
    offices = read_offices(written, read_settings(written), outlines, PLANE, Notebook())
    assert offices[["agency", "kind", "services"]].to_numpy().tolist() == [["Posts", "", ""]]
    assert (offices.geometry.x[0], offices.geometry.y[0]) == pytest.approx((-57.7, -33.2))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("A,أ,bank,,-57.7,-33.2", r"row 2: .* not known: 'bank' \(1\)\. .* such as kinds: \{bank: post\}"),
        ("A,أ,post,Parcels; parcels,-57.7,-33.2", "row 2: services is 'Parcels; parcels'; expected services separated"),
        ("A,أ,post,<b>Parcels</b>,-57.7,-33.2", "row 2, field services: .* has markup"),
        ("A,أ,post,Par\u202ecels,-57.7,-33.2", "hidden mark"),
        ("A,أ,post," + ";".join(map(str, range(201))) + ",-57.7,-33.2", "at most 200"),
    ],
)
def test_what_is_refused_of_an_office(written: Path, row: str, problem: str):
    with pytest.raises(InvalidInput, match=problem):
        offices_of(written, row)


def test_words_of_the_file_for_kinds_are_given_in_the_folder(written: Path):
    words = ("Poste", "POSTE", "Municipalité", "بريد")
    rows = [f"A{at},أ,{word},,-57.{at},-33.2" for at, word in enumerate(words, start=4)]
    kinds = {"Poste": "post", "Municipalité": "municipality"}
    offices, _ = offices_of(written, *rows, kinds=kinds)
    assert offices["kind"].tolist() == ["post", "post", "municipality", "post"]


def test_all_words_that_are_not_known_are_named_at_once(written: Path):
    rows = ("A,أ,Poste,,-57.7,-33.2", "B,ب,CNSS,,-57.6,-33.2", "C,ج,CNSS,,-57.5,-33.1", "D,د,post,,-57.4,-33.1")
    with pytest.raises(InvalidInput, match=r"row 2: .* not known: 'CNSS' \(2\), 'Poste' \(1\)\."):
        offices_of(written, *rows)


def test_a_kind_that_is_not_offered(written: Path):
    with pytest.raises(InvalidInput, match=r"'offices\.kinds': bureau is no kind of office"):
        offices_of(written, "A,أ,Poste,,-57.7,-33.2", kinds={"Poste": "bureau"})


def test_services_in_one_cell():
    assert services_of(" a ;b؛ c;; ") == ("a", "b", "c")
    assert services_of("") == ()


def test_coverage_by_any_office_beside_coverage_by_centres():
    """What `planning.siting.Request.office_minutes` is made of: who is near any office."""
    toy = toy_country()
    at = toy.candidates.geometry.iloc[[0, 3, 5]].tolist()
    offices = gpd.GeoDataFrame(
        {"office_id": list("abcd"), "kind": ["post", "post", "", "post"], "services": ["P", "p; Q", "", "P"]},
        geometry=[*at, None],
        crs=4326,
    )
    assert placed(offices)["office_id"].tolist() == list("abc")
    assert placed(offices, kind="post")["office_id"].tolist() == ["a", "b"]
    assert placed(offices, service="P")["office_id"].tolist() == ["a", "b"]
    assert placed(offices, service="q")["office_id"].tolist() == ["b"]
    minutes = nearest(toy, placed(offices)).minutes
    np.testing.assert_array_equal(minutes, travel(toy).minutes[:, [0, 3, 5]].min(axis=1))


def test_offices_of_a_pack_give_services_that_are_recorded():
    tables = {
        "zones": pd.DataFrame({"zone_id": ["A"]}),
        "services": pd.DataFrame({"service_id": ["s1", "s2"], "agency_id": ["g", "g"]}),
        "agencies": pd.DataFrame(
            {
                "agency_id": ["g"],
                "successor": [""],
                "valid_from": [pd.NA],
                "valid_to": [pd.NA],
                "jurisdiction": ["nation"],
                "home_zones": [""],
            }
        ),
        "offices": pd.DataFrame({"services": ["s1; s2", ""]}),
    }
    files = {name: f"{name}.csv" for name in tables}
    check_records(tables, files)
    for cell in ("s1;s3", "s1;s1"):
        with pytest.raises(InvalidInput, match=r"offices\.csv, row 2, field services: .* ids of services\.csv"):
            check_records(tables | {"offices": pd.DataFrame({"services": [cell]})}, files)

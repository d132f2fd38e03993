"""A country nobody prepared: from raw files to a checked country, and on to a proven plan."""

from __future__ import annotations

import dataclasses
import re
import shutil
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio

import geodata
from foundation.errors import InvalidInput, MarkazError
from geodata.country import Country
from geodata.folder.cache import compiled
from geodata.folder.frames import load_country, save_country
from planning.programme import Programme, Tranche, ZoneQuota
from planning.siting import Request, site_programme
from tests.geodata.folders import TOWNS, write_country, write_people
from tests.toy import toy_country


@pytest.fixture(scope="module", autouse=True)
def one_cache(tmp_path_factory: pytest.TempPathFactory):
    """The cache of all tests here: the roads are read once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARKAZ_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_country(tmp_path_factory.mktemp("raw") / "testland")


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "testland"))


@pytest.fixture(scope="module")
def country(written: Path) -> Country:
    return geodata.load(written)


@pytest.fixture(scope="module")
def report(written: Path) -> geodata.DataReport:
    return geodata.check(written)


def same(one: Country, other: Country) -> None:
    for name in ("zones", "districts", "people", "groups", "places", "candidates", "centres", "offices"):
        first, second = (pd.DataFrame(getattr(each, name)) for each in (one, other))
        pd.testing.assert_frame_equal(first, second, check_dtype=False)
    for field in dataclasses.fields(one.roads):
        first, second = getattr(one.roads, field.name), getattr(other.roads, field.name)
        if isinstance(first, np.ndarray):
            np.testing.assert_array_equal(first, second)
        else:
            assert first == second


def test_people_are_those_of_the_raster(written: Path, country: Country, report: geodata.DataReport):
    with rasterio.open(written / "habitantes.tif") as data:
        total = float(data.read(1, masked=True).astype("float64").sum())
    left_out = [finding for finding in report.findings if finding.level == "left_out" and finding.part == "population"]
    assert left_out == []  # the land is drawn 1.5 km too wide, and strays within 2 km are kept
    assert country.people["people"].sum() == country.zones["population"].sum() == round(total)
    held = country.people.groupby(["zone_id", "settlement"])["people"].sum()
    for zone in country.zones.itertuples():
        assert (held[zone.zone_id, "urban"], held[zone.zone_id, "rural"]) == (zone.urban, zone.rural)
    assert report.ok
    assert report.zones["people"].tolist() == country.zones["population"].tolist()
    assert report.zones["read"].sum() == pytest.approx(total)


def test_everything_is_named_and_in_its_place(country: Country):
    assert country.zones["zone_id"].tolist() == ["ZZ-W", "ZZ-E", "ZZ-N"]
    assert country.zones["name_ar"].tolist() == ["الغرب", "الشرق", "الشمال"]
    assert country.capital_zone == "ZZ-W"
    assert country.metric_crs.startswith("+proj=laea +lat_0=-33")
    assert country.zones["area_km2"].sum() == pytest.approx(
        sum(shape.area for shape in gpd.GeoSeries(country.zones.geometry).to_crs(32721)) / 1e6, rel=2e-3
    )
    assert sorted(country.places["name_en"]) == sorted(town[0] for town in TOWNS)
    assert sorted(country.candidates["name_en"]) == sorted(town[0] for town in TOWNS if town[3] >= 5000)
    assert country.candidates["district_id"].isin(country.districts["district_id"]).all()
    assert country.people["point_id"].is_unique
    assert country.people["people"].dtype == np.int64
    towns = country.people[country.people["settlement"] == "urban"]
    assert set(towns["place_en"]) >= {"Puerto Alto", "San Bruno", "Cerro Chato"}
    assert {resource.name: resource.licence for resource in country.resources}["zones"] == "CC0"
    assert {resource.name: resource.vintage for resource in country.resources}["zones"] == "2020"
    assert {resource.name for resource in country.resources} == {"zones", "population", "roads", "places"}


def test_a_proven_plan_comes_out(country: Country):
    programme = Programme(
        years=(2026, 2027),
        tranches=(Tranche("a", "First", "أول", 3, 2025, 2026), Tranche("b", "Second", "ثان", 1, 2026, 2027)),
        zone_quotas=(ZoneQuota(1, 2026),),
        fixed=(),
        private=None,
    )
    plan = site_programme(Request(country=country, programme=programme))
    assert plan.certificate.status == "proven_optimal"
    people = int(country.people["people"].sum())
    final = plan.results.query("year == 2027 and scope == 'nation' and group == 'all'")
    figures = final.set_index("measure")["value"]
    assert figures["covered"] + figures["out_of_standard"] + figures["unreachable"] == people
    assert figures["covered"] > 0.5 * people


def test_compiled_is_the_same_country_and_fast(folder: Path, own_cache: Path):
    first = geodata.load(folder)
    began = time.monotonic()
    again = geodata.load(folder)
    assert time.monotonic() - began < 3
    assert first.folder == again.folder
    assert first.folder.is_relative_to(own_cache)
    same(first, again)
    assert compiled(folder)[1].lines("ar") == geodata.check(folder).lines("ar")


def test_the_files_of_a_country_load_again_elsewhere(folder: Path, tmp_path: Path):
    country = geodata.load(folder)
    files = geodata.files_of(country)
    for name, path in files.items():
        (tmp_path / "run").mkdir(exist_ok=True)
        shutil.copy(path, tmp_path / "run" / name)
    shutil.rmtree(folder)
    same(country, geodata.load(tmp_path / "run"))


def test_damaged_cache_is_made_again(folder: Path):
    home = geodata.load(folder).folder
    (home / "frames.npz").write_bytes(b"no arrays")
    with pytest.raises(InvalidInput, match="is damaged"):
        geodata.load(home)
    assert len(geodata.load(folder).people) > 100


def test_another_file_is_another_country(folder: Path):
    before = geodata.load(folder)
    write_people(folder / "habitantes.tif", seed=4)
    after = geodata.load(folder)
    assert before.folder != after.folder
    assert before.people["people"].sum() != after.people["people"].sum()


def test_no_cache_to_write_to(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "file"))
    country = geodata.load(folder)
    assert country.folder == folder
    names = {"country.yaml", "limites.gpkg", "habitantes.tif", "caminos.gpkg", "pueblos.csv"}
    assert set(geodata.files_of(country)) == names


def test_the_toy_survives_compiling(tmp_path: Path):
    toy = toy_country()
    roads = dataclasses.replace(toy.roads, route=np.where(np.arange(toy.roads.start.size) % 2, "15", ""))
    toy = dataclasses.replace(toy, roads=roads)
    (tmp_path / "c").mkdir()
    save_country(tmp_path / "c", toy, report={})
    back, _ = load_country(tmp_path / "c")
    same(dataclasses.replace(toy, candidates=toy.candidates.assign(land_status="")), back)
    assert back.roads.rules == toy.roads.rules
    assert back.notes == toy.notes


def test_exact_shares_are_reported_beside_the_rule(folder: Path):
    write_country(folder, population={"file": "habitantes.tif", "exact_zones": True})
    told = [finding for finding in geodata.check(folder).findings if finding.template.startswith("by the exact share")]
    assert 0 < told[0].values["people"] < 500


def test_report_in_both_languages(report: geodata.DataReport):
    english, arabic = report.lines("en"), report.lines("ar")
    assert len(english) == len(arabic)
    assert any(line.startswith("limites.gpkg: read: outlines: 3, WGS 84 / UTM zone 21S") for line in english)
    assert any("columns: id = COD, name_en = NOMBRE, name_ar = ARABE" in line for line in english)
    assert any(line.startswith("habitantes.tif: repaired: ") and "given to the nearest" in line for line in english)
    assert any(line.startswith("caminos.gpkg: read: ") for line in english)
    assert sum("people," in line for line in english) >= 3
    assert english[-1].startswith("Together: ")
    sentences = [line for line in arabic if not any("\u0621" <= letter <= "\u064a" for letter in line)]
    assert sentences == []


PUEBLOS = {"name_en": "ciudad", "lon": "longitud", "lat": "latitud"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"population": None, "roads": None}, r"lacks population \(where people live\); roads \(the road network\)"),
        ({"places": None}, "lacks both places and candidates"),
        ({"elevation": "dem.tif"}, "which is not in the folder"),
        ({"elevation": {"file": "habitantes.tif", "resolution_m": 5}}, r"elevation\.resolution_m"),
        (
            {"population": {"file": "habitantes.tif", "columns": {"people": "z"}}},
            "habitantes.tif, the part population, has no use for columns",
        ),
        ({"population": {"file": "pueblos.csv", "nodata": 0}}, "has no use for nodata"),
        ({"population": {"file": "pueblos.csv", "layer": "x"}}, "has no use for layer"),
        ({"totals": {"file": "pueblos.csv", "crs": "EPSG:4326"}}, "has no use for crs"),
        ({"places": {"file": "pueblos.csv", "encoding": "cp1256"}}, "has no use for encoding"),
        ({"roads": {"file": "x.osm.pbf", "layer": "roads"}}, "the part roads, has no use for layer"),
        ({"elderly": {"share": 0.05, "folder": "edad/"}}, "one of share, files and folder"),
        ({"metric_crs": "nonsense"}, "not a coordinate system that PROJ knows"),
        ({"metric_crs": "EPSG:3857"}, "not Web Mercator"),
        ({"metric_crs": "EPSG:4326"}, "a projected system in metres"),
        ({"metric_crs": "EPSG:2225"}, "a projected system in metres"),
        ({"metric_crs": "EPSG:32636"}, "in the plane metric_crs EPSG:32636 a metre of this country is"),
        ({"roads": {"file": "caminos.gpkg", "crs": "EPSG:4326"}}, "country.yaml says EPSG:4326"),
        ({"roads": {"file": "caminos.gpkg", "columns": {"class": "tipo"}}}, "has no column 'tipo'; it has highway"),
        ({"roads": {"file": "caminos.gpkg", "columns": {"tipo": "highway"}}}, "'tipo' is no field of this part"),
        ({"offices": {"file": "pueblos.csv", "columns": PUEBLOS}}, "which column says what an office is"),
        ({"colour": "red"}, r"country\.yaml: 'colour' is not a known field; remove it or correct its spelling\.$"),
        ({"strays_within": 2}, r"'strays_within' is not a known field; write 'strays_within_km' if that is meant\.$"),
        ({"zones": {"file": "limites.gpkg", "colums": {}}}, "'zones.colums' is not a known field; write 'columns' if"),
        (
            {"population_year": None, "populaton_year": 2020},
            r"lacks population_year \(the year the people are of\); and 'populaton_year' is not a known field; write "
            "'population_year' if that is meant. Lines that are wanted look so: population_year: 2025",
        ),
        ({"population": ["a.tif", "b.tif"]}, "'population': People are read from one file. .*gdal_translate"),
        ({"population": {"files": ["a.tif"]}}, "'population': People are read from one file. Merge the tiles"),
        ({"population": "tiles"}, "tiles is a folder. People are read from one file. Merge the tiles"),
        ({"population": "../people.tif"}, "leads out of the folder"),
        ({"population": "/etc/passwd"}, "leads out of the folder"),
        ({"population": "https://example.org/people.tif"}, "is an address"),
        ({"population": "/vsicurl/https://example.org/people.tif"}, "virtual or network path"),
        ({"population": "none.tif"}, "which is not in the folder"),
        ({"population": "caminos.gpkg"}, "which column is 'people'"),
        ({"zones": "limites.gpkg"}, "which column is 'name_en'"),
        ({"zones": {"file": "limites.gpkg", "columns": {"nombre": "NOMBRE"}}}, "'nombre' is no field"),
        ({"zones": {"file": "limites.gpkg", "layer": "paises", "columns": {"name_en": "NOMBRE"}}}, "which layer"),
        ({"zones": {"file": "limites.gpkg", "sha256": "0" * 64, "columns": {"name_en": "NOMBRE"}}}, "its sha256 is"),
        ({"capital_zone": "Sur"}, "capital_zone is Sur"),
        ({"elderly": 1.4}, r"elderly\.share"),
        ({"disabled": "age"}, "which is not in the folder|expected a share"),
    ],
)
def test_what_is_missing_or_wrong_is_named(folder: Path, changes: dict, problem: str):
    write_country(folder, **changes)
    (folder / "tiles").mkdir()
    with pytest.raises(MarkazError, match=problem):
        geodata.load(folder)


def test_one_refusal_does_not_hide_the_next(folder: Path):
    (folder / "habitantes.tif").write_bytes((folder / "habitantes.tif").read_bytes()[:5000])
    (folder / "pueblos.csv").write_text("ciudad,longitud,latitud\nA,0,0\n", encoding="utf-8")
    text = (folder / "country.yaml").read_text("utf-8").replace("    population: habitantes\n", "")
    (folder / "country.yaml").write_text(text, encoding="utf-8")
    found = geodata.check(folder).findings
    refused = {finding.part: finding.text("en") for finding in found if finding.level == "refused"}
    assert set(refused) == {"population", "places"}
    assert "habitantes.tif is cut off or damaged" in refused["population"]
    assert "row 2: it has the position 0, 0" in refused["places"]


def test_official_totals_are_a_recorded_step(folder: Path):
    (folder / "totales.csv").write_text("zone,population\nOeste,100000\nZZ-E,50000\nالشمال,30000\n", encoding="utf-8")
    write_country(folder, totals={"file": "totales.csv", "source": "census"})
    country = geodata.load(folder)
    assert country.zones["population"].tolist() == [100_000, 50_000, 30_000]
    assert country.people.groupby("zone_id", sort=False)["people"].sum().tolist() == [100_000, 50_000, 30_000]
    assert set(country.zones["basis"]) == {"reported"}
    report = geodata.check(folder)
    assert (report.zones["factor"] * report.zones["read"]).round().tolist() == [100_000, 50_000, 30_000]
    assert sum("were scaled to" in finding.template for finding in report.findings) == 3
    note = country.notes["scaled to official totals"]
    assert all(f"times {factor:.6f}" in note["en"] for factor in report.zones["factor"])
    assert note["ar"].count("؛") + note["ar"].count(";") == 2
    assert "scaled" not in note["ar"]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("Sur,10", "found 'Sur'"),
        ("Oeste,10\nZZ-W,10", "row 3: expected"),
        ("Oeste,-1", "row 2"),
        ("Oeste,1.5", "row 2"),
    ],
)
def test_wrong_totals(folder: Path, rows: str, problem: str):
    (folder / "totales.csv").write_text(f"zone,population\n{rows}\n", encoding="utf-8")
    write_country(folder, totals="totales.csv")
    with pytest.raises(InvalidInput, match=problem):
        geodata.load(folder)


def test_age_rasters_give_the_elderly(folder: Path):
    (folder / "edad").mkdir()
    with rasterio.open(folder / "habitantes.tif") as data:
        profile, people = data.profile, data.read(1)
    for name, share in (
        ("f_60", 0.05),
        ("m_60", 0.03),
        ("f_55", 0.5),
        ("t_65", 0.004),
        ("t_70", 0.003),
        ("t_75", 0.003),
        ("t_80", 0.01),
    ):
        with rasterio.open(folder / "edad" / f"zzz_{name}_2020.tif", "w", **profile) as data:
            data.write(np.where(people > 0, people * share, people).astype("float32"), 1)
    write_country(folder, elderly="edad/", disabled=None)
    country = geodata.load(folder)
    assert country.groups["group"].unique().tolist() == ["elderly"]
    assert country.groups["share"].tolist() == pytest.approx([0.10] * 3, rel=1e-5)
    assert not country.groups["national"].any()
    rasters = {each.path: each for each in country.resources if each.name.startswith("elderly")}
    assert sorted(rasters) == [f"edad/zzz_{name}_2020.tif" for name in ("f_60", "m_60", "t_65", "t_70", "t_75", "t_80")]
    assert all(re.fullmatch("[0-9a-f]{64}", each.sha256) for each in rasters.values())
    (folder / "edad" / "zzz_t_75_2020.tif").rename(folder / "edad" / "elsewhere.tif")
    with pytest.raises(InvalidInput, match="the ages 75 are not there"):
        geodata.load(folder)
    (folder / "edad" / "elsewhere.tif").rename(folder / "edad" / "zzz_t_75_2020.tif")
    (folder / "edad" / "zzz_m_60_2020.tif").unlink()
    with pytest.raises(InvalidInput, match="age 60 is there for one sex only"):
        geodata.load(folder)


def test_districts_candidates_centres_and_offices(folder: Path):
    import pyogrio
    import shapely

    west = pyogrio.read_dataframe(folder / "limites.gpkg")
    halves = []
    for shape in west.geometry:
        low, high = shape.bounds[0], shape.bounds[2]
        middle = (low + high) / 2
        halves += [shape.intersection(shapely.box(*x)) for x in ((low, 0, middle, 1e8), (middle, 0, high, 1e8))]
    frame = gpd.GeoDataFrame({"nom": [f"D{at}" for at in range(6)]}, geometry=halves, crs=west.crs)
    pyogrio.write_dataframe(frame, folder / "distritos.geojson", driver="GeoJSON")
    tables = {
        "sitios": [
            "site_id,name,name_ar,x,y,step_free,earliest_year",
            "S1,Uno,واحد,430000,6330000,yes,2027",
            "S2,Dos,,500000,6380000,,",
        ],
        "centros": ["centre_id,name,lon,lat,opened_year", "C1,Central,-57.75,-33.2,2019"],
        "oficinas": ["name,agency,lon,lat", "Correo,Post,-57.7,-33.2", "Otro,Post,-57.6,-33.2", "Lejos,Post,-50,-33"],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_country(
        folder,
        districts={"file": "distritos.geojson", "columns": {"name_en": "nom"}},
        candidates={"file": "sitios.csv", "crs": "EPSG:32721"},
        centres="centros.csv",
        offices={"file": "oficinas.csv"},
    )
    report = geodata.check(folder)
    assert report.ok, report.lines("en")
    country = geodata.load(folder)
    assert len(country.districts) == 6
    assert set(country.people["district_id"]) == set(country.districts["district_id"])
    assert country.candidates["site_id"].tolist() == ["C1", "S1", "S2"]
    assert country.candidates["origin"].tolist() == ["existing_centre", "planner", "planner"]
    assert (
        country.candidates["earliest_year"].tolist() == [pd.NA, 2027, pd.NA]
        or country.candidates["earliest_year"][1] == 2027
    )
    assert country.candidates["step_free"].isna().tolist() == [True, False, True]
    assert country.candidates["name_ar"].tolist() == ["Central", "واحد", "Dos"]
    assert country.centres[["status", "kind", "opened_year"]].to_numpy().tolist() == [["open", "comprehensive", 2019]]
    assert country.offices["name_en"].tolist() == ["Correo", "Otro"]
    assert any("Lejos lies outside every zone" in finding.text("en") for finding in report.findings)


def test_a_map_of_settlements(folder: Path):
    with rasterio.open(folder / "habitantes.tif") as data:
        profile = data.profile | {"dtype": "int16", "nodata": -200}
        codes = np.where(data.read(1) > 20, 30, 11).astype("int16")
    with rasterio.open(folder / "smod.tif", "w", **profile) as data:
        data.write(codes, 1)
    write_country(folder, settlement="smod.tif")
    country = geodata.load(folder)
    assert 0 < country.zones["urban"].sum() < country.zones["population"].sum()
    assert country.zones["urban"].sum() != geodata.load(write_country(folder)).zones["urban"].sum()


def test_every_remark_is_said_in_arabic():
    """The remarks of the report are sentences of the catalogue, as the errors are."""
    import ast

    from foundation.language import language

    said = [
        call.args[3].value
        for path in (Path(geodata.__file__).parent).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "note"
        if len(call.args) == 4 and isinstance(call.args[3], ast.Constant)
    ]
    assert len(said) > 25
    arabic = language("ar")
    silent = [sentence for sentence in said if arabic.text(sentence) == sentence]
    assert silent == []


def test_words_on_roads_that_mean_nothing_here_are_told_with_their_ways(folder: Path, own_cache: Path):
    roads = gpd.read_file(folder / "caminos.gpkg")
    roads = roads.assign(oneway=["sens unique", *["no"] * (len(roads) - 1)], maxspeed="walking")
    roads.to_file(folder / "caminos.gpkg", driver="GPKG", layer="vias")
    report = geodata.check(folder)
    assert report.ok, report.lines("en")
    said, arabic = "\n".join(report.lines("en")), "\n".join(report.lines("ar"))
    assert "assumed: the one-way word 'sens unique' (1 of the ways) is not known: driven both ways" in said
    assert f"assumed: the speed limit 'walking' ({len(roads)} of the ways) is no plausible number" in said
    assert "عبارة الاتجاه الواحد" in arabic

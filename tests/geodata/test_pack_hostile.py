"""A broken or hostile pack is refused with file, row, field and what to do (law 11)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import geodata
from foundation.errors import InvalidInput, NotFound
from geodata import tables
from tests.geodata.packs import (
    copy_of_jordan,
    edit_cell,
    edit_descriptor,
    edit_lines,
    resource,
    write_described,
)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return copy_of_jordan(tmp_path)


def refusal(pack: Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        geodata.load(pack)
    return str(caught.value)


def test_the_untouched_copy_loads(pack: Path) -> None:
    assert geodata.load(pack).people["people"].sum() == 11_937_000
    assert geodata.load(str(pack)).code == "JO"


@pytest.mark.parametrize(
    ("file", "row", "field", "value", "said"),
    [
        ("people.csv", 5, "people", "NaN", "people.csv, row 5, field people: 'NaN' is not a whole number"),
        ("people.csv", 5, "people", "", "people.csv, row 5, field people: '' is not filled in"),
        ("people.csv", 5, "people", "-3", "people.csv, row 5, field people: '-3' is not 1 or more"),
        ("people.csv", 5, "people", "1e400", "'1e400' is not a whole number"),
        ("people.csv", 5, "people", "٣٤", "'٣٤' is not a whole number"),
        ("people.csv", 5, "people", "9999999999999999999999", "is not a whole number"),
        ("people.csv", 5, "people", "99999999999", "is not 2000000000 or less"),
        ("people.csv", 5, "lon", "inf", "field lon: 'inf' is not a number"),
        ("people.csv", 5, "lon", "1e999", "field lon: '1e999' is not a finite number"),
        ("people.csv", 5, "zone_id", "JO-XX", "field zone_id: 'JO-XX' is not one of those in governorates.csv"),
        ("people.csv", 5, "district_id", "JO-AM-jiza", "is not a district of the row's own zone_id"),
        ("people.csv", 5, "settlement", "suburban", "field settlement: 'suburban' is not one of rural, urban"),
        ("people.csv", 5, "is_camp", "yes", "field is_camp: 'yes' is not true or false"),
        ("people.csv", 5, "basis", "guessed", "field basis: 'guessed' is not one of"),
        ("people.csv", 5, "point_id", "JO-AJ-0001", "field point_id: 'JO-AJ-0001' is not used once only"),
        ("people.csv", 5, "lat", "30.0", "is not inside JO-AJ or 3 km of it"),
        ("people.csv", 5, "lat", "10.0", "is not inside the country or 3 km of it"),
        ("groups.csv", 2, "share", "1.2", "groups.csv, row 2, field share: '1.2' is not 1 or less"),
        ("districts.csv", 3, "zone_id", "JO-XX", "districts.csv, row 3, field zone_id"),
        ("places.csv", 2, "population", "12.5", "places.csv, row 2, field population: '12.5' is not a whole number"),
        ("governorates.csv", 2, "urban", "1", "governorates.csv, row 2, field population"),
    ],
)
def test_a_bad_cell_is_named(pack: Path, file: str, row: int, field: str, value: str, said: str) -> None:
    edit_cell(pack, file, row, field, value)
    assert said in refusal(pack)


@pytest.mark.parametrize(
    ("file", "field", "value", "said"),
    [
        ("candidates.csv", "name_en", "=HYPERLINK('x')", "a formula mark at its beginning"),
        ("candidates.csv", "name_ar", " @SUM(A1)", "a formula mark at its beginning"),
        ("candidates.csv", "name_en", "a\u202eb", "turns the writing direction"),
        ("candidates.csv", "name_en", "<b>x</b>", "markup"),
        ("candidates.csv", "site_id", "=1+1", "is not an id of letters"),
        ("candidates.csv", "source", "=1+1", "is not a text that begins without '='"),
        ("governorates.csv", "name_en", "+x", "a formula mark at its beginning"),
        ("people.csv", "place_en", "=x", "a formula mark at its beginning"),
    ],
)
def test_no_name_and_no_text_is_read_as_a_formula_or_turns_its_neighbours(
    pack: Path, file: str, field: str, value: str, said: str
) -> None:
    edit_cell(pack, file, 2, field, value)
    told = refusal(pack)
    assert said in told
    assert f"{file}, row 2, field {field}" in told


def test_swapped_degrees_are_recognised(pack: Path) -> None:
    def swap(lines: list[str]) -> list[str]:
        header = lines[0].replace("lon,lat", "lat,lon")
        return [header, *lines[1:]]

    edit_lines(pack, "people.csv", swap)
    assert "people.csv, row 2, field lon, lat" in (said := refusal(pack))
    assert "it is if they are swapped" in said


def test_people_that_do_not_sum_are_refused(pack: Path) -> None:
    edit_lines(pack, "people.csv", lambda lines: [*lines[:4], *lines[5:]])
    said = refusal(pack)
    assert "the urban points of JO-AJ hold" in said
    assert "expected 184500" in said


def test_the_nation_must_sum(pack: Path) -> None:
    path = pack / "country.yaml"
    path.write_text(path.read_text().replace("population_total: 11937000", "population_total: 11937001"))
    assert "the governorates hold 11937000 people" in refusal(pack)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [line.rpartition(",")[0] for line in lines], "people.csv: the column lat is missing. Add it."),
        (lambda lines: [lines[0] + ",extra", *(line + ",1" for line in lines[1:])], "the column extra is not known"),
        (lambda lines: [lines[0].replace("lon", "lat"), *lines[1:]], "the column lat is there twice"),
        (lambda lines: [*lines[:2], lines[2] + ",1", *lines[3:]], "people.csv, row 3: 13 cells; expected 12"),
        (lambda lines: [*lines[:2], lines[2].rpartition(",")[0], *lines[3:]], "people.csv, row 3: 11 cells"),
        (lambda lines: lines[:1], "people.csv: no rows"),
        (lambda lines: [*lines[:2], '"open quote' + lines[2], *lines[3:]], "not readable as CSV"),
    ],
)
def test_a_bad_table_is_refused(pack: Path, change, said: str) -> None:
    edit_lines(pack, "people.csv", change)
    assert said in refusal(pack)


def test_text_that_is_not_utf8_or_holds_zero_bytes_is_refused(pack: Path) -> None:
    data = (pack / "people.csv").read_bytes()
    write_described(pack, "people.csv", data.decode().encode("utf-16"))
    assert "is not UTF-8 text" in refusal(pack)
    write_described(pack, "people.csv", data + b"\x00")
    assert "zero byte" in refusal(pack)


def test_a_table_that_is_too_big_is_not_opened(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 100)
    assert "has more than 100 rows" in refusal(pack)
    with (pack / "people.csv").open("r+b") as stream:
        stream.truncate(tables.MAX_BYTES + 1)
    assert f"is larger than {tables.MAX_BYTES} bytes" in refusal(pack)


def test_a_file_other_than_described_is_refused(pack: Path) -> None:
    data = (pack / "people.csv").read_bytes()
    (pack / "people.csv").write_bytes(data.replace(b"urban", b"rural", 1))
    assert "people.csv is not the file that datapackage.json describes: its sha256 is" in refusal(pack)


@pytest.mark.parametrize(
    "path", ["../outside.csv", "/etc/hostname", "a/../../outside.csv", "http://x/y.csv", "..\\x.csv"]
)
def test_a_path_out_of_the_folder_is_refused(pack: Path, path: str) -> None:
    (pack.parent / "outside.csv").write_text("x\n")
    edit_descriptor(pack, lambda told: resource(told, "people.csv").update(path=path))
    assert "leads out of the folder" in refusal(pack)


def test_a_link_out_of_the_folder_is_refused(pack: Path) -> None:
    (pack / "people.csv").rename(pack.parent / "outside.csv")
    os.symlink(pack.parent / "outside.csv", pack / "people.csv")
    assert "leads out of the folder" in refusal(pack)


def test_a_missing_file_is_refused(pack: Path) -> None:
    (pack / "people.csv").unlink()
    assert "people.csv is not there" in refusal(pack)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told.update(surprise=1), "datapackage.json: 'surprise'"),
        (lambda told: told["resources"][0].pop("sources"), "resources.0.sources"),
        (lambda told: told["resources"][0].update(licenses=[]), "resources.0.licenses"),
        (lambda told: told["resources"].append(told["resources"][0]), "two resources share a name"),
        (lambda told: resource(told, "people.csv").update(name="folk"), "names the resource 'people'"),
        (lambda told: resource(told, "people.csv").update(format="geojson"), "format geojson; expected csv"),
        (lambda told: resource(told, "people.csv")["schema"]["fields"].pop(0), "no field point_id in its schema"),
        (lambda told: resource(told, "people.csv")["schema"]["fields"][7].update(type="string"), "expected integer"),
        (
            lambda told: resource(told, "people.csv")["schema"]["fields"][7]["constraints"].update(pattern="(a+)+"),
            "constraint pattern is not offered",
        ),
        (
            lambda told: resource(told, "people.csv")["schema"]["fields"][7]["constraints"].update(maximum=10),
            "field people: '",
        ),
    ],
)
def test_a_bad_descriptor_is_refused(pack: Path, change, said: str) -> None:
    edit_descriptor(pack, change)
    assert said in refusal(pack)


@pytest.mark.parametrize("text", ["{", "[]", '{"name": "a", "name": "b"}', '{"name": NaN}', "[" * 100_000])
def test_a_descriptor_that_is_no_plain_json_is_refused(pack: Path, text: str) -> None:
    (pack / "datapackage.json").write_text(text)
    assert "datapackage.json" in refusal(pack)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("code: JO", "code: JO\nsurprise: 1", "country.yaml: 'surprise'"),
        ("code: JO", "code: JO\ncode: JO", "written twice"),
        ("capital_zone: JO-AM", "capital_zone: JO-XX", "capital_zone is JO-XX"),
        ("+proj=laea", "+proj=nonsense", "is not a coordinate system that PROJ knows"),
        ("+proj=laea +lat_0=31.25", "+proj=merc", "not Web Mercator or its like"),
        ("+proj=laea +lat_0=31.25 +lon_0=37 +datum=WGS84 +units=m +no_defs +type=crs", "EPSG:3857", "Web Mercator"),
        ("+proj=laea +lat_0=31.25 +lon_0=37 +datum=WGS84 +units=m +no_defs +type=crs", "EPSG:4326", "in metres"),
        ("  people: people\n", "", "missing or not known: people"),
        ("  people: people\n", "  people: people\n  ghosts: people\n", "missing or not known: ghosts"),
        ("population_year: 2025", "population_year: '2025'", "country.yaml: 'population_year'"),
    ],
)
def test_bad_settings_are_refused(pack: Path, old: str, new: str, said: str) -> None:
    path = pack / "country.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert said in refusal(pack)


def outlines(pack: Path) -> dict:
    return json.loads((pack / "governorates.geojson").read_text(encoding="utf-8"))


BOWTIE = {"type": "Polygon", "coordinates": [[[36, 31], [36.1, 31.1], [36.1, 31], [36, 31.1], [36, 31]]]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda v: v["features"].pop(), "do not have the same zones: JO-MN"),
        (lambda v: v["features"].append(v["features"][0]), "two outlines have the zone_id JO-AJ"),
        (lambda v: v["features"][0].update(geometry=BOWTIE), "feature 1: it has an invalid outline"),
        (lambda v: v["features"][0].update(geometry=v["features"][1]["geometry"]), "JO-AJ and JO-AM overlap by"),
        (lambda v: v["features"][0].update(geometry={"type": "Point", "coordinates": [36, 31]}), "the geometry Point"),
        (lambda v: v["features"][0].update(geometry=None), "feature 1"),
        (lambda v: v["features"][0]["properties"].pop("zone_id"), "no zone_id"),
        (lambda v: v.update(crs={"properties": {"name": "EPSG:3857"}}), "Export it in EPSG:4326"),
        (lambda v: v.update(type="Feature"), "expected a GeoJSON FeatureCollection"),
        (lambda v: v.update(features=[]), "no features"),
    ],
)
def test_bad_outlines_are_refused(pack: Path, change, said: str) -> None:
    value = outlines(pack)
    change(value)
    write_described(pack, "governorates.geojson", json.dumps(value).encode())
    assert said in refusal(pack)


def test_a_country_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="Built in: jordan"):
        geodata.load("atlantis")
    with pytest.raises(NotFound, match="no country folder"):
        geodata.load(tmp_path / "atlantis")
    with pytest.raises(NotFound, match=r"country\.yaml"):
        geodata.load(tmp_path)


def test_errors_are_said_in_arabic(pack: Path) -> None:
    from foundation.language import language

    edit_cell(pack, "people.csv", 5, "people", "-3")
    with pytest.raises(InvalidInput) as caught:
        geodata.load(pack)
    said = language("ar").error(caught.value)
    assert "السطر" in said
    assert "أقل من" in said
    assert "people.csv" in said

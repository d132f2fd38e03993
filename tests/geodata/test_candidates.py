"""A planner's own candidates: what is read, and what is refused with row and field."""

from __future__ import annotations

import csv
import dataclasses
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import geodata.sheets as sheets
from foundation.errors import InvalidInput, MarkazError, NotFound, Unsupported
from geodata.candidates import (
    EXAMPLE_ID,
    OPTIONAL,
    REQUIRED,
    TEMPLATES,
    candidates_of,
    combine_candidates,
    read_candidates,
)
from tests.toy import toy_country

COLUMNS = REQUIRED + OPTIONAL
GOOD = {
    "site_id": "OWN-1",
    "name_en": "Old post office",
    "name_ar": "مكتب البريد القديم",
    "lat": "32.0",
    "lon": "36.2",
    "governorate": "",
    "land_status": "state owned",
    "floor_area_m2": "450.5",
    "earliest_year": "2027",
    "step_free": "yes",
    "bus_stop": "لا",
}


@pytest.fixture(scope="module")
def country():
    return toy_country()


@pytest.fixture
def write(tmp_path):
    def written(*rows, columns=COLUMNS, name="own.csv", encoding="utf-8") -> Path:
        path = tmp_path / name
        if name.endswith(".xlsx"):
            book = openpyxl.Workbook()
            book.active.append(list(columns))
            for row in rows:
                book.active.append([row.get(c) for c in columns])
            book.save(path)
            return path
        with path.open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows([columns, *([row.get(c, "") for c in columns] for row in rows)])
        return path

    return written


def read_here(path, *, country):
    """What the gate's child and its parent do, in this process: many rows are tried, and a child takes a while."""
    return candidates_of(sheets.read_sheet(path), country=country)


def refusal(path, country, read=read_here) -> str:
    with pytest.raises(InvalidInput) as refused:
        read(path, country=country)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_csv_is_read_with_and_without_a_byte_order_mark(write, country, encoding):
    sites = read_here(write(GOOD, encoding=encoding), country=country)
    site = sites.iloc[0]
    assert (site["site_id"], site["origin"], site["zone_id"]) == ("OWN-1", "planner", "TO-A")
    assert (site["floor_area_m2"], site["earliest_year"], site["step_free"], site["bus_stop"]) == (
        450.5,
        2027,
        True,
        False,
    )
    assert (site.geometry.x, site.geometry.y, sites.crs.to_epsg()) == (36.2, 32.0, 4326)
    assert list(sites.columns) == list(country.candidates.columns)


def test_an_excel_workbook_gives_the_same_as_the_csv_through_the_gate_and_here(write, country):
    numbers = GOOD | {"lat": 32, "lon": 36.2, "floor_area_m2": 450.5, "earliest_year": 2027, "step_free": True}
    same = read_here(write(GOOD, name="own.csv"), country=country).drop(columns="source")
    for read in (read_here, read_candidates):
        for path in (write(numbers, name="own.xlsx"), write(GOOD, name="own.csv")):
            assert read(path, country=country).drop(columns="source").equals(same)


def test_what_is_not_given_is_missing_and_never_false(write, country):
    site = read_here(write(GOOD, columns=REQUIRED), country=country)
    assert site[["floor_area_m2", "earliest_year", "step_free", "bus_stop"]].isna().all(axis=None)


def test_district_zone_and_city_follow_from_the_position(write, country):
    site = read_here(write(GOOD | {"lon": "37.3"}), country=country).iloc[0]
    assert site["zone_id"] == "TO-C"
    assert country.districts.set_index("district_id").loc[site["district_id"], "zone_id"] == "TO-C"
    assert not site["in_capital_city"]


def test_a_governorate_may_be_named_by_id_or_name_and_must_be_the_one_it_lies_in(write, country):
    for named in ("TO-A", "alpha", "ألفا"):
        assert read_here(write(GOOD | {"governorate": named}), country=country)["zone_id"].item() == "TO-A"
    assert "governorate is 'TO-C'" in refusal(write(GOOD | {"governorate": "TO-C"}), country)
    assert "governorate is 'Narnia'" in refusal(write(GOOD | {"governorate": "Narnia"}), country)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("site_id", ""),
        ("site_id", "has space"),
        ("site_id", "../up"),
        ("site_id", "a" * 65),
        ("name_en", ""),
        ("name_en", "مركز"),
        ("name_ar", ""),
        ("name_ar", "Centre"),
        ("lat", ""),
        ("lat", "north"),
        ("lat", "nan"),
        ("lat", "inf"),
        ("lat", "91"),
        ("lat", "٣٢"),
        ("lat", "32,1"),
        ("lat", "1e1"),
        ("lon", "-181"),
        ("floor_area_m2", "-1"),
        ("floor_area_m2", "big"),
        ("floor_area_m2", "1000001"),
        ("earliest_year", "1999"),
        ("earliest_year", "2101"),
        ("earliest_year", "2027.5"),
        ("earliest_year", "soon"),
        ("step_free", "maybe"),
        ("bus_stop", "2"),
        ("name_en", "=HYPERLINK(1)"),
        ("land_status", "@cmd"),
        ("land_status", "x" * 501),
        ("land_status", "two\nlines"),
        ("name_ar", "مركز\x07"),
    ],
)
def test_a_wrong_cell_is_refused_with_file_row_and_field(write, country, field, value):
    told = refusal(write(GOOD, GOOD | {"site_id": "OWN-2", field: value}), country)
    assert "own.csv, row 3" in told
    assert field in told


def test_swapped_lat_and_lon_are_called_swapped(write, country):
    assert "Swap the two" in refusal(write(GOOD | {"lat": GOOD["lon"], "lon": GOOD["lat"]}), country)


def test_a_position_outside_the_country_is_refused(write, country):
    told = refusal(write(GOOD | {"lat": "10", "lon": "10"}), country)
    assert "row 2" in told
    assert "inside Toyland" in told


def test_an_id_is_used_once_whatever_its_letters_size(write, country):
    assert "row 2 has it" in refusal(write(GOOD, GOOD | {"site_id": "own-1"}), country)


def test_an_unknown_a_missing_and_a_doubled_column_are_named(write, country):
    assert "'Latitude'" in refusal(write(GOOD, columns=(*COLUMNS, "Latitude")), country)
    assert "lacks the column lon" in refusal(write(GOOD, columns=REQUIRED[:-1]), country)
    assert "there twice" in refusal(write(GOOD, columns=(*REQUIRED, "lat")), country)


def test_a_formula_in_a_workbook_is_refused_and_never_evaluated(write, country):
    told = refusal(write(GOOD | {"name_en": "=1+1"}, name="own.xlsx"), country)
    assert "row 2" in told
    assert "formula" in told


def test_blank_rows_are_passed_over_and_row_numbers_stay(write, country):
    blank = dict.fromkeys(COLUMNS, "")
    assert "row 4" in refusal(write(GOOD, blank, GOOD | {"site_id": ""}), country)


def test_empty_files_and_files_of_another_kind_are_refused(tmp_path, write, country):
    empty = tmp_path / "own.csv"
    empty.write_text("", encoding="utf-8")
    assert "is empty" in refusal(empty, country)
    assert "no site" in refusal(write(), country)
    (tmp_path / "own.csv").write_bytes("site_id,الاسم".encode("cp1256"))
    assert "UTF-8" in refusal(tmp_path / "own.csv", country)
    (tmp_path / "own.csv").write_text(";".join(COLUMNS), encoding="utf-8")
    assert "semicolons" in refusal(tmp_path / "own.csv", country)
    (tmp_path / "own.xlsx").write_bytes(b"not a workbook")
    assert "not an Excel workbook" in refusal(tmp_path / "own.xlsx", country)


def test_a_table_is_read_in_a_child_process_as_any_file_of_a_stranger(tmp_path, write, country, monkeypatch):
    (tmp_path / "own.xls").write_bytes(b"")
    with pytest.raises(Unsupported, match=r"ends in \.csv, \.xlsx"):
        read_candidates(tmp_path / "own.xls", country=country)
    with pytest.raises(NotFound):
        read_candidates(tmp_path / "none.csv", country=country)
    (tmp_path / "own.xlsx").write_bytes(b"not a workbook")
    assert "does not begin like one" in refusal(tmp_path / "own.xlsx", country, read_candidates)
    told = refusal(write(GOOD | {"name_en": "=1+1"}, name="own.xlsx"), country, read_candidates)
    assert "own.xlsx, row 2" in told
    assert "formula" in told
    monkeypatch.setattr("geodata.sheets.read_sheet", lambda path: pytest.fail("read in this process"))
    assert len(read_candidates(write(GOOD), country=country)) == 1


def test_too_large_files_and_bombs_are_refused(tmp_path, country, monkeypatch):
    path = tmp_path / "own.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MAX_UNPACKED + 1))
    assert "unpacks to more" in refusal(path, country)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    assert "not an Excel workbook" in refusal(path, country)
    monkeypatch.setattr(sheets, "MAX_BYTES", 10)
    assert "larger than" in refusal(path, country)


def test_too_many_rows_are_refused(write, country, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    rows = [GOOD | {"site_id": f"s{i}"} for i in range(4)]
    assert "more than" in refusal(write(*rows), country)
    assert "more than" in refusal(write(*rows, name="own.xlsx"), country)
    assert len(read_here(write(*rows[:3]), country=country)) == 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=12), max_size=13), max_size=4))
def test_no_table_of_words_breaks_the_reader(tmp_path, country, cells):
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *cells])
    path = tmp_path / "own.csv"
    path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    with pytest.raises(MarkazError):
        read_here(path, country=country)


def test_own_sites_are_added_or_take_the_place_of_the_proposed_ones(write, country):
    first = country.candidates["site_id"].iloc[0]
    origin = country.candidates["origin"].where(country.candidates["site_id"] != first, "existing_centre")
    builtin = country.candidates.assign(origin=origin.where(origin != "existing_centre", "place"))
    builtin.loc[builtin["site_id"] == first, "origin"] = "existing_centre"
    own = read_here(write(GOOD), country=country)
    added = combine_candidates(builtin, own, mode="add")
    assert added["site_id"].tolist() == [*builtin["site_id"], "OWN-1"]
    replaced = combine_candidates(builtin, own, mode="replace")
    assert replaced["site_id"].tolist() == [first, "OWN-1"]
    assert replaced.crs == builtin.crs


def test_an_id_of_a_candidate_that_stays_is_refused(write, country):
    own = read_here(write(GOOD | {"site_id": country.candidates["site_id"].iloc[0]}), country=country)
    with pytest.raises(InvalidInput, match="built-in"):
        combine_candidates(country.candidates, own, mode="add")
    with pytest.raises(Unsupported):
        combine_candidates(country.candidates, own, mode="merge")


@pytest.mark.parametrize("name", ["candidates.csv", "candidates.xlsx"])
def test_the_template_has_the_columns_and_its_example_must_go(name, country, tmp_path):
    sheet = sheets.read_sheet(TEMPLATES / name)
    assert sheet.header == COLUMNS
    assert sheet.rows[0][1][0] == EXAMPLE_ID
    assert "delete the template's example row" in refusal(TEMPLATES / name, country)


def test_the_template_filled_in_with_its_own_example_is_right_in_jordan(write):
    jordan = pytest.importorskip("geodata.load").load("jordan")
    sheet = sheets.read_sheet(TEMPLATES / "candidates.csv")
    row = dict(zip(sheet.header, sheet.rows[0][1], strict=True)) | {"site_id": "MINE-1"}
    site = read_here(write(row), country=jordan).iloc[0]
    assert (site["zone_id"], site["district_id"], site["in_capital_city"]) == ("JO-BA", "JO-BA-qasaba", False)
    together = combine_candidates(jordan.candidates, read_here(write(row), country=jordan), mode="add")
    assert len(together) == len(jordan.candidates) + 1
    assert dataclasses.replace(jordan, candidates=together).candidates["site_id"].is_unique

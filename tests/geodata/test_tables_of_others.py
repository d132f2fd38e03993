"""Tables as other programs write them: semicolons and decimal commas, hidden marks at the ends of names."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.errors import InvalidInput
from geodata.folder.report import Finding, Notebook
from geodata.folder.settings import PartFile
from geodata.folder.tables import read_points
from geodata.folder.words import checked_names, unmarked


def read(path: Path, *lines: str, columns: dict[str, str] | None = None) -> tuple[list[list[object]], list[Finding]]:
    """Return name, longitude, latitude and population of each row, and what is noted."""
    path.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    notes = Notebook()
    part = PartFile(file=path.name, columns=columns or {})
    points = read_points(
        path, part, "places", fields={"population": ("population",)}, optional=("population",), notes=notes
    )
    rows = zip(points["name_en"], points.geometry.x, points.geometry.y, points["population"], strict=True)
    return [list(row) for row in rows], notes.findings


def test_semicolons_with_decimal_commas(tmp_path: Path):
    rows, notes = read(
        tmp_path / "t.csv", "name;lon;lat;population", "Sfax, ville;10,76;34,739;1,5", '"Gabès; port";10,1;33,881;20'
    )
    assert rows == [["Sfax, ville", 10.76, 34.739, "1.5"], ["Gabès; port", 10.1, 33.881, "20"]]
    assert any(note.text("en") == "semicolons part its columns, and commas are its decimal marks" for note in notes)


def test_semicolons_with_decimal_points(tmp_path: Path):
    rows, notes = read(tmp_path / "t.csv", "name;lon;lat;population", "Sfax;10.76;34.739;1500")
    assert rows == [["Sfax", 10.76, 34.739, "1500"]]
    assert "semicolons part its columns" in [note.text("en") for note in notes]


def test_a_comma_that_could_part_thousands_is_never_guessed(tmp_path: Path):
    # 10,765 could be ten thousand: no other number of the file says which
    with pytest.raises(InvalidInput, match="row 2, field lon: '10,765' is no number that can be read: its comma could"):
        read(tmp_path / "t.csv", "name;lon;lat;population", "Sfax;10,765;34,739;5", "Gabès;10,123;33,881;6")
    with pytest.raises(InvalidInput, match="its comma could part thousands or decimals"):
        read(tmp_path / "t.csv", "name;lon;lat;population", "Sfax;10,7;34,7;1,500,000")


def test_commas_between_columns_leave_commas_in_numbers_alone(tmp_path: Path):
    with pytest.raises(InvalidInput, match="Write decimals with a point and nothing between thousands"):
        read(tmp_path / "t.csv", "name,lon,lat,population", 'Sfax,"10,7","34,7",5')
    rows, _ = read(tmp_path / "t.csv", "name,lon,lat,population", "Sfax;Nord,10.7,34.7,5")
    assert rows == [["Sfax;Nord", 10.7, 34.7, "5"]]


def test_hidden_marks_at_the_ends_are_taken_off_and_counted(tmp_path: Path):
    rows, notes = read(
        tmp_path / "t.csv",
        "name,name_ar,lon,lat,population",
        "Melloulech,ملولش\u200e,10.7,34.7,\u200f5",
        "\u202bEl Ghriba\u202c,الغريبة,10.6,34.6,7",
    )
    assert [row[0] for row in rows] == ["Melloulech", "El Ghriba"]
    assert [row[3] for row in rows] == ["5", "7"]
    mended = [note.text("en") for note in notes if note.level == "repaired"]
    assert mended == [
        f"hidden marks at the ends of texts in the column {column} were taken off; rows: 1"
        for column in ("name", "name_ar", "population")
    ]


def test_marks_inside_a_name_and_overrides_stay_to_be_refused():
    assert unmarked(["a\u202eb", "\u202ea", " a\u200e ", "می\u200cخواهم"]) == (
        ["a\u202eb", "\u202ea", "a", "می\u200cخواهم"],
        1,
    )


def test_every_row_is_named_with_the_mark_and_its_place():
    with pytest.raises(InvalidInput) as told:
        checked_names(["Oe\u202este", "Norte", "Su\x07r", "<b>"], [2, 3, 4, 5], field="name_en", file="t.csv")
    assert str(told.value) == (
        "t.csv, field name_en: names that are not plain in 3 rows: row 2: 'Oeste' has a hidden mark that turns the "
        "writing direction (U+202E, character 3); row 4: 'Sur' has a control character (U+0007, character 3); "
        "row 5: '<b>' has markup. Write plain names."
    )

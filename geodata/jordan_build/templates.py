"""Write the candidate templates, CSV and Excel, that a planner fills in."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
from openpyxl.styles import Font

from geodata.candidates import EXAMPLE_ID, OPTIONAL, REQUIRED

EXAMPLE = {
    "site_id": EXAMPLE_ID,
    "name_en": "Old municipality building, Salt",
    "name_ar": "مبنى البلدية القديم، السلط",
    "lat": 32.03917,
    "lon": 35.72722,
    "governorate": "JO-BA",
    "land_status": "state owned",
    "floor_area_m2": 450,
    "earliest_year": 2027,
    "step_free": "yes",
    "bus_stop": "no",
}
MEANING = {
    "site_id": ("Your own short id; letters, digits, '.', '_', '-'", "معرّف قصير من اختياركم: أحرف لاتينية وأرقام"),
    "name_en": ("English name", "الاسم بالإنجليزية"),
    "name_ar": ("Arabic name", "الاسم بالعربية"),
    "lat": ("Degrees north, decimal", "خط العرض بالدرجات العشرية"),
    "lon": ("Degrees east, decimal", "خط الطول بالدرجات العشرية"),
    "governorate": ("Optional: id or name, e.g. JO-BA", "اختياري: رمز المحافظة أو اسمها"),
    "land_status": ("Optional: e.g. state owned, leased, private", "اختياري: وضع الأرض، مثل مملوكة للدولة أو مستأجرة"),
    "floor_area_m2": ("Optional: square metres", "اختياري: مساحة البناء بالمتر المربع"),
    "earliest_year": ("Optional: first year it could operate", "اختياري: أول سنة يمكن التشغيل فيها"),
    "step_free": ("Optional: yes or no", "اختياري: دخول دون درج، نعم أو لا"),
    "bus_stop": (
        "Optional: yes or no; a stop within walking distance",
        "اختياري: موقف حافلات على مسافة مشي، نعم أو لا",
    ),
}
DELETE_IT = ("Delete the example row before use.", "احذفوا صف المثال قبل الاستخدام.")


def build(folder: Path) -> None:
    """Write `candidates.csv` and `candidates.xlsx` into the templates' `folder`."""
    columns = REQUIRED + OPTIONAL
    with (folder / "candidates.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerows([columns, [EXAMPLE[name] for name in columns]])
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "candidates"
    sheet.append(list(columns))
    sheet.append([EXAMPLE[name] for name in columns])
    notes = book.create_sheet("notes")
    notes.append(["column", "meaning", "المعنى"])
    for name in columns:
        notes.append([name, *MEANING[name]])
    notes.append(["", *DELETE_IT])
    for page in (sheet, notes):
        for cell in page[1]:
            cell.font = Font(bold=True)
        for letter in "ABCDEFGHIJK":
            page.column_dimensions[letter].width = 24 if page is sheet else 48
    book.save(folder / "candidates.xlsx")


if __name__ == "__main__":
    build(Path(__file__).parent.parent / "templates")

"""A planner's own candidates that mean harm: CSV and Excel pass the gate like any file of a stranger."""

from __future__ import annotations

import time
from pathlib import Path

import openpyxl
import pytest

from foundation.errors import MarkazError
from geodata.candidates import REQUIRED, read_candidates
from tests.hostile import makers
from tests.hostile.canary import Canary
from tests.toy import toy_country

GOOD = ("OWN-1", "Post office", "مكتب البريد", 32.0, 36.2)


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(list(REQUIRED))
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def refused(path: Path, problem: str) -> None:
    began = time.monotonic()
    with pytest.raises(MarkazError, match=problem):
        read_candidates(path, country=toy_country())
    assert time.monotonic() - began < 30


def test_a_workbook_that_names_an_address_never_calls(tmp_path: Path, canary: Canary):
    refused(makers.vrt_vector(tmp_path / "own.xlsx", canary.url), "no Excel file: it does not begin like one")
    refused(workbook(tmp_path / "web.xlsx", (*GOOD[:1], f'=WEBSERVICE("{canary.url}")', *GOOD[2:])), "holds a formula")
    assert canary.hits == []


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path):
    bomb = makers.packed(tmp_path / "own.xlsx", {"xl/worksheets/sheet1.xml": b"0" * 60_000_000})
    assert bomb.stat().st_size < 100_000
    refused(bomb, "unpacks to more than")


def test_a_workbook_that_declares_entities(tmp_path: Path):
    lol = b'<!DOCTYPE lolz [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>'
    refused(makers.packed(tmp_path / "own.xlsx", {"xl/workbook.xml": lol}), "is not an Excel workbook")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ((*GOOD[:3], "NaN", 36.2), "row 2: lat is 'NaN'"),
        ((*GOOD[:3], 1e300, 36.2), "row 2: lat is"),
        ((*GOOD[:3], 36.2, 32.0), "Swap the two"),
        ((*GOOD[:3], 0, 0), "outside the country"),
        (("../up", *GOOD[1:]), "row 2: site_id is '../up'"),
        (("OWN-1", "x" * 501, *GOOD[2:]), "longer than 500"),
    ],
)
def test_rows_of_a_workbook(tmp_path: Path, row: tuple[object, ...], problem: str):
    refused(workbook(tmp_path / "own.xlsx", row), problem)


def test_a_cut_off_workbook(tmp_path: Path):
    path = workbook(tmp_path / "own.xlsx", GOOD)
    path.write_bytes(path.read_bytes()[:2000])
    refused(path, "is not an Excel workbook")

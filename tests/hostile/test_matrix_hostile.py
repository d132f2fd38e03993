"""Matrices of journeys that mean harm: a named error in seconds, bounded memory, nothing left behind."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from foundation.errors import MarkazError
from geodata.gate.parent import PREFIX
from planning.journeys.matrix import read_matrix

POINTS, SITES = ["p1", "p2"], ["a", "b"]


def refused(path: Path, problem: str, *, seconds: float = 60.0) -> None:
    before = set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    began = time.monotonic()
    with pytest.raises(MarkazError, match=problem):
        read_matrix(path, points=POINTS, sites=SITES, missing="refuse")
    assert time.monotonic() - began < seconds
    assert set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")) <= before


def parquet(path: Path, rows: int) -> Path:
    """Write so many rows of one and the same journey: a megabyte for some millions."""
    pa = pytest.importorskip("pyarrow", reason="NOT TESTED: pyarrow is not installed")
    from pyarrow import parquet as written

    one = pa.DictionaryArray.from_arrays(pa.array(np.zeros(1_000_000, np.int32)), pa.array(["p1" * 400]))
    table = pa.table({"point_id": one, "site_id": one, "minutes": pa.array(np.ones(1_000_000))})
    with written.ParquetWriter(path, table.schema) as writer:
        for _ in range(rows // 1_000_000):
            writer.write_table(table)
    return path


def test_a_small_file_of_forty_million_rows(tmp_path: Path) -> None:
    path = parquet(tmp_path / "m.parquet", 40_000_000)
    assert path.stat().st_size < 10_000_000
    refused(path, "has 40000000 rows and 3 columns; the country has 2 points and 2 sites")


def test_a_parquet_file_cut_short(tmp_path: Path) -> None:
    path = parquet(tmp_path / "m.parquet", 1_000_000)
    path.write_bytes(path.read_bytes()[:500])
    refused(path, "cannot be read as a table|is cut off or damaged|could not be read")


def test_a_table_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes(b"PK\x03\x04" + bytes(100))
    refused(tmp_path / "m.csv", "does not begin like one")
    (tmp_path / "n.parquet").write_bytes(b"<html>" + bytes(100))
    refused(tmp_path / "n.parquet", "does not begin like one")


def test_an_address_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("point_id,a,b\np1,1,2\np2,1,2\n", encoding="utf-8")
    (tmp_path / "m.csv").symlink_to("/proc/self/environ")
    refused(tmp_path / "m.csv", "regular file|does not begin like one|is empty|holds nothing|no CSV file")


def test_a_header_that_hides_its_columns_behind_a_line_end(tmp_path: Path) -> None:
    many = ",".join(f"c{at}" for at in range(20_000))
    for name, start in (("quoted", 'point_id,"a\nb",'), ("blank", "\n\npoint_id,"), ("spaces", "  \npoint_id,")):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"{start}{many}\np1{',1' * 20_001}\n", encoding="utf-8")
        refused(path, "columns; the country has 2 sites", seconds=15.0)


def test_a_header_without_end(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text('point_id,"' + "a\n" * 2_000_000, encoding="utf-8")
    refused(tmp_path / "m.csv", "field larger than field limit|no header row within", seconds=15.0)
    (tmp_path / "n.csv").write_text("\n" * 2_500_000 + "point_id,a,b\n", encoding="utf-8")
    refused(tmp_path / "n.csv", "no header row within 2000000 characters", seconds=15.0)

"""The committed pack is what its script makes of the sources, and a valid Data Package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geodata.load import BUILT_IN

DERIVED = (
    "governorates.csv",
    "governorates.geojson",
    "places.csv",
    "districts.csv",
    "road_nodes.csv",
    "road_edges.csv",
    "people.csv",
    "groups.csv",
    "candidates.csv",
    "centres.csv",
    "offices.csv",
    "datapackage.json",
)


@pytest.mark.slow
def test_a_rebuild_gives_the_committed_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "jordan"
    shutil.copytree(BUILT_IN["jordan"], folder)
    for name in DERIVED:
        (folder / name).unlink()
    subprocess.run([sys.executable, "-m", "geodata.jordan_build", str(folder)], check=True, capture_output=True)
    for name in DERIVED:
        assert (folder / name).read_bytes() == (BUILT_IN["jordan"] / name).read_bytes(), f"{name}: rebuild the pack"


def test_frictionless_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.Package(str(BUILT_IN["jordan"] / "datapackage.json")).validate()
    assert report.valid, [task.errors for task in report.tasks if not task.valid]
    assert not report.errors


def test_no_coordinate_of_an_open_database_source_is_carried() -> None:
    for path in (BUILT_IN["jordan"] / "sources").glob("*.csv"):
        text = path.read_text(encoding="utf-8").lower()
        assert "nominatim" not in text, path.name
        assert "openstreetmap" not in text, path.name

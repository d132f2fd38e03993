"""Files that change while they are read: refused by name, and nothing is kept under the hash of what they were."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import geodata
from foundation.errors import InvalidInput
from geodata import rehearsal
from geodata.folder import cache as countries
from geodata.osm import gated, read_network
from tests.geodata.folders import write_country, write_people
from tests.geodata.osm_files import write_overpass
from tests.toy_pack import write_toy_pack

PLACES = {1: (36.0, 31.0), 2: (36.1, 31.0)}
OTHERS = {1: (36.0, 31.0), 2: (36.9, 31.0)}
WAYS = {5: ([1, 2], {"highway": "primary"})}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def during(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, first: Callable[[], Any], then: Any = None):
    """Do something just before a function of a module runs, and something after it."""
    real = getattr(module, name)

    def run(*given: Any, **named: Any) -> Any:
        first()
        found = real(*given, **named)
        if then is not None:
            then()
        return found

    monkeypatch.setattr(module, name, run)


def kept(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


@pytest.mark.parametrize("back", [False, True])
def test_roads_that_change_between_hash_and_reading(cache, tmp_path, monkeypatch, back):
    path = write_overpass(tmp_path / "r.json", PLACES, WAYS)
    old, times = path.read_bytes(), (path.stat().st_atime_ns, path.stat().st_mtime_ns)

    def restore() -> None:
        path.write_bytes(old)
        os.utime(path, ns=times)  # the very bytes and the very hour: only the system knows

    with monkeypatch.context() as patch:
        during(
            patch,
            gated,
            "read_through_gate",
            first=lambda: write_overpass(path, OTHERS, WAYS),
            then=restore if back else None,
        )
        with pytest.raises(InvalidInput, match=r"^r\.json was changed while it was read"):
            read_network(path)
    assert kept(cache) == []
    restore()
    assert read_network(path).graph.metres.max() == pytest.approx(9551.4, abs=1)


def test_a_country_whose_people_change_while_it_is_read(cache, tmp_path, monkeypatch):
    folder = write_country(tmp_path / "land")
    during(monkeypatch, countries, "build", first=lambda: write_people(folder / "habitantes.tif", seed=4))
    with pytest.raises(InvalidInput, match=r"^habitantes\.tif was changed while it was read"):
        geodata.load(folder)
    assert not list(cache.rglob("compiled.json"))


def test_a_pack_that_changes_while_the_child_reads_it(cache, tmp_path, monkeypatch):
    pack = write_toy_pack(tmp_path / "pack")
    during(monkeypatch, rehearsal, "read_through_gate", first=lambda: (pack / "new.txt").write_text("x"))
    with pytest.raises(InvalidInput, match=r"^new\.txt was changed while it was read"):
        geodata.load(pack)
    assert kept(cache) == []


def test_a_cache_inside_the_folder_is_none_of_its_files(tmp_path, monkeypatch):
    folder = write_country(tmp_path / "land")
    monkeypatch.setenv("MARKAZ_CACHE", str(folder / "kept"))
    first = geodata.load(folder)
    assert first.folder.is_relative_to(folder / "kept")
    assert geodata.load(folder).folder == first.folder

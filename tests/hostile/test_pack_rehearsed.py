"""A pack of a stranger is read by the gate's child before it is read here: what swells or breaks does so there."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

import geodata
from foundation.errors import InvalidInput
from geodata import rehearsal
from tests.toy_pack import write_toy_pack


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "cache"))
    return write_toy_pack(tmp_path / "pack")


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the children that are started."""
    started: list[str] = []
    through = rehearsal.read_through_gate

    def counted(reader, path, **given):
        started.append(Path(path).parent.name)
        return through(reader, path, **given)

    monkeypatch.setattr(rehearsal, "read_through_gate", counted)
    return started


def test_a_child_reads_a_pack_once_for_its_content(pack: Path, children: list[str]):
    first = geodata.load(pack)
    assert children == ["pack"]
    assert geodata.load(pack).people["people"].tolist() == first.people["people"].tolist()
    assert children == ["pack"]
    (pack / "note.txt").write_text("another byte", encoding="utf-8")
    geodata.load(pack)
    assert children == ["pack", "pack"]


def test_the_built_in_country_needs_none(children: list[str]):
    geodata.load("jordan")
    assert children == []


def test_without_a_cache_the_child_reads_each_time(
    pack: Path, children: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("MARKAZ_CACHE", str(tmp_path / "file"))
    for _ in range(2):
        geodata.load(pack)
    assert children == ["pack", "pack"]


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"memory_mib": 300}, "asks for more memory than the 300 MB"),
        ({"wall_seconds": 0.05}, "was not read within 0.05 seconds"),
    ],
)
def test_a_pack_that_asks_for_too_much_is_refused_and_never_read_here(
    pack: Path, monkeypatch: pytest.MonkeyPatch, limits: dict[str, float], told: str
):
    monkeypatch.setattr(rehearsal, "LIMITS", replace(rehearsal.LIMITS, **limits))
    monkeypatch.setattr(sys.modules["geodata.load"], "read_pack", None)
    with pytest.raises(InvalidInput, match=told):
        geodata.load(pack)


def test_what_the_child_refuses_is_said_in_its_own_words_and_never_read_here(
    pack: Path, monkeypatch: pytest.MonkeyPatch
):
    file = pack / "people.csv"
    file.write_text(file.read_text("utf-8").replace("p003", "p004"), encoding="utf-8")
    monkeypatch.setattr(sys.modules["geodata.load"], "read_pack", None)
    with pytest.raises(InvalidInput, match=r"^people\.csv") as caught:
        geodata.load(pack)
    assert "is not the file that datapackage.json describes" in str(caught.value)


def test_a_link_to_another_descriptor_leads_the_child_to_no_other_pack(pack: Path, monkeypatch: pytest.MonkeyPatch):
    good = write_toy_pack(pack / "good")
    (pack / "datapackage.json").unlink()
    (pack / "datapackage.json").symlink_to(good / "datapackage.json")
    (pack / "people.csv").write_text("no table", encoding="utf-8")
    monkeypatch.setattr(sys.modules["geodata.load"], "read_pack", None)
    with pytest.raises(InvalidInput, match=r"people\.csv"):
        geodata.load(pack)

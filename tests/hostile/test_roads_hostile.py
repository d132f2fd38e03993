"""Files of roads that mean harm: a named error in seconds, and no more kept of their words than people read."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from foundation.errors import InvalidInput
from geodata.osm.blobs import expect_true_sizes
from geodata.osm.network import network_of
from geodata.osm.report import why_left_out
from tests.geodata.osm_files import write_pbf
from tests.hostile import makers


def test_an_extract_packed_a_thousandfold(tmp_path: Path):
    path = makers.pbf_bomb(tmp_path / "bomb.osm.pbf", blobs=60)
    assert path.stat().st_size < 2_000_000
    began = time.monotonic()
    with pytest.raises(InvalidInput, match=r"^bomb\.osm\.pbf is packed far too tightly to be an extract"):
        network_of(path)
    assert time.monotonic() - began < 10


def test_an_extract_that_hides_its_blobs_behind_a_wrong_length(tmp_path: Path):
    """Of a field given twice a reader takes the last, and of a number the lower 32 bits: so does the look."""
    twice = b"\x18" + makers.varint(10_000_000)
    with pytest.raises(InvalidInput, match="far too tightly"):
        expect_true_sizes(makers.pbf_bomb(tmp_path / "a.osm.pbf", blobs=60, header=twice))


def test_ordinary_and_damaged_extracts_pass_the_look(tmp_path: Path):
    whole = write_pbf(tmp_path / "roads.osm.pbf").read_bytes()
    for length in (len(whole), len(whole) // 2, 30, 6, 0):
        (tmp_path / "cut.osm.pbf").write_bytes(whole[:length])
        expect_true_sizes(tmp_path / "cut.osm.pbf")
    expect_true_sizes(makers.pbf_bomb(tmp_path / "two.osm.pbf", blobs=2))


def test_many_and_long_words_are_counted_and_not_kept(tmp_path: Path):
    elements: list[dict] = [{"type": "node", "id": at, "lon": 36 + at / 10, "lat": 31} for at in (1, 2)]
    driven = {"highway": "primary"}
    words = [{"highway": "footway"}] * 7 + [{"highway": f"{at}{'x' * 2000}"} for at in range(3000)]
    words += [driven | {"maxspeed": f"{at} {'y' * 2000}", "oneway": f"{at}{'z' * 2000}"} for at in range(3000)]
    elements += [{"type": "way", "id": at, "nodes": [1, 2], "tags": tags} for at, tags in enumerate(words)]
    (tmp_path / "r.json").write_text(json.dumps({"elements": elements}))
    report = network_of(tmp_path / "r.json").report
    assert (report.ways, report.ways_kept) == (6007, 3000)
    assert sum(report.refused.values()) == 3007
    assert len(report.refused) == 50
    assert report.refused["class footway"] == 7
    assert report.refused["other"] == 3007 - 7 - 48
    assert str(why_left_out("other")) == "any other reason"
    assert len(json.dumps([report.refused, report.ignored_maxspeed, report.ignored_oneway])) < 20_000

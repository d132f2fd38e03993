"""Tags, one by one: posted limits, one-way, access, surfaces, and the speed table itself."""

from __future__ import annotations

import math
from importlib import resources

import pytest
import yaml

from foundation.errors import InvalidInput
from geodata.osm.speeds import read_speed_table
from geodata.osm.tags import TagReader, directions, posted_kmh


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50.0),
        ("50 km/h", 50.0),
        ("50km/h", 50.0),
        ("30 mph", 48.28032),
        ("30mph", 48.28032),
        ("10 knots", 18.52),
        ("60;80", 60.0),
        ("80|60", 60.0),
        ("walk", math.nan),
        ("none", math.nan),
        ("signals", math.nan),
        ("RO:urban", math.nan),
        ("", math.nan),
        ("50;walk", math.nan),
        ("-50", math.nan),
    ],
)
def test_posted_limits(text, kmh):
    assert posted_kmh(text) == pytest.approx(kmh, nan_ok=True)


@pytest.mark.parametrize(
    ("oneway", "junction", "road_class", "expected"),
    [
        (None, None, "primary", (True, True)),
        ("no", None, "primary", (True, True)),
        ("yes", None, "primary", (True, False)),
        ("1", None, "primary", (True, False)),
        ("true", None, "primary", (True, False)),
        ("-1", None, "primary", (False, True)),
        ("reverse", None, "primary", (False, True)),
        ("reversible", None, "primary", (False, False)),
        ("alternating", None, "primary", (False, False)),
        (None, "roundabout", "primary", (True, False)),
        (None, "circular", "primary", (True, False)),
        ("no", "roundabout", "primary", (True, True)),
        (None, None, "motorway", (True, False)),
        (None, None, "motorway_link", (True, False)),
        ("no", None, "motorway", (True, True)),
        ("sometimes", None, "primary", (True, True)),
        ("F", None, "primary", (True, False)),
        ("T", None, "primary", (False, True)),
        ("B", None, "primary", (True, True)),
    ],
)
def test_directions(oneway, junction, road_class, expected):
    assert directions(oneway, junction, road_class) == expected


@pytest.mark.parametrize(
    ("tags", "speeds"),
    [
        ({"highway": "primary"}, (65.0, 65.0)),
        ({"highway": "primary", "maxspeed": "100"}, (90.0, 90.0)),
        ({"highway": "primary", "maxspeed": "100", "maxspeed:backward": "50"}, (90.0, 45.0)),
        ({"highway": "primary", "maxspeed": "walk"}, (65.0, 65.0)),
        ({"highway": "primary", "maxspeed": "4"}, (65.0, 65.0)),
        ({"highway": "primary", "maxspeed": "5"}, (4.5, 4.5)),
        ({"highway": "primary", "maxspeed": "161"}, (65.0, 65.0)),
        ({"highway": "primary", "surface": "gravel"}, (30.0, 30.0)),
        ({"highway": "primary", "maxspeed": "100", "surface": "gravel"}, (30.0, 30.0)),
        ({"highway": "residential", "surface": "asphalt"}, (25.0, 25.0)),
        ({"highway": "residential", "surface": "gravel"}, (25.0, 25.0)),
        ({"highway": "primary", "access": "no", "motorcar": "yes"}, (65.0, 65.0)),
        ({"highway": "primary", "access": "destination"}, (65.0, 65.0)),
        ({"highway": "primary", "oneway": "-1"}, (0.0, 65.0)),
    ],
)
def test_speeds(tags, speeds):
    rule = TagReader(read_speed_table("drive")).rule(tags.get)
    assert (rule.forward, rule.backward) == pytest.approx(speeds)


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "footway"}, "class footway"),
        ({"highway": "pedestrian", "area": "yes"}, "class pedestrian"),
        ({"highway": "service", "area": "yes"}, "area"),
        ({"highway": "primary", "motor_vehicle": "no"}, "access no"),
        ({"highway": "primary", "oneway": "reversible"}, "oneway reversible"),
        ({}, "class none"),
    ],
)
def test_what_is_not_driven_is_counted_by_reason(tags, reason):
    reader = TagReader(read_speed_table("drive"))
    assert reader.rule(tags.get) is None
    assert reader.rule(tags.get) is None
    assert dict(reader.tally.refused) == {reason: 2}
    assert (reader.tally.ways, reader.tally.kept) == (2, 0)


def whole():
    return yaml.safe_load(resources.files("geodata.osm").joinpath("drive.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c.pop("legs"), "lacks the keys legs"),
        (lambda c: c.update(hurry=1), "does not know hurry"),
        (lambda c: c["classes"]["values"].update(primary=0), "classes: primary is 0"),
        (lambda c: c["classes"]["values"].update(primary=True), "classes: primary"),
        (lambda c: c["classes"].update(unit="mph"), "km/h"),
        (lambda c: c["legs"].update(detour_urban=0.5), "at least 1"),
        (lambda c: c.update(oneway="maybe"), "true or false"),
        (lambda c: c.update(access_tags="access"), "list of words"),
        (lambda c: c["maxspeed"].update(share=-1), "share"),
    ],
)
def test_a_wrong_speed_table_is_refused_by_name(tmp_path, change, told):
    content = whole()
    change(content)
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(InvalidInput, match=told):
        read_speed_table(path)


def test_a_planners_own_table_is_read_and_has_another_hash(tmp_path):
    content = whole()
    content["classes"]["values"]["primary"] = 70
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    own = read_speed_table(path)
    assert own.classes["primary"] == 70.0
    assert own.sha256() != read_speed_table("drive").sha256()
    assert own.rules().speed_kmh["primary"] == 70.0


def test_words_for_one_way_that_are_not_known_are_counted():
    reader = TagReader(read_speed_table("drive"))
    for word in ("sens unique", "sens unique", "yes", "no", "", None):
        tags = {"highway": "primary", "oneway": word}
        assert reader.rule(tags.get) is not None
    assert reader.tally.ignored_oneway == {"sens unique": 2}
    reader.rule({"highway": "footway", "oneway": "never heard"}.get)  # not driven: nothing to say
    assert reader.tally.ignored_oneway == {"sens unique": 2}

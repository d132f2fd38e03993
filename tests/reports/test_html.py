"""The page is inert: nothing runs, nothing is loaded, no name can be more than text."""

import copy
from dataclasses import replace

import pytest

from reports.html import POLICY
from tests.reports.conftest import write

SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"{SCRIPT}\u202egnp\u2069 $x^2$ {{{{ 7*7 }}}} \"'><img src=x onerror=alert(2)>"
LONG = "W" * 400


@pytest.fixture(scope="module")
def hostile(toy_run, material):
    """The toy with names that attack: of a governorate, a centre, a place, a source, the scenario."""
    info = copy.deepcopy(toy_run.info)
    info["scenario"]["title_en"] = info["scenario"]["title_ar"] = HOSTILE
    info["sites"][0] |= {"name_en": HOSTILE, "name_ar": HOSTILE}
    info["sites"][1] |= {"name_en": LONG, "name_ar": ""}
    info["farthest"][0] |= {"place_en": HOSTILE, "place_ar": HOSTILE}
    info["inputs"][0]["source"] = HOSTILE
    info["certificate"]["stages"][0]["title_en"] = HOSTILE
    info["versions"]["<b>"] = SCRIPT
    zones = ({**material.zones[0], "name_en": HOSTILE, "name_ar": HOSTILE}, *material.zones[1:])
    cut_off = ({**material.cut_off[0], "place_en": HOSTILE, "place_ar": HOSTILE},)
    changed = replace(material, info=info, zones=zones, cut_off=cut_off)
    return {code: write(changed, code) for code in ("ar", "en")}


@pytest.mark.parametrize("code", ["ar", "en"])
def test_hostile_names_are_shown_as_text(hostile, code):
    report = hostile[code]
    tags = [tag for tag, _ in report.page.tags]
    assert "script" not in tags
    assert "b" not in tags
    assert all(attributes.get("src", "data:").startswith("data:") for _, attributes in report.page.tags)
    assert not any(name.startswith("on") for _, attributes in report.page.tags for name in attributes)
    assert "\u202e" not in report.html
    shown = report.page.tables["centres"].rows[0][0].text
    assert shown == "<script>alert(1)</script>\ufffdgnp\ufffd $x^2$ {{ 7*7 }} \"'><img src=x onerror=alert(2)>"


def test_a_name_of_the_other_language_is_marked_as_such(hostile):
    row = hostile["ar"].page.tables["centres"].rows[1]
    assert row[0].text == LONG
    assert row[0].languages == ["en"]


@pytest.mark.parametrize("code", ["ar", "en"])
def test_hostile_names_change_no_figure(hostile, written, code):
    for name, table in written[code].page.tables.items():
        if name != "unreachable":
            assert hostile[code].page.tables[name].values() == table.values()


@pytest.mark.parametrize(("code", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_language_direction_and_policy(written, code, direction):
    tags = written[code].page.tags
    assert dict(tags)["html"] == {"lang": code, "dir": direction}
    policy = next(a["content"] for t, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == POLICY
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("code", ["ar", "en"])
def test_nothing_is_loaded_from_anywhere(written, code):
    html, tags = written[code].html, written[code].page.tags
    for tag, attributes in tags:
        assert tag not in {"script", "iframe", "object", "embed", "form", "base"}
        for name in ("src", "href", "action", "srcset", "poster"):
            assert attributes.get(name, "data:").startswith(("data:", "#")), (tag, attributes)
        assert "style" not in attributes
    style = html.split("<style>")[1].split("</style>")[0]
    assert "@import" not in style
    assert style.count("url(") == style.count("url(data:")
    assert "IBM Plex Sans Arabic" in style


@pytest.mark.parametrize("code", ["ar", "en"])
def test_every_anchor_leads_somewhere_and_every_id_is_unique(written, code):
    tags = written[code].page.tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in tags:
        for name in ("aria-labelledby", "href"):
            target = attributes.get(name, "")
            if name == "aria-labelledby" and target:
                assert target in ids
            elif target.startswith("#"):
                assert target[1:] in ids


def test_the_same_run_gives_the_same_page(material, written):
    assert write(material, "ar").html == written["ar"].html

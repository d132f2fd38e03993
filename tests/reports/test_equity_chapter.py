"""The chapter on equity: it says what the record says, in both languages, and is left out without one."""

import copy

import pytest

from reports.document import Figure
from reports.parts.equity import equity
from tests.reports.chapters import bare, both, column, material_of, tables, texts


def measure(scope, scope_id, group="all", **changes):
    one = {"scope": scope, "scope_id": scope_id, "group": group, "population": 100, "gini": 0.25, "theil_t": 0.1}
    one |= {"theil_l": 0.12, "headcount": 0.2, "depth": 0.05, "severity": 0.02, "excess_minutes": 12.5}
    return one | changes


def split(by, index):
    share = {"people": 0.5, "travel": 0.5, "mean_minutes": 20.0, "inequality": 0.1, "within": 0.04, "between": 0.01}
    return {"by": by, "index": index, "total": 0.1, "within": 0.08, "between": 0.02, "shares": [share | {"label": "A"}]}


PLACE = {"zone_id": "A", "district_id": "A-1", "place_en": "Far", "place_ar": "بعيد", "people": 6, "elderly": 1}
RECORD = {
    "basis": "modelled",
    "year": 2025,
    "cap_minutes": 120,
    "least_minutes": 0.1,
    "measures": [
        measure("nation", "TO"),
        measure("nation", "TO", "elderly"),
        measure("settlement", "urban"),
        measure("settlement", "remote"),
        measure("governorate", "A", theil_t=None),
        measure("governorate", "A", "elderly"),
    ],
    "theil": [split(by, index) for by in ("governorate", "settlement") for index in ("T", "L")],
    "lorenz": [
        {"scope": "nation", "scope_id": "TO", "group": "all", "points": [[0, 0], [0.5, 0.3], [0.9, 0.8], [1, 1]]},
        {"scope": "settlement", "scope_id": "urban", "group": "all", "points": [[0, 0], [1, 1]]},
        {"scope": "nation", "scope_id": "TO", "group": "elderly", "points": [[0, 0], [1, 1]]},
        {"scope": "settlement", "scope_id": "rural", "group": "all", "points": []},
    ],
    "worst": {
        "share": 0.05,
        "people": 6,
        "people_share": 0.06,
        "unreachable": 2,
        "from_minutes": 80.0,
        "places_counted": 2,
        "places": [PLACE | {"unreachable": 2, "minutes": 95.5, "mean_minutes": 90.0}],
    },
    "not_claimed": {"text_en": "16.6.2 is a survey.", "text_ar": "المؤشر 16.6.2 استطلاع."},
}


def test_a_run_without_the_record_has_no_chapter():
    assert both(equity, material_of({})) == {"en": None, "ar": None}


def test_the_chapter_says_what_the_record_says():
    sections = both(equity, material_of({"equity": RECORD}))
    for code, section in sections.items():
        found = tables(section)
        assert list(found) == ["worst-places", "theil", "inequality"], code
        assert column(found["worst-places"], 2) == [6.0]
        assert [cell.value for cell in found["worst-places"].rows[0].cells[2:]] == [6.0, 1.0, 2.0, 95.5]
        assert column(found["theil"], 5) == pytest.approx([0.2] * 4)
        assert len(found["inequality"].rows) == 5  # groups by governorate are in the file
        assert found["inequality"].rows[0].total
        assert found["inequality"].rows[4].cells[2].basis is None  # not computed
        said = " ".join(texts(section))
        assert "16.6.2" in said
        assert "30.0%" in said
        assert "20.0%" in said
        (picture,) = [block for block in section.blocks if isinstance(block, Figure)]
        assert picture.png.startswith(b"\x89PNG")
        assert picture.alt
    assert "80 minutes or longer, and 2 people with no route" in " ".join(texts(sections["en"]))
    assert "1 of 2 places" in " ".join(texts(sections["en"]))
    assert [bare(row.cells[0].text) for row in tables(sections["ar"])["inequality"].rows][2:] == [
        "حضر",
        "remote",
        "ألفا",
    ]


def test_lived_density_is_shown_where_the_run_has_it():
    figures = [(2025, "nation", "TO", "all", "lived_density_per_km2", 812.0, "persons per km2", "modelled")]
    without, with_ = (tables(both(equity, material_of({"equity": RECORD}, rows))["en"]) for rows in (None, figures))
    assert len(without["inequality"].columns) == 8
    assert bare(with_["inequality"].columns[8].label) == "Lived density"
    assert column(with_["inequality"], 8)[0] == 812.0


def test_everyone_reached_and_nobody_reached_are_said_apart():
    reached, lost = copy.deepcopy(RECORD), copy.deepcopy(RECORD)
    reached["worst"]["unreachable"] = 0
    lost["worst"] |= {
        "from_minutes": None,
        "places": [PLACE | {"unreachable": 6, "minutes": None, "mean_minutes": None}],
    }
    first = next(texts(both(equity, material_of({"equity": reached}))["en"]))
    assert first.endswith("those who travel 80 minutes or longer.")
    section = both(equity, material_of({"equity": lost}))["en"]
    assert next(texts(section)).endswith("6 people, all with no route in the data.")
    assert tables(section)["worst-places"].rows[0].cells[-1].basis is None

"""The chapter on a scenario's own travel: what the record says, in both languages, and nothing without one."""

import copy

import pytest

from foundation.basis import Basis
from reports.parts.conditions import conditions
from tests.reports.chapters import bare, both, column, material_of, tables, texts


def condition(name, covered, minutes, *, hours=(None, None), scope="nation", scope_id="TO"):
    return {
        "condition": name,
        "from_hour": hours[0],
        "to_hour": hours[1],
        "scope": scope,
        "scope_id": scope_id,
        "people": 100,
        "covered": covered,
        "covered_share": covered / 100,
        "unreachable": 2,
        "mean_minutes": minutes,
    }


def coverage(scope, scope_id, group, without, covered):
    share = covered / without if without else None
    return {
        "scope": scope,
        "scope_id": scope_id,
        "group": group,
        "without_car": without,
        "covered_without_car": covered,
        "share_without_car": share,
        "share_with_car": 0.9,
    }


def place(start, end):
    return {"start_en": start, "start_ar": f"{start} ع", "end_en": end, "end_ar": f"{end} ع"}


EVERYWHERE = {"zones": [], "districts": [], "settlements": [], "groups": [], "places": []}
ALPHA = {"zones": ["A"], "places": [{"name_en": "Alpha", "name_ar": "ألفا"}]}
RECORD = {
    "basis": "modelled",
    "year": 2025,
    "from": "roads",
    "judged_at": "morning",
    "conditions": [
        condition("data", 98, 15.6),
        condition("data", 40, 15.6, scope="governorate", scope_id="A"),
        condition("plan", 90, 18.04),
        condition("morning", 90, 18.04, hours=(7.0, 9.5)),
    ],
    "roads": [
        {"change": "closed", "km": 28.083, "minutes_before": 37.4, "minutes_after": None} | place("Salt", "Shuneh"),
        {"change": "added", "km": 10.0, "minutes_before": None, "minutes_after": 8.0} | place("Salt", "Fuheis"),
        {"change": "upgraded", "km": 9.0, "minutes_before": 12.0, "minutes_after": 6.8} | place("Fuheis", "Sweileh"),
    ],
    "without_car": {
        "basis": "assumed",
        "bus": {"wait_minutes": 20.0, "speed_kmh": 30.0, "first_bus": 6.0, "last_bus": 18.5, "visit_minutes": 60.0},
        "shares": [
            EVERYWHERE | {"share": 0.4, "source": None, "basis": "assumed"},
            EVERYWHERE
            | ALPHA
            | {
                "share": 0.6,
                "settlements": ["rural"],
                "groups": ["elderly"],
                "source": "A survey",
                "basis": "reported",
            },
        ],
        "coverage": [
            coverage("nation", "TO", "all", 40, 20),
            coverage("nation", "TO", "elderly", 3, 1),
            coverage("governorate", "A", "all", 0, 0),
            coverage("governorate", "A", "elderly", 0, 0),
        ],
    },
}


def written(**changes):
    return both(conditions, material_of({"travel": copy.deepcopy(RECORD) | changes}))


def test_a_run_without_the_record_has_no_chapter():
    assert both(conditions, material_of({})) == {"en": None, "ar": None}


def test_the_chapter_says_what_the_record_says():
    sections = written()
    for section in sections.values():
        found = tables(section)
        assert list(found) == ["travel-conditions", "travel-roads", "without-car", "carless-shares"]
        assert column(found["travel-conditions"], 2) == [98, 90, 90]
        assert column(found["travel-conditions"], 4) == [15.6, 18.04, 18.04]
        assert [row.total for row in found["travel-conditions"].rows] == [False, True, False]
        assert column(found["travel-roads"], 4) == [37.4, None, 12.0]
        assert column(found["travel-roads"], 5) == [None, 8.0, 6.8]
        assert column(found["without-car"], 1) == [40, 3, 0]
        assert [row.cells[3].basis for row in found["without-car"].rows][-1] is None  # nobody: no share
        assert [row.cells[1].basis for row in found["carless-shares"].rows] == [Basis.ASSUMED, Basis.REPORTED]
    said = " ".join(texts(sections["en"]))
    assert "congestion of the period morning" in said
    assert "a wait of 20 minutes and the road at a mean 30 km/h" in said
    assert "from 06:00 to 18:30" in said
    assert bare(tables(sections["en"])["travel-conditions"].rows[2].cells[1].text) == "07:00 to 09:30"
    roads = tables(sections["ar"])["travel-roads"]
    assert [bare(row.cells[0].text) for row in roads.rows] == ["مغلق", "جديد", "مُحسَّن"]
    assert bare(roads.rows[0].cells[1].text) == "Salt ع"
    for code, whom in (
        ("en", "Alpha, rural areas, Elderly (60 and over)"),
        ("ar", "ألفا، الريف، كبار السن (60 سنة فأكثر)"),
    ):
        assert bare(tables(sections[code])["carless-shares"].rows[1].cells[0].text) == whom


def test_what_is_not_there_has_no_table():
    section = written(roads=[], without_car=None, judged_at=None)["en"]
    assert list(tables(section)) == ["travel-conditions"]
    assert "congestion of the country's data" in next(texts(section))
    assert "planner's own table" in next(texts(written(**{"from": "matrix"})["en"]))


@pytest.mark.parametrize(
    ("standard", "whom"),
    [
        ({"urban_minutes": 20, "rural_minutes": 45, "groups": {"elderly": 20}}, None),  # 20 minutes of waiting
        (
            {"urban_minutes": 19, "rural_minutes": 45, "groups": {"elderly": 15}},
            "urban areas (19 minutes), Elderly (60 and over) (15 minutes)",
        ),
        ({"urban_minutes": 30, "rural_minutes": 60}, None),
    ],
)
def test_a_wait_longer_than_a_standard_is_named(standard, whom):
    record = {"travel": copy.deepcopy(RECORD), "standard": standard}
    for code, section in both(conditions, material_of(record)).items():
        said = [bare(note.text) for note in tables(section)["without-car"].notes]
        assert len(said) == (1 if whom is None else 2)
        if code == "en" and whom:
            assert said[1].endswith(f"within it by bus: {whom}.")
            assert said[1].startswith("The wait of 20 minutes is by itself longer")
    kinds = {"settings": {"kinds": [{"standard": {"urban_minutes": 60}}]}}
    for section in both(conditions, material_of(record | kinds)).values():
        said = bare(tables(section)["without-car"].notes[-1].text)
        assert "19" not in said  # a kind of place with a standard of its own may yet be within it

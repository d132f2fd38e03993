"""The chapters on prices, the frontier, single sites and other plans say what the record says, in both languages."""

from __future__ import annotations

import math

from reports.parts.questions import alternatives, frontier, prices, why_not
from tests.reports.chapters import bare, both, column, material_of, tables, texts

UNIT = "person-years"
PRICE = {
    "key": "quota:2024",
    "part": "line",
    "says_en": "at least 1 centre in each governorate",
    "says_ar": "مركز واحد على الأقل في كل محافظة",
    "step_en": "0 in each governorate",
    "step_ar": "0 في كل محافظة",
    "unit": UNIT,
    "kept": 85464.0,
    "relaxed": 91092.0,
    "gain": 5628.0,
    "people_gained": 1407,
    "worst_share_after": 0.25,
    "proven": True,
}
FREE = PRICE | {
    "key": "tranche:two",
    "says_en": "2 centres in “Two”",
    "says_ar": "مركزان في «اثنان»",
    "step_en": "one more, 3",
    "step_ar": "مركز إضافي",
    "relaxed": 85464.0,
    "gain": 0.0,
    "people_gained": 0,
    "proven": False,
}
PART = PRICE | {"key": "quota:A:2024", "part": "governorate", "says_en": "the quota in Alpha", "gain": 0.0}
POINT = {
    "over": "centres",
    "at": 3.0,
    "status": "proven_optimal",
    "value": 80.0,
    "bound": 80.0,
    "people": 40,
    "worst_share": 0.5,
    "mean_minutes": 21.5,
}
NOWHERE = POINT | {"at": 4.0, "status": "infeasible", "people": None, "worst_share": None, "mean_minutes": None}
SITE = {
    "site_id": "a",
    "name_en": "First",
    "name_ar": "الأول",
    "governorate": "A",
    "kind": "comprehensive",
    "chosen": True,
    "unit": UNIT,
    "at_least": 5.0,
    "loss": 12.0,
    "possible": True,
    "proof": "exact",
}
NOTE = {"text_en": "Not computed, as nothing is missed.", "text_ar": "لم يُحسب."}


def words_of(row):
    return [None if cell.text is None else bare(cell.text) for cell in row.cells]


def test_without_a_record_there_is_no_chapter():
    for chapter in (prices, frontier, why_not, alternatives):
        assert both(chapter, material_of({})) == {"en": None, "ar": None}


def test_what_was_not_computed_says_why_in_both_languages():
    for chapter, field in (
        (prices, "rule_prices"),
        (frontier, "frontier"),
        (why_not, "why_not"),
        (alternatives, "alternatives"),
    ):
        found = both(chapter, material_of({field: None, f"{field}_note": NOTE}))
        assert list(texts(found["en"])) == [NOTE["text_en"]]
        assert list(texts(found["ar"])) == [NOTE["text_ar"]]


def test_the_price_of_a_quota_is_said_in_a_sentence():
    found = both(prices, material_of({"rule_prices": [PRICE, FREE, PART]}))
    english, arabic = (" ".join(texts(found[code])) for code in ("en", "ar"))
    assert "The rule “at least 1 centre in each governorate” costs 5,628 person-years within the standard" in english
    assert "يكلف الشرط «مركز واحد على الأقل في كل محافظة»" in arabic
    assert any(number in arabic for number in ("5,628", "٥٬٦٢٨", "5٬628"))
    free = both(prices, material_of({"rule_prices": [PRICE | {"gain": 0.0}]}))
    assert "costs nobody anything" in " ".join(texts(free["en"]))
    assert "لا يكلف أحدًا شيئًا" in " ".join(texts(free["ar"]))


def test_the_table_of_prices_holds_the_record_and_marks_what_is_not_proven():
    for section in both(prices, material_of({"rule_prices": [PRICE, FREE, PART]})).values():
        found = tables(section)["rule-prices"]
        assert column(found, 2) == [5628.0, 0.0]  # a governorate that costs nothing is no line
        assert column(found, 3) == [1407.0, 0.0]
        assert column(found, 4) == [0.25, 0.25]
    marks = [bare(row.cells[2].mark) if row.cells[2].mark else "" for row in found.rows]
    assert [bool(mark) for mark in marks] == [False, True]


def test_the_frontier_gives_every_point_and_its_proof():
    found = both(frontier, material_of({"frontier": [POINT, POINT | {"at": 5.0, "people": 60}, NOWHERE]}))
    for section in found.values():
        table = tables(section)["frontier-centres"]
        for at, known in ((1, [40.0, 60.0]), (2, [0.5, 0.5]), (3, [21.5, 21.5])):
            assert column(table, at)[:2] == known
            assert math.isnan(column(table, at)[2])  # no plan, no figure
    proofs = [words_of(row)[-1] for row in tables(found["en"])["frontier-centres"].rows]
    assert proofs == ["proven best", "proven best", "no plan"]
    assert [words_of(row)[-1] for row in tables(found["ar"])["frontier-centres"].rows][-1] == "لا خطة"


def test_a_loss_says_whether_it_is_exact_or_at_least():
    rows = [
        SITE,
        SITE | {"site_id": "b", "loss": None, "possible": False},
        SITE | {"site_id": "c", "chosen": False, "loss": None, "at_least": 7.0, "proof": "at_least", "from_year": 2025},
        SITE | {"site_id": "d", "chosen": False, "loss": None, "at_least": 0.0, "proof": "at_least"},
    ]
    found = both(why_not, material_of({"why_not": rows}))
    for section in found.values():
        assert column(tables(section)["left-out-sites"], 2)[0] == 12.0
        assert column(tables(section)["forced-sites"], 2) == [7.0]
    english = tables(found["en"])
    assert [words_of(row)[4] for row in english["left-out-sites"].rows] == ["exact", "exact"]
    assert words_of(english["left-out-sites"].rows[1])[2] == "no plan without it"
    assert words_of(english["forced-sites"].rows[0])[3:] == ["2025", "at least"]
    assert any("Of 2 sites that were not chosen, a loss is proven for 1" in text for text in texts(found["en"]))


def test_where_every_loss_is_exact_those_that_cost_least_come_first():
    forced = SITE | {"chosen": False, "proof": "exact"}
    rows = [
        forced | {"site_id": "b", "loss": None, "possible": False},
        forced | {"site_id": "c", "loss": 9.0},
        forced | {"site_id": "d", "loss": 7.0},
        forced | {"site_id": "e", "loss": 0.0, "at_least": 0.0},
    ]
    found = both(why_not, material_of({"why_not": rows}))
    for section in found.values():
        assert column(tables(section)["forced-sites"], 2)[:3] == [0.0, 7.0, 9.0]
    last = tables(found["en"])["forced-sites"].rows[-1]
    assert words_of(last)[2] == "no plan with it"
    told = "Every loss is exact: of 4 sites that were not chosen, 3 would cost something"
    assert any(told in text for text in texts(found["en"]))


def test_alternatives_name_what_differs_or_say_that_there_are_none():
    plan = {"number": 1, "loss": 3.0, "worst_share": 0.4, "added": ["b"], "left_out": ["a"]}
    record = {"unit": UNIT, "within": 4.0, "within_share": 0.005, "complete": False, "plans": [plan]}
    info = {
        "alternatives": record,
        "sites": [{"id": "a", "site_id": "a", "name_en": "First", "name_ar": "الأول"}],
    }
    material = material_of(info)
    named = {"a": {"name_en": "First", "name_ar": "الأول"}, "b": {"name_en": "Second", "name_ar": "الثاني"}}
    material = type(material)(*(getattr(material, name) for name in material.__slots__[:-1]), named)
    found = both(alternatives, material)
    row = tables(found["en"])["alternatives"].rows[0]
    assert (row.cells[1].value, row.cells[2].value) == (3.0, 0.4)
    assert words_of(row)[3:] == ["Second", "First"]
    assert words_of(tables(found["ar"])["alternatives"].rows[0])[3:] == ["الثاني", "الأول"]
    assert "0.5%" in " ".join(texts(found["en"]))
    none = material_of({"alternatives": record | {"plans": [], "complete": True}})
    assert "No other plan loses less than 0.5% of the first objective; that is proven." in " ".join(
        texts(both(alternatives, none)["en"])
    )
    cut = material_of({"alternatives": record | {"plans": []}})
    assert "No other plan was found in the time allowed" in " ".join(texts(both(alternatives, cut)["en"]))

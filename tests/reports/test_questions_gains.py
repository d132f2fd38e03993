"""What the chapter on prices says of a gain that is not proven, of a loss, and of a rule that nothing can meet."""

from __future__ import annotations

from reports.parts.questions import alternatives, prices, why_not
from tests.reports.chapters import bare, both, column, material_of, tables, texts
from tests.reports.test_questions_chapter import FREE, PRICE, SITE, UNIT


def gain_cell(**changes):
    found = both(prices, material_of({"rule_prices": [PRICE, FREE | {"proven": True} | changes]}))
    return {code: tables(section)["rule-prices"].rows[1].cells[2] for code, section in found.items()}


def test_a_proven_gain_is_a_figure_and_a_loss_is_below_zero():
    cells = gain_cell(gain=-17228.0, gain_at_least=-17228.0)
    assert cells["en"].value == cells["ar"].value == -17228.0
    assert not cells["en"].mark


def test_a_gain_that_is_not_proven_says_what_is():
    cells = gain_cell(gain=None, gain_at_least=250.0, proven=False, status="within_gap")
    assert (cells["en"].value, bare(cells["en"].mark)) == (250.0, "at least")
    assert bare(cells["ar"].mark) not in {"", "at least"}
    nothing = gain_cell(gain=None, gain_at_least=None, proven=False, status="not_finished")
    assert bare(nothing["en"].mark) == "not proven"


def test_a_loosened_rule_without_a_plan_says_so():
    cells = gain_cell(gain=None, gain_at_least=None, proven=False, status="infeasible")
    assert (bare(cells["en"].text), bare(cells["ar"].text)) == ("no plan", "لا خطة")


def test_a_price_that_was_cut_off_is_no_sentence():
    cut = PRICE | {"gain": None, "gain_at_least": None, "proven": False, "status": "not_finished"}
    found = both(prices, material_of({"rule_prices": [cut]}))
    assert not any("costs" in text and "2024" in text for text in texts(found["en"]))


def test_the_sentence_of_a_quota_names_the_people_of_the_final_year():
    found = both(prices, material_of({"rule_prices": [PRICE]}))
    assert any("in the final year, 1,407 people more would be within it" in text for text in texts(found["en"]))
    assert any("السنة الأخيرة" in text for text in texts(found["ar"]))
    fewer = both(prices, material_of({"rule_prices": [PRICE | {"people_gained": -5}]}))
    assert not any("people more" in text for text in texts(fewer["en"]))


def test_a_site_that_cannot_be_forced_in_is_shown():
    barred = SITE | {"chosen": False, "loss": None, "at_least": 0.0, "possible": False}
    found = both(why_not, material_of({"why_not": [SITE, barred]}))
    cells = {code: tables(section)["forced-sites"].rows[0].cells[2] for code, section in found.items()}
    assert (bare(cells["en"].text), bare(cells["ar"].text)) == ("no plan with it", "لا خطة معه")
    assert column(tables(found["en"])["left-out-sites"], 2) == [12.0]


def test_a_plan_that_differs_in_years_alone_says_so():
    plan = {"number": 1, "loss": 3.0, "worst_share": 0.4, "added": [], "left_out": []}
    record = {"unit": UNIT, "within": 4.0, "within_share": 0.005, "complete": False, "plans": [plan]}
    found = both(alternatives, material_of({"alternatives": record}))
    assert bare(tables(found["en"])["alternatives"].rows[0].cells[3].text) == "the same sites, opened in other years"

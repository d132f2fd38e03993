"""What the chapter on prices says of a gain that is not proven, of a loss, and of a rule that nothing can meet."""

from __future__ import annotations

from reports.document import Heading
from reports.parts.questions import alternatives, frontier, prices, why_not
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


BUDGET = PRICE | {
    "key": "budget:2024",
    "step_jod": 1_000_000,
    "gain": 5000.0,
    "people_gained": 5000,
    "jod_saved": -750_000,
    "proven": True,
}


def test_one_more_million_of_a_year_gains_people_in_both_languages():
    found = both(prices, material_of({"rule_prices": [BUDGET]}))
    said = {code: list(texts(found[code])) for code in found}
    english = f"1,000,000 JOD more in 2024 would gain 5,000 {UNIT}; in the final year, 5,000 people more"
    assert any(english in text for text in said["en"])
    assert any("زيادة" in text and "1,000,000" in text for text in said["ar"])
    table = tables(found["en"])["rule-prices"]
    assert bare(table.columns[5].label) == "Mean travel time then"
    assert bare(table.columns[6].label) == "Money saved"
    assert table.rows[0].cells[6].value == -750_000
    nothing = both(prices, material_of({"rule_prices": [BUDGET | {"gain": 0.0, "key": "budget:total"}]}))
    assert any("1,000,000 JOD more over all years would gain nothing." in text for text in texts(nothing["en"]))


def test_without_costs_there_is_no_column_of_money():
    found = both(prices, material_of({"rule_prices": [PRICE]}))
    assert len(tables(found["en"])["rule-prices"].columns) == 6


def test_the_price_of_a_quota_where_money_is_the_first_objective_is_in_dinars():
    dear = PRICE | {"unit": "JOD", "gain": 400.0, "people_gained": 3}
    found = both(prices, material_of({"rule_prices": [dear]}))
    assert any("costs 400 JOD." in text for text in texts(found["en"]))


def test_the_frontier_over_yearly_budgets_shows_factors_and_what_each_plan_costs():
    point = {"over": "budget_factor", "at": 0.75, "status": "proven_optimal", "people": 10, "worst_share": 0.5}
    point |= {"mean_minutes": 12.0, "jod": 4200, "value": 10.0, "bound": 10.0, "settled": True}
    found = both(frontier, material_of({"frontier": [point, point | {"over": "budget_change", "at": -500_000.0}]}))
    for code, factor in (("en", "The budget of each year, times"), ("ar", "موازنة كل سنة، مضروبة في")):
        assert any(factor in bare(block.text) for block in found[code].blocks if isinstance(block, Heading))
        shown = tables(found[code])
        assert bare(shown["frontier-budget_factor"].rows[0].cells[0].text) == "0.75"
        assert bare(shown["frontier-budget_change"].rows[0].cells[0].text).endswith("500,000")
        assert shown["frontier-budget_factor"].rows[0].cells[4].value == 4200

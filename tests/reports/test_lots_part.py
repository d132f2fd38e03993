"""The chapter on partnership: it says what the record says, in both languages, and is left out without one."""

import copy

import pytest

from foundation.basis import Basis
from foundation.language import language
from reports.document import Heading
from reports.parts.lots import lots
from tests.reports.chapters import bare, both, column, material_of, tables, texts

CENTRE = {"id": "a", "name_en": "First", "name_ar": "الأول", "governorate": "A"}
OTHER = {"id": "b", "name_en": "Second", "name_ar": "الثاني", "governorate": "B"}
MONEY = {
    "npv": -1200,
    "irr": 0.043,
    "irr_found": "one",
    "irr_roots": [0.043],
    "payback_years": 7.25,
    "viability_gap": 1200,
    "break_even_charge": 3.4567,
    "break_even_availability": None,
    "break_even_volume": 1.2,
    "state_pays": 40,
}
LOT = {
    "id": "lot-1",
    "number": 1,
    "basis": "modelled",
    "centres": [CENTRE],
    "points": 12,
    "people": 90_000,
    "people_within": 80_000,
    "overlap": 0.25,
    "visits": {
        "low": {"2024": 10, "2025": 9},
        "mid": {"2024": 20, "2025": 18},
        "high": {"2024": 30, "2025": 27},
        "recorded": {"2024": 21, "2025": 19},
    },
    "services": [{"id": "tax", "name_en": "Tax", "name_ar": "الضريبة", "first": 20, "last": 18}],
    "money": {
        "low": MONEY | {"irr": None, "irr_found": "none", "irr_roots": [], "payback_years": None},
        "mid": MONEY,
        "high": MONEY | {"irr": None, "irr_found": "several", "irr_roots": [0.25, 4.0], "break_even_volume": None},
    },
    "guaranteed": {"2024": 0, "2025": 0},
    "capital": 5000,
    "state_fees": 777,
    "whole_life_cost": 9000,
    "service_contract": True,
    "sensitivity": [
        {"driver": "take_up", "step": 0.25, "npv_low": -1000, "npv_high": -1500},
        {"driver": "visits", "step": 0.2, "npv_low": -2200, "npv_high": -200},
    ],
    "events": [],
    "worth": {
        "hours_first": 100,
        "hours_last": 90,
        "hours": 190,
        "journeys_a_year": 3,
        "benefits": 400,
        "costs": 8000,
        "npv": -7600,
        "ratio": 0.05,
    },
    "loss": {
        "people": 4000,
        "by_governorate": [{"zone_id": "A", "people": 4000}],
        "worst_before": 0.8,
        "worst_after": 0.6,
        "zone_before": "B",
        "zone_after": "A",
    },
    "at_expense": False,
    "new_worst_off": False,
    "known_openings": [],
}
STATED = {
    "basis": "assumed",
    "selection": {
        "visits_weight": 1.0,
        "overlap_weight": 2.0,
        "worst_off": 3,
        "worst_off_loss": 0.01,
    },
    "form": "fit_out",
    "term_years": 15,
    "build_years": 1,
    "costs": {
        "price_year": 2025,
        "building": 900.0,
        "fit_out": 350.0,
        "mobilisation": 60.0,
        "renewal_share": 0.3,
        "renewal_every": 5,
        "running_fixed": 220.0,
        "running_per_visit": 1.5,
    },
    "payment": {"kind": "user_charge", "charge": 3.0, "availability": None, "state_fee": 0.5},
    "service_levels": {"target": 0.98, "expected": 0.95, "deduction_per_point": 0.02, "deduction_most": 0.2},
    "deduction": 0.06,
    "hand_back": {"condition": "good", "works_share": 0.1, "paid_share": 0.0},
    "exclusivity_km": 10.0,
    "compensation": {"public_centre": 1.0, "services_withdrawn": 0.5, "services_added": 0.25},
    "guarantee": None,
    "future": {"growth": 0.01, "take_up": []},
    "benefits": {"value_of_time": 1.5, "social_rate": 0.05, "without": "nearest_centre", "avoided_per_visit": 0.0},
    "hurdle_rate": 0.1,
    "service_contract_below": 10_000.0,
}
JUDGED = [
    CENTRE
    | {
        "visits": 500,
        "overlap": 0.25,
        "score": 0.75,
        "worst_off_falls": 0.0,
        "against": [],
        "in_tender": True,
        "left_out": False,
    },
    OTHER
    | {
        "visits": 100,
        "overlap": None,
        "score": 0.1,
        "worst_off_falls": 0.4,
        "against": ["only_centre", "worst_off"],
        "in_tender": False,
        "left_out": True,
    },
]
RECORD = {
    "computed": True,
    "assumptions": STATED,
    "centres": JUDGED,
    "start": 2024,
    "last": 2025,
    "price_year": 2025,
    "cases": ["low", "mid", "high", "recorded"],
    "parting": {"status": "exact", "unit": "visits"},
}


def written(lot=None, stated=None, **record):
    whole = copy.deepcopy(RECORD) | record
    whole["assumptions"] = whole["assumptions"] | (stated or {})
    return both(lots, material_of({"partnership": whole, "lots": [copy.deepcopy(LOT) | (lot or {})]}))


def test_a_run_without_the_record_has_no_chapter():
    assert both(lots, material_of({})) == {"en": None, "ar": None}


def test_where_nothing_was_computed_it_says_why():
    why = {"computed": False, "reason_en": "No visits.", "reason_ar": "لا زيارات.", "assumptions": STATED}
    for code, said in (("en", "No visits."), ("ar", "لا زيارات.")):
        section = both(lots, material_of({"partnership": why | {"centres": []}, "lots": []}))[code]
        assert list(texts(section)) == [said]
    judged = both(lots, material_of({"partnership": why | {"centres": JUDGED}, "lots": []}))["en"]
    assert list(tables(judged)) == ["lots-suited"]


def test_the_tables_say_what_the_record_says():
    for section in written().values():
        found = tables(section)
        assert list(found) == [
            "lots-suited",
            "lots-overview",
            "lots-visits-1",
            "lots-services-1",
            "lots-money-1",
            "lots-sensitivity-1",
        ]
        assert column(found["lots-suited"], 2) == [500, 100]
        assert column(found["lots-suited"], 4) == [0.75, 0.1]
        (row,) = found["lots-overview"].rows
        assert [cell.value for cell in row.cells[2:]] == [90_000, 12, 80_000, 0.25, 20, 18, 5000, 9000]
        assert row.cells[8].basis is Basis.ASSUMED
        assert [column(found["lots-visits-1"], at) for at in range(1, 5)] == [[10, 9], [20, 18], [30, 27], [21, 19]]
        assert column(found["lots-money-1"], 1) == [-1200] * 3
        assert column(found["lots-money-1"], 2) == [None, 0.043, None]
        assert column(found["lots-money-1"], 3) == [None, 7.25, 7.25]
        assert column(found["lots-sensitivity-1"], 4) == [500, 2000]
    labels = [bare(cell.text) for cell in tables(written()["en"])["lots-sensitivity-1"].rows[0].cells[:2]]
    assert labels == ["Digital take-up", "±25.0%"]


def test_none_and_several_rates_of_return_are_said():
    rows = tables(written()["en"])["lots-money-1"].rows
    assert bare(rows[0].cells[2].text) == "no rate of return"
    assert bare(rows[0].cells[3].text) == "never"
    assert bare(rows[2].cells[2].text) == "several, so none is meant: 25.0%, 400.0%"
    assert bare(rows[2].cells[6].text) == "none"


@pytest.mark.parametrize(
    ("found", "english", "arabic"),
    [("below", "below -99.0%", "دون -99.0%"), ("above", "above 10,000.0%", "فوق 10,000.0%")],
)
def test_a_rate_of_return_out_of_range_says_on_which_side_in_both_languages(found, english, arabic):
    money = MONEY | {"irr": None, "irr_found": found, "irr_roots": [-0.995 if found == "below" else 150.0]}
    said = written(lot={"money": {"low": money, "mid": MONEY, "high": MONEY}})
    for code, expected in (("en", english), ("ar", arabic)):
        cell = tables(said[code])["lots-money-1"].rows[0].cells[2]
        assert bare(cell.text) == expected
        assert cell.value is None


@pytest.mark.parametrize(
    ("one", "english", "arabic"),
    [
        (
            {"against": ["last_public"]},
            "with the rest of the tender, its governorate's last public centre",
            "آخر مركز حكومي",
        ),
        ({"operator": "private", "left_out": True}, "private by its kind, outside the tender", "خاص بحكم نوعه"),
    ],
)
def test_what_keeps_a_centre_out_of_the_tender_is_said_in_both_languages(one, english, arabic):
    centre = RECORD["centres"][1] | one
    said = written(centres=[RECORD["centres"][0], centre])
    for code, expected in (("en", english), ("ar", arabic)):
        cells = tables(said[code])["lots-suited"].rows[1].cells[6:]
        assert any(expected in bare(cell.text) for cell in cells)


def test_the_lead_the_warning_and_the_failure():
    said = " ".join(texts(written()["en"]))
    assert "1 lot, 1 centre in all, from 2024 to 2025." in said
    assert "0 of them earn the hurdle rate of 10.0% a year" in said
    assert "No cost of a centre is on record" in said
    assert "its whole-life cost is 9,000 JOD, below the stated 10,000 JOD" in said
    assert "If its operator fails: 4,000 people have no other centre" in said
    assert "By governorate: Alpha 4,000." in said
    assert "would be Alpha with 60.0%; now it is Beta with 80.0%" in said
    assert "777 JOD over the term" in said
    assert "It saves 3 journeys a year to separate offices." in said
    assert "separate offices" not in " ".join(texts(written({"worth": LOT["worth"] | {"journeys_a_year": 0}})["en"]))
    assert "Warning: taken together" not in said
    assert "Warning: taken together" in " ".join(texts(written({"at_expense": True})["en"]))
    assert "have a stand-in ready for" in " ".join(texts(written({"new_worst_off": True})["en"]))
    assert "is small" not in " ".join(texts(written({"service_contract": False})["en"]))
    opens = " ".join(texts(written({"known_openings": [OTHER]})["en"]))
    assert "open within the exclusivity radius during the term: Second." in opens


def test_what_speaks_against_a_centre_stands_beside_it():
    rows = tables(written()["en"])["lots-suited"].rows
    assert [bare(cell.text) for cell in rows[0].cells[6:]] == ["nothing", "in the tender"]
    assert bare(rows[1].cells[6].text) == (
        "its governorate's only public centre, people of a worst-off governorate depend on it"
    )
    assert bare(rows[1].cells[3].text) == "not computed"
    assert bare(rows[1].cells[7].text) == "asked for, stays public"


def test_events_stand_in_a_table_of_their_own():
    event = {
        "year": 2025,
        "site": None,
        "site_en": None,
        "site_ar": None,
        "services": [],
        "visits_a_year": -5,
        "npv_before": -1200,
        "npv_without": -1400,
        "npv_with": -1200,
        "compensation": 200,
        "inside": 0,
    }
    place = {"site": "b", "site_en": "Second", "site_ar": "الثاني"}
    happen = [
        event | {"what": "public_centre", "inside": 1} | place,
        event | {"what": "public_centre"} | place,
        event
        | {
            "what": "services_withdrawn",
            "services": ["tax"],
            "service_names": [{"id": "tax", "name_en": "Tax", "name_ar": "الضريبة"}],
        },
        event | {"what": "services_added"},
    ]
    sections = written({"events": happen})
    rows = tables(sections["en"])["lots-events-1"].rows
    assert [bare(row.cells[0].text) for row in rows] == [
        "A public centre opens: Second (1 centre of the lot within the radius)",
        "A public centre opens: Second (outside the radius)",
        "Services are withdrawn: Tax",
        "Services are added",
    ]
    assert [cell.value for cell in rows[0].cells[2:]] == [-5, -1200, -1400, 200, -1200]
    assert "100% of a year's loss when a public centre opens within 10.0 km" in " ".join(texts(sections["en"]))
    assert "الثاني" in bare(tables(sections["ar"])["lots-events-1"].rows[0].cells[0].text)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"form": "greenfield"}, "Greenfield: the operator builds"),
        ({"form": "operate_only"}, "Operate only"),
        ({}, "Payment by users: the operator charges 3.00 JOD a visit."),
        (
            {"payment": {"kind": "availability", "charge": None, "availability": 5000.0, "state_fee": 0.0}},
            "the state pays 5,000 JOD a year for each centre",
        ),
        (
            {"payment": {"kind": "mixed", "charge": 2.0, "availability": 5000.0, "state_fee": 0.0}},
            "Mixed payment: the operator charges 2.00 JOD a visit, and the state pays 5,000 JOD",
        ),
        ({}, "as expected 6.0% is deducted"),
        ({}, "works of 10.0% of the operator's capital"),
        (
            {"hand_back": {"condition": "as_is", "works_share": 0.0, "paid_share": 0.2}},
            "as they stand. The state pays 20.0%",
        ),
        ({}, "No volume is guaranteed."),
        ({"guarantee": 0.8}, "The state guarantees 80.0% of the visits"),
        ({}, "grow by 1.0% a year"),
        ({"future": {"growth": 0.0, "take_up": [[2030, 0.5], [2035, 0.7]]}}, "goes on to 2030 50.0%, 2035 70.0%."),
        ({}, "people would go to the next centre"),
        ({"benefits": STATED["benefits"] | {"without": "separate_offices"}}, "would go to separate offices"),
    ],
)
def test_the_terms_are_said_as_stated(stated, said):
    assert said in " ".join(texts(written(stated=stated)["en"]))


@pytest.mark.parametrize(
    ("parting", "said"),
    [
        ({"status": "stated", "unit": "visits"}, "those that the planner named"),
        ({"status": "exact", "unit": "JOD"}, "(present value of the operator's income); each lot"),
        ({"status": "best_found", "unit": "visits"}, "the best that was found"),
    ],
)
def test_how_the_lots_were_parted_is_said(parting, said):
    assert said in " ".join(texts(written(parting=parting)["en"]))


def test_the_guaranteed_volume_has_a_column_where_there_is_one():
    sure = {"guaranteed": {"2024": 16, "2025": 14}}
    assert column(tables(written(sure)["ar"])["lots-visits-1"], 5) == [16, 14]


def test_a_guarantee_that_rewards_few_visits_is_warned_of():
    better = {"money": LOT["money"] | {"low": LOT["money"]["low"] | {"npv": 5}}}
    assert "a lower guarantee avoids that" in " ".join(texts(written(better, {"guarantee": 0.8})["en"]))
    assert "a lower guarantee avoids that" not in " ".join(texts(written(better)["en"]))
    assert "a lower guarantee avoids that" not in " ".join(texts(written(stated={"guarantee": 0.8})["en"]))


def test_what_a_break_even_below_zero_means_is_said():
    below = {"money": LOT["money"] | {"high": MONEY | {"break_even_charge": -0.5}}}
    assert "could pay as much to the state" in " ".join(texts(written(below)["en"]))
    assert "could pay as much to the state" not in " ".join(texts(written()["en"]))


def test_payment_columns_follow_the_payment():
    paid = {"payment": {"kind": "availability", "charge": None, "availability": 5000.0, "state_fee": 0.0}}
    labels = [bare(one.label) for one in tables(written(stated=paid)["en"])["lots-money-1"].columns]
    assert "Break-even charge" not in labels
    assert "Break-even availability payment" in labels


def test_the_arabic_chapter_holds_no_english():
    section = written({"at_expense": True, "known_openings": [OTHER], "guaranteed": {"2024": 16, "2025": 14}})["ar"]
    said = " ".join(texts(section)).replace("lot_visits.csv", "")
    said += " ".join(bare(block.text) for block in section.blocks if isinstance(block, Heading))
    for found in tables(section).values():
        said += bare(found.caption) + " ".join(bare(one.label) + bare(one.unit) for one in found.columns)
        said += " ".join(bare(cell.text) for row in found.rows for cell in row.cells)
    assert not any(letter in said for letter in "aeioubcd")
    assert language("ar").text("Viability gap") == "فجوة الجدوى المالية"

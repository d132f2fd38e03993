"""The chapter on partnership: its lead, its columns, the state's fees and compensation, and its cost-benefit."""

import copy

import pytest

from foundation.basis import Basis
from reports.parts.lots import lots
from tests.reports.chapters import bare, both, column, material_of, tables, texts

ASSUMED = {
    "basis": "assumed",
    "selection": {"visits_weight": 2.0, "overlap_weight": 1.0, "worst_off": 3, "worst_off_loss": 0.05},
    "form": "fit_out",
    "term_years": 2,
    "build_years": 1,
    "costs": {
        "price_year": 2025,
        "building": 900_000.0,
        "fit_out": 350_000.0,
        "mobilisation": 60_000.0,
        "renewal_share": 0.3,
        "renewal_every": 5,
        "running_fixed": 220_000.0,
        "running_per_visit": 1.5,
    },
    "payment": {"kind": "user_charge", "charge": 3.25, "availability": None, "state_fee": 2.75},
    "service_levels": {"target": 0.98, "expected": 0.95, "deduction_per_point": 0.02, "deduction_most": 0.2},
    "deduction": 0.06,
    "hand_back": {"condition": "good", "works_share": 0.1, "paid_share": 0.25},
    "exclusivity_km": 12.5,
    "compensation": {"public_centre": 1.0, "services_withdrawn": 0.8, "services_added": 0.6},
    "guarantee": None,
    "future": {"growth": 0.01, "take_up": []},
    "benefits": {"value_of_time": 1.5, "social_rate": 0.05, "without": "nearest_centre", "avoided_per_visit": 0.4},
    "hurdle_rate": 0.1,
    "service_contract_below": 5_000_000.0,
}
CENTRE = {"id": "a", "name_en": "First", "name_ar": "الأول", "governorate": "A"}
SECOND = {"id": "b", "name_en": "Second", "name_ar": "الثاني", "governorate": "B"}
MONEY = {
    "npv": -1234,
    "irr": 0.0725,
    "irr_found": "one",
    "irr_roots": [0.0725],
    "payback_years": 3.5,
    "viability_gap": 1234,
    "break_even_charge": 3.5,
    "break_even_availability": None,
    "break_even_volume": 1.25,
    "state_pays": 0,
}
LOT = {
    "id": "lot-1",
    "number": 1,
    "centres": [CENTRE],
    "points": 7,
    "people": 5000,
    "people_within": 4000,
    "overlap": 0.4,
    "visits": {"low": {"2026": 800, "2027": 700}, "mid": {"2026": 1000, "2027": 900}},
    "services": [{"id": "tax", "name_en": "Tax clearance", "name_ar": "براءة ذمة", "first": 1000, "last": 900}],
    "money": {"low": MONEY | {"npv": -5000}, "mid": MONEY},
    "guaranteed": {"2026": 0, "2027": 0},
    "capital": 410_000,
    "state_fees": 5225,
    "whole_life_cost": 777_000,
    "service_contract": False,
    "sensitivity": [
        {"driver": "take_up", "step": 0.25, "npv_low": -1000, "npv_high": -1500},
        {"driver": "visits", "step": 0.2, "npv_low": -3000, "npv_high": 500},
    ],
    "events": [],
    "worth": {
        "hours_first": 300,
        "hours_last": 270,
        "journeys_a_year": 12,
        "benefits": 2000,
        "costs": 4000,
        "npv": -2000,
        "ratio": 0.5,
    },
    "loss": {
        "people": 600,
        "by_governorate": [{"zone_id": "A", "people": 600}],
        "worst_before": 0.9,
        "worst_after": 0.6,
        "zone_before": "B",
        "zone_after": "A",
    },
    "at_expense": False,
    "new_worst_off": False,
    "known_openings": [],
}
RECORD = {
    "computed": True,
    "assumptions": ASSUMED,
    "centres": [
        CENTRE
        | {
            "visits": 1000,
            "overlap": 0.4,
            "score": 0.8,
            "worst_off_falls": 0.0,
            "against": [],
            "in_tender": True,
        },
        SECOND
        | {
            "visits": 300,
            "overlap": None,
            "score": 0.2,
            "worst_off_falls": 0.3,
            "against": ["only_centre", "worst_off"],
            "in_tender": False,
        },
    ],
    "start": 2026,
    "last": 2027,
    "price_year": 2025,
    "parting": {"status": "exact", "unit": "visits"},
}


def written(*, lot=None, assumptions=None, **changes):
    record = copy.deepcopy(RECORD)
    record["assumptions"] |= assumptions or {}
    return both(lots, material_of({"partnership": record | changes, "lots": [copy.deepcopy(LOT) | (lot or {})]}))


def words_of(section):
    return " ".join(texts(section))


def test_money_shows_its_basis():
    section = written()["en"]
    assert Basis.ASSUMED in section.blocks[1].basis  # no cost of a centre is on record
    assert tables(section)["lots-overview"].rows[0].cells[8].basis is Basis.ASSUMED
    assert tables(section)["lots-overview"].rows[0].cells[9].basis is Basis.MODELLED


@pytest.mark.parametrize(("npv", "earning"), [(-1, "0 of them earn"), (0, "1 of them earn")])
def test_the_lead_counts_the_lots_that_earn_the_hurdle_rate(npv, earning):
    section = written(lot={"money": {"mid": MONEY | {"npv": npv}}})["en"]
    said = next(texts(section))
    assert earning in said
    assert "from 2026 to 2027" in said


def test_columns_follow_the_payment():
    def labels(section):
        return [bare(one.label) for one in tables(section)["lots-money-1"].columns]

    paid = {"payment": {"kind": "availability", "charge": None, "availability": 5000.0, "state_fee": 0.0}}
    both_kinds = {"payment": {"kind": "mixed", "charge": 3.0, "availability": 5000.0, "state_fee": 0.0}}
    charge, sum_paid = "Break-even charge", "Break-even availability payment"
    assert (charge in labels(written()["en"]), sum_paid in labels(written()["en"])) == (True, False)
    section = written(assumptions=paid)["en"]
    assert (charge in labels(section), sum_paid in labels(section)) == (False, True)
    assert "the state pays 5,000 JOD a year for each centre" in words_of(section)
    section = written(assumptions=both_kinds)["en"]
    assert (charge in labels(section), sum_paid in labels(section)) == (True, True)


def test_state_fees_pass_through_and_are_never_revenue():
    said = words_of(written()["en"])
    assert "passed through to the Treasury: 5,225 JOD over the term" in said
    assert "never revenue of the operator" in said
    assert "State fees are 2.75 JOD a visit" in said


def test_cost_benefit_stands_beside_the_finance():
    said = words_of(written()["en"])
    assert "saves 300 hours in 2026 and 270 hours in 2027" in said
    assert "benefits are 2,000 JOD and costs 4,000 JOD" in said
    assert "benefit-cost ratio of 0.50" in said
    assert "12 journeys a year to separate offices" in said


EVENT = {
    "year": 2027,
    "site": None,
    "site_en": None,
    "site_ar": None,
    "services": [],
    "visits_a_year": -50,
    "npv_before": -1234,
    "npv_without": -1400,
    "npv_with": -1300,
    "compensation": 100,
    "inside": 0,
}


def test_events_and_what_the_state_makes_good():
    events = [
        EVENT | {"what": "public_centre", "site": "x", "site_en": "New", "site_ar": "جديد", "inside": 1},
        EVENT | {"what": "public_centre", "site": "x", "site_en": "New", "site_ar": "جديد"},
        EVENT | {"what": "services_withdrawn", "services": ["tax"]},
        EVENT | {"what": "services_added", "visits_a_year": 90},
    ]
    sections = written(lot={"events": events})
    rows = tables(sections["en"])["lots-events-1"].rows
    assert [bare(row.cells[0].text) for row in rows] == [
        "A public centre opens: New (1 centre of the lot within the radius)",
        "A public centre opens: New (outside the radius)",
        "Services are withdrawn: tax",
        "Services are added",
    ]
    assert [cell.value for cell in rows[0].cells[2:]] == [-50, -1234, -1400, 100, -1300]
    said = words_of(sections["en"])
    assert "makes good 100% of a year's loss when a public centre opens within 12.5 km (inclusive)" in said
    assert "80% when services are withdrawn, 60% when they are added" in said
    assert "جديد" in bare(tables(sections["ar"])["lots-events-1"].rows[0].cells[0].text)


def test_a_guaranteed_volume_has_a_column_and_is_assumed():
    labels = [bare(one.label) for one in tables(written()["en"])["lots-visits-1"].columns]
    assert "Minimum guaranteed volume" not in labels
    section = written(lot={"guaranteed": {"2026": 700, "2027": 630}}, assumptions={"guarantee": 0.7})["en"]
    table = tables(section)["lots-visits-1"]
    assert bare(table.columns[-1].label) == "Minimum guaranteed volume"
    assert column(table, -1) == [700, 630]
    assert table.rows[0].cells[-1].basis is Basis.ASSUMED
    assert "The state guarantees 70.0% of the visits of the middle case" in words_of(section)


@pytest.mark.parametrize(
    ("assumed", "said"),
    [
        ({"form": "greenfield"}, "builds, fits out and operates"),
        ({"form": "operate_only"}, "provides the fitted-out centres"),
        ({"hand_back": {"condition": "as_is", "works_share": 0.0, "paid_share": 0.0}}, "go back as they stand"),
        ({"exclusivity_km": 7.0}, "no new public centre within 7.0 km"),
        ({"future": {"growth": 0.02, "take_up": [[2030, 0.8]]}}, "Take-up goes on to 2030 80.0%."),
        ({"future": {"growth": 0.02, "take_up": []}}, "grow by 2.0% a year"),
    ],
)
def test_every_term_is_in_words(assumed, said):
    assert said in words_of(written(assumptions=assumed)["en"])

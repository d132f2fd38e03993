"""
Services for the toy country: four lines, two agencies, two curves, small enough to compute by hand.

    id-card   nationals  0.50  reported  must come in person; whom its agency serves
    permit    others     0.20  assumed   may go digital
    tax       all        0.10  reported  may go digital
    works     all        0.30  assumed   may go digital; an area's agency, in Alpha only
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd

from geodata.country import Country
from geodata.records import Records, empty_table
from tests.toy import ZONES, toy_country

AGENCIES = [
    ("civil", "Civil Status", "الأحوال المدنية", 75, 9, "printed", None, None, "", "national", "", "nationals"),
    ("tax", "Tax", "الضريبة", 38, 22, "printed", None, None, "", "national", "", "all"),
    ("labour", "Labour", "العمل", 33, 6, "uncertain", None, 2024, "tax", "governorate", "", "all"),
    ("city", "Alpha City", "بلدية ألفا", None, None, "missing", 2022, None, "", "area", "TO-A", "all"),
]
LINES = [
    ("id-card", "Identity card", "البطاقة الشخصية", "civil", "", 0.5, True, False, "reported"),
    ("permit", "Work permit", "تصريح العمل", "labour", "non_nationals", 0.2, False, False, "assumed"),
    ("tax", "Tax clearance", "براءة الذمة", "tax", "all", 0.1, False, False, "reported"),
    ("works", "Building licence", "رخصة بناء", "city", "all", 0.3, False, False, "assumed"),
]
FACTORS = ("transaction_value", "value_to_citizens", "complexity", "culture", "economy")


@cache
def toy_records() -> Records:
    """Make the records: 70 % nationals, 1,000 refugees in Beta, growth of 2 % a year in Alpha."""
    rest = dict.fromkeys(("source",), "made up")
    return Records(
        agencies=_typed("agencies", AGENCIES, basis="reported", note="", **rest),
        services=_typed("services", LINES, note="", **rest),
        service_factors=_typed(
            "service_factors",
            [(line[0], factor, 0.25 * (i % 5)) for i, line in enumerate(LINES) for factor in FACTORS],
            basis="assumed",
            **rest,
        ),
        life_events=_typed(
            "life_events", [("birth", "A newborn", "مولود جديد", "all", 0.02)], basis="reported", **rest
        ),
        life_event_steps=_typed(
            "life_event_steps",
            [
                ("birth", 1, "Certificate", "شهادة", "civil", "id-card", True),
                ("birth", 2, "Family book", "دفتر العائلة", "civil", "", True),
                ("birth", 3, "Tax record", "سجل ضريبي", "tax", "tax", False),
            ],
            basis="assumed",
            **rest,
        ),
        digital_curve=_typed(
            "digital_curve",
            [("planned", 2023.0, 0.4), ("planned", 2025.0, 1.0), ("recorded", 2023.0, 0.4), ("recorded", 2025.0, 0.8)],
            basis="reported",
            **rest,
        ),
        network_record=_typed(
            "network_record",
            [
                ("2025-01-01", "transactions", "transactions_cumulative", 1000.0),
                ("2025-01-01", "visitors", "visitors_cumulative", 400.0),
                ("2025-01-01", "centres", "centres_open", 2.0),
                ("2025-12-31", "transactions", "transactions_cumulative", 9000.0),
                ("2025-12-31", "visitors", "visitors_cumulative", 3600.0),
                ("2025-12-31", "centres", "centres_open", 2.0),
            ],
            note="",
            url="",
            **rest,
        ),
        centre_loads=_typed(
            "centre_loads", [("pilot", "visitors_per_day", 10.0, 20.0)], basis="reported", note="", **rest
        ),
        growth=_typed(
            "growth",
            [("TO-A", 2015, "census", 10000, True), ("TO-A", 2025, "estimate", 12190, True)],
            basis="reported",
            **rest,
        ),
        nationals=_typed("nationals", [(z, 0.7, True) for z in ZONES], basis="reported", date="2015", **rest),
        refugees=_typed(
            "refugees", [(z, 1000 if z == "TO-B" else 0) for z in ZONES], basis="reported", date="2023", **rest
        ),
    )


def toy_with_services(**changes: object) -> Country:
    """Return the toy country with its services; `changes` as for `toy_country`."""
    return replace(toy_country(**changes), records=toy_records())  # type: ignore[arg-type]


def _typed(part: str, rows: list[tuple], **same: object) -> pd.DataFrame:
    """Rows in the order of the part's fields, filled up with `same` by name, with the part's types."""
    like = empty_table(part)
    names = [name for name in like.columns if name not in same]
    table = pd.DataFrame([list(row) for row in rows], columns=names[: len(rows[0])]).assign(**same)
    return table.reindex(columns=like.columns).astype(like.dtypes.to_dict())

"""The unit of a table's column, by its name; where another column of the row says it (`value`, `loss`), none."""

from __future__ import annotations

_BY_ENDING = {
    "_per_km2": "persons per km2",
    "_km2": "km2",
    "_km": "km",
    "_m2": "m2",
    "_minutes": "minutes",
    "_jod": "JOD",
    "_share": "share, 0 to 1",
    "_year": "year",
    "_years": "years",
    "_lat": "degrees north",
    "_lon": "degrees east",
}
_BY_NAME = {
    "year": "year",
    "lat": "degrees north",
    "lon": "degrees east",
    "hours": "hours a year",
    "journeys": "journeys a year",
    "transactions": "transactions a year",
    "minutes": "minutes",
    "minutes_before": "minutes",
    "minutes_after": "minutes",
    "irr": "share a year",
    "use_rate": "transactions per person and year",
    "at": "as column `over` says",
    "staff_limit": "persons",
    "peak_hour": "visits an hour",
    "peak_day": "visits a day",
    "residents_per_centre": "persons per centre",
    "worst_share_before": "share, 0 to 1",
    "worst_share_after": "share, 0 to 1",
}
_BY_UNIT: dict[str, tuple[str, ...]] = {
    "persons": (
        "population",
        "covered",
        "out_of_standard",
        "unreachable",
        "within_30",
        "within_60",
        "within_90",
        "beyond_90",
        "people",
        "people_within",
        "people_gained",
        "people_before",
        "people_after",
        "cumulative_covered",
        "residents_nearest",
        "elderly",
        "disabled",
        "coverage_lost",
        "staff",
    ),
    "visits a year": (
        "visits",
        "served",
        "over_capacity",
        "out_of_reach",
        "room",
        "capacity_visits",
        "visits_first",
        "visits_last",
        "modelled_low",
        "modelled_mid",
        "modelled_high",
        "recorded_low",
        "recorded_high",
        "break_even_volume",
    ),
    "0 to 1": (
        "gini",
        "headcount",
        "depth",
        "severity",
        "utilisation",
        "occupancy",
        "overlap",
        "worst_off_falls",
        "score",
    ),
    "0 and above": (
        "theil_l",
        "theil_t",
    ),
    "JOD": (
        "npv",
        "npv_low",
        "npv_base",
        "npv_high",
        "viability_gap",
        "break_even_charge",
        "break_even_availability",
        "state_pays",
        "jod_saved",
        "jod_before",
        "jod_after",
        "capital",
        "running",
        "charge",
        "availability",
        "compensation",
        "deductions",
        "guarantee",
        "hand_back",
        "net",
        "renewal",
        "state_fees",
        "works",
        "jod",
    ),
}
_BY_NAME |= {name: unit for unit, names in _BY_UNIT.items() for name in names}


def unit_of(name: str) -> str:
    """Return the unit of a column of figures; "" for a plain number, or where a column of the row says it."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.startswith("visits_2"):
        return "visits a year"
    return next((unit for ending, unit in _BY_ENDING.items() if name.endswith(ending)), "")

"""What is recorded of agencies, for the run: three tables kept apart, services of centres, figures in conflict."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geodata.country import Country


def roadmap_record(country: Country) -> dict[str, Any]:
    """
    Write the field `visits.roadmap` of run.json; nothing is inferred from one list to another.

    Lists are empty where the country records nothing; a missing count is None, never 0.
    """
    records = country.records
    names = records.agencies.set_index("agency_id")[["name_en", "name_ar"]]
    return {
        "agencies": _agencies(records.agencies),
        "waves": [
            {"wave": str(wave), "serves": str(serves), "agencies": _named(names, rows)}
            for (wave, serves), rows in records.agency_waves.groupby(["wave", "serves"], sort=False)
        ],
        "seats": [
            {"part": str(part), "entries": int(rows["entry"].nunique()), "agencies": _named(names, rows)}
            for part, rows in records.agency_seats.groupby("part", sort=False)
        ],
        "centres": _centres(country),
        "conflicts": [
            {
                "indicator": str(one.indicator),
                "date": str(one.date),
                "value": float(str(one.value)),
                "note": str(one.note),
            }
            for one in records.digital[records.digital["conflict"]].itertuples()
        ],
    }


def _agencies(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Agencies with their counts, most services first."""
    return [
        {
            "agency_id": str(one.agency_id),
            "name_en": str(one.name_en),
            "name_ar": str(one.name_ar),
            "services": _count(one.services),
            "digitised": _count(one.digitised),
            "certainty": str(one.certainty),
        }
        for one in table.sort_values("services", ascending=False, na_position="last", kind="stable").itertuples()
    ]


def _centres(country: Country) -> list[dict[str, Any]]:
    """The latest record of each centre's services; a count that it lacks is not taken from an earlier one."""
    record = country.records.centre_record.sort_values("date", kind="stable")
    names = country.centres.set_index("centre_id")
    return [
        {
            "name_en": str(names["name_en"].get(one.centre_id, one.centre)),
            "name_ar": str(names["name_ar"].get(one.centre_id, "")),
            "date": str(one.date),
            "services": _count(one.services),
            "institutions": _count(one.institutions),
        }
        for one in record.groupby("centre", sort=False).tail(1).itertuples()
    ]


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _named(names: pd.DataFrame, rows: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {"name_en": str(names["name_en"][agency]), "name_ar": str(names["name_ar"][agency]), "note": str(note)}
        for agency, note in zip(rows["agency_id"], rows["note"], strict=True)
    ]

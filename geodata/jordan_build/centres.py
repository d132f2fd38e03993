"""
Write `centres.csv` and `offices.csv` of the Jordan pack: what is recorded to exist.

A centre's year is the latest that its record allows ("by February 2025" is 2025) and never
that of a trial; where nothing is recorded it is empty. A centre without a recorded position
has none here, and an office whose position is known only from an ODbL source has none
either: unknown is not the same as absent.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geodata.jordan_build.rows import rows

AGENCY = "Civil Status and Passports Department"


def build(folder: Path) -> None:
    """Write `centres.csv` and `offices.csv` into the pack's `folder`."""
    _centres(folder).to_csv(folder / "centres.csv", index=False, lineterminator="\n")
    _offices(folder / "sources").to_csv(folder / "offices.csv", index=False, lineterminator="\n")


def _centres(folder: Path) -> pd.DataFrame:
    sources = folder / "sources"
    recorded = pd.read_csv(sources / "service_centres.csv").set_index("name_en")
    places = pd.read_csv(folder / "places.csv").set_index("place_id")[["lon", "lat"]]
    sites = pd.read_csv(folder / "candidates.csv").set_index("site_id")[["lon", "lat"]]
    services = _services(sources)
    found = []
    for state in rows(pd.read_csv(sources / "centre_states.csv", dtype={"site_id": str, "opened_text": str})):
        row = recorded.loc[state.name_en]
        site_id = state.site_id if isinstance(state.site_id, str) else ""
        at = sites.loc[site_id] if site_id in sites.index else places.loc[site_id] if site_id else None
        printed = row["opened"] if isinstance(row["opened"], str) else row["status"]
        note = f"; {row['note']}" if isinstance(row["note"], str) and state.status == "unknown" else ""
        found.append(
            {
                "centre_id": state.centre_id,
                "site_id": site_id,
                "name_en": str(state.name_en).removeprefix("Al-"),
                "name_ar": row["name_ar"],
                "zone_id": state.zone_id,
                "status": state.status,
                "kind": state.kind,
                "opened_year": state.opened_year,
                "opened_text": state.opened_text if isinstance(state.opened_text, str) else f"{printed}{note}",
                "services_count": services.get(state.name_en),
                "basis": "reported",
                "source": row["source"],
                "lon": None if at is None else at["lon"],
                "lat": None if at is None else at["lat"],
            }
        )
    table = pd.DataFrame(found).sort_values("centre_id")
    return table.astype({"opened_year": "Int64", "services_count": "Int64"})


def _services(sources: Path) -> dict[str, int]:
    """Return each centre's latest count of services."""
    counts = pd.read_csv(sources / "centre_services.csv")
    latest = counts.sort_values("date").groupby("centre")["services"].last()
    return {str(name): int(count) for name, count in latest.items()}


def _offices(sources: Path) -> pd.DataFrame:
    recorded = pd.read_csv(sources / "civil_status_offices.csv", dtype=str).fillna("")
    names = pd.read_csv(sources / "office_names.csv").set_index("office")
    zones = {"Amman": "JO-AM", "Irbid": "JO-IR", "Zarqa": "JO-AZ", "Balqa": "JO-BA"}
    found = [
        {
            "office_id": f"{zones[row.governorate]}-cspd-{names.loc[row.office, 'slug']}",
            "name_en": names.loc[row.office, "name_en"],
            "name_ar": names.loc[row.office, "name_ar"],
            "agency": AGENCY,
            "zone_id": zones[row.governorate],
            "source": row.source,
            "lon": None,
            "lat": None,
        }
        for row in rows(recorded)
    ]
    return pd.DataFrame(found).drop_duplicates("office_id").sort_values("office_id")

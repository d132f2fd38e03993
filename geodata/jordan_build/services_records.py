"""
Write what Jordan's pack records of demand: digital access, the centres' totals, growth, nationals, refugees.

Tables are taken over as recorded; conflicts between sources are kept side by side. Nationals: shares
of the 2015 census for the country and for Amman, the rest shared evenly over the other
governorates (as for the elderly). Refugees: registered with UNHCR in May 2023, outside camps.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geodata.jordan_build.rows import rows
from geodata.jordan_build.services import read, write

MEASURES = {
    "transactions completed, cumulative": "transactions_cumulative",
    "visitors, cumulative": "visitors_cumulative",
    "centres open": "centres_open",
}
KINDS = {"census": "census", "estimate": "estimate", "DoS estimate": "estimate"}
NATION = ("JORDAN", "Jordan")


def build(folder: Path) -> None:
    """Write the records into the pack's `folder`."""
    sources = folder / "sources"
    zones = read(sources / "governorates.csv").set_index("name_en")["iso_3166_2"].sort_values()
    plain = read(sources / "digital_access.csv").assign(conflict="false")
    digital = pd.concat([plain, read(sources / "digital_conflict.csv")])
    write(folder, "digital", digital)
    write(folder, "digital_curve", read(sources / "digital_curve.csv"))
    timeline = read(sources / "network_timeline.csv")
    write(folder, "network_record", timeline.assign(measure=timeline["indicator"].map(MEASURES).fillna("")))
    write(folder, "service_record", read(sources / "service_demand.csv"))
    ids = read(folder / "centres.csv").set_index("name_en")["centre_id"]
    offered = read(sources / "centre_services.csv")
    named = offered["centre"].str.removeprefix("Al-").map(ids).fillna("")
    write(folder, "centre_record", offered.assign(centre_id=named))
    write(folder, "centre_loads", read(sources / "centre_loads.csv"))
    write(folder, "growth", _growth(sources, zones))
    write(folder, "nationals", _nationals(sources, zones))
    write(folder, "refugees", _refugees(sources, zones))


def _growth(sources: Path, zones: pd.Series) -> pd.DataFrame:
    """The curve: three censuses and the estimate of 2025; the estimates of 2021-22 lack two governorates."""
    found = []
    for row in rows(read(sources / "governorate_population.csv")):
        if row.governorate not in zones.index or row.kind not in KINDS:
            continue
        whole = row.kind != "estimate"
        found.append(
            {
                "zone_id": zones[row.governorate],
                "year": "2022" if row.date == "2021-2022" else row.date[:4],
                "kind": KINDS[row.kind],
                "population": row.population,
                "used": "true" if whole else "false",
                "basis": "reported",
                "source": row.source,
            }
        )
    return pd.DataFrame(found).sort_values(["zone_id", "year"])


def _nationals(sources: Path, zones: pd.Series) -> pd.DataFrame:
    told = read(sources / "nationality_2015.csv")
    people = read(sources / "governorate_population.csv")
    census = people[(people["date"] == "2015") & (people["kind"] == "census")].set_index("governorate")["population"]
    row = told[(told["area"] == "Jordan") & (told["nationality"] == "Jordanian")].iloc[0]
    own = told[(told["area"] == "Amman") & (told["nationality"] == "share of all Jordanians")].iloc[0]
    nationals, whole, amman = int(row["persons"]), int(census["JORDAN"]), int(census["Amman"])
    here = float(own["percent"]) / 100 * nationals
    rest = (nationals - here) / (whole - amman)
    text = f"{row['source']} ({row['url']})"
    return pd.DataFrame(
        {
            "zone_id": zone,
            "share": f"{here / amman if name == 'Amman' else rest:.6f}",
            "national": "false" if name == "Amman" else "true",
            "basis": "modelled",
            "source": f"{text}: {float(own['percent'])} % of all Jordanians live in Amman"
            if name == "Amman"
            else f"{text}: those outside Amman shared evenly by residents",
            "date": "2015",
        }
        for name, zone in zones.items()
    )


def _refugees(sources: Path, zones: pd.Series) -> pd.DataFrame:
    table = read(sources / "refugees_by_governorate.csv")
    told = table[(table["date"] == "2023-05") & table["area"].isin(list(zones.index))]
    return pd.DataFrame(
        {
            "zone_id": zones[row.area],
            "persons": row.persons,
            "basis": "reported",
            "source": f"{row.source} ({row.url})",
            "date": row.date,
        }
        for row in rows(told)
    ).sort_values("zone_id")

"""
Write `groups.csv`: elderly people (60+) and people with disabilities, as shares of each governorate.

Elderly: 5.4 % of the country (Department of Statistics, end of 2023), of whom recorded
shares live in Amman, Irbid and Tafilah; the other nine governorates share the rest evenly
by population, so that the national share holds (national=true). Disabilities: 11.2 %
with any functional difficulty (census 2015, Jordanians aged 5 and over), the only figure
there is for all, applied to all residents everywhere (national=true).
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

COLUMNS = ["zone_id", "group", "share", "basis", "national", "source", "date"]


def build(folder: Path) -> None:
    """Write `groups.csv` into the pack's `folder`."""
    zones = pd.read_csv(folder / "sources" / "governorates.csv").sort_values("iso_3166_2")
    facts = pd.read_csv(folder / "sources" / "age_disability.csv")
    people = zones.set_index("iso_3166_2")["population_end_2025"]
    names = zones.set_index("name_en")["iso_3166_2"]
    rows = pd.concat([_elderly(people, names, facts), _disabled(people, facts)], ignore_index=True)
    rows["share"] = rows["share"].round(6)
    rows[COLUMNS].to_csv(folder / "groups.csv", index=False, lineterminator="\n")


def _fact(facts: pd.DataFrame, area: str, date: str, indicator: str) -> tuple[float, str]:
    row = facts[(facts["area"] == area) & (facts["date"] == date) & (facts["indicator"] == indicator)].iloc[0]
    return float(row["percent"]) / 100, f"{row['source']} ({row['url']})"


def _elderly(people: pd.Series, names: pd.Series, facts: pd.DataFrame) -> pd.DataFrame:
    national, source = _fact(facts, "Jordan", "2023-12-31", "age 60+ share of population")
    lives_here = facts[facts["indicator"] == "share of all persons 60+ living here"]
    known = pd.Series((lives_here["percent"] / 100).to_numpy(), index=lives_here["area"].map(names))
    share = known * people.sum() * national / people[known.index]
    rest = (1 - known.sum()) * people.sum() * national / people.drop(known.index).sum()
    recorded = people.index.isin(known.index)
    text = [
        f"{source}: {national:.1%} of all are 60+, {known[zone]:.1%} of them live here"
        if is_known
        else f"{source}: {national:.1%} of all are 60+; those outside Amman, Irbid and Tafilah shared evenly"
        for zone, is_known in zip(people.index, recorded, strict=True)
    ]
    return pd.DataFrame(
        {
            "zone_id": people.index,
            "group": "elderly",
            "share": share.reindex(people.index).fillna(rest).to_numpy(),
            "basis": "modelled",
            "national": ["false" if is_known else "true" for is_known in recorded],
            "source": text,
            "date": "2023-12-31",
        }
    )


def _disabled(people: pd.Series, facts: pd.DataFrame) -> pd.DataFrame:
    national, source = _fact(facts, "Jordan", "2015", "functional difficulty, any")
    return pd.DataFrame(
        {
            "zone_id": people.index,
            "group": "disabled",
            "share": national,
            "basis": "modelled",
            "national": "true",
            "source": f"{source}; applied to all residents of every governorate",
            "date": "2015",
        }
    )

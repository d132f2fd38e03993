"""
Write the service tables of the Jordan pack: agencies, service lines with their use rates, scores, life events.

A use rate is a recorded volume made yearly and divided by the people it is of, each figure standing
in `sources/service_lines.csv`; where no volume is recorded the rate is a stated assumption. The
scores of the five factors that nobody counts are this project's first judgement, for the planner
to replace: all are assumed.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geodata.contract import BY_NAME
from geodata.jordan_build.rows import rows

SCORED = "a first judgement of this project, for the planner to replace"


def build(folder: Path) -> None:
    """Write the service tables into the pack's `folder`."""
    sources = folder / "sources"
    write(folder, "agencies", read(sources / "roadmap_agencies.csv"))
    write(folder, "agency_waves", read(sources / "roadmap_waves.csv"))
    write(folder, "agency_seats", read(sources / "roadmap_seats.csv"))
    write(folder, "services", _services(sources))
    write(folder, "service_factors", _scores(sources))
    write(folder, "life_events", _events(sources))
    write(folder, "life_event_steps", read(sources / "life_event_steps.csv"))


def read(path: Path) -> pd.DataFrame:
    """Read a source table as text, empty cells empty."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def write(folder: Path, part: str, table: pd.DataFrame) -> None:
    """Write a part with its fields in the order of the contract."""
    names = [field.name for field in BY_NAME[part].fields if field.name in table.columns]
    table[names].to_csv(folder / f"{part}.csv", index=False, lineterminator="\n")


def _services(sources: Path) -> pd.DataFrame:
    table = read(sources / "service_lines.csv")
    rates: dict[str, float] = {}
    for line in rows(table):
        rate = float(line.rate or 0) or float(line.count) * float(line.yearly) / float(line.base)
        rates[line.service_id] = round(rate - sum(rates[other] for other in line.less.split()), 6)
    return table.assign(use_rate=[f"{rates[service]:.6f}" for service in table["service_id"]])


def _scores(sources: Path) -> pd.DataFrame:
    wide = read(sources / "service_scores.csv")
    long = wide.melt(id_vars="service_id", var_name="factor", value_name="score")
    return long.sort_values(["service_id", "factor"]).assign(basis="assumed", source=SCORED)


def _events(sources: Path) -> pd.DataFrame:
    table = read(sources / "life_events.csv")
    rates = [float(e.rate) if e.rate else float(e.count) / float(e.base) for e in rows(table)]
    return table.assign(use_rate=[f"{rate:.6f}" for rate in rates])

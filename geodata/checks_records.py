"""What must hold between the tables of services and records, and between them and the country's own."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from foundation.errors import InvalidInput
from geodata.contract_records import FACTORS, RECORDS
from geodata.offices import services_of
from geodata.tables import refuse_row

LINKS = (
    ("agency_waves", "agency_id", "agencies", False),
    ("agency_seats", "agency_id", "agencies", False),
    ("agencies", "successor", "agencies", True),
    ("services", "agency_id", "agencies", False),
    ("service_factors", "service_id", "services", False),
    ("life_event_steps", "event_id", "life_events", False),
    ("life_event_steps", "agency_id", "agencies", False),
    ("life_event_steps", "service_id", "services", True),
    ("centre_loads", "centre_id", "centres", False),
    ("centre_record", "centre_id", "centres", True),
    ("growth", "zone_id", "zones", False),
    ("nationals", "zone_id", "zones", False),
    ("refugees", "zone_id", "zones", False),
)
ONCE = (
    ("service_factors", ["service_id", "factor"]),
    ("life_event_steps", ["event_id", "step"]),
    ("digital_curve", ["curve", "at"]),
    ("centre_loads", ["centre_id", "measure"]),
    ("nationals", ["zone_id"]),
    ("refugees", ["zone_id"]),
)
WHOLE = ("nationals", "refugees")


def check_records(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> None:
    """
    Refuse a link to nothing, a row twice, a zone left out, years or loads turned round.

    Parameters
    ----------
    tables
        All parts of the country that were read, by name.
    files
        How errors call each part's file.
    """
    _check_links(tables, files)
    for part, columns in ONCE:
        if part in tables and tables[part].duplicated(columns).any():
            row = int(np.flatnonzero(tables[part].duplicated(columns))[0])
            value = " ".join(str(tables[part][column].iloc[row]) for column in columns)
            raise refuse_row(files[part], row, ", ".join(columns), value, "there once only")
    for part in WHOLE:
        missing = sorted(set(tables["zones"]["zone_id"]) - set(tables[part]["zone_id"])) if part in tables else []
        if missing:
            raise InvalidInput(
                "{file}: no row for {zone}. Add it, or leave the part out of country.yaml.",
                file=files[part],
                zone=missing[0],
            )
    _check_order(tables, files, "agencies", "valid_from", "valid_to")
    _check_order(tables, files, "centre_loads", "low", "high")
    _check_areas(tables, files)
    _check_successors(tables, files)
    _check_factors(tables, files)
    _check_offices(tables, files)


def _check_links(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> None:
    named = {part.name for part in RECORDS}
    for part, field, home, empty_ok in LINKS:
        if part not in tables:
            continue
        if home in named and home not in tables:
            raise InvalidInput(
                "country.yaml: the part {part} needs the part {home}. Add it, or leave out {part}.",
                part=part,
                home=home,
            )
        values, known = tables[part][field], tables[home][home_field(home)]
        bad = ~values.isin(known) & ~((values == "") & empty_ok)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise refuse_row(files[part], row, field, values.iloc[row], "one of those in {home}", home=files[home])


def home_field(part: str) -> str:
    """Return the id column of a part that others name."""
    return {"agencies": "agency_id", "services": "service_id", "life_events": "event_id", "centres": "centre_id"}.get(
        part, "zone_id"
    )


def _check_order(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str], part: str, low: str, high: str) -> None:
    if part not in tables:
        return
    first, last = (tables[part][name].astype("Float64") for name in (low, high))
    bad = (first > last).fillna(False).to_numpy(dtype=bool)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        value = tables[part][high].iloc[row]
        raise refuse_row(files[part], row, high, value, "at least the {other} of its row", other=low)


def _check_areas(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> None:
    """An area's jurisdiction names its zones; another names none."""
    if "agencies" not in tables:
        return
    zones = set(tables["zones"]["zone_id"])
    for row, agency in enumerate(tables["agencies"].itertuples()):
        named = str(agency.home_zones).split()
        if (agency.jurisdiction == "area") != bool(named) or not set(named) <= zones:
            raise refuse_row(
                files["agencies"],
                row,
                "home_zones",
                agency.home_zones,
                "zone ids of the country for the jurisdiction 'area', and empty for another",
            )


def _check_successors(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> None:
    """A successor needs a last year, and following successors comes to an end."""
    if "agencies" not in tables:
        return
    table = tables["agencies"]
    after = dict(zip(table["agency_id"], table["successor"], strict=True))
    for row, (agency, ends) in enumerate(zip(table["agency_id"], table["valid_to"], strict=True)):
        seen, at = {agency}, after[agency]
        while at and at not in seen:
            seen.add(at)
            at = after[at]
        if at or (after[agency] and pd.isna(ends)):
            raise refuse_row(
                files["agencies"],
                row,
                "successor",
                after[agency],
                "another agency after the last year of this one, without going in a circle",
            )


def _check_factors(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> None:
    """Each factor that is named scores every service, but the transactions, which may be counted."""
    if "service_factors" not in tables:
        return
    scored = tables["service_factors"].groupby("factor")["service_id"].agg(set)
    for factor, services in scored.items():
        missing = sorted(set(tables["services"]["service_id"]) - services)
        if missing and factor != FACTORS[0]:
            raise InvalidInput(
                "{file}: the factor {factor} has no score for {service}. Add the row.",
                file=files["service_factors"],
                factor=factor,
                service=missing[0],
            )


def _check_offices(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> None:
    """Where services are recorded, an office gives services of that table, each once."""
    if not {"services", "offices"} <= set(tables):
        return
    known = set(tables["services"]["service_id"])
    for row, cell in enumerate(tables["offices"]["services"]):
        named = services_of(cell)
        if len(set(named)) < len(named) or not set(named) <= known:
            raise refuse_row(
                files["offices"],
                row,
                "services",
                cell,
                "ids of {home} separated by ';', each once",
                home=files["services"],
            )

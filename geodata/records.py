"""
What a country records of its services, beside people and places; empty where nothing is recorded.

Fields are those of `geodata.contract_records`. A country without service data has empty
frames here, with all their columns, and whoever needs them says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial

import pandas as pd

from geodata.contract import BY_NAME
from geodata.tables import read_table


@cache
def _empty(part: str) -> pd.DataFrame:
    fields = BY_NAME[part].fields
    header = ",".join(one.name for one in fields) + "\n"
    return read_table(header.encode(), name=part, fields=fields)


def empty_table(part: str) -> pd.DataFrame:
    """
    Return a part's table without rows, its columns typed.

    >>> len(empty_table("services")), "use_rate" in empty_table("services")
    (0, True)
    """
    return _empty(part).copy()


@dataclass(frozen=True, slots=True)
class Records:
    """
    Services, agencies and records of a country.

    Attributes
    ----------
    agencies, agency_waves, agency_seats
        Three tables kept apart: counts of services; priority by wave; part in the centres.
    services
        Service lines to plan with: service_id, name_en, name_ar, agency_id, eligible,
        use_rate (transactions per eligible person and year), needs_presence,
        cannot_be_digitised, basis, source, note.
    service_factors
        service_id, factor, score (0 to 1), basis, source.
    life_events, life_event_steps
        Events with their rate per eligible person and year, and the services each asks for.
    digital, digital_curve
        What is recorded of digital access; the planned and the recorded share of services digitised.
    network_record, service_record, centre_record, centre_loads
        Totals of the centres, volumes of agencies, services per centre, load of single centres.
    growth
        Residents by governorate and year; `used` marks the points of the growth curve.
    nationals, refugees
        Share of nationals by governorate; registered refugees outside camps.
    """

    agencies: pd.DataFrame = field(default_factory=partial(empty_table, "agencies"))
    agency_waves: pd.DataFrame = field(default_factory=partial(empty_table, "agency_waves"))
    agency_seats: pd.DataFrame = field(default_factory=partial(empty_table, "agency_seats"))
    services: pd.DataFrame = field(default_factory=partial(empty_table, "services"))
    service_factors: pd.DataFrame = field(default_factory=partial(empty_table, "service_factors"))
    life_events: pd.DataFrame = field(default_factory=partial(empty_table, "life_events"))
    life_event_steps: pd.DataFrame = field(default_factory=partial(empty_table, "life_event_steps"))
    digital: pd.DataFrame = field(default_factory=partial(empty_table, "digital"))
    digital_curve: pd.DataFrame = field(default_factory=partial(empty_table, "digital_curve"))
    network_record: pd.DataFrame = field(default_factory=partial(empty_table, "network_record"))
    service_record: pd.DataFrame = field(default_factory=partial(empty_table, "service_record"))
    centre_record: pd.DataFrame = field(default_factory=partial(empty_table, "centre_record"))
    centre_loads: pd.DataFrame = field(default_factory=partial(empty_table, "centre_loads"))
    growth: pd.DataFrame = field(default_factory=partial(empty_table, "growth"))
    nationals: pd.DataFrame = field(default_factory=partial(empty_table, "nationals"))
    refugees: pd.DataFrame = field(default_factory=partial(empty_table, "refugees"))

"""Service lines in a country's years: rates, who gives them when and where, whether they can go digital."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput, NotFound
from geodata.country import Country
from planning.visits.settings import AgencyYears, VisitSettings

NOBODY = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """
    S service lines over T years.

    Attributes
    ----------
    table
        The chosen rows of `Records.services`, with the planner's own rates in them and `eligible`
        taken from the agency where it is empty.
    agency
        (T, S) id of the agency that gives the service in a year; "" where none does any more or yet.
    jurisdiction
        (T, S) "national", "governorate" or "area" of that agency; "" where there is none.
    zones
        For (year position, service position) of an area's jurisdiction, its zone ids.
    """

    table: pd.DataFrame
    agency: NDArray[np.object_]
    jurisdiction: NDArray[np.object_]
    zones: dict[tuple[int, int], frozenset[str]]

    @property
    def services(self) -> tuple[str, ...]:
        """S service ids."""
        return tuple(str(service) for service in self.table["service_id"])

    @property
    def digital(self) -> NDArray[np.bool_]:
        """(S,) True where a service may leave the counter."""
        stays = self.table["needs_presence"] | self.table["cannot_be_digitised"]
        return np.asarray(~stays.to_numpy(dtype=bool))

    @property
    def assumed(self) -> NDArray[np.bool_]:
        """(S,) True where the rate is an assumption."""
        return np.asarray((self.table["basis"] == "assumed").to_numpy(dtype=bool))


def lines_of(country: Country, years: Sequence[int], settings: VisitSettings) -> Lines:
    """
    Choose the service lines and follow their agencies through the years.

    Raises
    ------
    NotFound
        If the country has no service lines.
    InvalidInput
        If the settings name a service, an agency or a zone that is not there.
    """
    table = country.records.services
    if table.empty:
        raise NotFound(
            "The country has no service lines, so visits cannot be computed. They are the part services of a pack "
            "(docs/data.md); a folder of plain files has no such part. Use a pack, or remove the section demand."
        )
    agencies = country.records.agencies.set_index("agency_id")
    known = set(table["service_id"])
    _refuse_unknown("services", settings.services, known)
    _refuse_unknown("rates", settings.rates, known)
    _refuse_unknown("agencies", settings.agencies, set(agencies.index))
    _refuse_unknown("agencies", (a.successor for a in settings.agencies.values() if a.successor), set(agencies.index))
    _refuse_unknown("non_resident", settings.non_resident, {*country.zones["zone_id"], "all"})
    if settings.services:
        table = table[table["service_id"].isin(settings.services)]
    table = table.reset_index(drop=True).copy()
    table["eligible"] = table["eligible"].where(table["eligible"] != "", table["agency_id"].map(agencies["eligible"]))
    for service, rate in settings.rates.items():
        own = table["service_id"] == service
        table.loc[own, "use_rate"], table.loc[own, "basis"] = float(rate), "assumed"
        table.loc[own, "source"] = "the planner's own rate"
    spans = _spans(country.records.agencies) | dict(settings.agencies)
    agency = np.array(
        [[_giver(str(a), year, spans) for a in table["agency_id"]] for year in years], dtype=object
    ).reshape(len(years), len(table))
    where = {"": ""} | {str(a): str(j) for a, j in agencies["jurisdiction"].items()}
    jurisdiction = np.array([[where[a] for a in row] for row in agency], dtype=object).reshape(agency.shape)
    home = {str(a): frozenset(str(z).split()) for a, z in agencies["home_zones"].items()}
    zones = {(int(t), int(s)): home[agency[t, s]] for t, s in zip(*np.nonzero(jurisdiction == "area"), strict=True)}
    return Lines(table, agency, jurisdiction, zones)


def agencies_in(country: Country, year: int, settings: VisitSettings) -> dict[str, str]:
    """Say which agency acts for each one in a year: itself, a successor, or "" for none."""
    spans = _spans(country.records.agencies) | dict(settings.agencies)
    return {agency: _giver(agency, year, spans) for agency in spans}


def _spans(agencies: pd.DataFrame) -> dict[str, AgencyYears]:
    """Read the recorded years of each agency."""
    first, last = agencies["valid_from"].astype(object), agencies["valid_to"].astype(object)
    rows = zip(agencies["agency_id"], first, last, agencies["successor"], strict=True)
    return {
        str(agency): AgencyYears(
            None if pd.isna(begins) else int(begins), None if pd.isna(ends) else int(ends), str(successor)
        )
        for agency, begins, ends, successor in rows
    }


def _giver(agency: str, year: int, spans: Mapping[str, AgencyYears]) -> str:
    """Follow successors to the agency that gives a service in a year."""
    seen: set[str] = set()
    while agency and agency not in seen:
        seen.add(agency)
        span = spans[agency]
        if span.valid_from is not None and year < span.valid_from:
            return NOBODY
        if span.valid_to is None or year <= span.valid_to:
            return agency
        agency = span.successor
    if agency:
        raise InvalidInput(
            "The successors of the agency {agency} lead back to it. Give the last one no successor.", agency=agency
        )
    return NOBODY


def _refuse_unknown(name: str, given: Iterable[str], known: set[str]) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise InvalidInput(
            "The demand's {name} names {unknown}, which the country does not have; it has {known}.",
            name=name,
            unknown=", ".join(unknown),
            known=", ".join(sorted(known))[:300],
        )

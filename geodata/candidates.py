"""
A planner's own candidate sites: a CSV or Excel table, checked row by row.

`read_candidates` gives the columns of `Country.candidates`; `combine_candidates` adds
them to the built-in ones or puts them in their place. Templates lie in
`geodata/templates/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from foundation.errors import InvalidInput, Name, Phrase, Unsupported
from geodata.gate import read_through_gate
from geodata.sheets import Sheet

if TYPE_CHECKING:
    from geodata.country import Country

REQUIRED = ("site_id", "name_en", "name_ar", "lat", "lon")
OPTIONAL = ("governorate", "land_status", "floor_area_m2", "earliest_year", "step_free", "bus_stop")
TEMPLATES = Path(__file__).parent / "templates"
EXAMPLE_ID = "EXAMPLE-1"
YEARS = (2000, 2100)
LARGEST_AREA_M2 = 1_000_000.0
BORDER_TOLERANCE_M = 5_000.0
"""Outlines are generalised: a site so near to its zone still lies in it."""

_YES = {"true", "yes", "1", "نعم"}
_NO = {"false", "no", "0", "لا"}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LATIN = re.compile(r"[A-Za-z]")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,15})?")


def read_candidates(path: Path, *, country: Country) -> gpd.GeoDataFrame:
    """
    Read a planner's own candidates, in a child process with limits (see `geodata.gate`).

    Parameters
    ----------
    path
        ``.csv`` (UTF-8) or ``.xlsx`` (first sheet) with the columns site_id, name_en, name_ar,
        lat, lon and, where known, governorate (id or name), land_status, floor_area_m2,
        earliest_year, step_free, bus_stop. An empty cell of these means "not known".
    country
        Gives the governorates that a site must lie in, and the nearest district.

    Returns
    -------
    sites
        The columns of `Country.candidates`, in the order of the file; origin "planner".

    Raises
    ------
    InvalidInput
        With file, row and field: see `geodata.gate` and `geodata.sheets` for what is refused of the
        file; of a row, anything that is not what its column says, an id used twice (capital
        and small letters are the same), swapped lat and lon, a position outside the country or
        far from the governorate named.
    """
    return candidates_of(_sheet(path), country=country)


def _sheet(path: Path) -> Sheet:
    """Read the table through the gate."""
    arrays = read_through_gate("geodata.gate.tables:sheet", path, kinds=("csv", "xlsx")).arrays
    header = tuple(str(title) for title in arrays["header"])
    cells = np.array(arrays["cells"], dtype=object).reshape(-1, len(header))
    rows = tuple((int(row), tuple(line)) for row, line in zip(arrays["row"], cells.tolist(), strict=True))
    return Sheet(name=path.name, header=header, rows=rows)


def candidates_of(sheet: Sheet, *, country: Country) -> gpd.GeoDataFrame:
    """Return the candidates of a table that was read; see `read_candidates`."""
    _check_header(sheet)
    if not sheet.rows:
        raise InvalidInput("{file} holds a header but no site. Add at least one row.", file=sheet.name)
    records = [_record(sheet, number, cells) for number, cells in sheet.rows]
    _check_ids(sheet.name, records)
    table = pd.DataFrame(records)
    sites = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")
    sites["zone_id"] = _zones_of(sites, country, sheet.name)
    sites["district_id"] = _districts_of(sites, country)
    sites["in_capital_city"] = _in_capital_city(sites, country)
    return _as_candidates(sites, sheet.name)


def combine_candidates(
    builtin: gpd.GeoDataFrame, own: gpd.GeoDataFrame, *, mode: Literal["add", "replace"]
) -> gpd.GeoDataFrame:
    """
    Put a planner's own candidates beside the built-in ones, or in their place.

    With "replace" the candidates where a centre already stands stay: they are no proposals.

    Raises
    ------
    InvalidInput
        If an own site has the id of a built-in one that stays.
    Unsupported
        For any other mode.
    """
    if mode not in ("add", "replace"):
        raise Unsupported("Candidates can be 'add' or 'replace', not '{mode}'.", mode=str(mode))
    kept = builtin if mode == "add" else builtin[builtin["origin"] == "existing_centre"]
    clash = sorted(set(own["site_id"]) & set(kept["site_id"]))
    if clash:
        raise InvalidInput(
            "The site_id {ids} is already that of a built-in candidate. Give your sites ids of their own.",
            ids=", ".join(clash[:5]),
        )
    together = pd.concat([kept, own[kept.columns]], ignore_index=True)
    return gpd.GeoDataFrame(together, geometry="geometry", crs=builtin.crs)


def _check_header(sheet: Sheet) -> None:
    doubled = sorted({title for title in sheet.header if sheet.header.count(title) > 1})
    if doubled:
        raise InvalidInput("{file}: the column {column} is there twice. Keep one.", file=sheet.name, column=doubled[0])
    unknown = [title for title in sheet.header if title not in REQUIRED + OPTIONAL]
    if unknown:
        raise InvalidInput(
            "{file}: the column '{column}' is not known. Known are: {known}. Rename or take it out.",
            file=sheet.name,
            column=unknown[0],
            known=", ".join(REQUIRED + OPTIONAL),
        )
    missing = [title for title in REQUIRED if title not in sheet.header]
    if missing:
        raise InvalidInput("{file} lacks the column {column}. Add it.", file=sheet.name, column=missing[0])


def _record(sheet: Sheet, row: int, cells: tuple[str, ...]) -> dict[str, Any]:
    given = {**dict.fromkeys(REQUIRED + OPTIONAL, ""), **dict(zip(sheet.header, cells, strict=True))}

    def cell(field: str, read: Callable[[str], Any], expected: str | Phrase) -> Any:
        value = read(given[field])
        if value is None:
            raise _refused(sheet.name, row, field, given[field], expected)
        return value

    if given["site_id"] == EXAMPLE_ID:
        raise _refused(sheet.name, row, "site_id", EXAMPLE_ID, "your own sites: delete the template's example row")
    low, high = YEARS
    return {
        "row": row,
        "site_id": cell("site_id", _matching(_ID), "letters, digits, '.', '_' or '-', at most 64"),
        "name_en": cell("name_en", _searching(_LATIN), "an English name"),
        "name_ar": cell("name_ar", _searching(_ARABIC), "an Arabic name in Arabic letters"),
        "lat": cell("lat", _number(-90.0, 90.0), "degrees north in the digits 0-9, such as 31.95"),
        "lon": cell("lon", _number(-180.0, 180.0), "degrees east in the digits 0-9, such as 35.91"),
        "governorate": given["governorate"],
        "land_status": given["land_status"] or None,
        "floor_area_m2": _or_missing(given, "floor_area_m2", cell, _number(0.0, LARGEST_AREA_M2), "square metres"),
        "earliest_year": _or_missing(
            given,
            "earliest_year",
            cell,
            _year,
            Phrase("a year from {low} to {high}", {"low": str(low), "high": str(high)}),
        ),
        "step_free": _or_missing(given, "step_free", cell, _flag, "yes or no"),
        "bus_stop": _or_missing(given, "bus_stop", cell, _flag, "yes or no"),
    }


def _or_missing(
    given: dict[str, str],
    field: str,
    cell: Callable[[str, Callable[[str], Any], str | Phrase], Any],
    read: Callable[[str], Any],
    expected: str | Phrase,
) -> Any:
    return cell(field, read, expected) if given[field] else None


def _refused(name: str, row: int, field: str, value: str, expected: str | Phrase, **gaps: object) -> InvalidInput:
    return InvalidInput(
        "{file}, row {row}: {field} is '{value}'; expected {expected}.",
        file=name,
        row=row,
        field=field,
        value=value[:80],
        expected=expected if isinstance(expected, Phrase) else Phrase(expected, gaps),
    )


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda text: text if pattern.fullmatch(text) else None


def _searching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda text: text if pattern.search(text) else None


def _number(low: float, high: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        value = float(text) if _NUMBER.fullmatch(text) and text.isascii() else np.nan
        return value if low <= value <= high else None

    return read


def _year(text: str) -> int | None:
    value = int(text) if re.fullmatch(r"[0-9]{4}", text) else 0
    return value if YEARS[0] <= value <= YEARS[1] else None


def _flag(text: str) -> bool | None:
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None


def _check_ids(name: str, records: list[dict[str, Any]]) -> None:
    seen: dict[str, int] = {}
    for record in records:
        key = record["site_id"].casefold()
        if key in seen:
            raise _refused(
                name,
                record["row"],
                "site_id",
                record["site_id"],
                "an id of its own; row {other} has it",
                other=seen[key],
            )
        seen[key] = record["row"]


def _zones_of(sites: gpd.GeoDataFrame, country: Country, name: str) -> list[str]:
    """Return each site's zone: the one it names, if it lies there or near, else the one it lies in."""
    outlines = country.zones.geometry.to_crs(country.metric_crs)
    points = sites.geometry.to_crs(country.metric_crs)
    apart = np.column_stack([outlines.distance(point).to_numpy() for point in points]).T
    known = _zone_names(country)
    zones = country.zones["zone_id"].tolist()
    found = []
    for site, far in zip(sites.to_dict("records"), apart, strict=True):
        if far.min() > BORDER_TOLERANCE_M:
            raise _outside(site, country, name)
        named = site["governorate"]
        at = known.get(named.casefold()) if named else int(far.argmin())
        if at is None:
            raise _refused(
                name, site["row"], "governorate", named, "the id or name of one: {zones}", zones=", ".join(zones)
            )
        if far[at] > BORDER_TOLERANCE_M:
            nearest = country.zones.iloc[int(far.argmin())]
            lies = Name(str(nearest["name_en"]), str(nearest["name_ar"]))
            raise _refused(name, site["row"], "governorate", named, "the one the position lies in: {zone}", zone=lies)
        found.append(zones[at])
    return found


def _zone_names(country: Country) -> dict[str, int]:
    fields = ("zone_id", "name_en", "name_ar")
    return {str(value).casefold(): at for field in fields for at, value in enumerate(country.zones[field])}


def _outside(site: dict[Any, Any], country: Country, name: str) -> InvalidInput:
    west, south, east, north = country.zones.total_bounds
    swapped = west <= site["lat"] <= east and south <= site["lon"] <= north
    where: dict[str, object] = {"file": name, "row": site["row"], "lat": str(site["lat"]), "lon": str(site["lon"])}
    if swapped:
        return InvalidInput(
            "{file}, row {row}: lat {lat}, lon {lon} lies outside the country, and inside it the other way round. "
            "Swap the two.",
            **where,
        )
    return InvalidInput(
        "{file}, row {row}: lat {lat}, lon {lon} lies outside the country; expected a position inside {country}. "
        "Correct it.",
        country=country.name_en,
        **where,
    )


def _districts_of(sites: gpd.GeoDataFrame, country: Country) -> list[str]:
    """Return for each site the district of its zone with the nearest seat."""
    seats = country.districts
    at = gpd.GeoSeries(gpd.points_from_xy(seats["lon"], seats["lat"]), crs="EPSG:4326").to_crs(country.metric_crs)
    points = sites.geometry.to_crs(country.metric_crs)
    found = []
    for zone_id, point in zip(sites["zone_id"], points, strict=True):
        far = at.distance(point).where((seats["zone_id"] == zone_id).to_numpy(), np.inf).to_numpy()
        found.append(str(seats["district_id"].iloc[int(far.argmin())]) if np.isfinite(far).any() else "")
    return found


def _in_capital_city(sites: gpd.GeoDataFrame, country: Country) -> list[bool]:
    """Return whether the road node nearest to each site is inside the capital city."""
    graph = country.roads
    at = gpd.GeoSeries(gpd.points_from_xy(graph.lon, graph.lat), crs="EPSG:4326").to_crs(country.metric_crs)
    points = sites.geometry.to_crs(country.metric_crs)
    return [bool(graph.in_capital_city[int(at.distance(point).to_numpy().argmin())]) for point in points]


def _as_candidates(sites: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    result = sites.assign(
        origin="planner",
        position_basis="cited",
        position_note="given by the planner",
        source=f"planner's own file {name}",
        land_status=sites["land_status"].fillna("").astype(str),
        floor_area_m2=sites["floor_area_m2"].astype("float64"),
        earliest_year=sites["earliest_year"].astype("float64").astype("Int64"),
        step_free=sites["step_free"].astype("boolean"),
        bus_stop=sites["bus_stop"].astype("boolean"),
    )
    columns = ["site_id", "name_en", "name_ar", "zone_id", "district_id", "origin", "position_basis", "position_note"]
    columns += ["in_capital_city", "land_status", "floor_area_m2", "earliest_year", "step_free", "bus_stop", "source"]
    return result[[*columns, "geometry"]]

"""Every name of a programme that its country must know: sites, governorates, districts, origins, settlements."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from foundation.errors import InvalidInput, Phrase, listed
from geodata.country import Country
from planning.kinds import KindOfPlace, Where
from planning.programme import Programme

_UNKNOWN = {
    "site": ("'{name}' is no candidate site", "'{name}' is no candidate site; the nearest name is '{near}'"),
    "governorate": ("'{name}' is no governorate", "'{name}' is no governorate; the nearest name is '{near}'"),
    "district": ("'{name}' is no district", "'{name}' is no district; the nearest name is '{near}'"),
    "origin": ("no candidate has the origin '{name}'", "no candidate has the origin '{name}'; there is '{near}'"),
    "service": ("'{name}' is no service", "'{name}' is no service; the nearest name is '{near}'"),
    "kind": ("'{name}' is no kind of place", "'{name}' is no kind of place; the nearest name is '{near}'"),
    "settlement": (
        "no place has the settlement type '{name}'",
        "no place has the settlement type '{name}'; there is '{near}'",
    ),
}


def check_names(country: Country, programme: Programme) -> None:
    """
    Refuse names that the country does not know.

    Raises
    ------
    InvalidInput
        Names all of them, each with the nearest correct one.
    """
    known = {
        "site": set(country.candidates["site_id"]),
        "governorate": set(country.zones["zone_id"]),
        "district": set(country.districts["district_id"]),
        "origin": set(country.candidates["origin"]),
        "settlement": set(country.people["settlement"]),
    }
    if not country.records.services.empty:  # without service lines a kind's services are a list to read
        known["service"] = set(country.records.services["service_id"])
    named = {(what, name) for what, name in _names(programme) if what in known and name not in known[what]}
    if named:
        faults = [unknown(what, name, known[what]) for what, name in sorted(named)]
        raise InvalidInput("The programme names what the country does not know: {faults}.", faults=listed(faults))


def _names(programme: Programme) -> Iterator[tuple[str, str]]:
    conditions = programme.conditions
    yield from _each("site", conditions.sites())
    for area in conditions.areas:
        yield from _each("governorate", area.governorates)
        yield from _each("district", area.districts)
    for kind in programme.kinds:
        yield from _names_of_kind(kind)


def _names_of_kind(kind: KindOfPlace) -> Iterator[tuple[str, str]]:
    yield from _each("service", kind.services)
    yield from _names_of_where(kind.where)
    if kind.round is not None:
        yield from _names_of_where(kind.round.stops_at)
        for base, stops in kind.round.routes:
            yield from _each("site", (base, *stops))


def _names_of_where(where: Where) -> Iterator[tuple[str, str]]:
    yield from _each("origin", where.origins)
    yield from _each("settlement", where.settlements)
    yield from _each("governorate", where.governorates)
    yield from _each("district", where.districts)
    yield from _each("site", where.sites)


def _each(what: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((what, name) for name in names)


def unknown(what: str, name: str, known: set[str]) -> Phrase:
    """Say that a site, governorate, district, origin, service or settlement type is none, with the nearest name."""
    alone, with_near = _UNKNOWN[what]
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return Phrase(with_near, {"name": name, "near": near[0]}) if near else Phrase(alone, {"name": name})

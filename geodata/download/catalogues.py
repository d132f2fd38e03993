"""
What each catalogue answers, and the one file of it that a country needs.

A catalogue is a stranger's text: only the fields named here are read, every address in it is checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation.errors import InvalidInput, NotFound
from geodata.download.services import Nation, Service, Services, check_address


@dataclass(frozen=True, slots=True)
class Remote:
    """
    A file to be fetched.

    Attributes
    ----------
    part
        Which part of the country it plays.
    file
        The name it gets in the country folder.
    vintage
        What the catalogue says of its date; "" when it says nothing.
    md5_url
        Where the server keeps the file's MD5; "" where it keeps none.
    sha256
        What the file must be, when the list of services pins it; "" otherwise.
    """

    part: str
    file: str
    url: str
    source: str
    licence: str
    licence_url: str
    vintage: str = ""
    md5_url: str = ""
    sha256: str = ""


def remotes(services: Services, country: Nation, year: int | None, read: Callable[[str], bytes]) -> tuple[Remote, ...]:
    """
    Ask each catalogue for its file.

    Parameters
    ----------
    year
        Year of the people; None takes the newest in the catalogue that is not in the future.
    read
        Returns the bytes of a catalogue.

    Raises
    ------
    NotFound
        When a catalogue does not know the country or the year.
    InvalidInput
        When a catalogue does not answer in its known form.
    """
    return (
        _population(services.population, country, year, read),
        _roads(services.roads, country, read),
        _zones(services.zones, country, read),
        _places(services.places, country),
    )


def _filled(service: Service, country: Nation) -> str:
    return service.catalogue.replace("{iso2}", country.iso2).replace("{iso3}", country.iso3)


def _json(url: str, read: Callable[[str], bytes]) -> Any:
    try:
        return json.loads(read(url))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            "{url} did not answer with JSON, as its catalogue should. Try later, or give another list of services.",
            url=url,
        ) from error


def _odd(url: str) -> InvalidInput:
    return InvalidInput(
        "The catalogue {url} answers in another form than it used to. Download this part by hand, see docs/data.md.",
        url=url,
    )


def _remote(part: str, file: str, url: object, service: Service, *, catalogue: str, **more: str) -> Remote:
    if not isinstance(url, str):
        raise _odd(catalogue)
    check_address(url)
    terms = {"source": service.source, "licence": service.licence, "licence_url": service.licence_url}
    return Remote(part, file, url, **(terms | more), sha256=service.sha256 or "")


def _population(service: Service, country: Nation, year: int | None, read: Callable[[str], bytes]) -> Remote:
    url = _filled(service, country)
    answer = _json(url, read)
    try:
        listed = {int(entry["popyear"]): list(entry["files"]) for entry in answer["data"]}
    except (KeyError, TypeError, ValueError) as error:
        raise _odd(url) from error
    if not listed:
        raise NotFound("The catalogue of population has nothing for {country}.", country=country.iso3)
    past = [at for at in listed if at <= date.today().year]  # a catalogue may hold projections
    wanted = max(past or listed) if year is None else year
    if wanted not in listed:
        known = ", ".join(str(at) for at in sorted(listed))
        raise NotFound("There is no population of {year}; the catalogue has {known}.", year=str(wanted), known=known)
    rasters = [name for name in listed[wanted] if str(name).casefold().endswith((".tif", ".tiff"))]
    if not rasters:
        raise _odd(url)
    return _remote("population", "population.tif", rasters[0], service, catalogue=url, vintage=str(wanted))


def _roads(service: Service, country: Nation, read: Callable[[str], bytes]) -> Remote:
    url = _filled(service, country)
    answer = _json(url, read)
    try:
        entries = [feature["properties"] for feature in answer["features"]]
        fitting = [entry for entry in entries if country.iso2 in entry.get("iso3166-1:alpha2", [])]
        smallest = min(fitting, key=lambda entry: len(entry["iso3166-1:alpha2"]), default=None)
        address = None if smallest is None else smallest["urls"]["pbf"]
    except (AttributeError, KeyError, TypeError) as error:
        raise _odd(url) from error
    if smallest is None:
        raise NotFound("The catalogue of roads has nothing for {country}.", country=country.iso2)
    return _remote("roads", "roads.osm.pbf", address, service, catalogue=url, md5_url=f"{address}.md5")


def _zones(service: Service, country: Nation, read: Callable[[str], bytes]) -> Remote:
    url = _filled(service, country)
    answer = _json(url, read)
    if not isinstance(answer, dict):
        raise _odd(url)
    vintage = str(answer.get("boundaryYearRepresented", ""))[:20]
    licence = str(answer.get("boundaryLicense") or service.licence)[:200]
    source = f"{service.source}; {answer.get('boundarySource', '')}"[:300].rstrip("; ")
    terms = {"vintage": vintage, "licence": licence, "source": source}
    return _remote("zones", "zones.geojson", answer.get("gjDownloadURL"), service, catalogue=url, **terms)


def _places(service: Service, country: Nation) -> Remote:
    url = _filled(service, country)
    return _remote("places", "places.zip", url, service, catalogue=url)

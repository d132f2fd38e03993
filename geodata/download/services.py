"""Which services are asked, and for which country: data, so that a mirror on a closed network can take their place."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from babel import Locale
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from foundation.errors import InvalidInput, NotFound
from foundation.strict_yaml import load_yaml, parse_yaml

PARTS = ("population", "roads", "zones", "places")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Service(BaseModel):
    """One service: the catalogue that names its files, and the terms they come under."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    catalogue: Annotated[str, Field(min_length=1, max_length=500)]
    source: Annotated[str, Field(min_length=1, max_length=300)]
    licence: Annotated[str, Field(min_length=1, max_length=300)]
    licence_url: Annotated[str, Field(min_length=1, max_length=500)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class Services(BaseModel):
    """The four services a country folder is built from."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    schema_: Literal[1] = Field(alias="schema")
    population: Service
    roads: Service
    zones: Service
    places: Service


@dataclass(frozen=True, slots=True)
class Nation:
    """A country by its ISO 3166-1 codes and its names (Unicode CLDR)."""

    iso2: str
    iso3: str
    name_en: str
    name_ar: str


def read_services(path: Path | None = None) -> Services:
    """
    Read the list of services: the built-in one, or a planner's own.

    Raises
    ------
    InvalidInput
        When a field is wrong, or an address is neither https nor on this machine.
    """
    if path is None:
        text = resources.files("geodata.download").joinpath("services.yaml").read_text("utf-8")
        raw, name = parse_yaml(text, name="services.yaml"), "services.yaml"
    else:
        raw, name = load_yaml(path), str(path)
    try:
        services = Services.model_validate(raw)
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(str(part) for part in fault["loc"]) for fault in error.errors()}))
        raise InvalidInput(
            "{file}: these fields are missing, unknown or wrong: {fields}. Take the built-in services.yaml as a model.",
            file=name,
            fields=fields,
        ) from error
    for part in PARTS:
        check_address(getattr(services, part).catalogue)
    return services


def check_address(url: str) -> None:
    """Refuse an address that is neither https nor a server on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return
    raise InvalidInput(
        "'{url}' is no address to download from. Expected https://..., or http:// on this machine only.", url=url[:200]
    )


def nation(asked: str) -> Nation:
    """
    Find a country by its two or three ISO letters, or its English name; case is free.

    Raises
    ------
    NotFound
        When there is no such country.
    """
    word = asked.strip()
    rows = csv.DictReader(resources.files("geodata.download").joinpath("iso3166.csv").read_text("utf-8").splitlines())
    english, arabic = Locale("en").territories, Locale("ar").territories
    for row in rows:
        iso2, iso3 = row["alpha2"], row["alpha3"]
        if word.upper() in {iso2, iso3} or word.casefold() == english.get(iso2, "").casefold():
            return Nation(iso2, iso3, english.get(iso2, iso2), arabic.get(iso2, iso2))
    raise NotFound(
        "There is no country '{name}'. Give its two or three ISO letters, for instance JO or JOR.", name=word[:60]
    )

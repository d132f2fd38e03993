"""What a field of a pack is, and the fields that several parts share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from foundation.basis import Basis

FieldType = Literal["string", "integer", "number", "boolean"]
Words = Literal["text", "name", "id"]
BASES = tuple(basis.value for basis in Basis)
POSITIONS = ("cited", "inferred", "modelled")
ORIGINS = ("liwa_seat", "municipality", "service_point", "place", "gam_area", "existing_centre", "planner")


@dataclass(frozen=True, slots=True)
class Field:
    """
    One column.

    Attributes
    ----------
    required
        The cell may not be empty.
    optional
        The column may be absent.
    unit
        "persons", "km2", ...; empty for text.
    words
        What a string is: a "name" and an "id" are held to the rules of `geodata.folder.words`, and no
        "text" begins like a formula.
    """

    name: str
    type: FieldType
    text: str
    required: bool = True
    optional: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[str, ...] = ()
    unit: str = ""
    words: Words = "text"

    def constraints(self) -> dict[str, Any]:
        """Return the Frictionless constraints."""
        told: dict[str, Any] = {"required": True} if self.required else {}
        if self.unique:
            told["unique"] = True
        for name in ("minimum", "maximum"):
            value = getattr(self, name)
            if value is not None:
                told[name] = int(value) if self.type == "integer" else value
        if self.enum:
            told["enum"] = list(self.enum)
        return told


@dataclass(frozen=True, slots=True)
class Part:
    """One part a resource can play: a table with fields, or a file of another format."""

    name: str
    text: str
    format: Literal["csv", "geojson", "yaml"] = "csv"
    fields: tuple[Field, ...] = field(default=())


def id_field(name: str, text: str, *, unique: bool = False) -> Field:
    """Return a field that names something."""
    return Field(name, "string", text, unique=unique, words="id")


def name_fields(*, what: str, required: bool = True) -> tuple[Field, ...]:
    """Return the names of something in both languages."""
    return (
        Field("name_en", "string", f"English name of the {what}", required=required, words="name"),
        Field("name_ar", "string", f"Arabic name of the {what}", required=required, words="name"),
    )


def position_fields(*, required: bool = True) -> tuple[Field, ...]:
    """Return longitude and latitude."""
    return (
        Field("lon", "number", "longitude, WGS 84", required, minimum=-180, maximum=180, unit="degrees"),
        Field("lat", "number", "latitude, WGS 84", required, minimum=-90, maximum=90, unit="degrees"),
    )


def persons_field(name: str, text: str) -> Field:
    """Return a count of people."""
    return Field(name, "integer", text, minimum=0, maximum=2_000_000_000, unit="persons")


ZONE = id_field("zone_id", "governorate, ISO 3166-2")
BASIS = Field("basis", "string", "measured, reported, assumed or modelled", enum=BASES)
SOURCE = Field("source", "string", "where the row comes from")
URL = Field("url", "string", "address of the source", required=False, optional=True)
YEARS: dict[str, Any] = {"minimum": 1900, "maximum": 2200, "unit": "year"}


def text_field(name: str, text: str, *, optional: bool = False) -> Field:
    """Return a text that may be empty."""
    return Field(name, "string", text, required=False, optional=optional)

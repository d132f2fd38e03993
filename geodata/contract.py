"""
What each part of a country's data must hold: the fields, their types and their bounds.

A pack may leave out the fields marked optional; it may hold no field that is not here
(law 6). The Frictionless descriptor of the built-in pack is written from this list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from foundation.basis import Basis

FieldType = Literal["string", "integer", "number", "boolean"]
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


def _id(name: str, text: str, *, unique: bool = False) -> Field:
    return Field(name, "string", text, unique=unique)


def _names(*, what: str, required: bool = True) -> tuple[Field, ...]:
    return (
        Field("name_en", "string", f"English name of the {what}", required=required),
        Field("name_ar", "string", f"Arabic name of the {what}", required=required),
    )


def _position(*, required: bool = True) -> tuple[Field, ...]:
    return (
        Field("lon", "number", "longitude, WGS 84", required, minimum=-180, maximum=180, unit="degrees"),
        Field("lat", "number", "latitude, WGS 84", required, minimum=-90, maximum=90, unit="degrees"),
    )


def _persons(name: str, text: str) -> Field:
    return Field(name, "integer", text, minimum=0, maximum=2_000_000_000, unit="persons")


ZONE = _id("zone_id", "governorate, ISO 3166-2")
BASIS = Field("basis", "string", "measured, reported, assumed or modelled", enum=BASES)
SOURCE = Field("source", "string", "where the row comes from")
URL = Field("url", "string", "address of the source", required=False, optional=True)
YEARS: dict[str, Any] = {"minimum": 1900, "maximum": 2200, "unit": "year"}


def _text(name: str, text: str, *, optional: bool = False) -> Field:
    return Field(name, "string", text, required=False, optional=optional)


PARTS: tuple[Part, ...] = (
    Part(
        "zones",
        "Governorates: names, recorded area, residents by settlement type and sex",
        fields=(
            _id("zone_id", "ISO 3166-2", unique=True),
            *_names(what="governorate"),
            Field("area_km2", "number", "recorded area", minimum=0, unit="km2"),
            _persons("population", "residents"),
            _persons("urban", "urban residents"),
            _persons("rural", "rural residents"),
            _persons("male", "male residents"),
            _persons("female", "female residents"),
            BASIS,
            SOURCE,
            URL,
        ),
    ),
    Part("zone_shapes", "Governorates: outlines", format="geojson"),
    Part(
        "districts",
        "Districts (liwas) and their seats",
        fields=(
            _id("district_id", "district", unique=True),
            ZONE,
            *_names(what="district"),
            Field("seat_en", "string", "English name of the seat"),
            Field("seat_ar", "string", "Arabic name of the seat"),
            *_position(),
            Field("position_basis", "string", "how the seat's position is known", enum=POSITIONS),
        ),
    ),
    Part(
        "people",
        "Demand points: where people live",
        fields=(
            _id("point_id", "demand point", unique=True),
            ZONE,
            _id("district_id", "district with the nearest seat in the governorate"),
            Field("place_en", "string", "named place it lies at or nearest to, English"),
            Field("place_ar", "string", "named place it lies at or nearest to, Arabic"),
            Field("settlement", "string", "settlement type", enum=("urban", "rural")),
            Field("is_camp", "boolean", "a refugee camp"),
            Field("people", "integer", "residents", minimum=1, maximum=2_000_000_000, unit="persons"),
            Field("method", "string", "how its people were estimated"),
            BASIS,
            *_position(),
        ),
    ),
    Part(
        "groups",
        "Elderly and disabled people as shares of each governorate's residents",
        fields=(
            ZONE,
            Field("group", "string", "60 and over; with any functional difficulty", enum=("elderly", "disabled")),
            Field("share", "number", "share of the residents", minimum=0, maximum=1, unit="1"),
            BASIS,
            Field("national", "boolean", "a national share, for want of a local one"),
            SOURCE,
            Field("date", "string", "what the share is of"),
        ),
    ),
    Part(
        "places",
        "Named places",
        fields=(
            _id("place_id", "place", unique=True),
            *_names(what="place"),
            ZONE,
            Field("population", "integer", "recorded residents", False, minimum=0, unit="persons"),
            BASIS,
            SOURCE,
            *_position(),
        ),
    ),
    Part(
        "candidates",
        "Where a centre could stand",
        fields=(
            _id("site_id", "candidate site", unique=True),
            *_names(what="site"),
            ZONE,
            _id("district_id", "district"),
            Field("origin", "string", "why it is a candidate", enum=ORIGINS),
            Field("position_basis", "string", "how its position is known", enum=("cited", "modelled")),
            _text("position_note", "how it was placed"),
            Field("in_capital_city", "boolean", "inside the capital city"),
            _text("land_status", "planner's own", optional=True),
            Field("floor_area_m2", "number", "planner's own", False, optional=True, minimum=0, unit="m2"),
            Field("earliest_year", "integer", "planner's own", False, optional=True, **YEARS),
            Field("step_free", "boolean", "planner's own", False, optional=True),
            Field("bus_stop", "boolean", "planner's own", False, optional=True),
            SOURCE,
            *_position(),
        ),
    ),
    Part(
        "centres",
        "Service centres that exist or are being built",
        fields=(
            _id("centre_id", "centre", unique=True),
            _text("site_id", "candidate that stands for it"),
            *_names(what="centre"),
            ZONE,
            Field("status", "string", "state", enum=("open", "trial", "under_construction", "unknown")),
            Field("kind", "string", "kind", enum=("comprehensive", "partial")),
            Field("opened_year", "integer", "first year of operation", False, **YEARS),
            _text("opened_text", "what is recorded about its opening"),
            Field("services_count", "integer", "services offered", False, minimum=0, unit="services"),
            BASIS,
            SOURCE,
            *_position(required=False),
        ),
    ),
    Part(
        "offices",
        "Recorded offices of single agencies",
        fields=(
            _id("office_id", "office", unique=True),
            *_names(what="office"),
            Field("agency", "string", "agency"),
            ZONE,
            SOURCE,
            *_position(required=False),
        ),
    ),
    Part(
        "road_nodes",
        "Nodes of the road graph",
        fields=(
            _id("node_id", "node", unique=True),
            *_position(),
            Field("region", "string", "ground it lies on; access legs never join two"),
            Field("in_capital_city", "boolean", "where the congestion factor holds"),
        ),
    ),
    Part(
        "road_edges",
        "Edges of the road graph",
        fields=(
            _id("start", "node"),
            _id("end", "node"),
            Field("metres", "number", "length", minimum=0, unit="m"),
            Field("road_class", "string", "class of the travel rules"),
            Field("oneway", "boolean", "driven from start to end only"),
            _text("route", "route number", optional=True),
            BASIS,
            SOURCE,
        ),
    ),
    Part("travel_rules", "Speeds, detours and congestion", format="yaml"),
)
BY_NAME = {part.name: part for part in PARTS}

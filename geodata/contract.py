"""
What each part of a country's data must hold: the fields, their types and their bounds.

A pack may leave out the fields marked optional, and the parts of `RECORDS`; it may hold no
field that is not here (law 6). The Frictionless descriptor of the built-in pack is written
from this list.
"""

from __future__ import annotations

from geodata.contract_fields import (
    BASES,
    BASIS,
    ORIGINS,
    POSITIONS,
    SOURCE,
    URL,
    YEARS,
    ZONE,
    Field,
    FieldType,
    Part,
    id_field,
    name_fields,
    persons_field,
    position_fields,
    text_field,
)
from geodata.contract_records import RECORDS
from geodata.offices import KINDS as OFFICES

__all__ = ["BASES", "BY_NAME", "ORIGINS", "PARTS", "POSITIONS", "RECORDS", "Field", "FieldType", "Part"]

PARTS: tuple[Part, ...] = (
    Part(
        "zones",
        "Governorates: names, recorded area, residents by settlement type and sex",
        fields=(
            id_field("zone_id", "ISO 3166-2", unique=True),
            *name_fields(what="governorate"),
            Field("area_km2", "number", "recorded area", minimum=0, unit="km2"),
            persons_field("population", "residents"),
            persons_field("urban", "urban residents"),
            persons_field("rural", "rural residents"),
            persons_field("male", "male residents"),
            persons_field("female", "female residents"),
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
            id_field("district_id", "district", unique=True),
            ZONE,
            *name_fields(what="district"),
            Field("seat_en", "string", "English name of the seat", words="name"),
            Field("seat_ar", "string", "Arabic name of the seat", words="name"),
            *position_fields(),
            Field("position_basis", "string", "how the seat's position is known", enum=POSITIONS),
        ),
    ),
    Part(
        "people",
        "Demand points: where people live",
        fields=(
            id_field("point_id", "demand point", unique=True),
            ZONE,
            id_field("district_id", "district with the nearest seat in the governorate"),
            Field("place_en", "string", "named place it lies at or nearest to, English", words="name"),
            Field("place_ar", "string", "named place it lies at or nearest to, Arabic", words="name"),
            Field("settlement", "string", "settlement type", enum=("urban", "rural")),
            Field("is_camp", "boolean", "a refugee camp"),
            Field("people", "integer", "residents", minimum=1, maximum=2_000_000_000, unit="persons"),
            Field("method", "string", "how its people were estimated"),
            BASIS,
            *position_fields(),
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
            id_field("place_id", "place", unique=True),
            *name_fields(what="place"),
            ZONE,
            Field("population", "integer", "recorded residents", False, minimum=0, unit="persons"),
            BASIS,
            SOURCE,
            *position_fields(),
        ),
    ),
    Part(
        "candidates",
        "Where a centre could stand",
        fields=(
            id_field("site_id", "candidate site", unique=True),
            *name_fields(what="site"),
            ZONE,
            id_field("district_id", "district"),
            Field("origin", "string", "why it is a candidate", enum=ORIGINS),
            Field("position_basis", "string", "how its position is known", enum=("cited", "modelled")),
            text_field("position_note", "how it was placed"),
            Field("in_capital_city", "boolean", "inside the capital city"),
            text_field("land_status", "planner's own", optional=True),
            Field("floor_area_m2", "number", "planner's own", False, optional=True, minimum=0, unit="m2"),
            Field("earliest_year", "integer", "planner's own", False, optional=True, **YEARS),
            Field("step_free", "boolean", "planner's own", False, optional=True),
            Field("bus_stop", "boolean", "planner's own", False, optional=True),
            SOURCE,
            *position_fields(),
        ),
    ),
    Part(
        "centres",
        "Service centres that exist or are being built",
        fields=(
            id_field("centre_id", "centre", unique=True),
            text_field("site_id", "candidate that stands for it"),
            *name_fields(what="centre"),
            ZONE,
            Field("status", "string", "state", enum=("open", "trial", "under_construction", "unknown")),
            Field("kind", "string", "kind", enum=("comprehensive", "partial")),
            Field("opened_year", "integer", "first year of operation", False, **YEARS),
            text_field("opened_text", "what is recorded about its opening"),
            Field("services_count", "integer", "services offered", False, minimum=0, unit="services"),
            BASIS,
            SOURCE,
            *position_fields(required=False),
        ),
    ),
    Part(
        "offices",
        "Recorded offices of single agencies",
        fields=(
            id_field("office_id", "office", unique=True),
            *name_fields(what="office"),
            Field("agency", "string", "agency", words="name"),
            Field("kind", "string", "kind of office", False, optional=True, enum=OFFICES),
            text_field("services", "services it gives, separated by ';'", optional=True),
            ZONE,
            SOURCE,
            *position_fields(required=False),
        ),
    ),
    Part(
        "road_nodes",
        "Nodes of the road graph",
        fields=(
            id_field("node_id", "node", unique=True),
            *position_fields(),
            Field("region", "string", "ground it lies on; access legs never join two"),
            Field("in_capital_city", "boolean", "where the congestion factor holds"),
        ),
    ),
    Part(
        "road_edges",
        "Edges of the road graph",
        fields=(
            id_field("start", "node"),
            id_field("end", "node"),
            Field("metres", "number", "length", minimum=0, unit="m"),
            Field("road_class", "string", "class of the travel rules"),
            Field("oneway", "boolean", "driven from start to end only"),
            text_field("route", "route number", optional=True),
            BASIS,
            SOURCE,
        ),
    ),
    Part("travel_rules", "Speeds, detours and congestion", format="yaml"),
)
BY_NAME = {part.name: part for part in (*PARTS, *RECORDS)}

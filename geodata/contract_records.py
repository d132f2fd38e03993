"""
Parts a pack may leave out: who offers which service, how often it is used, and what is recorded.

The roadmap's three tables are three parts (`agencies`, `agency_waves`, `agency_seats`) and
nothing is inferred across them.
"""

from __future__ import annotations

from geodata.contract_fields import (
    BASIS,
    SOURCE,
    URL,
    YEARS,
    ZONE,
    Field,
    Part,
    id_field,
    name_fields,
    persons_field,
    text_field,
)

ELIGIBLE = ("all", "nationals", "non_nationals", "elderly", "disabled")
JURISDICTIONS = ("national", "governorate", "area")
MEASURES = ("transactions_cumulative", "visitors_cumulative", "centres_open")
FACTORS = ("transactions", "transaction_value", "value_to_citizens", "complexity", "culture", "economy")


def _count(name: str, text: str, unit: str) -> Field:
    return Field(name, "integer", text, False, minimum=0, maximum=1_000_000, unit=unit)


def _share(name: str, text: str) -> Field:
    return Field(name, "number", text, minimum=0, maximum=1, unit="1")


_AGENCY = id_field("agency_id", "agency")
_SERVICE = id_field("service_id", "service line")
_NOTE = text_field("note", "remark", optional=True)
_DATE = Field("date", "string", "date, month or period as printed")
_VALUE = Field("value", "number", "as printed", minimum=0)
_RATE = Field("use_rate", "number", "uses a year of one eligible person", minimum=0, maximum=100, unit="1/person/year")

RECORDS: tuple[Part, ...] = (
    Part(
        "agencies",
        "Agencies: services and digitised services as counted, years, jurisdiction, whom they serve",
        fields=(
            id_field("agency_id", "agency", unique=True),
            *name_fields(what="agency"),
            _count("services", "services counted", "services"),
            _count("digitised", "of them digitised", "services"),
            Field("certainty", "string", "how sure the counts are", enum=("printed", "uncertain", "missing")),
            Field("valid_from", "integer", "first year; empty: always", False, **YEARS),
            Field("valid_to", "integer", "last year; empty: open", False, **YEARS),
            text_field("successor", "agency that takes its services over after valid_to"),
            Field("jurisdiction", "string", "where its services may be given", enum=JURISDICTIONS),
            text_field("home_zones", "zone ids of an area's jurisdiction, parted by spaces"),
            Field("eligible", "string", "whom it serves, unless a service says otherwise", enum=ELIGIBLE),
            BASIS,
            SOURCE,
            _NOTE,
        ),
    ),
    Part(
        "agency_waves",
        "Priority for development, by wave",
        fields=(
            _AGENCY,
            Field("wave", "string", "years of the wave"),
            Field("serves", "string", "whom", enum=("persons", "businesses")),
            SOURCE,
            _NOTE,
        ),
    ),
    Part(
        "agency_seats",
        "Agencies with priority to take part in the centres; no year is given",
        fields=(
            _AGENCY,
            Field("entry", "integer", "its line in the list; one line may name two agencies", minimum=1, maximum=1000),
            Field("part", "string", "how", enum=("wholly", "in_part")),
            SOURCE,
            _NOTE,
        ),
    ),
    Part(
        "services",
        "Service lines to plan with",
        fields=(
            id_field("service_id", "service line", unique=True),
            *name_fields(what="service"),
            _AGENCY,
            Field("eligible", "string", "who may use it; empty: whom its agency serves", False, enum=ELIGIBLE),
            _RATE,
            Field("needs_presence", "boolean", "the person must come"),
            Field("cannot_be_digitised", "boolean", "has no digital form"),
            BASIS,
            SOURCE,
            _NOTE,
        ),
    ),
    Part(
        "service_factors",
        "Scores of services by factor of priority; any factor may be named",
        fields=(_SERVICE, Field("factor", "string", "factor"), _share("score", "0 least, 1 most"), BASIS, SOURCE),
    ),
    Part(
        "life_events",
        "Life events and how often they happen",
        fields=(
            id_field("event_id", "life event", unique=True),
            *name_fields(what="event"),
            Field("eligible", "string", "to whom it happens", enum=ELIGIBLE),
            _RATE,
            BASIS,
            SOURCE,
        ),
    ),
    Part(
        "life_event_steps",
        "What a life event asks for, one row a service",
        fields=(
            id_field("event_id", "life event"),
            Field("step", "integer", "order", minimum=1, maximum=100),
            *name_fields(what="step"),
            _AGENCY,
            text_field("service_id", "service line, if it is one"),
            Field("needs_presence", "boolean", "the person must come"),
            BASIS,
            SOURCE,
        ),
    ),
    Part(
        "digital",
        "Digital access and digitised services as recorded; conflicts are kept",
        fields=(
            Field("indicator", "string", "what is counted"),
            _DATE,
            Field("area", "string", "where"),
            _VALUE,
            Field("conflict", "boolean", "conflicts with another row; both are kept"),
            _NOTE,
            SOURCE,
            URL,
        ),
    ),
    Part(
        "digital_curve",
        "Share of services that have a digital form, over time",
        fields=(
            Field("curve", "string", "planned or recorded", enum=("planned", "recorded")),
            Field("at", "number", "2023.0 is the end of 2023", minimum=1900, maximum=2200, unit="year"),
            _share("share", "digitised services of all"),
            BASIS,
            SOURCE,
        ),
    ),
    Part(
        "network_record",
        "The centres' totals as recorded",
        fields=(
            _DATE,
            Field("indicator", "string", "what is counted, as printed"),
            Field("measure", "string", "the same as a known measure", False, enum=MEASURES),
            _VALUE,
            _NOTE,
            SOURCE,
            URL,
        ),
    ),
    Part(
        "service_record",
        "Volumes of single agencies as recorded",
        fields=(
            Field("agency", "string", "agency as printed"),
            Field("indicator", "string", "what is counted"),
            Field("period", "string", "of when"),
            _VALUE,
            _NOTE,
            SOURCE,
            URL,
        ),
    ),
    Part(
        "centre_record",
        "Services and institutions of each centre as recorded, by date",
        fields=(
            Field("centre", "string", "centre as printed"),
            text_field("centre_id", "the centre of that name"),
            _DATE,
            Field("services", "integer", "services offered", minimum=0, unit="services"),
            _count("institutions", "institutions present", "institutions"),
            SOURCE,
            URL,
        ),
    ),
    Part(
        "centre_loads",
        "Recorded load of single centres",
        fields=(
            id_field("centre_id", "centre"),
            Field("measure", "string", "what is counted", enum=("visitors_per_day", "transactions_per_day")),
            Field("low", "number", "least", minimum=0),
            Field("high", "number", "most", minimum=0),
            BASIS,
            SOURCE,
            _NOTE,
        ),
    ),
    Part(
        "growth",
        "Residents of each governorate in censuses and estimates, taken as of the end of the year",
        fields=(
            ZONE,
            Field("year", "integer", "end of year", **YEARS),
            Field("kind", "string", "census or estimate", enum=("census", "estimate")),
            persons_field("population", "residents"),
            Field("used", "boolean", "a point of the growth curve"),
            BASIS,
            SOURCE,
        ),
    ),
    Part(
        "nationals",
        "Nationals as shares of each governorate's residents",
        fields=(
            ZONE,
            _share("share", "nationals among the residents"),
            Field("national", "boolean", "no local figure: the rest of the country's"),
            BASIS,
            SOURCE,
            _DATE,
        ),
    ),
    Part(
        "refugees",
        "Registered refugees by governorate, outside camps",
        fields=(ZONE, persons_field("persons", "registered refugees outside camps"), BASIS, SOURCE, _DATE),
    ),
)

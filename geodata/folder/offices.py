"""Offices of a folder: agency or kind, and the services they give."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import geopandas as gpd

from foundation.errors import InvalidInput, Phrase, listed
from geodata.columns import refused_cell
from geodata.folder.places import located, row_ids
from geodata.folder.report import Notebook
from geodata.folder.settings import OfficesPart, PartFile, ShortSettings
from geodata.folder.tables import IDS
from geodata.folder.words import checked_names
from geodata.offices import BETWEEN, KINDS, services_of

COLUMNS = ("office_id", "name_en", "name_ar", "agency", "kind", "services", "zone_id", "source")
WORDS = {
    "civil status": "civil_status",
    "post office": "post",
    "أحوال مدنية": "civil_status",
    "بريد": "post",
    "بلدية": "municipality",
    "أخرى": "other",
}
TITLES = {
    "civil_status": "civil status",
    "post": "post",
    "municipality": "municipality",
    "other": "other",
    "": "kind not known",
}
MOST_SERVICES = 200
MOST_SHOWN = 20


def read_offices(
    folder: Path, settings: ShortSettings, zones: gpd.GeoDataFrame, plane: str, notes: Notebook
) -> gpd.GeoDataFrame:
    """
    Return `Country.offices`; an empty frame where none are given.

    Each office has an agency, a kind, or both; services are names separated by ';'.
    """
    part = settings.offices
    if part is None:
        return gpd.GeoDataFrame({name: [] for name in COLUMNS}, geometry=[], crs="EPSG:4326")
    fields = {
        "id": ("office_id", *IDS),
        "agency": ("agency", "operator"),
        "kind": ("kind", "type", "office_type"),
        "services": ("services", "service"),
    }
    points = located(folder, part, "offices", fields, tuple(fields), zones, plane, notes)
    if "agency" not in points and "kind" not in points:
        raise InvalidInput(
            "{file}: which column says what an office is? Add 'agency' (whose it is) or 'kind' ({choices}), or name "
            "the column under 'columns:' in country.yaml.",
            file=part.file,
            choices=", ".join(KINDS),
        )
    kinds = _kinds(points, part)
    agencies = points["agency"].tolist() if "agency" in points else [""] * len(points)
    named = checked_names(agencies, points["row"].tolist(), field="agency", file=part.file, empty=True)
    frame = points.assign(
        office_id=row_ids(points, settings.code, "o", part.file),
        agency=[agency or TITLES[kind] for agency, kind in zip(named, kinds, strict=True)],
        kind=kinds,
        services=_services(points, part.file),
        source=part.source,
    )
    offices = gpd.GeoDataFrame(frame[[*COLUMNS, "geometry"]], crs="EPSG:4326")
    _tell(offices, part, notes)
    return offices


def _kinds(points: gpd.GeoDataFrame, part: OfficesPart) -> list[str]:
    """Return the kind of each office, by the part's own words first; all words that are not known are refused."""
    texts = points["kind"].tolist() if "kind" in points else [""] * len(points)
    words = WORDS | {_plain(word): kind for word, kind in part.kinds.items()}
    kinds = [words.get(_plain(text), _plain(text).replace(" ", "_")) for text in texts]
    unknown = Counter(text for text, kind in zip(texts, kinds, strict=True) if kind not in (*KINDS, ""))
    if unknown:
        said = [Phrase("'{word}' ({count})", {"word": word[:60], "count": n}) for word, n in unknown.most_common()]
        row = next(row for row, text in zip(points["row"], texts, strict=True) if text in unknown)
        raise InvalidInput(
            "{file}, row {row}: these words for the kind of an office are not known: {words}. Say in country.yaml, "
            "under offices, which kind each means, such as kinds: {{{example}: post}}; the kinds are {choices}.",
            file=part.file,
            row=int(row),
            words=listed(said, most=MOST_SHOWN, between=", "),
            example=next(iter(unknown))[:60],
            choices=", ".join(KINDS),
        )
    return kinds


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


def _services(points: gpd.GeoDataFrame, file: str) -> list[str]:
    texts = points["services"].tolist() if "services" in points else [""] * len(points)
    found = []
    for text, row in zip(texts, points["row"].tolist(), strict=True):
        names = services_of(text)
        if len(names) > MOST_SERVICES or len({name.casefold() for name in names}) < len(names):
            raise refused_cell(
                file, row, "services", text, "services separated by ';', each once, at most {most}", most=MOST_SERVICES
            )
        found.append(BETWEEN.join(checked_names(names, [row] * len(names), field="services", file=file)))
    return found


def _tell(offices: gpd.GeoDataFrame, part: PartFile, notes: Notebook) -> None:
    """Say how many offices of each kind there are, and how many give each service."""
    for kind, count in Counter(offices["kind"]).most_common():
        notes.note("read", "offices", part.file, "offices: {count} ({kind})", count=count, kind=Phrase(TITLES[kind]))
    given = Counter(name for cell in offices["services"] for name in services_of(cell))
    for service, count in given.most_common(MOST_SHOWN):
        notes.note(
            "read",
            "offices",
            part.file,
            "the service {service} is given at {count} of the offices",
            service=service,
            count=count,
        )
    if len(given) > MOST_SHOWN:
        notes.note("read", "offices", part.file, "and further services: {count}", count=len(given) - MOST_SHOWN)
    silent = int((offices["services"] == "").sum())
    if silent:
        notes.note(
            "read", "offices", part.file, "offices that do not say which services they give: {count}", count=silent
        )

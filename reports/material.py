"""What both languages of a report are written from: read from a run once, free of language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maps.figures import people_by_year, residents_year
from reports.figures import Figures, index_results
from reports.writing import is_missing, number_or_nan

if TYPE_CHECKING:
    import geopandas as gpd

    from scenarios.run import Run

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Material:
    """
    The run, in the order a report tells it.

    Attributes
    ----------
    run_name
        Name of the run folder, as `markaz verify` takes it.
    info
        run.json.
    figures
        The results table, indexed.
    zones
        Governorates in the order of the country's data: zone_id, name_en, name_ar.
    cut_off
        Places with no route in the data: place_en, place_ar, zone_id, people (summed over
        the points of the place); most people first.
    methods
        How the people were placed: method, basis, points, people; most people first.
    site_names
        Names of every candidate and centre by id.
    """

    run_name: str
    info: Mapping[str, Any]
    figures: Figures
    zones: tuple[Record, ...]
    cut_off: tuple[Record, ...]
    methods: tuple[Record, ...]
    site_names: Mapping[str, Record]

    @property
    def people_by_year(self) -> bool:
        """True where each year counts its own residents; see `maps.figures.people_by_year`."""
        return people_by_year(self.info)

    @property
    def residents_of(self) -> int:
        """The year whose residents the gains of the centres count; see `maps.figures.residents_year`."""
        return residents_year(self.info)

    @property
    def final_year(self) -> int:
        """The last year of the programme."""
        return self.figures.final_year

    @property
    def sites(self) -> tuple[Record, ...]:
        """The centres, in order of operating year, then marginal gain."""
        return tuple(self.info["sites"])

    def zone(self, zone_id: object) -> Record:
        """Return the names of a governorate; its id stands in for a name that is not there."""
        for zone in self.zones:
            if zone["zone_id"] == zone_id:
                return zone
        return {"zone_id": zone_id, "name_en": str(zone_id), "name_ar": str(zone_id)}

    def site(self, site_id: object) -> Record:
        """Return the names of a candidate or centre; its id stands in for a name that is not there."""
        return self.site_names.get(str(site_id), {"name_en": str(site_id), "name_ar": str(site_id)})


def gather(run: Run) -> Material:
    """Read what the report needs from `run`."""
    info = run.info
    zones = run.layer("governorates")
    return Material(
        run_name=str(info["run_id"]),
        info=info,
        figures=index_results(run.results, nation_id=str(info["country"]["code"])),
        zones=tuple(_records(zones, ("zone_id", "name_en", "name_ar"))),
        cut_off=tuple(_cut_off(run.layer("unreachable"))),
        methods=tuple(_methods(run.layer("demand"))),
        site_names=_site_names(run.layer("candidates"), info["sites"]),
    )


def _records(frame: gpd.GeoDataFrame, columns: tuple[str, ...]) -> list[Record]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*(frame[c] for c in columns), strict=True)]


def _cut_off(unreachable: gpd.GeoDataFrame) -> list[Record]:
    places: dict[tuple[str, str], dict[str, Any]] = {}
    for row in _records(unreachable, ("place_en", "place_ar", "zone_id", "people")):
        name = "" if is_missing(row["place_en"]) else str(row["place_en"])
        place = places.setdefault((str(row["zone_id"]), name or str(row["place_ar"])), {**row, "people": 0})
        place["people"] += int(row["people"])
    return sorted(places.values(), key=lambda place: (-place["people"], str(place["zone_id"]), str(place["place_en"])))


def _methods(demand: gpd.GeoDataFrame) -> list[Record]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in _records(demand, ("method", "basis", "people")):
        key = (str(row["method"]), str(row["basis"]))
        method = found.setdefault(key, {"method": key[0], "basis": key[1], "points": 0, "people": 0})
        method["points"] += 1
        method["people"] += int(number_or_nan(row["people"]))
    return sorted(found.values(), key=lambda method: (-method["people"], method["method"]))


def _site_names(candidates: gpd.GeoDataFrame, sites: list[Record]) -> dict[str, Record]:
    names = {str(row["site_id"]): row for row in _records(candidates, ("site_id", "name_en", "name_ar"))}
    return names | {str(site["id"]): site for site in sites}

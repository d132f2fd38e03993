"""
The short form of `country.yaml`: one line a part, and a little more where a file needs it.

Every key is used or refused by name; what is missing is asked for by name.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from foundation.errors import InvalidInput, NotFound
from foundation.files import sha256_of
from geodata.country import Resource
from geodata.gate import check_name, expect_hashable, expect_reachable
from geodata.offices import KINDS
from geodata.plane import metric_system
from geodata.systems import system_of

SETTINGS = "country.yaml"
NOT_STATED = "not stated"
RASTERS, TABLES = (".tif", ".tiff"), (".csv", ".xlsx")
NETWORKS = (".pbf", ".graphml", ".json")  # always in degrees, always with the tags of OpenStreetMap


TILES = (
    "People are read from one file. Merge the tiles of a raster first (gdalbuildvrt people.vrt a.tif b.tif, then "
    "gdal_translate people.vrt people.tif; or gdal_merge.py), and name the file that comes of it"
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PartFile(_Strict):
    """
    One file of the folder: a bare name, or a name with what the file does not say itself.

    `columns` gives, for a field, the column that plays it; `crs`, the system of the coordinates
    where the file is silent; `encoding`, how a Shapefile writes its texts; source, licence, vintage
    and sha256 go into the record.
    """

    file: str = Field(min_length=1)
    layer: str = ""
    crs: str = ""
    encoding: str = ""
    columns: dict[str, str] = {}
    source: str = NOT_STATED
    licence: str = NOT_STATED
    vintage: str = NOT_STATED
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value

    @field_validator("vintage", mode="before")
    @classmethod
    def _year(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    @field_validator("crs")
    @classmethod
    def _known(cls, text: str) -> str:
        if text:
            system_of(text)
        return text

    @field_validator("encoding")
    @classmethod
    def _encoding(cls, text: str) -> str:
        try:
            return codecs.lookup(text).name if text else ""
        except (LookupError, ValueError) as error:
            raise InvalidInput(
                "'{encoding}' is no encoding of text. Write one such as cp1256 or utf-8.", encoding=text[:40]
            ) from error


class PopulationPart(PartFile):
    """People: a raster of counts, or points or polygons with a count each; one file, as tiles are merged first."""

    kind: Literal["raster", "points", "polygons", ""] = ""
    resolution_m: float = Field(default=1_000.0, ge=20, le=50_000)
    nodata: float | None = None
    exact_zones: bool = False

    @model_validator(mode="before")
    @classmethod
    def _no_tiles(cls, value: Any) -> Any:
        if isinstance(value, list) or (isinstance(value, dict) and "files" in value):
            raise InvalidInput(TILES)
        return value

    @property
    def geometry(self) -> Literal["raster", "point", "polygon"]:
        """What the file holds; a GeoTIFF is a raster, anything else points unless `kind` says polygons."""
        raster = self.file.casefold().endswith((".tif", ".tiff"))
        told = {"raster": "raster", "points": "point", "polygons": "polygon"}.get(self.kind)
        return told or ("raster" if raster else "point")  # type: ignore[return-value]


class RoadsPart(PartFile):
    """Roads: an OpenStreetMap extract, GraphML, Overpass JSON, or lines with a class or speed; `speeds` is a table."""

    speeds: str = "drive"


class OfficesPart(PartFile):
    """Offices of single agencies; `kinds` gives, for a word of the file, the kind that it means."""

    kinds: dict[str, str] = {}

    @field_validator("kinds")
    @classmethod
    def _offered(cls, kinds: dict[str, str]) -> dict[str, str]:
        wrong = sorted({kind for kind in kinds.values() if kind not in KINDS})
        if wrong:
            raise InvalidInput(
                "{kinds} is no kind of office. Write after each word of the file one of: {choices}.",
                kinds=", ".join(wrong)[:200],
                choices=", ".join(KINDS),
            )
        return kinds


class TerrainPart(PartFile):
    """A raster of the ground: heights in metres, or friction in minutes for a metre; kept at `resolution_m`."""

    resolution_m: float = Field(default=250.0, ge=10, le=10_000)
    nodata: float | None = None


class GroupPart(_Strict):
    """A group: one share for the whole country, or age rasters (files, or all that fit in a folder)."""

    share: float | None = Field(default=None, ge=0, le=1)
    files: tuple[str, ...] = ()
    folder: str = ""
    source: str = NOT_STATED
    licence: str = NOT_STATED
    vintage: str = NOT_STATED

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return {"share": value}
        return {"folder": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> GroupPart:
        if sum([self.share is not None, bool(self.files), bool(self.folder)]) > 1:
            raise InvalidInput("Expected one of share, files and folder. Take the others out.")
        return self

    @field_validator("vintage", mode="before")
    @classmethod
    def _year(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class Note(_Strict):
    """One remark that maps and reports show, in both languages."""

    en: str
    ar: str


class ShortSettings(_Strict):
    """What the short form may say."""

    code: str = Field(pattern=r"^[A-Z]{2}$")
    name_en: str = Field(min_length=1)
    name_ar: str = Field(min_length=1)
    population_year: int = Field(ge=1900, le=2200)
    capital_zone: str = ""
    metric_crs: str = ""
    zones: PartFile
    population: PopulationPart
    roads: RoadsPart
    districts: PartFile | None = None
    places: PartFile | None = None
    candidates: PartFile | None = None
    centres: PartFile | None = None
    offices: OfficesPart | None = None
    settlement: PartFile | None = None
    elevation: TerrainPart | None = None
    friction: TerrainPart | None = None
    totals: PartFile | None = None
    elderly: GroupPart | None = None
    disabled: GroupPart | None = None
    strays_within_km: float = Field(default=2.0, ge=0, le=100)
    candidates_over: int = Field(default=5_000, ge=0, le=10_000_000_000)
    urban_density_per_km2: float = Field(default=300.0, gt=0, le=1e9)
    urban_cluster_people: float = Field(default=5_000.0, gt=0, le=1e10)
    notes: dict[str, Note] = {}

    @field_validator("metric_crs")
    @classmethod
    def _metric(cls, text: str) -> str:
        return metric_system(text) if text else text

    def parts(self) -> dict[str, PartFile]:
        """The parts that are one file, by name."""
        names: tuple[str, ...] = ("zones", "population", "roads", "districts", "places", "candidates")
        names += ("centres", "offices", "settlement", "elevation", "friction", "totals")
        return {name: part for name in names if (part := getattr(self, name)) is not None}


def inside(folder: Path, name: str) -> Path:
    """
    Return a file (or folder) of the country folder by its name there.

    Raises
    ------
    Unsupported, InvalidInput, NotFound
        For an address, a path that leads out of the folder or that the system does not follow, or nothing there.
    """
    check_name(name)
    path = folder / name
    expect_reachable(path)
    plain = not Path(name).is_absolute() and "\\" not in name and ":" not in name
    if not plain or not path.resolve().is_relative_to(folder.resolve()):
        raise InvalidInput(
            "{file}: '{path}' leads out of the folder. Put the file inside it.", file=SETTINGS, path=name[:80]
        )
    if not path.exists():
        raise NotFound(
            "{file} names '{path}', which is not in the folder. Put it there, or correct the name.",
            file=SETTINGS,
            path=name[:80],
        )
    return path


def resource(folder: Path, name: str, part: PartFile) -> Resource:
    """
    Record a file; refuse one whose sha256 is not the one stated.

    Raises
    ------
    InvalidInput, Unsupported
        With both hashes; and before it is read from end to end, what `expect_hashable` refuses.
    """
    path = inside(folder, part.file)
    expect_hashable(path)
    found = sha256_of(path)
    if part.sha256 and part.sha256 != found:
        raise InvalidInput(
            "{path} is not the file that {file} describes: its sha256 is {found}, expected {expected}. "
            "Restore the file, or describe it anew.",
            path=part.file,
            file=SETTINGS,
            found=found,
            expected=part.sha256,
        )
    return Resource(
        name=name,
        path=part.file,
        sha256=found,
        title=name,
        source=part.source,
        licence=part.licence,
        vintage=part.vintage,
    )

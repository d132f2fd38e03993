"""
A country pack on disk: `country.yaml`, a Frictionless `datapackage.json`, and its files.

`country.yaml` names the country and says which resource plays which part; the descriptor
gives every resource its file, sha256, schema, sources and licence (law 7). Nothing is
believed: unknown keys are refused, files must lie inside the folder, every byte is hashed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from foundation.errors import InvalidInput, NotFound, Phrase
from foundation.fields import faults_in_words
from foundation.reasons import reason_of
from foundation.strict_json import parse_json
from foundation.strict_yaml import load_yaml
from geodata.contract import BY_NAME, PARTS, RECORDS, Part
from geodata.country import Country, Resource
from geodata.folder.frames import compiled_files, is_compiled
from geodata.gate import expect_reachable
from geodata.misspelt import with_meant
from geodata.plane import metric_system
from geodata.tables import decoded, read_bytes

DESCRIPTOR = "datapackage.json"
SETTINGS = "country.yaml"
MAX_DESCRIPTOR = 5_000_000
CONSTRAINTS = {"required", "unique", "minimum", "maximum", "enum"}
Model = TypeVar("Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Note(_Strict):
    """One remark that maps and reports show, in both languages."""

    en: str
    ar: str


class CountrySettings(_Strict):
    """What `country.yaml` may say; every key is used."""

    schema_: int = Field(alias="schema", ge=1, le=1)
    code: str = Field(pattern=r"^[A-Z]{2}$")
    name_en: str = Field(min_length=1)
    name_ar: str = Field(min_length=1)
    metric_crs: str
    capital_zone: str
    population_year: int = Field(ge=1900, le=2200)
    population_total: int = Field(gt=0)
    position_tolerance_km: float = Field(ge=0, le=50)
    parts: dict[str, str]
    notes: dict[str, Note] = {}

    @field_validator("metric_crs")
    @classmethod
    def _metric(cls, text: str) -> str:
        return metric_system(text)

    @field_validator("parts")
    @classmethod
    def _all_parts(cls, parts: dict[str, str]) -> dict[str, str]:
        wanted, may = {part.name for part in PARTS}, {part.name for part in RECORDS}
        wrong = sorted(wanted ^ (set(parts) - may))
        if wrong:
            raise InvalidInput(
                "Expected {wanted}, and perhaps {may}; missing or not known: {wrong}.",
                wanted=", ".join(sorted(wanted)),
                may=", ".join(sorted(may)),
                wrong=", ".join(wrong),
            )
        return parts


class _Source(_Strict):
    title: str = Field(min_length=1)
    path: str = ""
    email: str = ""


class _Licence(_Strict):
    name: str = Field(min_length=1)
    title: str = ""
    path: str = ""


class _SchemaField(_Strict):
    name: str
    type: str
    title: str = ""
    description: str = ""
    unit: str = ""
    constraints: dict[str, Any] = {}

    @field_validator("constraints")
    @classmethod
    def _offered(cls, told: dict[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(told) - CONSTRAINTS)
        if unknown:
            raise InvalidInput(
                "The constraint {unknown} is not offered. Use {known}.",
                unknown=", ".join(unknown),
                known=", ".join(sorted(CONSTRAINTS)),
            )
        return told


class _Schema(_Strict):
    fields: tuple[_SchemaField, ...] = Field(strict=False)
    missing_values: list[str] = Field(default=[""], alias="missingValues")
    primary_key: list[str] | str = Field(default=[], alias="primaryKey")


class DescribedResource(_Strict):
    """One resource of the descriptor."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    type: str = "file"
    path: str
    title: str = ""
    description: str = ""
    scheme: str = "file"
    format: str
    mediatype: str
    encoding: str
    bytes: int = Field(ge=0)
    hash: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    profile: str = ""
    vintage: str = Field(min_length=1)
    sources: tuple[_Source, ...] = Field(min_length=1, strict=False)
    licenses: tuple[_Licence, ...] = Field(min_length=1, strict=False)
    schema_: _Schema | None = Field(default=None, alias="schema")


class _Descriptor(_Strict):
    name: str
    title: str = ""
    description: str = ""
    version: str = ""
    created: str = ""
    homepage: str = ""
    profile: str = ""
    keywords: tuple[str, ...] = Field(default=(), strict=False)
    licenses: tuple[_Licence, ...] = Field(default=(), strict=False)
    sources: tuple[_Source, ...] = Field(default=(), strict=False)
    resources: tuple[DescribedResource, ...] = Field(min_length=1, strict=False)


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack whose descriptor is well formed and whose files are the ones described."""

    folder: Path
    settings: CountrySettings
    described: dict[str, DescribedResource]  # by part
    resources: tuple[Resource, ...]

    def path(self, part: str) -> Path:
        """Where the file of a part lies."""
        return self.folder / self.described[part].path

    def data(self, part: str) -> bytes:
        """Return the bytes of a part's file."""
        return read_bytes(self.path(part))


def open_pack(folder: Path) -> Pack:
    """
    Read and check a pack's settings, descriptor and hashes; tables are read by `geodata.load`.

    Raises
    ------
    NotFound
        If the folder, `country.yaml` or `datapackage.json` is not there.
    InvalidInput
        For an unknown or missing key, a path out of the folder, a file whose sha256 is
        another, a schema that contradicts the part it plays.
    """
    if not folder.is_dir():
        raise NotFound("There is no country folder {path}.", path=str(folder))
    settings = modelled(CountrySettings, load_yaml(folder / SETTINGS), SETTINGS)
    descriptor = modelled(_Descriptor, _json(folder / DESCRIPTOR), DESCRIPTOR)
    by_name = {resource.name: resource for resource in descriptor.resources}
    if len(by_name) != len(descriptor.resources):
        raise InvalidInput("{file}: two resources share a name. Give each its own.", file=DESCRIPTOR)
    for resource in descriptor.resources:
        _check_file(folder, resource)
    described = {}
    for part, name in settings.parts.items():
        if name not in by_name:
            raise InvalidInput(
                "{file}: part {part} names the resource '{name}', which {descriptor} does not have. Correct the name.",
                file=SETTINGS,
                part=part,
                name=name,
                descriptor=DESCRIPTOR,
            )
        described[part] = by_name[name]
        _check_schema(BY_NAME[part], by_name[name])
    resources = tuple(_plain(resource) for resource in descriptor.resources)
    return Pack(folder=folder, settings=settings, described=described, resources=resources)


def _json(path: Path) -> Any:
    if not path.is_file():
        raise NotFound("There is no file {path}.", path=str(path))
    text = decoded(read_bytes(path, limit=MAX_DESCRIPTOR), path.name, limit=MAX_DESCRIPTOR)
    try:
        return parse_json(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            "{file}: not readable as JSON: {problem}.", file=path.name, problem=reason_of(error)
        ) from error


def modelled(model: type[Model], value: Any, file: str) -> Model:
    """Check a mapping read from `file` against a model; InvalidInput names every fault and its place."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults = faults_in_words(with_meant(error.errors(include_url=False), model))
        raise InvalidInput("{file}: {faults}.", file=file, faults=faults) from error


def _check_file(folder: Path, resource: DescribedResource) -> None:
    path = folder / resource.path
    expect_reachable(path)
    home = folder.resolve()
    plain = not Path(resource.path).is_absolute() and "\\" not in resource.path and ":" not in resource.path
    if not plain or not path.resolve().is_relative_to(home):
        raise InvalidInput(
            "{file}: resource {name} has the path '{path}', which leads out of the folder. Put the file inside it.",
            file=DESCRIPTOR,
            name=resource.name,
            path=resource.path,
        )
    data = read_bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    if resource.hash != f"sha256:{digest}" or resource.bytes != len(data):
        raise InvalidInput(
            "{path} is not the file that {file} describes: its sha256 is {found}, expected {expected}. "
            "Restore the file, or describe it anew.",
            path=resource.path,
            file=DESCRIPTOR,
            found=digest,
            expected=resource.hash.removeprefix("sha256:"),
        )


def _check_schema(part: Part, resource: DescribedResource) -> None:
    """Refuse a resource whose format or declared fields are not those of its part."""
    declared = {field.name: field for field in resource.schema_.fields} if resource.schema_ else {}
    problem: Phrase | None = None
    if resource.format != part.format:
        problem = Phrase("format {found}; expected {expected}", {"found": resource.format, "expected": part.format})
    elif part.format == "csv" and resource.encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        problem = Phrase("encoding {found}; expected utf-8", {"found": resource.encoding})
    for field in part.fields:
        if problem or (field.optional and field.name not in declared):
            continue
        if field.name not in declared:
            problem = Phrase("no field {field} in its schema", {"field": field.name})
        elif declared[field.name].type != field.type:
            values = {"field": field.name, "found": declared[field.name].type, "expected": field.type}
            problem = Phrase("field {field} of type {found}; expected {expected}", values)
    if not problem and (unknown := sorted(set(declared) - {field.name for field in part.fields})):
        problem = Phrase("fields that are not known: {names}", {"names": ", ".join(unknown)})
    if problem:
        raise InvalidInput(
            "{file}: resource {name} plays the part {part} and has {problem}. Correct the descriptor.",
            file=DESCRIPTOR,
            name=resource.name,
            part=part.name,
            problem=problem,
        )


def _plain(resource: DescribedResource) -> Resource:
    return Resource(
        name=resource.name,
        path=resource.path,
        sha256=resource.hash.removeprefix("sha256:"),
        title=resource.title,
        source="; ".join(source.title for source in resource.sources),
        licence="; ".join(licence.title or licence.name for licence in resource.licenses),
        vintage=resource.vintage,
    )


def files_of(country: Country) -> dict[str, Path]:
    """
    Name every file that a country loads from again, by its path inside the country folder.

    Of a pack those are all its files; of a folder of the short form, what was compiled from it.
    """
    if is_compiled(country.folder):
        return compiled_files(country.folder)
    names = [SETTINGS, DESCRIPTOR, *(resource.path for resource in country.resources)]
    if not (country.folder / DESCRIPTOR).is_file():
        names.remove(DESCRIPTOR)
    return {name: country.folder / name for name in names}

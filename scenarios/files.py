"""
Scenario files: strict YAML into frozen models, models into planning's types.

Every field is used or refused by name (law 6). docs/scenarios.md describes them.
"""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from foundation.errors import InvalidInput, NotFound
from foundation.strict_yaml import load_yaml, parse_yaml
from planning.plan import Load, Objectives
from planning.programme import FixedCentre, PrivateLabel, Programme, Tranche, ZoneQuota
from planning.siting import SolverSettings
from planning.standards import Standard
from scenarios.sections.base import FileName, Minutes, Part, SiteId, Title, Word, Year


class _Fixed(Part):
    site: SiteId
    begun: Year | None = None
    operating: Year


class _Tranche(Part):
    id: Word
    title: Title
    count: Annotated[int, Field(ge=1, le=100_000)]
    begun: Year
    operating: Year


class _Quota(Part):
    each: Literal["governorate"]
    at_least: Annotated[int, Field(ge=1, le=100_000)]
    from_: Year = Field(alias="from")
    fixed_centres_count: bool = True


class _Private(Part):
    count: Annotated[int, Field(ge=1, le=100_000)]
    offered: Year
    operating: Year


class _Programme(Part):
    fixed: list[_Fixed] = Field(default_factory=list)
    fix_recorded: list[Literal["open", "trial", "under_construction"]] = Field(default_factory=list)
    tranches: list[_Tranche]
    quotas: list[_Quota] = Field(default_factory=list)
    private: _Private | None = None


class _Standard(Part):
    urban_minutes: Minutes = 30.0
    rural_minutes: Minutes = 60.0
    partial_centres_count: bool = False


class _Objectives(Part):
    coverage_tolerance_person_years: Annotated[int, Field(ge=0)] = 0
    worst_tolerance_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    travel_tolerance_person_minutes: Annotated[int, Field(ge=0)] = 0
    travel_cap_minutes: Annotated[int, Field(ge=1, le=1440)] = 120
    inequality_aversion: Annotated[float, Field(gt=0, le=20)] = 1.0


class _Load(Part):
    residents_per_centre: Annotated[int, Field(ge=1)] = 300_000


class _Candidates(Part):
    file: FileName
    mode: Literal["add", "replace"] = "add"


class _Solver(Part):
    time_limit_seconds: Annotated[float, Field(gt=0)] | None = None
    gap: Annotated[float, Field(ge=0, lt=1)] = 0.0
    threads: Annotated[int, Field(ge=1, le=64)] = 1
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class _Settings(Part):
    schema_: Literal[1] = Field(alias="schema")
    name: Word
    title: Title
    country: Annotated[str, Field(min_length=1, max_length=1000)]
    years: list[Year]
    programme: _Programme
    standard: _Standard = _Standard()
    objectives: _Objectives = _Objectives()
    load: _Load = _Load()
    candidates: _Candidates | None = None
    compare: list[Literal["quota_other_way"]] = Field(default_factory=list)
    solver: _Solver = _Solver()


class Scenario(BaseModel):
    """A scenario file, read and checked; `folder` is where its relative paths start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: _Settings
    folder: Path

    @property
    def name(self) -> str:
        """The scenario's name, also the start of its run's name."""
        return self.settings.name

    @property
    def title_en(self) -> str:
        """English title."""
        return self.settings.title.en

    @property
    def title_ar(self) -> str:
        """Arabic title."""
        return self.settings.title.ar

    @property
    def country(self) -> str | Path:
        """A built-in country's name, or the folder of a country's data."""
        text = self.settings.country
        return self.folder / text if _is_path(text) else text

    @property
    def candidates_file(self) -> Path | None:
        """The planner's own candidates file, if any."""
        return None if self.settings.candidates is None else self.folder / self.settings.candidates.file

    def resolved(self) -> dict[str, Any]:
        """Every setting written out, defaults included: a mapping that reads back to the same scenario."""
        return self.settings.model_dump(mode="json", by_alias=True)

    def programme(self, fixed: tuple[FixedCentre, ...] = ()) -> Programme:
        """Build the programme; `fixed` are further fixed centres, from the country's records."""
        wanted = self.settings.programme
        own = tuple(FixedCentre(f.site, f.begun, f.operating) for f in wanted.fixed)
        named = {f.site_id for f in own}
        return Programme(
            years=tuple(self.settings.years),
            tranches=tuple(
                Tranche(t.id, t.title.en, t.title.ar, t.count, t.begun, t.operating) for t in wanted.tranches
            ),
            fixed=own + tuple(f for f in fixed if f.site_id not in named),
            zone_quotas=tuple(ZoneQuota(q.at_least, q.from_, q.fixed_centres_count) for q in wanted.quotas),
            private=None
            if wanted.private is None
            else PrivateLabel(wanted.private.count, wanted.private.offered, wanted.private.operating),
        )

    def standard(self) -> Standard:
        """Build the access standard."""
        part = self.settings.standard
        return Standard(part.urban_minutes, part.rural_minutes, part.partial_centres_count)

    def objectives(self) -> Objectives:
        """Build the objectives."""
        part = self.settings.objectives
        return Objectives(
            part.coverage_tolerance_person_years,
            part.worst_tolerance_share,
            part.travel_tolerance_person_minutes,
            part.travel_cap_minutes,
            part.inequality_aversion,
        )

    def load(self) -> Load:
        """Build the stated load of a centre."""
        return Load(self.settings.load.residents_per_centre)

    def solver(self) -> SolverSettings:
        """Build the solver's settings."""
        part = self.settings.solver
        return SolverSettings(part.time_limit_seconds, part.gap, part.threads, part.seed)


def preset_names() -> tuple[str, ...]:
    """Name the built-in scenarios."""
    folder = resources.files("scenarios").joinpath("presets")
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def load_scenario(name_or_path: str) -> Scenario:
    """
    Read a scenario: a file when the text ends in .yaml or holds a separator, else a preset.

    Raises
    ------
    NotFound
        When there is no such file or preset.
    InvalidInput
        When the file is not strict YAML or a field is wrong; names every faulty field.
    """
    if name_or_path.endswith((".yaml", ".yml")) or _is_path(name_or_path):
        path = Path(name_or_path)
        return _scenario(load_yaml(path), name=str(path), folder=path.parent)
    if name_or_path not in preset_names():
        raise NotFound(
            "There is no scenario '{name}'; the built-in ones are {known}. A file's name ends in .yaml.",
            name=name_or_path,
            known=", ".join(preset_names()),
        )
    text = resources.files("scenarios").joinpath("presets").joinpath(f"{name_or_path}.yaml").read_text("utf-8")
    return _scenario(parse_yaml(text, name=name_or_path), name=name_or_path, folder=Path())


def _is_path(text: str) -> bool:
    return os.sep in text or "/" in text or text in {".", ".."}


def _scenario(raw: dict[str, Any], *, name: str, folder: Path) -> Scenario:
    try:
        settings = _Settings.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(_said(fault) for fault in error.errors())
        raise InvalidInput("{name}: {faults}.", name=name, faults=faults) from error
    scenario = Scenario(settings=settings, folder=folder)
    scenario.programme()
    return scenario


def _said(fault: Any) -> str:
    where = ".".join(str(part) for part in fault["loc"]) or "the file"
    if fault["type"] == "extra_forbidden":
        return f"'{where}' is not a known field; remove it or correct its spelling"
    if fault["type"] == "missing":
        return f"'{where}' is missing; add it"
    return f"'{where}' is {fault['input']!r:.60}: {str(fault['msg'])[:1].lower()}{str(fault['msg'])[1:]}"

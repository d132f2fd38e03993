"""
Scenario files: strict YAML into frozen models, models into planning's types.

Every field is used or refused by name (law 6). docs/scenarios.md describes them.
"""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from foundation.errors import InvalidInput, NotFound
from foundation.fields import faults_in_words
from foundation.strict_yaml import load_yaml, parse_yaml
from planning.plan import Load, Objectives
from planning.private import Care
from planning.programme import FixedCentre, Programme
from planning.siting import SolverSettings
from planning.standards import Standard
from scenarios.sections.base import FileName, Part, Title, Word, Year
from scenarios.sections.capacity import Capacity
from scenarios.sections.demand import Demand
from scenarios.sections.kinds import Kind
from scenarios.sections.objectives import ObjectivesPart
from scenarios.sections.partnership import Partnership
from scenarios.sections.programme import ProgrammePart
from scenarios.sections.questions import QuestionsPart
from scenarios.sections.standards import StandardPart
from scenarios.sections.travel import TravelPart

LARGEST = 1_000_000_000_000  # of a number that is added up in whole numbers


class _Load(Part):
    residents_per_centre: Annotated[int, Field(ge=1, le=LARGEST)] = 300_000


class _Candidates(Part):
    file: FileName
    mode: Literal["add", "replace"] = "add"


class _Solver(Part):
    time_limit_seconds: Annotated[float, Field(gt=0, le=10_000_000)] | None = None
    gap: Annotated[float, Field(ge=0, lt=1)] = 0.0
    threads: Annotated[int, Field(ge=1, le=64)] = 1
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class _Settings(Part):
    schema_: Literal[1] = Field(alias="schema")
    name: Word
    title: Title
    country: Annotated[str, Field(min_length=1, max_length=1000)]
    years: list[Year]
    programme: ProgrammePart
    kinds: list[Kind] = Field(default_factory=list)
    standard: StandardPart = StandardPart()
    travel: TravelPart | None = None
    objectives: ObjectivesPart = ObjectivesPart()
    demand: Demand | None = None
    capacity: Capacity | None = None
    partnership: Partnership | None = None
    questions: QuestionsPart = QuestionsPart()
    load: _Load = _Load()
    candidates: _Candidates | None = None
    compare: list[Literal["quota_other_way"]] = Field(default_factory=list)
    solver: _Solver = _Solver()

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        chosen = None if self.partnership is None else self.partnership.centres.choice
        if self.programme.private is not None and chosen not in {None, "plan"}:
            raise InvalidInput(
                "The programme says how many centres are operated privately, and the section partnership chooses them "
                "itself (choice: {choice}). Remove private from the programme, or write choice: plan.",
                choice=chosen,
            )
        return self


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

    @property
    def matrix_file(self) -> Path | None:
        """The planner's own matrix of journeys, if any."""
        travel = self.settings.travel
        return None if travel is None or travel.matrix is None else self.folder / travel.matrix.file

    def resolved(self) -> dict[str, Any]:
        """Every setting written out, defaults included: a mapping that reads back to the same scenario."""
        return self.settings.model_dump(mode="json", by_alias=True)

    def programme(self, fixed: tuple[FixedCentre, ...] = ()) -> Programme:
        """Build the programme; `fixed` are further fixed centres, from the country's records."""
        settings = self.settings
        care = Care() if settings.partnership is None else settings.partnership.centres.build().care
        return settings.programme.programme(settings.years, settings.kinds, fixed, care)

    def standard(self) -> Standard:
        """Build the access standard."""
        return self.settings.standard.standard()

    def objectives(self) -> Objectives:
        """Build the objectives."""
        return self.settings.objectives.objectives()

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
        raise InvalidInput(
            "{name}: {faults}.", name=name, faults=faults_in_words(error.errors(include_url=False))
        ) from error
    scenario = Scenario(settings=settings, folder=folder)
    scenario.programme()
    scenario.standard()
    scenario.objectives()
    if settings.capacity is not None:
        settings.capacity.build()
    return scenario

"""What siting answers: frames again, with people, minutes and the proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planning.aims import Objectives
from planning.programme import Programme
from planning.standards import Standard

__all__ = ["Certificate", "Load", "Objectives", "Plan", "Stage"]

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from optimization import Problem, Solution
    from planning.network import Network


@dataclass(frozen=True, slots=True)
class Load:
    """
    Above how many residents by nearest centre a centre is flagged.

    An assumption of the planner: reach alone saturates in a big city, where everyone
    may be near one centre that cannot serve them.
    """

    residents_per_centre: int = 300_000


@dataclass(frozen=True, slots=True)
class Stage:
    """One objective as the planner reads it; `value`, `bound`, `gap`, `start` in `unit`."""

    objective: str
    unit: str
    status: str
    value: float
    bound: float
    gap: float
    checked_bound: float
    proof: str
    rechecked: bool
    start: float
    moved: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """How far the plan is proven: the weakest word of its stages, and the stages."""

    status: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """
    A sited programme.

    Attributes
    ----------
    sites
        One row a centre, in order of operating year, then marginal gain, ties by id;
        columns as `sites` in docs/run-folder.md.
    networks
        One a year: nearest centre and travel of every demand point.
    results
        The one results table.
    layers
        Frames in EPSG:4326 by name; see docs/run-folder.md.
    problem, solution
        What was solved and the full answer, for the proof files.
    """

    programme: Programme
    standard: Standard
    load: Load
    objectives: Objectives
    certificate: Certificate
    sites: pd.DataFrame
    networks: tuple[Network, ...]
    results: pd.DataFrame
    layers: dict[str, gpd.GeoDataFrame]
    problem: Problem
    solution: Solution
    seconds: dict[str, float] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

"""What a study works from, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.country import Country
from planning.plan import Plan
from planning.siting import Request
from planning.travel import Reach, Travel
from scenarios.files import Scenario


@dataclass(frozen=True, slots=True)
class Study:
    """
    What a study adds to a run.

    Attributes
    ----------
    record
        Fields of run.json.
    tables
        Tables of the run folder by file name ("lots.csv"), written as UTF-8 with BOM.
    layers
        Layers of plan.gpkg by name, in EPSG:4326.
    answer
        The planning result, for studies that build on this one.
    """

    record: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    answer: object = None


@dataclass(frozen=True, slots=True)
class Case:
    """A sited scenario, and the studies made of it so far, by name."""

    scenario: Scenario
    country: Country
    request: Request
    journeys: Travel | Reach
    plan: Plan
    done: Mapping[str, Study] = field(default_factory=dict)

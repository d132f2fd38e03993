"""
From frames to arrays: the planner's programme as one weighted-miss problem.

Columns are (option, year); a place once open stays open, unless it may close. Rows are

- coverage: a demand point, year and level (see `coverage`), as far as an objective or a floor counts it;
- travel: a demand point and whole-minute layer of the final year (see `layers`), for mean travel and the
  Kolm-Pollak equivalent;
- thresholds of the worst journey (see `thresholds`);
- coverage once more for each level of the worst-off after the first (see `leximin`).

Rows that a place fixed open satisfies are left out: their miss is 0. Everything else the optimizer
reduces by itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization import Columns, Problem
from planning.aims import Objectives
from planning.offers import ANY_PLACE
from planning.programme import Programme
from planning.siting.board import Board
from planning.siting.columns import columns_of, positions_of
from planning.siting.counted import counted_of
from planning.siting.coverage import coverage_rows
from planning.siting.instance import Instance
from planning.siting.layers import Layers
from planning.siting.leximin import levels_of
from planning.siting.rules import every_rule
from planning.siting.stages import floors_of, stages_of
from planning.siting.thresholds import Thresholds, thresholds_of
from planning.siting.travel_figures import figures_of

Ints = NDArray[np.int64]


def build_problem(instance: Instance, programme: Programme, objectives: Objectives) -> Problem:
    """
    Write the programme as a `Problem`; its stages are the objectives in their order, then ties.

    Raises
    ------
    InvalidInput
        When an objective or a floor asks for what the country or the programme does not have.
    """
    columns = columns_of(instance, programme)
    position = positions_of(columns, instance, programme)
    rules = every_rule(instance, programme, position)
    measures, blocks, weights = coverage_rows(
        instance, programme, position, counted_of(instance, programme.years, objectives)
    )
    levels = levels_of(instance, objectives, columns, (measures, blocks, weights), programme.final_year)
    if levels is not None:
        columns, rules = levels.columns, (*rules, *levels.rules)
        weights = [np.pad(block, ((0, 0), (0, len(levels.measures)))) for block in weights]
        weights.append(np.pad(levels.weights, ((0, 0), (len(measures), 0))))
        measures += levels.measures
        blocks.append(levels.sets)
    thresholds = None
    if objectives.asks("mean_travel", "ede", "worst_journey"):
        figures = figures_of(instance, programme, position, objectives)
        count, extra = len(measures), len(figures.measures)
        weights = [np.pad(block, ((0, 0), (0, extra))) for block in weights]
        for offer, layers in figures.layers.items() if extra else ():
            weights.append(np.pad(figures.weights[offer], ((0, 0), (count, 0))))
            blocks.append(layers.sets)
        measures += figures.measures
        if objectives.asks("worst_journey"):
            thresholds = _thresholds(instance, figures.layers[ANY_PLACE], columns, position, objectives)
    floors = floors_of(instance, programme.years, objectives, {m.name: m for m in measures})
    if thresholds is not None:
        columns, rules = thresholds.columns, (*rules, *thresholds.rules)
    blocks = [_widened(block, columns) for block in blocks]
    width = columns.place.size
    empty = [sparse.csr_array((0, width), dtype=np.int8)]
    return Problem(
        columns=columns,
        sets=sparse.csr_array(sparse.vstack(blocks or empty, format="csr")),
        weights=np.concatenate(weights or [np.zeros((0, len(measures)), dtype=np.int64)]),
        measures=tuple(measures),
        rules=rules,
        stages=stages_of(
            Board(instance, programme, position), objectives, {m.name: m for m in measures}, thresholds, levels, width
        ),
        floors=floors,
    )


def _thresholds(
    instance: Instance, layers: Layers, columns: Columns, position: Ints, objectives: Objectives
) -> Thresholds:
    """Compare the journeys of all points with people and some permitted place within the cap."""
    pairs = instance.pairs(float(objectives.cap_minutes))
    near = np.zeros(instance.people.size, dtype=bool)
    near[pairs.point[position[pairs.option, -1] >= 0]] = True
    return thresholds_of(layers, columns, near & (instance.people > 0), int(columns.year.max()))


def _widened(sets: sparse.csr_array, columns: Columns) -> sparse.csr_array:
    shape = (sets.shape[0], columns.place.size)
    return sparse.csr_array((sets.data, sets.indices, sets.indptr), shape=shape)

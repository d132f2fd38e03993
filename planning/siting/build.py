"""
From frames to arrays: the planner's programme as one weighted-miss problem.

Columns are (site, year); a site once open stays open. Rows are

- coverage: one a demand point and year, its set the sites within the standard,
  weight people (maximal covering; Church & ReVelle 1974, over several years);
- travel: one a demand point and whole-minute layer of the final year, its set the
  sites at most that far, weight people x the step to the next layer (the radius
  formulation; Cornuéjols, Nemhauser & Wolsey 1980; García, Labbé & Marín 2011).

Rows that a centre fixed open satisfies are left out: their miss is 0. Everything
else the optimizer reduces by itself.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from optimization import MissStage, Problem, Stage, TieStage, WorstStage
from planning.plan import Objectives
from planning.programme import Programme
from planning.siting.columns import columns_of, positions_of
from planning.siting.coverage import COVERAGE, coverage_rows, zone_measure
from planning.siting.instance import Instance
from planning.siting.layers import TRAVEL, travel_rows
from planning.siting.rules import count_rules, order_rules


def build_problem(instance: Instance, programme: Programme, objectives: Objectives) -> Problem:
    """
    Write the programme as a `Problem`.

    Stages, in order: person-years within the standard; the worst-off zone's share in
    the final year; mean travel of the final network; ties.
    """
    columns = columns_of(instance, programme)
    position = positions_of(columns, instance, programme)
    measures, blocks, weights = coverage_rows(instance, programme, position)
    travel, travel_sets, travel_weights = travel_rows(instance, programme, position, objectives.cap_minutes)
    measures = [*measures, travel]
    weights = [np.pad(block, ((0, 0), (0, 1))) for block in weights]
    weights.append(np.pad(travel_weights[:, None], ((0, 0), (len(measures) - 1, 0))))
    stages: tuple[Stage, ...] = (
        MissStage(COVERAGE, COVERAGE, objectives.coverage_tolerance),
        WorstStage("worst_governorate", tuple(zone_measure(z) for z in instance.zones), objectives.worst_tolerance),
        MissStage(TRAVEL, TRAVEL, objectives.travel_tolerance),
        TieStage(),
    )
    return Problem(
        columns=columns,
        sets=sparse.csr_array(sparse.vstack([*blocks, travel_sets], format="csr")),
        weights=np.concatenate(weights).astype(np.int64),
        measures=tuple(measures),
        rules=(*count_rules(instance, programme, position), *order_rules(programme, position)),
        stages=stages,
    )

"""The planner's objectives as stages of the model, with tolerances in whole quanta, and floors as allowed misses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from optimization import Floor, LinearStage, Measure, MissStage, Stage, TieStage, WorstStage
from planning.aims import Aim, Objectives
from planning.siting.board import Board
from planning.siting.counted import WORST, parts_of, scope_measure
from planning.siting.instance import Instance
from planning.siting.leximin import Levels
from planning.siting.money import total_cost
from planning.siting.thresholds import Thresholds

Ints = NDArray[np.int64]


def stages_of(
    board: Board,
    objectives: Objectives,
    measures: Mapping[str, Measure],
    thresholds: Thresholds | None,
    levels: Levels | None,
    width: int,
) -> tuple[Stage, ...]:
    """
    Write the objectives in their order, and the rule for ties behind them.

    Parameters
    ----------
    measures
        By name.
    thresholds
        Where the worst journey is asked for.
    levels
        Where the worst-off are asked for level by level.
    width
        Columns in all.
    """
    stages: list[Stage] = []
    for aim in objectives.aims():
        if aim.what in {"covered", "mean_travel"}:
            stages.append(MissStage(aim.name, aim.name, quanta(aim, measures[aim.name])))
        elif aim.what == "ede":
            stages.append(MissStage(aim.name, aim.name, 0, _slack(aim, measures[aim.name])))
        elif aim.what in WORST:
            stages.append(_worst(board.instance, board.programme.final_year, aim))
            stages += [] if levels is None else levels.stages.get(aim.name, ())
        elif aim.what == "worst_journey":
            assert thresholds is not None
            stages.append(thresholds.stage(int(aim.tolerance)))
        else:
            stages.append(_fewest(board, aim, width) if aim.what == "centres" else _cheapest(board, aim, width))
    return (*stages, TieStage())


def quanta(aim: Aim, measure: Measure) -> int:
    """Return a tolerance in whole quanta of its measure, rounded down: of what is achieved, or of a mean."""
    stated = Fraction(str(aim.tolerance))
    if measure.mass:
        return math.floor(stated * measure.mass) + aim.person_minutes
    return math.floor(stated / Fraction(str(measure.quantum)))


def floors_of(
    instance: Instance, years: tuple[int, ...], objectives: Objectives, measures: Mapping[str, Measure]
) -> tuple[Floor, ...]:
    """
    Write the floors under names of their own: ``floor:governorate:JO-MN:2025``.

    Raises
    ------
    InvalidInput
        For a floor that asks for more people than there are.
    """
    found: dict[str, Floor] = {}
    for floor in objectives.floors:
        for part in parts_of(instance, floor.scope, floor.which):
            for year in floor.years(years):
                measure = measures[scope_measure(floor.scope, part, year, years[-1])]
                wanted = floor.people
                if floor.share is not None:
                    wanted = math.ceil(Fraction(str(floor.share)) * measure.total)
                if wanted is not None and wanted > measure.total:
                    raise InvalidInput(
                        "A floor asks for {n} people within the standard in {which}, {year}; {most} live there.",
                        n=wanted,
                        which=part,
                        year=str(year),
                        most=measure.total,
                    )
                allowed = measure.constant if wanted is None else measure.total - wanted
                name = f"floor:{floor.scope}:{part}:{year}"
                if name not in found or allowed < found[name].allowed:
                    found[name] = Floor(name, measure.name, allowed)
    return tuple(found.values())


def _slack(aim: Aim, measure: Measure) -> float:
    """What share of Σ e^(rate x) may be lost when the equivalent may rise by so many minutes."""
    slack = math.expm1(measure.rate * aim.tolerance)
    if slack > 1.0:
        raise InvalidInput(
            "The equivalent may lose {tolerance} minutes, more than {most}. Lower its tolerance.",
            tolerance=aim.tolerance,
            most=round(math.log(2.0) / measure.rate, 1),
        )
    return slack


def _worst(instance: Instance, year: int, aim: Aim) -> WorstStage:
    scope = WORST[aim.what]
    parts = parts_of(instance, scope)
    if scope == "group" and not parts:
        raise InvalidInput("The worst-off group is an objective, and the country has no groups table.")
    return WorstStage(aim.name, tuple(scope_measure(scope, part, year, year) for part in parts), aim.tolerance)


def _fewest(board: Board, aim: Aim, width: int) -> LinearStage:
    """Centres that count for the programme and operate in the final year."""
    programme, options = board.programme, board.instance.options
    open_number = any(t.at_most for t in programme.tranches) or programme.conditions.closures
    if not open_number and not any(kind.counted and kind.id != "comprehensive" for kind in programme.kinds):
        raise InvalidInput(
            "The fewest centres are an objective, and the programme fixes their number. Write at_most: true in its "
            "tranches."
        )
    weights = np.zeros(board.position.shape, dtype=np.int64)
    weights[options.counted, -1] = 1
    return LinearStage(aim.name, _spread(board, weights, width), "centres", int(aim.tolerance))


def _cheapest(board: Board, aim: Aim, width: int) -> LinearStage:
    """Capital and running cost of all places over the programme's years, as the budget counts them."""
    options = board.instance.options
    for number in np.unique(options.kind[(board.position >= 0).any(axis=1)]).tolist():
        kind = options.kinds[number]
        if kind != "partial" and board.programme.kind(kind).cost is None:
            raise InvalidInput(
                "The least money is an objective, and the kind '{id}' states no cost. Add cost to it under kinds.",
                id=kind,
            )
    weights, constant = total_cost(board)
    return LinearStage(aim.name, _spread(board, weights, width), "JOD", int(aim.tolerance), constant)


def _spread(board: Board, weights: Ints, width: int) -> tuple[int, ...]:
    """Place (o, T) weights at their columns."""
    found = np.zeros(width, dtype=np.int64)
    there = board.position >= 0
    found[board.position[there]] = weights[there]
    return tuple(int(each) for each in found)

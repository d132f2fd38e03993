"""Plans about as good as the best: what else could have been decided, and how much it would cost."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import optimization
from foundation.errors import InvalidInput
from optimization import MissStage, Problem, Solution
from planning.siting.instance import Instance
from planning.siting.questions.figures import PlanFigures, figures_of
from planning.siting.questions.resolving import achieved, counts_persons, place_columns
from planning.siting.request import Request

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Similar:
    """
    One other plan.

    Attributes
    ----------
    value
        First objective achieved, in its unit.
    loss
        How much less (or, of travel, more) than the best.
    figures
        The plan in figures.
    added, left_out
        (site id, kind) that operate in the final year of this plan and not of the first, and the reverse.
    moved
        (site id, kind) that operate in the final year of both, since another year.
    """

    value: float
    loss: float
    figures: PlanFigures
    added: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    moved: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SimilarPlans:
    """Other plans, the most different first; `complete` when there is provably no further one within `within`."""

    within: float
    plans: tuple[Similar, ...]
    complete: bool


def similar_plans(
    request: Request, instance: Instance, answer: tuple[Problem, Solution], *, share: float, at_most: int
) -> SimilarPlans:
    """
    List up to `at_most` plans that lose at most `share` of what the first objective achieves.

    Raises
    ------
    InvalidInput
        When the first objective is not people, visits or travel.
    """
    problem, solution = answer
    stage = problem.stages[0]
    if not isinstance(stage, MissStage) or not counts_persons(problem):
        raise InvalidInput("Alternatives need a first objective of people, visits or travel.")
    measure = next(m for m in problem.measures if m.name == stage.measure)
    best = achieved(problem, solution.stages[0].value)
    within = math.floor(share * best / measure.quantum)
    settings = request.solver
    found = optimization.alternatives(
        problem,
        within=within,
        at_most=at_most + 1,
        solution=solution,
        among=place_columns(problem).tolist(),
        time_limit=settings.time_limit_seconds,
        threads=settings.threads,
        seed=settings.seed,
    )
    programme = request.programme
    first = figures_of(instance, found.plans[0], programme) if len(found.plans) else None
    plans = []
    for plan, value in zip(found.plans[1:], found.values[1:], strict=True):
        figures = figures_of(instance, plan, programme)
        assert first is not None
        plans.append(
            Similar(
                achieved(problem, value),
                abs(achieved(problem, value) - best),
                figures,
                tuple(place for place in figures.places if place not in first.places),
                tuple(place for place in first.places if place not in figures.places),
                _moved(instance, found.plans[0], plan, len(programme.years)),
            )
        )
    return SimilarPlans(within * measure.quantum, tuple(plans), found.complete)


def _moved(instance: Instance, one: Flags, other: Flags, years: int) -> tuple[tuple[str, str], ...]:
    """Name what operates in the final year of both plans, since another year."""
    options = instance.options
    a, b = (np.asarray(plan[: options.size * years]).reshape(options.size, years) for plan in (one, other))
    where = np.flatnonzero(a[:, -1] & b[:, -1] & (a != b).any(axis=1))
    return tuple((str(instance.site_ids[options.site[o]]), options.kinds[options.kind[o]]) for o in where.tolist())

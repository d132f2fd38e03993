"""
Why here, and why not there: what is lost in the first objective when one site is forced in or left out.

Exact where the site was asked for or is chosen; for the others a bound that the plan's own proof
supports, which may be 0 and is then said to be unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

import optimization
from foundation.errors import InvalidInput
from optimization import ForcedLosses, Problem, Solution
from planning.siting.instance import Instance
from planning.siting.questions.resolving import counts_persons
from planning.siting.request import Request

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Forced:
    """
    One site turned over.

    Attributes
    ----------
    site_id, kind
        The place.
    chosen
        Whether it operates in the final year of the plan; then it is left out, else forced in.
    since
        Year from which: the final year (by then), or, of a site that may open only later than others of its
        kind, the first year in which it may; that may lie behind the programme, and then no plan has it.
    at_least
        Proven loss in the first objective, in its unit; 0 when nothing is proven.
    exact
        The loss where it was solved for and proven, inf where no plan remains; None elsewhere.
    """

    site_id: str
    kind: str
    chosen: bool
    since: int
    at_least: float
    exact: float | None


def forced(
    request: Request,
    instance: Instance,
    answer: tuple[Problem, Solution],
    *,
    exact: Sequence[str] | Literal["all"] = (),
    exact_chosen: bool = True,
) -> tuple[Forced, ...]:
    """
    Turn every free site over, one at a time; see `Forced` for the year.

    Parameters
    ----------
    exact
        Site ids whose loss is solved for, or "all" of the sites that are free.
    exact_chosen
        Whether it is solved for the chosen sites too.

    Raises
    ------
    InvalidInput
        When the first objective is not people, visits or travel, or a site is unknown.
    """
    problem, solution = answer
    if not counts_persons(problem):
        raise InvalidInput("What forcing a site costs needs a first objective of people, visits or travel.")
    ids = [str(instance.site_ids[site]) for site in instance.options.site]
    wanted = set(ids if exact == "all" else exact)
    unknown = sorted(wanted - {str(site) for site in instance.site_ids})
    if unknown:
        raise InvalidInput("There is no site {names}. Use site_ids of the candidates table.", names=", ".join(unknown))
    years, options = request.programme.years, instance.options
    last = np.arange(options.size) * len(years) + len(years) - 1
    free = problem.columns.lower[last] < problem.columns.upper[last]
    chosen = solution.chosen[last]
    column = np.where(chosen, last, _columns_forced(problem, instance, len(years)))
    asked = [int(column[o]) for o in np.flatnonzero(free) if ids[o] in wanted or (exact_chosen and bool(chosen[o]))]
    settings = request.solver
    losses = optimization.forced_losses(
        problem,
        exact=asked,
        solution=solution,
        time_limit=settings.time_limit_seconds,
        threads=settings.threads,
        seed=settings.seed,
    )
    return tuple(_found(instance, answer, losses, column, (free, chosen), years[-1]))


def _found(
    instance: Instance,
    answer: tuple[Problem, Solution],
    losses: ForcedLosses,
    column: Ints,
    sites: tuple[Flags, Flags],
    final: int,
) -> Iterator[Forced]:
    """Say each free and chosen option's loss at its column, and name those that may only open after the programme."""
    problem, solution = answer
    options, (free, chosen) = instance.options, sites
    ids = [str(instance.site_ids[site]) for site in options.site]
    kinds, first = [options.kinds[number] for number in options.kind], _first_plan(solution)
    for o in np.flatnonzero(free).tolist():
        # what an equally good plan of the first objective already does costs nothing
        at = int(column[o])
        same = bool(solution.chosen[at] == first[at])
        at_least = float(losses.at_least[at]) if same else 0.0
        loss = losses.exact.get(at) if same else 0.0
        yield Forced(ids[o], kinds[o], bool(chosen[o]), int(problem.columns.year[at]), at_least, loss)
    for o in np.flatnonzero(options.free & (options.earliest > final)).tolist():
        yield Forced(ids[o], kinds[o], False, int(options.earliest[o]), 0.0, math.inf)


def _columns_forced(problem: Problem, instance: Instance, years: int) -> Ints:
    """(o,) the column that forces an option in: of the final year, or the first one of what may only come late."""
    options, count = instance.options, instance.options.size * years
    free = (problem.columns.lower < problem.columns.upper)[:count].reshape(options.size, years)
    begins = np.where(free.any(axis=1), free.argmax(axis=1), years - 1)
    others = np.array([begins[options.kind == kind].min() for kind in options.kind])
    late = (begins > others) & (options.earliest > problem.columns.year[:count:years])
    return np.asarray(np.arange(options.size) * years + np.where(late, begins, years - 1))


def _first_plan(solution: Solution) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return the plan of the first stage, which later stages may have changed among equals."""
    return np.asarray(solution.certificate["stage_chosen"][0]).astype(bool)

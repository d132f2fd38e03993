"""
Why here, and why not there: what is lost in the first objective when one site is forced in or left out.

Exact where the site was asked for or is chosen; for the others a bound that the plan's own proof
supports, which may be 0 and is then said to be unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

import optimization
from foundation.errors import InvalidInput
from optimization import Problem, Solution
from planning.siting.instance import Instance
from planning.siting.questions.resolving import counts_persons
from planning.siting.request import Request


@dataclass(frozen=True, slots=True)
class Forced:
    """
    One site turned over.

    Attributes
    ----------
    site_id, kind
        The place.
    chosen
        Whether it operates in the final year of the plan; then it is left out, else forced in by that year.
    at_least
        Proven loss in the first objective, in its unit; 0 when nothing is proven.
    exact
        The loss where it was solved for and proven, inf where no plan remains; None elsewhere.
    """

    site_id: str
    kind: str
    chosen: bool
    at_least: float
    exact: float | None


def forced(
    request: Request,
    instance: Instance,
    answer: tuple[Problem, Solution],
    *,
    exact: Sequence[str] = (),
    exact_chosen: bool = True,
) -> tuple[Forced, ...]:
    """
    Turn every free site over in the final year, one at a time.

    Parameters
    ----------
    exact
        Site ids whose loss is solved for, whatever it is.
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
    unknown = sorted(set(exact) - {str(site) for site in instance.site_ids})
    if unknown:
        raise InvalidInput("There is no site {names}. Use site_ids of the candidates table.", names=", ".join(unknown))
    years = len(request.programme.years)
    last = np.arange(instance.options.size) * years + years - 1
    free = problem.columns.lower[last] < problem.columns.upper[last]
    chosen, first = solution.chosen[last], _first_plan(solution)[last]
    ids = [str(instance.site_ids[site]) for site in instance.options.site]
    asked = [int(last[o]) for o in np.flatnonzero(free) if ids[o] in set(exact) or (exact_chosen and bool(chosen[o]))]
    settings = request.solver
    losses = optimization.forced_losses(
        problem,
        exact=asked,
        solution=solution,
        time_limit=settings.time_limit_seconds,
        threads=settings.threads,
        seed=settings.seed,
    )
    kinds = instance.options.kinds
    found = []
    for o in np.flatnonzero(free).tolist():
        # what an equally good plan of the first objective already does costs nothing
        same = bool(chosen[o] == first[o])
        at_least = float(losses.at_least[last[o]]) if same else 0.0
        loss = losses.exact.get(int(last[o])) if same else 0.0
        found.append(Forced(ids[o], kinds[instance.options.kind[o]], bool(chosen[o]), at_least, loss))
    return tuple(found)


def _first_plan(solution: Solution) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return the plan of the first stage, which later stages may have changed among equals."""
    return np.asarray(solution.certificate["stage_chosen"][0]).astype(bool)

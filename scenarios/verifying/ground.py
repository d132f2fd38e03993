"""What the answers beside a plan are held against: the plan, its people, and the places that may stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from optimization import Problem
from planning.siting.instance import Instance
from planning.siting.questions import PlanFigures, counts_money, counts_persons, figures_of
from planning.siting.questions.resolving import achieved, gained
from planning.siting.request import instance_of
from scenarios.studies import Case
from scenarios.verifying.remade import Remade

PROVEN = "proven_optimal"


@dataclass(frozen=True, slots=True)
class Ground:
    """
    What is known of a plan without a solver.

    Attributes
    ----------
    kept
        First objective as the answers count it (see `achieved`); NaN where it is no sum.
    before
        The plan in figures.
    people
        Residents of the final year.
    first_proven, all_proven
        Whether the replay proves the plan's first objective, and every one.
    """

    case: Case
    problem: Problem
    instance: Instance
    kept: float
    before: PlanFigures
    people: int
    first_proven: bool
    all_proven: bool
    sites: frozenset[str]
    options: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, again: Remade) -> Ground:
        """Read a run that was made again."""
        case, problem, solution = again.case, again.rebuilt, again.replay.solution
        instance = instance_of(case.request, case.journeys)
        options = instance.options
        sums = counts_persons(problem) or counts_money(problem)
        named = [
            _name(str(instance.site_ids[site]), options.kinds[kind])
            for site, kind in zip(options.site.tolist(), options.kind.tolist(), strict=True)
        ]
        words = [stage.status for stage in solution.stages]
        return cls(
            case=case,
            problem=problem,
            instance=instance,
            kept=achieved(problem, solution.stages[0].value) if sums else float("nan"),
            before=figures_of(instance, solution.chosen, case.request.programme),
            people=int(instance.cells.people[-1].sum()),
            first_proven=words[0] == PROVEN,
            all_proven=len(words) == len(problem.stages) and set(words) == {PROVEN},
            sites=frozenset(map(str, instance.site_ids)),
            options={name: at for at, name in enumerate(named)},
        )

    @property
    def places(self) -> set[str]:
        """Places of the plan in the final year, named as an answer names them."""
        return {_name(site, kind) for site, kind in self.before.places}

    def figures(self, places: Iterable[str]) -> PlanFigures:
        """Read a network of named places in figures of the final year; its money is not known (it needs years)."""
        flags = np.zeros((self.instance.options.size, len(self.case.request.programme.years)), dtype=bool)
        flags[[self.options[name] for name in places], :] = True
        return figures_of(self.instance, flags.reshape(-1), self.case.request.programme)

    def gain(self, before: float, after: float) -> float:
        """Say how much better `after` is than `before` in the first objective."""
        return gained(self.problem, before, after)


def _name(site: str, kind: str) -> str:
    return site if kind == "comprehensive" else f"{site}/{kind}"

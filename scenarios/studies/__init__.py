"""
Studies: what a run says beside the sited plan (visits, capacity, lots, prices).

Each is a module with `study(case) -> Study | None`; None when the scenario does not ask for
it. They run in the order of `STUDIES`, and a later one may read what an earlier one answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from scenarios.studies import budget, capacity, capacity_siting, equity, lots, questions, travel, visits
from scenarios.studies.case import Case, Study

__all__ = ["STUDIES", "Case", "Kind", "Study", "studies_of"]


@dataclass(frozen=True, slots=True)
class Kind:
    """
    A study.

    Attributes
    ----------
    saying
        What to say while it runs, a sentence of the catalogue.
    solves
        Whether it calls the optimizer: verifying a run does not make it again.
    fields, files, layers
        What such a study may add to run.json, the folder and plan.gpkg.
    """

    name: str
    saying: str
    make: Callable[[Case], Study | None]
    solves: bool = False
    fields: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()


STUDIES: tuple[Kind, ...] = (
    Kind("visits", "Computing visits and the journeys saved", visits.study),
    Kind("travel", "Travelling the roads under other conditions", travel.study),
    Kind("equity", "Measuring how evenly travel is shared", equity.study),
    Kind("capacity", "Sizing the centres and sharing visits out", capacity.study),
    Kind("lots", "Working out lots for a tender", lots.study),
    Kind("budget", "Adding up money and staff", budget.study),
    Kind(
        "rule_prices",
        "Pricing each rule by solving without it",
        questions.prices_study,
        solves=True,
        fields=("rule_prices", "rule_prices_note"),
        files=("rule_prices.csv",),
    ),
    Kind(
        "frontier",
        "Solving the points of the frontier",
        questions.frontier_study,
        solves=True,
        fields=("frontier", "frontier_note"),
        files=("frontier.csv",),
    ),
    Kind(
        "why_not",
        "Forcing sites in and out",
        questions.why_not_study,
        solves=True,
        fields=("why_not", "why_not_note"),
        files=("why_not.csv",),
        layers=("why_not",),
    ),
    Kind(
        "alternatives",
        "Looking for plans about as good",
        questions.alternatives_study,
        solves=True,
        fields=("alternatives", "alternatives_note"),
        files=("alternatives.csv",),
    ),
    Kind(
        "capacity_siting",
        "Siting the programme under the limits of capacity",
        capacity_siting.study,
        solves=True,
        fields=("capacity_siting",),
        files=("capacity_siting.csv",),
        layers=("capacity_siting",),
    ),
)


def studies_of(case: Case, *, report: Callable[[str, float], None], solving: bool = True) -> dict[str, Study]:
    """
    Make every study that the scenario asks for.

    `solving` False leaves out those that call the optimizer: verifying a run calls none.
    """
    done = dict(case.done)
    wanted = [kind for kind in STUDIES if solving or not kind.solves]
    for at, kind in enumerate(wanted):
        report(kind.saying, at / len(wanted))
        made = kind.make(replace(case, done=done))
        if made is not None:
            done[kind.name] = made
    return done

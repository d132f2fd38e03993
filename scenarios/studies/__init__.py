"""
Studies: what a run says beside the sited plan (visits, capacity, lots, prices).

Each is a module with `study(case) -> Study | None`; None when the scenario does not ask for
it. They run in the order of `STUDIES`, and a later one may read what an earlier one answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from scenarios.studies import budget, capacity, capacity_siting, equity, long_legs, lots, questions, travel, visits
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
    asked
        Whether the scenario asks for it; one that is not asked for is not spoken of.
    fields, files, layers
        What such a study may add to run.json, the folder and plan.gpkg.
    """

    name: str
    saying: str
    make: Callable[[Case], Study | None]
    solves: bool = False
    asked: Callable[[Case], bool] = lambda _: True
    fields: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()


def _section(name: str) -> Callable[[Case], bool]:
    return lambda case: getattr(case.scenario.settings, name) is not None


def _question(name: str) -> Callable[[Case], bool]:
    return lambda case: bool(getattr(case.scenario.settings.questions, name))


STUDIES: tuple[Kind, ...] = (
    Kind("visits", "Computing visits and the journeys saved", visits.study, asked=_section("demand")),
    Kind("travel", "Travelling the roads under other conditions", travel.study, asked=_section("travel")),
    Kind("long_legs", "Looking for long ways off the road", long_legs.study),
    Kind("equity", "Measuring how evenly travel is shared", equity.study),
    Kind("capacity", "Sizing the centres and sharing visits out", capacity.study, asked=_section("capacity")),
    Kind("lots", "Working out lots for a tender", lots.study, asked=_section("partnership")),
    Kind("budget", "Adding up money and staff", budget.study),
    Kind(
        "rule_prices",
        "Pricing each rule by solving without it",
        questions.prices_study,
        solves=True,
        asked=_question("rule_prices"),
        fields=("rule_prices", "rule_prices_note"),
        files=("rule_prices.csv",),
        layers=("rule_prices",),
    ),
    Kind(
        "frontier",
        "Solving the points of the frontier",
        questions.frontier_study,
        solves=True,
        asked=_question("frontier"),
        fields=("frontier", "frontier_note"),
        files=("frontier.csv",),
    ),
    Kind(
        "why_not",
        "Forcing sites in and out",
        questions.why_not_study,
        solves=True,
        asked=_question("why_not"),
        fields=("why_not", "why_not_note"),
        files=("why_not.csv",),
        layers=("why_not",),
    ),
    Kind(
        "alternatives",
        "Looking for plans about as good",
        questions.alternatives_study,
        solves=True,
        asked=_question("alternatives"),
        fields=("alternatives", "alternatives_note"),
        files=("alternatives.csv",),
        layers=("alternatives",),
    ),
    Kind(
        "capacity_siting",
        "Siting the programme under the limits of capacity",
        capacity_siting.study,
        solves=True,
        asked=lambda case: bool(getattr(case.scenario.settings.capacity, "siting", False)),
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
    wanted = [kind for kind in STUDIES if (solving or not kind.solves) and kind.asked(case)]
    for at, kind in enumerate(wanted):
        report(kind.saying, at / len(wanted))
        made = kind.make(replace(case, done=done))
        if made is not None:
            done[kind.name] = made
    return done

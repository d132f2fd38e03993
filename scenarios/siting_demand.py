"""Whom siting counts: residents of each year, and visits where an objective counts them."""

from __future__ import annotations

from typing import Any

from foundation.errors import InvalidInput
from geodata.country import Country
from planning.kinds import KindOfPlace
from planning.population import Growth, people_by_year
from planning.visits import parts_of
from scenarios.files import Scenario
from scenarios.sections.demand import Demand
from scenarios.studies.visits import visits_for


def demand_of(scenario: Scenario, country: Country, kinds: tuple[KindOfPlace, ...]) -> dict[str, Any]:
    """
    Return the fields of `Request` that a scenario's objectives ask for beside the country's own people.

    `kinds` are those of the programme; visits are parted by the places that can serve them.

    Raises
    ------
    InvalidInput
        When visits are an objective and the scenario has no section `demand`.
    """
    years = scenario.settings.years
    part = scenario.settings.objectives
    section: Demand | None = getattr(scenario.settings, "demand", None)
    found: dict[str, Any] = {}
    if part.people != "recorded":
        growth = Growth() if section is None else section.build().growth
        found["people_by_year"] = people_by_year(country, years, part.people, growth=growth)
    if any(aim.of != "people" for aim in part.order):
        visits = visits_for(scenario, country, years)
        if visits is None:
            raise InvalidInput("An objective counts visits. Add the section demand to the scenario.")
        case = part.visits_case or "mid"
        found["demand"] = {
            "visits": parts_of(visits, kinds, case),
            "priority_visits": parts_of(visits, kinds, case, worth=visits.priority),
        }
    return found

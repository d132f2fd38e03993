"""
The study of visits: who needs which service, by year and place, and what each centre sees.

It is made when the scenario has a section `demand`. Where visits are an objective they are computed
before siting by the same function, `visits_for`.
"""

from __future__ import annotations

from collections.abc import Sequence

from geodata.country import Country
from planning.visits import Visits, journeys_saved, visits_of
from scenarios.files import Scenario
from scenarios.sections.demand import Demand
from scenarios.studies.case import Case, Study
from scenarios.studies.visits_lists import compared_table, services_table
from scenarios.studies.visits_record import (
    centre_visits,
    layer_of,
    record_of,
    saved_layer,
    saved_record,
    saved_table,
    years_table,
)
from scenarios.studies.visits_roadmap import roadmap_record
from scenarios.studies.ways import one_stop_minutes, ways_of


def visits_for(scenario: Scenario, country: Country, years: Sequence[int]) -> Visits | None:
    """
    Compute the visits a scenario asks for; None when it has no section `demand`.

    Raises
    ------
    NotFound, InvalidInput
        If the country has no service lines, or not what the section names.
    """
    section: Demand | None = getattr(scenario.settings, "demand", None)
    if section is None:
        return None
    lots = getattr(scenario.settings, "partnership", None)
    term = None if lots is None else (lots.starts or years[-1]) + lots.term_years - 1
    return visits_of(country, years, section.build(), used_until=term)


def study(case: Case) -> Study | None:
    """Say the visits of the plan by year, place, service and centre, and the journeys saved."""
    visits = visits_for(case.scenario, case.country, case.plan.programme.years)
    if visits is None:
        return None
    final = case.plan.networks[-1]
    ways = ways_of(case)
    saved = journeys_saved(case.country, visits, one_stop_minutes(case, ways), year=final.year)
    centres = centre_visits(case, visits, ways)
    bundles = saved_table(case, saved)
    return Study(
        record={
            "visits": record_of(case, visits, centres) | {"roadmap": roadmap_record(case.country)},
            "journeys_saved": saved_record(case, visits, saved, bundles),
        },
        tables={
            "visits_by_year.csv": years_table(case, visits),
            "visits_by_centre.csv": centres.table,
            "visits_services.csv": services_table(case, visits),
            "visits_compared.csv": compared_table(case, visits),
            "journeys_saved.csv": bundles,
        },
        layers={"visits": layer_of(case, visits), "journeys_saved": saved_layer(case, bundles)},
        answer=visits,
    )

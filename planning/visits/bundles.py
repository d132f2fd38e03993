"""
Life-event bundles: journeys and hours that one place for all services saves.

Someone with a life event goes to each agency that needs them in person; at a comprehensive centre
one journey does. With p the chance that a step is done in person (1 for presence, else 1 less the
available share times the take-up), steps independent of each other (assumed):

    apart    = sum over agencies of 1 - product of (1 - p) over the agency's steps
    together = 1 - product of (1 - p) over all steps
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.country import Country
from planning.visits.answer import Visits
from planning.visits.lines import agencies_in
from planning.visits.residents import eligible_people, residents, shares_of, take_up

Floats = NDArray[np.float64]
GROUPS = ("all", "elderly", "disabled")


@dataclass(frozen=True, slots=True)
class JourneysSaved:
    """
    What centres save in one year; mid case, planned digital curve; modelled.

    Attributes
    ----------
    events
        E life event ids.
    per_event
        (E,) journeys saved by one event, mean over the people it happens to; NaN where nobody.
    journeys, hours
        By group ("all", "elderly", "disabled"; the last two overlap): (E, n) journeys and
        hours saved a year. 0 where no centre can be reached.
    share
        Share of the events brought to a centre: the scale factor of the visits, at most 1.
    """

    year: int
    events: tuple[str, ...]
    per_event: Floats
    journeys: Mapping[str, Floats]
    hours: Mapping[str, Floats]
    share: float


def journeys_saved(country: Country, visits: Visits, minutes: Floats, *, year: int) -> JourneysSaved:
    """
    Compute journeys and hours saved.

    Parameters
    ----------
    minutes
        (n,) travel to the nearest open centre, inf where there is none; it also stands for the
        way to each separate office, whose place is not recorded (assumed).
    year
        One of `visits.years`. An hour count is both ways plus the stated hours a journey.
    """
    settings, events = visits.settings, country.records.life_events
    t = visits.years.index(year)
    of = shares_of(country, settings.refugees)
    people = residents(country, [year], settings, "mid", of)
    available = float(visits.available["planned"][t])
    share = min(1.0, visits.fit.factor)
    reached = np.isfinite(minutes)
    cost = np.where(reached, 2.0 * np.where(reached, minutes, 0.0) / 60.0 + settings.bundle_hours, 0.0)
    giving = agencies_in(country, year, settings)
    journeys = {group: np.zeros((len(events), minutes.size)) for group in GROUPS}
    mean = np.full(len(events), np.nan)
    for group in GROUPS:
        took = take_up(of, [year], settings.take_up, group=group)[0] * (1.0 - settings.take_up.assisted)
        part = {"elderly": of.elderly, "disabled": of.disabled}.get(group, 1.0)
        for e, event in enumerate(events.itertuples()):
            name = str(event.event_id)
            who = eligible_people(people, str(event.eligible), service=name)[0] * float(str(event.use_rate))
            saved = _saved(country, name, giving, 1.0 - available * took)
            journeys[group][e] = who * part * saved * share * reached
            if group == "all" and who.sum() > 0:
                mean[e] = float((who * saved).sum() / who.sum())
    return JourneysSaved(
        year=year,
        events=tuple(str(event) for event in events["event_id"]),
        per_event=mean,
        journeys=journeys,
        hours={group: found * cost for group, found in journeys.items()},
        share=share,
    )


def _saved(country: Country, event: str, giving: Mapping[str, str], at_counter: Floats) -> Floats:
    """(n,) journeys that one event saves, given the chance at each point that a digital step is not used."""
    steps = country.records.life_event_steps
    flagged = country.records.services.set_index("service_id")[["needs_presence", "cannot_be_digitised"]].any(axis=1)
    absent: dict[str, Floats] = {}
    for step in steps[steps["event_id"] == event].itertuples():
        agency = giving[str(step.agency_id)]
        if not agency:
            continue
        never = np.zeros_like(at_counter) if _in_person(step, flagged) else 1.0 - at_counter
        absent[agency] = absent.get(agency, np.ones_like(at_counter)) * never
    if not absent:
        return np.zeros_like(at_counter)
    apart = np.sum([1.0 - never for never in absent.values()], axis=0)
    together = 1.0 - np.prod(list(absent.values()), axis=0)
    return np.asarray(apart - together)


def _in_person(step: Any, flagged: Any) -> bool:
    return bool(step.needs_presence) or (step.service_id != "" and bool(flagged[step.service_id]))

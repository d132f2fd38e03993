"""
What the studies of a plan would refuse, refused before anything is solved.

Only what needs no plan is looked at here: names that the country must know, and years that must fit each
other. That a site of an event has a centre already is known with the plan alone; it is then said, not refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from foundation.errors import InvalidInput, Phrase, listed
from geodata.country import Country
from planning.kinds import BASE, PARTIAL
from planning.partnership import PartnershipSettings
from planning.siting.naming import unknown
from scenarios.files import Scenario


def check_asked(scenario: Scenario, country: Country) -> None:
    """
    Refuse what no study of any plan of the scenario could answer.

    Raises
    ------
    InvalidInput
        Says all of it, field by field, each wrong name with the nearest correct one.
    """
    settings = scenario.settings
    faults = [*_capacity(scenario, country), *_questions(scenario, country)]
    if settings.compare and not settings.programme.quotas:
        faults.append(Phrase("compare: the other reading of the quota needs a quota"))
    if settings.partnership is not None:
        faults += _partnership(settings.partnership.build(), tuple(settings.years), country)
    if faults:
        raise InvalidInput("The scenario asks for what cannot be answered: {faults}.", faults=listed(faults))


def _capacity(scenario: Scenario, country: Country) -> Iterator[Phrase]:
    section = scenario.settings.capacity
    if section is None:
        return
    sites = [limit.site for limit in section.limits if limit.site is not None]
    yield from _names("capacity.limits", "site", sites, set(country.candidates["site_id"]))
    kinds = [limit.kind for limit in section.limits if limit.kind is not None]
    yield from _names("capacity.limits", "kind", kinds, {BASE, PARTIAL, *(kind.id for kind in scenario.settings.kinds)})
    if section.visits_per_resident is not None and scenario.settings.demand is not None:
        yield Phrase("remove capacity.visits_per_resident: the section demand says how many visits there are")


def _questions(scenario: Scenario, country: Country) -> Iterator[Phrase]:
    asked = scenario.settings.questions
    if asked.why_not is not None and asked.why_not.exact != "all":
        yield from _names("questions.why_not.exact", "site", asked.why_not.exact, set(country.candidates["site_id"]))


def _partnership(settings: PartnershipSettings, years: tuple[int, ...], country: Country) -> Iterator[Phrase]:
    events = settings.events
    opened = [event.site for event in events if event.site]
    withdrawn = [service for event in events for service in event.services]
    yield from _names("partnership.events", "site", opened, set(country.candidates["site_id"]))
    yield from _names("partnership.events", "service", withdrawn, set(country.records.services["service_id"]))
    stated = settings.future.take_up
    if stated and stated[0][0] <= years[-1]:
        said = {"year": str(stated[0][0]), "last": str(years[-1])}
        yield Phrase("partnership.future.take_up: a share is stated for {year}; expected years after {last}", said)
    if settings.starts is None:
        return
    if settings.starts < years[0]:
        said = {"year": str(settings.starts), "first": str(years[0])}
        yield Phrase("partnership.starts is {year}, before the programme's first year {first}", said)
    last = settings.starts + settings.term_years - 1
    for event in events:
        if not settings.starts <= event.year <= last:
            said = {"year": str(event.year), "first": str(settings.starts), "last": str(last)}
            yield Phrase("partnership.events: {year} lies outside the term, {first} to {last}", said)


def _names(field: str, what: str, named: list[str], known: set[str]) -> Iterator[Phrase]:
    for name in dict.fromkeys(named):
        if name not in known:
            yield Phrase("{field}: {fault}", {"field": field, "fault": unknown(what, name, known)})

"""
The study of capacity: counters, staff and halls from visits, and who finds room.

Reads the study of visits; without one it works from residents, where the scenario states visits a
resident, and is not made otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from planning.capacity import Capacity, CapacitySettings, Centres, Flow, Near, Opening, capacity_of
from planning.offers import ANY_PLACE, Offer
from planning.siting.choices import options_of
from planning.siting.options import Options
from planning.visits import Visits, parts_of
from planning.visits.settings import Calendar, VisitSettings
from scenarios.studies.capacity_record import layer_of, record_of, split_table, table_of
from scenarios.studies.case import Case, Study
from scenarios.studies.ways import ways_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Demand:
    """
    What capacity has to serve.

    Attributes
    ----------
    visits
        By case and offer, (T, n) visits a year.
    source
        "visits" or "residents".
    modelled
        The visits that the parts were made from; None from residents.
    """

    visits: Mapping[str, Mapping[Offer, Floats]]
    calendar: Calendar
    peak_month_factor: float
    source: str
    modelled: Visits | None = None

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The same for every case."""
        return tuple(next(iter(self.visits.values())))


def study(case: Case) -> Study | None:
    """
    Size the plan's centres and share its visits out; None when the scenario does not ask for it.

    Raises
    ------
    InvalidInput
        When a limit names a site that is no candidate, or the settings do not hold together.
    """
    section = getattr(case.scenario.settings, "capacity", None)
    if section is None:
        return None
    settings: CapacitySettings = section.build()
    demand = _demand(case, settings)
    if demand is None:
        return None
    unused = _unused_limits(case, settings)
    found = capacity_of(
        flows_of(case, demand, near=settings.policy == "with_room"),
        centres_of(case),
        settings,
        opening_of(demand.calendar),
        peak_month_factor=demand.peak_month_factor,
    )
    splits = split_table(case, found)
    centre_rows = table_of(case, found)
    record = record_of(found, centre_rows, splits, demand.source, demand.peak_month_factor, unused)
    return Study(
        record={"capacity": record},
        tables={"capacity.csv": centre_rows, "capacity_split.csv": splits},
        layers={"capacity": layer_of(case, found, centre_rows)},
        answer=found,
    )


def capacity_answer(case: Case) -> Capacity | None:
    """Return what the study of capacity answered, for a later study; None when it was not made."""
    made = case.done.get("capacity")
    return None if made is None else cast(Capacity, made.answer)


def centres_of(case: Case) -> Centres:
    """Return the plan's centres in the order of its table, mobile units among them."""
    sites, options = case.plan.sites, options_of(case.country, case.request.programme, case.request.standard)
    ids = case.country.candidates["site_id"].to_numpy(dtype=str)
    position = {(str(ids[site]), options.kinds[kind]): i for i, (site, kind) in enumerate(_pairs(options))}
    kinds = tuple(str(kind) for kind in sites["kind"])
    positions = [position[str(site), kind] for site, kind in zip(sites["site_id"], kinds, strict=True)]
    return Centres(
        tuple(str(name) for name in sites["id"]),
        kinds,
        np.array(positions, dtype=np.int64),
        np.asarray(sites["capacity_visits"].astype("Float64").fillna(np.inf), dtype=np.float64),
        (sites["form"] != "mobile").to_numpy(dtype=bool),
    )


def flows_of(case: Case, demand: Demand, *, near: bool) -> list[Flow]:
    """Part the visits by the places that can serve them; `near`: with the journeys within the standard."""
    ways = ways_of(case)
    flows = []
    for offer in demand.offers:
        pairs = ways.pairs(offer) if near else None
        flows.append(
            Flow(
                {name: by_offer[offer] for name, by_offer in demand.visits.items()},
                ways.networks(offer),
                None if pairs is None else Near(pairs.point, pairs.option, pairs.minutes),
                offer,
            )
        )
    return flows


def opening_of(calendar: Calendar) -> Opening:
    """Say the demand's calendar in capacity's plain numbers."""
    return Opening(
        days_per_week=calendar.days_per_week,
        hours_per_day=calendar.hours_per_day,
        closed_days=calendar.closed_days,
        ramadan_days=calendar.ramadan_days,
        ramadan_hours=calendar.ramadan_hours,
    )


def _demand(case: Case, settings: CapacitySettings) -> Demand | None:
    years = [place.year for place in case.plan.networks]
    made = case.done.get("visits")
    if made is not None:
        visits = cast(Visits, made.answer)
        at = [visits.years.index(year) for year in years]
        kinds = case.request.programme.kinds
        amounts = {
            name: {part.offer: part.amount[at] for part in parts_of(visits, kinds, name)} for name in visits.amount
        }
        return Demand(amounts, visits.settings.calendar, visits.settings.peak_month_factor, "visits", visits)
    if settings.visits_per_resident is None:
        return None
    people = case.country.people["people"].to_numpy(dtype=np.float64)
    stated = VisitSettings()
    same = np.tile(people * settings.visits_per_resident, (len(years), 1))
    return Demand({"mid": {ANY_PLACE: same}}, stated.calendar, stated.peak_month_factor, "residents")


def _unused_limits(case: Case, settings: CapacitySettings) -> list[str]:
    """Name the limits on sites and kinds that no centre of the plan is."""
    centres, kinds = set(case.plan.sites["id"]), set(case.plan.sites["kind"])
    named = [limit.site or limit.kind for limit in settings.limits]
    return [str(name) for name in named if name not in centres | kinds]


def _pairs(options: Options) -> Iterator[tuple[int, int]]:
    return zip(options.site.tolist(), options.kind.tolist(), strict=True)

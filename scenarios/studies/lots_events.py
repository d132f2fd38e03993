"""The public centres that events of a tender open, as the tender's centres see them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.kinds import BASE
from planning.network import places_at
from planning.offers import Offer
from planning.partnership import Ground, Opened, PartnershipSettings, Suited
from planning.siting.where import metric_xy
from planning.visits import Visits, offers_of
from scenarios.studies.capacity import centres_of
from scenarios.studies.case import Case
from scenarios.studies.lots_ground import Seen
from scenarios.studies.ways import Ways

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def opened_by_events(
    case: Case, seen: Seen, ways: Ways, visits: Visits, judged: Suited, settings: PartnershipSettings
) -> dict[int, Opened]:
    """
    See each public centre of an event as the tender's centres do, by the number of the event.

    A public centre gives what a comprehensive one does; it draws the visits of the last year of the programme whose
    people it is nearer to than the place they go to. Where the plan has a centre already, it draws nothing.
    """
    ids = [str(site) for site in case.country.candidates["site_id"]]
    taken = {int(site) for site in case.plan.networks[-1].open_sites}
    held, xy = _held(case, seen, ways, visits), metric_xy(case.country)
    found = {}
    for number, event in enumerate(settings.events):
        if event.what != "public_centre":
            continue
        site = ids.index(event.site)
        km = np.array([float(seen.ground.km(one, xy[[site]])[0]) for one in judged.chosen])
        share = np.zeros((len(judged.chosen), len(visits.services)))
        if site not in taken:
            minutes = case.journeys.nearest(np.array([site])).minutes
            share = _shares(held, ways, visits, site, minutes, seen.rows.size)[list(judged.chosen)]
        found[number] = Opened(share, km)
    return found


def already_open(ground: Ground, site: str) -> bool:
    """Tell whether the plan has a centre at a site at its end."""
    return site in ground.ids


def _held(case: Case, seen: Seen, ways: Ways, visits: Visits) -> dict[Offer, Ints]:
    """(n,) the centre each point's visits go to in the last year, for every offer that a service needs."""
    positions = centres_of(case).positions[seen.rows]
    year = visits.years.index(case.plan.networks[-1].year)
    offers = set(offers_of(visits, ways.kinds)[year])
    return {offer: places_at(positions, ways.networks(offer)[-1].nearest_option) for offer in offers}


def _shares(held: dict[Offer, Ints], ways: Ways, visits: Visits, site: int, minutes: Floats, centres: int) -> Floats:
    """(k, S) share of each centre's visits, by service, that live nearer to a new public centre at a site."""
    year = visits.years.index(ways.plan[-1].year)
    amount = visits.amount["mid"][:, year, :]
    share = np.zeros((centres, len(visits.services)))
    for s, offer in enumerate(offers_of(visits, ways.kinds)[year]):
        here = held[offer]
        drawn = (here >= 0) & (minutes < ways.networks(offer)[-1].minutes) & _gives(ways, offer, site)
        total, lost = (
            np.bincount(here[mask], weights=amount[s, mask], minlength=centres) for mask in (here >= 0, drawn)
        )
        share[:, s] = np.divide(lost, total, out=np.zeros(centres), where=total > 0)
    return share


def _gives(ways: Ways, offer: Offer, site: int) -> NDArray[np.bool_]:
    """(n,) True where a comprehensive centre at a site could serve the demand of a point."""
    here = ways.instance.zone_of_point == ways.instance.zone_of_site[site]
    if offer.kinds is not None and BASE not in offer.kinds:
        return np.zeros(here.size, dtype=bool)
    return np.asarray(here if offer.bound else np.ones(here.size, dtype=bool))

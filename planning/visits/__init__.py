"""
Demand in visits: who needs which service, through which channel, in which year.

`visits_of(country, years, settings) -> Visits` is computed before siting, so that it can be an
objective; `visits_by_site` sends it to the nearest centres of a plan.
"""

from planning.visits.answer import CASES, Visits, zone_visits
from planning.visits.bundles import JourneysSaved, journeys_saved
from planning.visits.make import has_services, visits_of
from planning.visits.offered import SiteVisits, offer_of, offers_of, parts_of, visits_by_site
from planning.visits.settings import VisitSettings

__all__ = [
    "CASES",
    "JourneysSaved",
    "SiteVisits",
    "VisitSettings",
    "Visits",
    "has_services",
    "journeys_saved",
    "offer_of",
    "offers_of",
    "parts_of",
    "visits_by_site",
    "visits_of",
    "zone_visits",
]

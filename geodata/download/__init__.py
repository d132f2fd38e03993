"""
Downloads: from the services of the world to a country folder, when the user asks for it and never else.

The addresses are data (`services.yaml`); they were written from the services' documentation and
tried against stand-ins on this machine, not against the live services.
"""

from geodata.download.country import Downloaded, Offer, download_country, offer_country
from geodata.download.fetch import Patience
from geodata.download.services import Nation, nation, read_services

__all__ = [
    "Downloaded",
    "Nation",
    "Offer",
    "Patience",
    "download_country",
    "nation",
    "offer_country",
    "read_services",
]

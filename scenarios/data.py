"""A country's data at the door: what is read of a folder, and fetching one from the services."""

from geodata import DataReport
from geodata import check as check_data
from geodata.download import Downloaded, Offer, download_country, offer_country

__all__ = ["DataReport", "Downloaded", "Offer", "check_data", "download_country", "offer_country"]

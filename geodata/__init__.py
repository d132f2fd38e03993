"""The ground floor of places: sources in, checked frames out. `load` is the way in."""

from geodata.country import Country, Resource
from geodata.load import load
from geodata.pack import files_of

__all__ = ["Country", "Resource", "files_of", "load"]

"""The ground floor of places: sources in, checked frames out. `load` is the way in, `check` says what was read."""

from geodata.country import Country, Resource
from geodata.folder.report import DataReport
from geodata.load import check, load
from geodata.pack import files_of

__all__ = ["Country", "DataReport", "Resource", "check", "files_of", "load"]

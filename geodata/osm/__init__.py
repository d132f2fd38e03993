"""Roads from files: OpenStreetMap extracts and other road lines, to a compact road graph with a report."""

from geodata.osm.gated import read_network
from geodata.osm.network import Network
from geodata.osm.report import NetworkReport
from geodata.osm.speeds import SpeedTable, read_speed_table

__all__ = ["Network", "NetworkReport", "SpeedTable", "read_network", "read_speed_table"]

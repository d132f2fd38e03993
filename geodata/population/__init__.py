"""
Where people live, from any source: rasters of counts, points, polygons with counts.

Reading happens in the gate's child (`cells`); here counts become whole persons at
points, in zones, urban or rural, and not one is lost on the way.
"""

from geodata.population.blocks import Blocks, PopulationSource, read_blocks
from geodata.population.persons import People, persons_of
from geodata.population.settlement import SettlementRule

__all__ = ["Blocks", "People", "PopulationSource", "SettlementRule", "persons_of", "read_blocks"]

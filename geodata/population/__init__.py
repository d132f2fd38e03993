"""
Where people live, from any source: rasters of counts, points, polygons with counts.

Reading happens in the gate's child (`cells`); `blocks` and `persons` make whole persons at
points of it, in zones, urban or rural, and not one is lost on the way. Nothing is imported
here: the child must not load more than it needs.
"""

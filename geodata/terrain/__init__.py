"""
The ground under a journey: slopes that slow a walk, and friction off the road.

A country keeps both as plain grids in its metric plane (`grid.Terrain`), so that a run repeats without the rasters.
Travel asks with arrays: `slope.walking_factors` and `friction.friction_minutes` take straight ways, n of them at
once, and give one number for each; `legs.over_ground` joins the two; `roads.on_slopes` writes slopes into the
minutes of a road graph.
"""

"""The plane in which the Jordan pack is computed: metres, equal area, centred on Jordan."""

from __future__ import annotations

import geopandas as gpd

# Lambert azimuthal equal-area. Jordan straddles UTM zones 36 and 37; within 320 km of this
# centre areas are true and distances are off by less than 0.04 %.
METRIC_CRS = "+proj=laea +lat_0=31.25 +lon_0=37 +datum=WGS84 +units=m +no_defs +type=crs"


def points(lon: object, lat: object) -> gpd.GeoSeries:
    """Turn degrees into points in the metric plane."""
    return gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs(METRIC_CRS)

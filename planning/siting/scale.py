"""The scale of the Kolm-Pollak equivalent, the same for every plan of a country."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from geodata.country import Country
from planning.aims import Objectives
from planning.equity import ede_alpha
from planning.results import EquityScale
from planning.travel import nearest


def equity_scale(country: Country, objectives: Objectives) -> EquityScale:
    """
    Return the scale of the Kolm-Pollak figure, the same for every plan of a country.

    The reference distribution is travel to the nearest district seat, where offices of
    government traditionally stand; it depends on no plan and no candidate.
    """
    seats = country.districts[["district_id", "lon", "lat"]].rename(columns={"district_id": "site_id"})
    points = gpd.GeoDataFrame(seats, geometry=gpd.points_from_xy(seats["lon"], seats["lat"]), crs="EPSG:4326")
    reference = nearest(country, points).minutes
    cap = float(objectives.cap_minutes)
    alpha = ede_alpha(reference, country.people["people"].to_numpy(dtype=np.int64), cap_minutes=cap)
    return EquityScale(objectives.aversion, alpha, cap)

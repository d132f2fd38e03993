"""
What must hold between the tables of a country: ids, sums and positions.

People are conserved: demand points sum to every governorate, urban and rural apart, and
governorates to the nation (law 4). Positions lie inside the country, not in the sea of a
swapped latitude. Every refusal names file, row and field.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from foundation.errors import InvalidInput
from geodata.tables import refuse_row

SUMS = (("urban", "rural"), ("male", "female"))


def check_links(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> None:
    """Refuse a zone_id, district_id or site_id that its table does not have, and an empty part."""
    for part, table in tables.items():
        if table.empty and part in ("zones", "districts", "people", "candidates"):
            raise InvalidInput("{file}: no rows. Add at least one.", file=files[part])
    for part, field, home, empty_ok in (
        ("districts", "zone_id", "zones", False),
        ("people", "zone_id", "zones", False),
        ("people", "district_id", "districts", False),
        ("groups", "zone_id", "zones", False),
        ("places", "zone_id", "zones", False),
        ("candidates", "zone_id", "zones", False),
        ("candidates", "district_id", "districts", False),
        ("centres", "zone_id", "zones", False),
        ("centres", "site_id", "candidates", True),
        ("offices", "zone_id", "zones", False),
    ):
        values, known = tables[part][field], tables[home][field]
        bad = ~values.isin(known) & ~((values == "") & empty_ok)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise refuse_row(files[part], row, field, values.iloc[row], "one of those in {home}", home=files[home])
    _check_same_zone(tables, files)


def _check_same_zone(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> None:
    zone_of = tables["districts"].set_index("district_id")["zone_id"]
    for part in ("people", "candidates"):
        table = tables[part]
        bad = table["district_id"].map(zone_of) != table["zone_id"]
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise refuse_row(
                files[part], row, "district_id", table["district_id"].iloc[row], "a district of the row's own zone_id"
            )


def check_people(zones: pd.DataFrame, people: pd.DataFrame, total: int, files: Mapping[str, str]) -> None:
    """Refuse people that do not sum: sexes and settlement types, points to zones, zones to the nation."""
    for parts in SUMS:
        short = zones[list(parts)].sum(axis=1) != zones["population"]
        if short.any():
            row = int(np.flatnonzero(short)[0])
            raise refuse_row(
                files["zones"],
                row,
                "population",
                zones["population"].iloc[row],
                "the sum of {parts}",
                parts=" + ".join(parts),
            )
    if int(zones["population"].sum()) != total:
        raise InvalidInput(
            "{file}: the governorates hold {found} people, population_total of country.yaml is {expected}. "
            "Correct one of them.",
            file=files["zones"],
            found=int(zones["population"].sum()),
            expected=total,
        )
    held = people.groupby(["zone_id", "settlement"])["people"].sum()
    for zone in zones.itertuples():
        for settlement in ("urban", "rural"):
            found = int(held.get((zone.zone_id, settlement), 0))
            expected = int(getattr(zone, settlement))
            if found != expected:
                raise InvalidInput(
                    "{file}: the {settlement} points of {zone} hold {found} people; expected {expected} as in "
                    "{zones}. Scale them so that they sum exactly.",
                    file=files["people"],
                    settlement=settlement,
                    zone=zone.zone_id,
                    found=found,
                    expected=expected,
                    zones=files["zones"],
                )


def check_groups(zones: pd.DataFrame, groups: pd.DataFrame, file: str) -> None:
    """Refuse a zone and group twice, and a zone that lacks one."""
    doubled = groups.duplicated(["zone_id", "group"])
    if doubled.any():
        row = int(np.flatnonzero(doubled)[0])
        raise refuse_row(file, row, "group", groups["group"].iloc[row], "there once for its zone_id")
    wanted = pd.MultiIndex.from_product([zones["zone_id"], ["elderly", "disabled"]])
    missing = wanted.difference(pd.MultiIndex.from_frame(groups[["zone_id", "group"]]))
    if len(missing):
        zone, group = missing[0]
        raise InvalidInput("{file}: no row for {zone}, {group}. Add it.", file=file, zone=zone, group=group)


class Ground:
    """The country's outline, to ask whether positions lie on it."""

    def __init__(self, shapes: gpd.GeoDataFrame, *, metric_crs: str, tolerance_km: float) -> None:
        self._project = Transformer.from_crs("EPSG:4326", metric_crs, always_xy=True)
        metric = shapes.set_index("zone_id").geometry.to_crs(metric_crs)
        self._zones = {zone: shape.buffer(tolerance_km * 1000) for zone, shape in metric.items()}
        self._whole = shapely.union_all(list(self._zones.values()))
        self._tolerance_km = int(tolerance_km) if tolerance_km == int(tolerance_km) else tolerance_km
        for shape in (self._whole, *self._zones.values()):
            shapely.prepare(shape)

    def holds(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """(n,) True where a position is in the country or within the tolerance of it."""
        x, y = self._project.transform(lon, lat)
        return np.asarray(shapely.contains_xy(self._whole, x, y), dtype=bool)

    def check(self, table: pd.DataFrame, file: str, *, own_zone: bool = False) -> None:
        """Refuse a position out of the country (or, if `own_zone`, out of its zone), beyond the tolerance."""
        lon, lat = table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64)
        known = np.isfinite(lon) & np.isfinite(lat)
        halves = np.isfinite(lon) != np.isfinite(lat)
        if halves.any():
            raise refuse_row(file, int(np.flatnonzero(halves)[0]), "lon", "", "filled in together with lat")
        out = known & ~self.holds(np.where(known, lon, 0.0), np.where(known, lat, 0.0))
        if out.any():
            row = int(np.flatnonzero(out)[0])
            if self.holds(lat[row : row + 1], lon[row : row + 1])[0]:
                raise refuse_row(
                    file, row, "lon, lat", f"{lon[row]}, {lat[row]}", "inside the country; it is if they are swapped"
                )
            raise refuse_row(
                file,
                row,
                "lon, lat",
                f"{lon[row]}, {lat[row]}",
                "inside the country or {km} km of it",
                km=self._tolerance_km,
            )
        if own_zone:
            self._check_zone(table, file, lon, lat)

    def _check_zone(self, table: pd.DataFrame, file: str, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
        x, y = self._project.transform(lon, lat)
        for zone, rows in table.groupby("zone_id").indices.items():
            out = ~shapely.contains_xy(self._zones[zone], x[rows], y[rows])
            if out.any():
                row = int(rows[np.flatnonzero(out)[0]])
                raise refuse_row(
                    file,
                    row,
                    "lon, lat",
                    f"{lon[row]}, {lat[row]}",
                    "inside {zone} or {km} km of it",
                    zone=zone,
                    km=self._tolerance_km,
                )

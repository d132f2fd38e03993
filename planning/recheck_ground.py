"""Where things lie and whom a place serves, for the recheck: plain loops that share nothing with the builder."""

from __future__ import annotations

import math

from geodata.country import Country
from planning.kinds import Where
from planning.programme import Programme

Place = tuple[str, str]  # site id, kind


class Ground:
    """Where things lie: straight lines in the country's metric CRS, to the millimetre."""

    def __init__(self, country: Country) -> None:
        flat = country.candidates.geometry.to_crs(country.metric_crs)
        self.ids = [str(site) for site in country.candidates["site_id"]]
        self.at = {site: (point.x, point.y) for site, point in zip(self.ids, flat, strict=True)}
        self.rows = {str(row.site_id): row for row in country.candidates.itertuples()}
        self.points = [(point.x, point.y) for point in country.people.geometry.to_crs(country.metric_crs)]
        self.settlements = [str(kind) for kind in country.people["settlement"]]
        self.zone = {site: str(row.zone_id) for site, row in self.rows.items()}
        self.district = {site: str(row.district_id) for site, row in self.rows.items()}
        self.earliest = dict(zip(self.ids, country.candidates["earliest_year"].fillna(0), strict=True))
        self.partial = {str(c.site_id) for c in country.centres.itertuples() if c.kind == "partial"}

    def km(self, one: str, other: str) -> float:
        """Kilometres between two sites."""
        return round(math.dist(self.at[one], self.at[other]) / 1000.0, 6)

    def settlement(self, site: str) -> str:
        """Settlement type of the nearest demand point."""
        apart = [math.dist(self.at[site], point) for point in self.points]
        return self.settlements[apart.index(min(apart))]

    def fits(self, site: str, where: Where) -> bool:
        """Tell whether a site meets every list that is not empty."""
        row = self.rows[site]
        fits = not where.origins or row.origin in where.origins
        fits = fits and (not where.governorates or row.zone_id in where.governorates)
        fits = fits and (not where.districts or row.district_id in where.districts)
        fits = fits and (not where.sites or site in where.sites)
        return fits and (not where.settlements or self.settlement(site) in where.settlements)


def stops_of(ground: Ground, programme: Programme, place: Place) -> list[str]:
    """Say at which sites a place is visited: its own, or the stops of its round."""
    site, kind = place
    if kind == "partial" or programme.kind(kind).round is None:
        return [site]
    round_ = programme.kind(kind).round
    assert round_ is not None
    for base, stops in round_.routes:
        if base == site:
            return list(stops)
    far = []
    for other in ground.ids:
        km = ground.km(site, other)
        if other != site and km <= round_.daily_range_km and ground.fits(other, round_.stops_at):
            far.append((km, other))
    return [site, *(name for _, name in sorted(far)[: round_.days_per_week - 1])]


def limits_of(programme: Programme, place: Place) -> dict[str, float]:
    """Return a kind's own limits by settlement type; none where the general standard holds."""
    kind = place[1]
    standard = None if kind == "partial" else programme.kind(kind).standard
    if standard is None:
        return {}
    remote = standard.rural if standard.remote is None else standard.remote
    return {"urban": standard.urban, "rural": standard.rural, "remote": remote}

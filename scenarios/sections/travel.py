"""
The section `travel` of a scenario file: how the roads are driven, which are closed or new, and who has no car.

docs/travel.md describes every field. A field that would change nothing is refused.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pyproj import Geod

from foundation.errors import InvalidInput, Unsupported
from planning.journeys.congestion import Factor
from planning.journeys.edits import RoadAdded, RoadClosed, RoadEdit, RoadFactor, RoadSpeed, RoadUpgraded
from planning.journeys.where import Where
from planning.travel import OffRoad, TransportProxy
from planning.travel_sources import AccessSpeeds, RoadSource, TravelSource, travel_source
from planning.without_car import CarlessShare
from scenarios.sections.base import FileName, Part, Share, Text, Word, Year

USUAL = "usual"

Kmh = Annotated[float, Field(ge=1, le=200)]
Congestion = Annotated[float, Field(ge=1, le=20)]
Hour = Annotated[float, Field(ge=0, le=24)]
NodeId = Annotated[str, Field(min_length=1, max_length=100)]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Position = Annotated[list[Lon], Field(min_length=2, max_length=2)]  # lon, lat


class _Near(Part):
    lon: Lon
    lat: Lat
    radius_m: Annotated[float, Field(gt=0, le=20_000)] = 50.0


class _Which(Part):
    """The roads that are meant: one of these."""

    between: Annotated[list[NodeId], Field(min_length=2, max_length=2)] | None = None
    route: Text | None = None
    near: _Near | None = None

    def where(self) -> Where:
        given = [name for name in ("between", "route", "near") if getattr(self, name) is not None]
        if len(given) != 1:
            raise InvalidInput("A road is named by one of between, route and near.")
        if self.between is not None:
            return Where(between=(self.between[0], self.between[1]))
        if self.near is not None:
            return Where(near=(self.near.lon, self.near.lat), radius_m=self.near.radius_m)
        return Where(route=self.route)


class _Speed(Part):
    classes: list[Text] = Field(default_factory=list)
    zones: list[Word] = Field(default_factory=list)
    kmh: Kmh | None = None
    factor: Annotated[float, Field(ge=0.05, le=20)] | None = None

    def edit(self) -> RoadEdit:
        where = Where(classes=tuple(self.classes), zones=tuple(self.zones))
        if self.kmh is not None and self.factor is None:
            return RoadSpeed(where, self.kmh)
        if self.factor is None or self.kmh is not None:
            raise InvalidInput("A speed needs one of kmh and factor.")
        return RoadFactor(where, 1.0 / self.factor)


class _Period(Part):
    id: Word
    from_: Hour | None = Field(default=None, alias="from")
    to: Hour | None = None
    factors: dict[Word, Congestion | Annotated[dict[Text, Congestion], Field(min_length=1)]] = Field(min_length=1)

    @model_validator(mode="after")
    def _hours(self) -> Self:
        if (self.from_ is None) != (self.to is None) or (self.from_ is not None and self.from_ == self.to):
            raise InvalidInput("A period of congestion has both from and to, which differ, or neither.")
        return self

    def hours(self) -> list[tuple[float, float]]:
        """Hours of the day, the end not included; a period over midnight is two."""
        if self.from_ is None or self.to is None:
            return []
        return [(self.from_, self.to)] if self.from_ < self.to else [(self.from_, 24.0), (0.0, self.to)]


class _Congestion(Part):
    judged_at: Word | Hour
    periods: list[_Period] = Field(min_length=1, max_length=24)

    @model_validator(mode="after")
    def _one_at_a_time(self) -> Self:
        ids = [period.id for period in self.periods]
        if len(set(ids)) < len(ids) or USUAL in ids:
            raise InvalidInput("Periods of congestion have ids of their own, none of them 'usual'.")
        spans = sorted(span for period in self.periods for span in period.hours())
        for (_, end), (start, _) in itertools.pairwise(spans):
            if start < end:
                raise InvalidInput("Two periods of congestion hold at hour {hour}. Let them not overlap.", hour=start)
        self.judged()
        return self

    def judged(self) -> _Period | None:
        """Return the period by which the plan is judged; None for congestion as the country's data have it."""
        if self.judged_at == USUAL:
            return None
        for period in self.periods:
            if isinstance(self.judged_at, str):
                if period.id == self.judged_at:
                    return period
            elif any(start <= self.judged_at < end for start, end in period.hours()):
                return period
        raise self._unknown()

    def _unknown(self) -> InvalidInput:
        value = self.judged_at if isinstance(self.judged_at, str) else f"{self.judged_at:g}"
        values = {"value": value, "known": ", ".join(period.id for period in self.periods)}
        hours = ", ".join(f"{p.from_:g}-{p.to:g}" for p in self.periods if p.from_ is not None and p.to is not None)
        if hours:
            return InvalidInput(
                "judged_at is '{value}', which is no period of congestion. Write the id of a period ({known}), an hour "
                "that lies in one ({hours}), or 'usual' for congestion as the country's data have it.",
                hours=hours,
                **values,
            )
        return InvalidInput(
            "judged_at is '{value}', which is no period of congestion. Write the id of a period ({known}), or 'usual' "
            "for congestion as the country's data have it.",
            **values,
        )


class _Closure(_Which):
    years: list[Year] | None = None

    @model_validator(mode="after")
    def _whole_plan(self) -> Self:
        if self.years is not None:
            raise Unsupported(
                "A closure in some years only is not offered: a plan has one table of journeys for all its years. "
                "Leave years out, or plan a second scenario."
            )
        self.where()
        return self


class _Road(_Which):
    what: Literal["added", "upgraded"]
    from_: NodeId | Position | None = Field(default=None, alias="from")
    to: NodeId | Position | None = None
    line: Annotated[list[Position], Field(min_length=2, max_length=10_000)] | None = None
    class_: Text | None = Field(default=None, alias="class")
    kmh: Kmh | None = None
    minutes: Annotated[float, Field(gt=0, le=1440)] | None = None
    km: Annotated[float, Field(gt=0, le=2000)] | None = None
    oneway: bool | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.kmh is not None and self.minutes is not None:
            raise InvalidInput("A road has kmh or minutes, not both.")
        self.edit()
        return self

    def edit(self) -> RoadEdit:
        return self._added() if self.what == "added" else self._upgraded()

    def _upgraded(self) -> RoadEdit:
        self._expect_none("upgraded", "from_", "to", "line", "km", "oneway")
        if self.kmh is None and self.minutes is None and self.class_ is None:
            raise InvalidInput("An upgraded road needs kmh, minutes or a class.")
        return RoadUpgraded(self.where(), self.kmh, self.minutes, self.class_)

    def _added(self) -> RoadEdit:
        self._expect_none("added", "between", "route", "near")
        ends, metres = [self.from_, self.to], None if self.km is None else self.km * 1000.0
        if self.class_ is None:
            raise InvalidInput("An added road needs its class.")
        if self.line is not None:
            self._expect_none("line", "from_", "to", "km")
            ends = [self.line[0], self.line[-1]]
            lon, lat = zip(*self.line, strict=True)
            metres = float(Geod(ellps="WGS84").line_length(lon, lat))
        start, end = (_place(one) for one in ends)
        return RoadAdded(start, end, self.class_, self.kmh, metres, bool(self.oneway), self.minutes)

    def _expect_none(self, beside: str, *names: str) -> None:
        given = [name.rstrip("_") for name in names if getattr(self, name) is not None]
        if given:
            raise InvalidInput(
                "The fields {fields} have no use beside '{beside}'; remove them.",
                fields=", ".join(given),
                beside=beside,
            )


def _place(end: str | list[float] | None) -> str | tuple[float, float]:
    if end is None:
        raise InvalidInput("An added road needs from and to, or a line.")
    return end if isinstance(end, str) else (end[0], end[1])


class _Matrix(Part):
    file: FileName
    missing: Literal["refuse", "no_route"] = "refuse"


class _OffRoad(Part):
    urban_kmh: Kmh | None = None
    rural_kmh: Kmh | None = None
    walk_kmh: Annotated[float, Field(ge=0.5, le=15)] | None = None
    friction: Annotated[float, Field(ge=0.1, le=100)] | None = None
    longest_leg_km: Annotated[float, Field(gt=0, le=500)] | None = None

    @model_validator(mode="after")
    def _used(self) -> Self:
        if not any(dict(self).values()):
            raise InvalidInput("The section off_road says nothing; state a field of it, or remove it.")
        if self.walk_kmh is not None and (self.urban_kmh is not None or self.rural_kmh is not None):
            raise InvalidInput("Who walks to the road (walk_kmh) does not drive there: remove urban_kmh and rural_kmh.")
        return self

    def build(self) -> OffRoad:
        limit = None if self.longest_leg_km is None else self.longest_leg_km * 1000.0
        return OffRoad(self.walk_kmh, 1.0 if self.friction is None else self.friction, limit)


class _Carless(Part):
    share: Share
    zones: list[Word] = Field(default_factory=list)
    districts: list[Word] = Field(default_factory=list)
    settlements: list[Word] = Field(default_factory=list)
    groups: list[Word] = Field(default_factory=list)
    source: Text | None = None

    def build(self) -> CarlessShare:
        places = (tuple(self.zones), tuple(self.districts), tuple(self.settlements), tuple(self.groups))
        return CarlessShare(self.share, *places, source=self.source)


class _Bus(Part):
    wait_minutes: Annotated[float, Field(ge=0, le=600)]
    speed_kmh: Kmh
    first_bus: Hour
    last_bus: Hour
    visit_minutes: Annotated[float, Field(ge=0, le=600)] = 60.0

    def build(self) -> TransportProxy:
        return TransportProxy(self.wait_minutes, self.speed_kmh, self.first_bus, self.last_bus, self.visit_minutes)


class _WithoutCar(Part):
    shares: list[_Carless] = Field(min_length=1, max_length=200)
    bus: _Bus

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        self.bus.build()
        return self


class TravelPart(Part):
    """Journeys otherwise than the country's data have them."""

    speeds: list[_Speed] = Field(default_factory=list, max_length=200)
    congestion: _Congestion | None = None
    closures: list[_Closure] = Field(default_factory=list, max_length=500)
    roads: list[_Road] = Field(default_factory=list, max_length=500)
    matrix: _Matrix | None = None
    gtfs: FileName | None = None
    off_road: _OffRoad | None = None
    without_car: _WithoutCar | None = None

    @model_validator(mode="after")
    def _used(self) -> Self:
        if self.gtfs is not None:
            travel_source("gtfs")
        if not any(dict(self).values()):
            raise InvalidInput("The section travel says nothing; state a field of it, or remove it.")
        roads = [name for name in ("speeds", "congestion", "closures", "roads", "off_road") if getattr(self, name)]
        if self.matrix is not None and roads:
            raise InvalidInput(
                "The fields {fields} have no use beside 'matrix', whose minutes take the place of the roads; remove "
                "them.",
                fields=", ".join(roads),
            )
        self.edits()
        return self

    def edits(self) -> tuple[RoadEdit, ...]:
        """Return the changes of roads in the order in which they are made: speeds, closures, roads."""
        closed = tuple(RoadClosed(closure.where()) for closure in self.closures)
        return tuple(one.edit() for one in self.speeds) + closed + tuple(one.edit() for one in self.roads)

    def source(self, folder: Path) -> TravelSource:
        """Build the journeys by which the plan is judged; relative paths start in `folder`."""
        if self.matrix is not None:
            return travel_source("matrix", path=folder / self.matrix.file, missing=self.matrix.missing)
        judged = None if self.congestion is None else self.congestion.judged()
        return self.at({} if judged is None else judged.factors)

    def at(self, factors: Mapping[str, Factor]) -> RoadSource:
        """Build the journeys under some congestion; none: as the country's data have it."""
        off_road = self.off_road
        return RoadSource(
            edits=self.edits(),
            congestion=factors,
            access=AccessSpeeds() if off_road is None else AccessSpeeds(off_road.urban_kmh, off_road.rural_kmh),
            off_road=None if off_road is None else off_road.build(),
        )

    def shares(self) -> tuple[CarlessShare, ...]:
        """Return the shares of people without a car, in order."""
        return () if self.without_car is None else tuple(share.build() for share in self.without_car.shares)

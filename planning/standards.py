"""
The access standard: how long a journey may take, by where a person lives and who they are.

A limit is inclusive (law 2): exactly 30.0 minutes is within 30. A person of several groups
keeps the strictest of all limits that hold for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput, Phrase, listed
from planning.density import RADIUS_M, density_of

if TYPE_CHECKING:
    from geodata.country import Country

MAIN = "standard"  # the level of the standard itself
SETTLEMENTS = ("urban", "rural", "remote")


@dataclass(frozen=True, slots=True)
class Remote:
    """
    Which rural demand points are remote: those of `districts`, or of a lived density of at most so much.

    Urban points never are. Density is residents per km2 within 3 km of the point (`planning.density`), inclusive.
    """

    districts: tuple[str, ...] = ()
    density_at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Longest acceptable journeys, minutes, inclusive.

    Attributes
    ----------
    urban, rural, remote
        By settlement type; `remote` None: as rural.
    groups
        (group, minutes): for a group's people, wherever they live.
    """

    urban: float
    rural: float
    remote: float | None = None
    groups: tuple[tuple[str, float], ...] = ()

    def of(self, settlement: NDArray[np.object_], members: Iterable[str] = ()) -> NDArray[np.float64]:
        """
        Return (n,) the limit at each point for a person who belongs to the groups `members`.

        Raises
        ------
        InvalidInput
            For a settlement type that is not known.
        """
        known = {"urban": self.urban, "rural": self.rural, "remote": self.rural if self.remote is None else self.remote}
        try:
            found = np.array([known[str(kind)] for kind in settlement], dtype=np.float64)
        except KeyError as error:
            raise InvalidInput(
                "A demand point has the settlement type {found}; expected urban, rural or remote.", found=str(error)
            ) from None
        inside = set(members)
        return np.minimum(found, min([minutes for group, minutes in self.groups if group in inside], default=np.inf))

    def below(self, minutes: float) -> tuple[float, ...]:
        """Return every limit that is shorter than this, ascending."""
        every = {self.urban, self.rural, self.remote or self.rural, *(limit for _, limit in self.groups)}
        return tuple(sorted(limit for limit in every if limit < minutes))

    @property
    def longest(self) -> float:
        """The longest limit of anybody."""
        return max(self.urban, self.rural, self.remote or 0.0)


@dataclass(frozen=True, slots=True)
class Band:
    """A journey within `limits` is worth `benefit`, 0 to 1, where no nearer band holds it."""

    limits: Limits
    benefit: float


@dataclass(frozen=True, slots=True)
class Further:
    """Another standard in the same model: being within it counts `weight` beside the first one's."""

    name: str
    limits: Limits
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Level:
    """One set of limits that coverage counts: being within it adds `weight` a person."""

    name: str
    limits: Limits
    weight: float


@dataclass(frozen=True, slots=True)
class Standard:
    """
    Longest acceptable journey to a centre, in minutes, inclusive.

    Attributes
    ----------
    urban_minutes, rural_minutes, remote_minutes
        By settlement type; `remote_minutes` goes with `remote`, which says where that is.
    partial_counts
        Whether a centre of kind "partial" (some services only) meets the standard.
    groups
        (group, minutes), stricter than the general limit somewhere; a group of `Country.groups`.
    bands
        Graduated benefit, nearest first; coverage then counts benefit instead of people. Benefits
        must not rise with distance.
    weight, further
        Several standards at once: what being within this one counts, and the others.

    Raises
    ------
    InvalidInput
        On construction, with every fault at once.
    """

    urban_minutes: float = 30.0
    rural_minutes: float = 60.0
    partial_counts: bool = False
    remote_minutes: float | None = None
    remote: Remote | None = None
    groups: tuple[tuple[str, float], ...] = ()
    bands: tuple[Band, ...] = ()
    weight: float = 1.0
    further: tuple[Further, ...] = ()

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise InvalidInput("The standard does not hold together: {faults}.", faults=listed(faults))

    @property
    def main(self) -> Limits:
        """The limits of the standard itself, by which people are said to be within it."""
        return Limits(self.urban_minutes, self.rural_minutes, self.remote_minutes, self.groups)

    def levels(self) -> tuple[Level, ...]:
        """
        Return what coverage counts, the standard itself first.

        A person within several levels counts for each; a band adds its benefit less the next one's, so that
        a journey within the nearest band is worth that band's benefit (and the standard itself adds nothing).
        """
        if self.bands:
            after = [band.benefit for band in self.bands[1:]] + [0.0]
            own = [
                Level(f"band {at}", band.limits, self.weight * (band.benefit - rest))
                for at, (band, rest) in enumerate(zip(self.bands, after, strict=True), start=1)
            ]
            own.insert(0, Level(MAIN, self.main, 0.0))
        else:
            own = [Level(MAIN, self.main, self.weight)]
        return (*own, *(Level(each.name, each.limits, each.weight) for each in self.further))

    @property
    def longest_minutes(self) -> float:
        """The longest limit of any level."""
        return max(level.limits.longest for level in self.levels())

    def group_names(self) -> tuple[str, ...]:
        """Groups that have a limit of their own in some level."""
        return tuple(sorted({group for level in self.levels() for group, _ in level.limits.groups}))

    def limits(self, settlement: NDArray[np.object_]) -> NDArray[np.float64]:
        """
        Return the limit at each demand point for people of no group.

        Parameters
        ----------
        settlement
            (n,) "urban", "rural" or "remote"; see `settlements`.

        Returns
        -------
        limits
            (n,) minutes.

        Raises
        ------
        InvalidInput
            For any other settlement type.
        """
        return self.main.of(settlement)

    def settlements(self, country: Country) -> NDArray[np.object_]:
        """
        Return (n,) the settlement type of each demand point: as recorded, or "remote" where the rule says so.

        Raises
        ------
        InvalidInput
            For a district the country does not have.
        """
        recorded: NDArray[np.object_] = country.people["settlement"].to_numpy(dtype=object).copy()
        if self.remote is None:
            return recorded
        known = set(country.districts["district_id"].astype(str))
        unknown = sorted(set(self.remote.districts) - known)
        if unknown:
            raise InvalidInput(
                "The standard calls the district '{id}' remote; {country} has no such district. Use ids of its "
                "districts table.",
                id=unknown[0],
                country=country.name_en,
            )
        far = np.isin(country.people["district_id"].to_numpy(dtype=object).astype(str), self.remote.districts)
        if self.remote.density_at_most is not None:
            far |= density_of(country, radius_m=RADIUS_M) <= self.remote.density_at_most
        recorded[far & (recorded == "rural")] = "remote"
        return recorded


def _faults(standard: Standard) -> Iterator[Phrase]:
    if (standard.remote is None) != (standard.remote_minutes is None):
        yield Phrase("remote and remote_minutes go together: where is remote, and how long a journey is allowed there")
    if standard.remote is not None and not standard.remote.districts and standard.remote.density_at_most is None:
        yield Phrase("remote names no district and no density; give at least one")
    yield from _group_faults(standard, standard.main)
    if standard.weight != 1.0 and not standard.further:
        yield Phrase("weight changes nothing without a further standard")
    sets = [(Phrase("further standard '{name}'", {"name": f.name}), f.limits) for f in standard.further]
    sets += [(Phrase("band {n}", {"n": at}), band.limits) for at, band in enumerate(standard.bands, start=1)]
    for who, limits in sets:
        yield from _group_faults(standard, limits)
        if (limits.remote is None) != (standard.remote is None):
            yield Phrase("{who} must have remote_minutes if and only if the standard has", {"who": who})
    names = [each.name for each in standard.further]
    for name in sorted({name for name in names if names.count(name) > 1 or name == MAIN}):
        yield Phrase("two standards are called '{name}'", {"name": name})
    for each in standard.further:
        if not each.weight > 0:
            yield Phrase(
                "further standard '{name}' has weight {weight}; expected above 0",
                {"name": each.name, "weight": each.weight},
            )
    yield from _band_faults(standard)


def _group_faults(standard: Standard, limits: Limits) -> Iterator[Phrase]:
    names = [group for group, _ in limits.groups]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Phrase("the group '{group}' has two limits in one standard", {"group": name})
    for group, minutes in limits.groups:
        if minutes >= limits.longest:
            yield Phrase(
                "the group '{group}' has {minutes} minutes, which is nowhere stricter than the general limit; the "
                "strictest limit of a person counts, so this one never would",
                {"group": group, "minutes": minutes},
            )


def _band_faults(standard: Standard) -> Iterator[Phrase]:
    asked = {group for group, _ in standard.groups}
    for at, band in enumerate(standard.bands, start=1):
        values: dict[str, object] = {"n": at, "benefit": band.benefit}
        if not 0.0 < band.benefit <= 1.0:
            yield Phrase("band {n} has benefit {benefit}; expected above 0, at most 1", values)
        if {group for group, _ in band.limits.groups} != asked:
            yield Phrase("band {n} must give minutes for the very groups the standard has", values)
    for at, (band, after) in enumerate(zip(standard.bands, standard.bands[1:], strict=False), start=1):
        values = {"n": at, "next": at + 1}
        if after.benefit > band.benefit:
            yield Phrase(
                "band {next} is worth more than band {n}, which is nearer; benefits must not rise with distance", values
            )
        elif after.benefit == band.benefit:
            yield Phrase("band {n} is worth what band {next} is, which holds it; keep the wider one", values)
        near, far = _minutes(band.limits), _minutes(after.limits)
        if any(far[key] < near[key] for key in near.keys() & far.keys()) or far == near:
            yield Phrase("band {next} must reach at least as far as band {n} everywhere, and farther somewhere", values)


def _minutes(limits: Limits) -> dict[str, float]:
    found = {"urban": limits.urban, "rural": limits.rural} | dict(limits.groups)
    return found | ({} if limits.remote is None else {"remote": limits.remote})


def within(minutes: NDArray[np.float64], limits: NDArray[np.float64]) -> NDArray[np.bool_]:
    """
    Say which journeys meet the standard.

    Parameters
    ----------
    minutes
        (n, m) journey from demand point i to site j; inf where there is no route, never NaN.
    limits
        (n,) longest acceptable journey, inclusive.

    Returns
    -------
    within
        (n, m) True where ``minutes <= limit``; never where there is no route.
    """
    if minutes.ndim != 2 or minutes.shape[0] != limits.size:
        raise InvalidInput(
            "minutes is {found}; expected one row for each of the {n} limits.",
            found=str(minutes.shape),
            n=limits.size,
        )
    if np.isnan(minutes).any():
        raise InvalidInput("minutes holds NaN; write inf where there is no route.")
    return (minutes <= limits[:, None]) & np.isfinite(minutes)

"""
The programme: how many centres begin and operate in which year, and what must hold.

Data, never code: `scenarios` builds these from a scenario file. *Begun* and
*operating* are different years. The numbers are of comprehensive centres; a
centre once operating stays open.
"""

from __future__ import annotations

from dataclasses import dataclass

from foundation.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Tranche:
    """`count` new centres, begun in one year and operating from another (inclusive)."""

    id: str
    title_en: str
    title_ar: str
    count: int
    begun: int
    operating: int


@dataclass(frozen=True, slots=True)
class FixedCentre:
    """A centre open in every plan from its operating year on; counts beside the tranches."""

    site_id: str
    begun: int | None
    operating: int


@dataclass(frozen=True, slots=True)
class ZoneQuota:
    """
    At least `at_least` operating centres in each governorate from year `from_year` on.

    `fixed_count` says whether a fixed centre meets its governorate's quota.
    """

    at_least: int
    from_year: int
    fixed_count: bool = True


@dataclass(frozen=True, slots=True)
class PrivateLabel:
    """
    How many of the programme's centres are privately operated.

    Private operation does not change reach, so the label is given after siting,
    to the centres of the highest expected visits among those operating in year
    `operating` (then later ones), never to a governorate's only centre, never to a
    fixed one.
    """

    count: int
    offered: int
    operating: int


@dataclass(frozen=True, slots=True)
class Programme:
    """
    A siting programme over `years` (consecutive, ascending).

    Raises
    ------
    InvalidInput
        On construction, with every fault at once.
    """

    years: tuple[int, ...]
    tranches: tuple[Tranche, ...]
    fixed: tuple[FixedCentre, ...] = ()
    zone_quotas: tuple[ZoneQuota, ...] = ()
    private: PrivateLabel | None = None

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise InvalidInput("The programme does not hold together: {faults}", faults="; ".join(faults) + ".")

    def operating(self, year: int) -> int:
        """Centres operating at the end of `year`, fixed ones included."""
        return sum(f.operating <= year for f in self.fixed) + sum(t.count for t in self.tranches if t.operating <= year)

    def begun(self, year: int) -> int:
        """Centres begun by the end of `year`, fixed ones included (unknown begin: its operating year)."""
        return sum((f.begun or f.operating) <= year for f in self.fixed) + sum(
            t.count for t in self.tranches if t.begun <= year
        )

    def begun_year_of(self, operating_year: int) -> int | None:
        """Begin year of the (earliest begun) tranche that operates from `operating_year`."""
        return min((t.begun for t in self.tranches if t.operating == operating_year), default=None)

    @property
    def final_year(self) -> int:
        """The last year of the programme."""
        return self.years[-1]


def _faults(programme: Programme) -> list[str]:
    years = programme.years
    found: list[str] = []
    if not years or list(years) != list(range(years[0], years[0] + len(years))):
        return ["years must be consecutive and ascending, for instance [2022, 2023, 2024, 2025]"]
    for tranche in programme.tranches:
        if tranche.count < 1:
            found.append(f"tranche '{tranche.id}' has count {tranche.count}, expected 1 or more")
        if tranche.begun > tranche.operating:
            found.append(f"tranche '{tranche.id}' operates in {tranche.operating}, before it is begun")
        if tranche.operating not in years:
            found.append(f"tranche '{tranche.id}' operates in {tranche.operating}, outside {years[0]}-{years[-1]}")
    ids = [t.id for t in programme.tranches]
    found += [f"tranche '{name}' is named twice" for name in sorted({i for i in ids if ids.count(i) > 1})]
    sites = [f.site_id for f in programme.fixed]
    found += [f"fixed centre '{name}' is named twice" for name in sorted({s for s in sites if sites.count(s) > 1})]
    found += [
        f"fixed centre '{f.site_id}' operates in {f.operating}, after the last year"
        for f in programme.fixed
        if f.operating > years[-1]
    ]
    found += [
        f"a quota asks for {q.at_least} centres from {q.from_year}, expected at least 1 from a year of the programme"
        for q in programme.zone_quotas
        if q.at_least < 1 or q.from_year not in years
    ]
    private = programme.private
    if private is not None and private.count > sum(t.count for t in programme.tranches):
        found.append(f"{private.count} private centres are asked for, more than the tranches open")
    if not programme.tranches:
        found.append("there is no tranche; name at least one")
    return found

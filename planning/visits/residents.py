"""
Who may use a service: residents by year and eligible group at every demand point.

Modelled: a governorate's share of nationals holds at each of its points outside camps, camps
hold refugees only, and groups are independent of each other (no joint share is recorded).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.country import Country
from planning.population import Case, people_by_year
from planning.visits.settings import Curve, Refugees, Take, VisitSettings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shares:
    """
    Shares among the residents of each of n points.

    Attributes
    ----------
    elderly, disabled
        (n,) those of the point's governorate.
    nationals
        (n,) none in camps; None where the country records none.
    refugees
        (n,) registered refugees; all of a camp.
    """

    elderly: Floats
    disabled: Floats
    nationals: Floats | None
    refugees: Floats


@dataclass(frozen=True, slots=True)
class Residents:
    """
    People of T years at n points.

    Attributes
    ----------
    people
        (T, n) residents to the person, before any refugee leaves.
    by_group
        (T, n) eligible persons by "all", "nationals", "non_nationals", "elderly", "disabled";
        fractions of persons, refugees who left taken out.
    """

    people: NDArray[np.int64]
    by_group: Mapping[str, Floats]


def shares_of(country: Country, refugees: Refugees) -> Shares:
    """Bring the shares of governorates to their points; see `refugee_share` for what is refused."""
    return Shares(
        group_share(country, "elderly"),
        group_share(country, "disabled"),
        national_share(country),
        refugee_share(country, refugees),
    )


def residents(country: Country, years: Sequence[int], settings: VisitSettings, case: Case, shares: Shares) -> Residents:
    """
    Count eligible people by year.

    Groups that the country has no table for are left out; `eligible_people` then refuses them.
    """
    whole = people_by_year(country, years, case, growth=settings.growth)
    gone = np.array([settings.refugees.gone(year) for year in years])
    people = whole * (1.0 - gone[:, None] * shares.refugees[None, :])
    found: dict[str, Floats] = {"all": people}
    if shares.nationals is not None:
        found["nationals"] = np.minimum(whole * shares.nationals[None, :], people)
        found["non_nationals"] = people - found["nationals"]
    found["elderly"] = people * shares.elderly[None, :]
    found["disabled"] = people * shares.disabled[None, :]
    return Residents(whole, found)


def eligible_people(found: Residents, group: str, *, service: str) -> Floats:
    """Return a group's (T, n) persons, or refuse a service whose group the country has no share of."""
    if group not in found.by_group:
        raise InvalidInput(
            "The service {service} is for {group}, and the country has no table of nationals. Add it, or leave the "
            "service out.",
            service=service,
            group=group,
        )
    return found.by_group[group]


def group_share(country: Country, group: str) -> Floats:
    """(n,) share of a group among the residents of each point: its governorate's."""
    rows = country.groups[country.groups["group"] == group].set_index("zone_id")["share"]
    return _by_zone(country, rows)


def national_share(country: Country) -> Floats | None:
    """(n,) share of nationals at each point, none in camps; None where the country records none."""
    table = country.records.nationals
    if table.empty:
        return None
    people = country.people["people"].to_numpy(dtype=np.float64)
    camp = country.people["is_camp"].to_numpy(dtype=bool)
    zone = country.people["zone_id"]
    whole = _by_zone(country, pd.Series(people).groupby(zone.to_numpy()).sum())
    outside = _by_zone(country, pd.Series(np.where(camp, 0.0, people)).groupby(zone.to_numpy()).sum())
    share = _by_zone(country, table.set_index("zone_id")["share"])
    spread = np.divide(share * whole, outside, out=np.zeros_like(whole), where=outside > 0)
    return np.where(camp, 0.0, np.minimum(spread, 1.0))


def refugee_share(country: Country, settings: Refugees) -> Floats:
    """
    (n,) share of registered refugees at each point.

    Camps hold refugees only; elsewhere a governorate's refugees are spread as its people are.

    Raises
    ------
    InvalidInput
        If refugees are to return and none are recorded.
    """
    camp = country.people["is_camp"].to_numpy(dtype=bool)
    table = country.records.refugees
    if table.empty:
        if settings.course == "return" and settings.share > 0:
            raise InvalidInput("Refugees are to return, and the country records none. Set refugees.course to stay.")
        return np.where(camp, 1.0, 0.0)
    people = country.people["people"].to_numpy(dtype=np.float64)
    zone = country.people["zone_id"].to_numpy()
    outside = _by_zone(country, pd.Series(np.where(camp, 0.0, people)).groupby(zone).sum())
    persons = _by_zone(country, table.set_index("zone_id")["persons"].astype(float))
    share = np.divide(persons, outside, out=np.zeros_like(persons), where=outside > 0)
    return np.where(camp, 1.0, np.minimum(share, 1.0))


def curve_at(curve: Curve | Sequence[tuple[float, float]], years: Sequence[int]) -> Floats:
    """(T,) value of a curve at the end of each year: straight between its points, level outside them."""
    at, share = zip(*curve, strict=True)
    return np.asarray(np.interp(np.asarray(years, dtype=np.float64), at, share), dtype=np.float64)


def take_up(of: Shares, years: Sequence[int], take: Take, *, times: float = 1.0, group: str = "all") -> Floats:
    """
    (T, n) take-up of digital services among an eligible group at each point.

    Cells are disjoint: neither, elderly only, disabled only, both (who take the lower of the two).
    `times` multiplies every curve, cut at 1.
    """
    shares = {name: np.minimum(1.0, curve_at(curve, years) * times) for name, curve in take.by_group.items() if curve}
    neither = shares["all"][:, None]
    old, hard = shares.get("elderly", shares["all"])[:, None], shares.get("disabled", shares["all"])[:, None]
    both = np.minimum(old, hard)
    elderly, disabled = of.elderly[None, :], of.disabled[None, :]
    if group == "elderly":
        return np.asarray(old * (1 - disabled) + both * disabled)
    if group == "disabled":
        return np.asarray(hard * (1 - elderly) + both * elderly)
    apart = neither * (1 - elderly) * (1 - disabled) + old * elderly * (1 - disabled) + hard * disabled * (1 - elderly)
    return np.asarray(apart + both * elderly * disabled)


def _by_zone(country: Country, values: pd.Series) -> Floats:
    found = country.people["zone_id"].map(values).astype(float)
    return np.asarray(found.fillna(0.0).to_numpy(dtype=np.float64))

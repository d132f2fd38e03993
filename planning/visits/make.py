"""
Visits in person at every demand point, by service and year.

    in-person transactions = eligible people x use rate x (1 - available x take-up x (1 - assisted))
    visits                 = in-person transactions x scale factor / transactions a visit

Services that need presence or have no digital form keep the whole of their transactions. Visits
begin at home, at work or at a mix of both; visits of non-residents are added by governorate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.country import Country
from planning.population import Case, Growth
from planning.visits.answer import Visits
from planning.visits.calibration import Fit, fit, recorded_rates
from planning.visits.lines import Lines, lines_of
from planning.visits.priority import Ranking, rank
from planning.visits.residents import Shares, curve_at, eligible_people, residents, shares_of, take_up
from planning.visits.settings import CASES, DemandAt, Refugees, VisitSettings

Floats = NDArray[np.float64]


def has_services(country: Country) -> bool:
    """Whether the country's data has service lines, without which there are no visits to compute."""
    return not country.records.services.empty


def visits_of(
    country: Country, years: Sequence[int], settings: VisitSettings | None = None, *, used_until: int | None = None
) -> Visits:
    """
    Compute visits in person by service, year and demand point; needs no centres and no travel.

    Parameters
    ----------
    years
        T years, ascending.
    used_until
        A later year that the same settings are used for, such as the last one of a lot.

    Raises
    ------
    NotFound
        If the country has no service lines, or no digital curve.
    InvalidInput
        If the settings name what the country does not have, or would change nothing in these years.
    """
    settings = settings or VisitSettings()
    lines, shares = lines_of(country, years, settings), shares_of(country, settings.refugees)
    _expect_used(country, max(*years, used_until or years[0]), settings)
    available = _available(country, years, settings)
    fitted = _fit(country, settings, shares)
    spread = _Spread(country, settings)
    amount: dict[str, Floats] = {}
    for case in CASES:
        done = in_person(country, lines, years, settings, case, available["planned"], shares)
        amount[case] = spread.visits(done, case, fitted.factor)
    done = in_person(country, lines, years, settings, "mid", available["recorded"], shares)
    amount["recorded"] = spread.visits(done, "mid", fitted.factor)
    ranking = _ranking(country, lines, settings, shares)
    return Visits(
        years=tuple(int(year) for year in years),
        services=lines.services,
        amount=amount,
        priority=ranking.score,
        people=residents(country, years, settings, "mid", shares).people,
        lines=lines,
        ranking=ranking,
        available=available,
        fit=fitted,
        settings=settings,
    )


def _expect_used(country: Country, last: int, settings: VisitSettings) -> None:
    """Refuse what would change nothing in any year up to the last."""
    if settings.growth != Growth() and last <= country.population_year:
        raise InvalidInput(
            "The field growth has no use: no year is after {year}, the last with a record. Remove it.",
            year=str(country.population_year),
        )
    if settings.refugees.course == "return" and settings.refugees.first > last:
        raise InvalidInput(
            "The field refugees has no use: nobody returns before {first}, and the last year is {last}. Remove it, or "
            "let the return begin earlier.",
            first=str(settings.refugees.first),
            last=str(last),
        )
    table = country.records.services
    wanted = table if not settings.services else table[table["service_id"].isin(settings.services)]
    idle = sorted(set(settings.agencies) - set(wanted["agency_id"]) - _successors(country, settings))
    if idle:
        raise InvalidInput(
            "The field agencies has no use for {agency}, which gives no service of this scenario. Take it out.",
            agency=idle[0],
        )


def _successors(country: Country, settings: VisitSettings) -> set[str]:
    own = {each.successor for each in settings.agencies.values() if each.successor}
    return own | {str(each) for each in country.records.agencies["successor"] if each}


def in_person(
    country: Country,
    lines: Lines,
    years: Sequence[int],
    settings: VisitSettings,
    case: Case,
    available: Floats,
    shares: Shares,
) -> Floats:
    """
    (S, T, n) transactions a year done in person, helped digital ones included, before the scale factor.

    `available` is the (T,) share of services digitised.
    """
    rule = settings.cases[case]
    people = residents(country, years, settings, case, shares)
    zone_of = country.people["zone_id"].to_numpy(dtype=object)
    rates = lines.table["use_rate"].to_numpy(dtype=np.float64)
    rates = np.where(lines.assumed, rates * rule.assumed_rates_times, rates)
    found = np.empty((len(rates), *people.people.shape))
    stays: dict[str, Floats] = {}
    for s, row in enumerate(lines.table.itertuples()):
        group = str(row.eligible)
        who = eligible_people(people, group, service=str(row.service_id))
        found[s] = who * rates[s]
        if lines.digital[s]:
            key = group if group in ("elderly", "disabled") else "all"
            if key not in stays:
                took = take_up(shares, years, settings.take_up, times=rule.take_up_times, group=key)
                stays[key] = 1.0 - available[:, None] * took * (1.0 - settings.take_up.assisted)
            found[s] *= stays[key]
        found[s][lines.agency[:, s] == ""] = 0.0
        for t in np.flatnonzero(lines.jurisdiction[:, s] == "area"):
            found[s, t, ~np.isin(zone_of, list(lines.zones[int(t), s]))] = 0.0
    return found


class _Spread:
    """From transactions at home to visits where they begin."""

    def __init__(self, country: Country, settings: VisitSettings) -> None:
        self._settings = settings
        self._zone = pd.factorize(country.people["zone_id"])[0]
        self._work = _work_weights(country, self._zone, settings.demand_at)
        named = settings.non_resident
        zones = country.people["zone_id"]
        self.others = zones.map({z: named.get(z, named.get("all", 0.0)) for z in zones.unique()}).to_numpy(np.float64)

    def visits(self, transactions: Floats, case: Case, factor: float) -> Floats:
        """(S, T, n) visits; `transactions` is used up."""
        transactions *= factor / self._settings.cases[case].transactions_per_visit
        share = self._settings.demand_at.work_share
        if share > 0:
            for zone in range(self._zone.max() + 1):
                here = self._zone == zone
                total = transactions[..., here].sum(axis=-1, keepdims=True)
                transactions[..., here] *= 1.0 - share
                transactions[..., here] += share * self._work[here] * total
        if self.others.any():
            transactions *= 1.0 + self.others
        return transactions


def _work_weights(country: Country, zone: NDArray[np.intp], rule: DemandAt) -> Floats:
    """(n,) share of its governorate's work at each point."""
    people = country.people["people"].to_numpy(dtype=np.float64)
    urban = (country.people["settlement"] == "urban").to_numpy(dtype=bool)
    urban = urban | (np.bincount(zone, weights=urban)[zone] == 0)
    mass = np.where(urban, people, 0.0) ** rule.concentration * urban
    return np.asarray(mass / np.bincount(zone, weights=mass)[zone])


def _available(country: Country, years: Sequence[int], settings: VisitSettings) -> dict[str, Floats]:
    table = country.records.digital_curve
    found = {}
    for name in ("planned", "recorded"):
        rows = table[table["curve"] == name].sort_values("at")
        curve = [(float(at), float(share)) for at, share in zip(rows["at"], rows["share"], strict=True)]
        if name == "planned" and settings.planned:
            curve = [(float(year), share) for year, share in settings.planned]
        if not curve:
            raise InvalidInput(
                "The country has no {name} digital curve. Add its points to the part digital_curve.", name=name
            )
        found[name] = curve_at(curve, years)
    return found


def _fit(country: Country, settings: VisitSettings, shares: Shares) -> Fit:
    """Compare in the year the record ends in, under the recorded curve; in the population's year without one."""
    # the record is of every service that a centre gives, and of the people who were here
    settings = replace(settings, services=(), refugees=Refugees())
    recorded = recorded_rates(country.records.network_record)
    year = recorded.year if recorded else country.population_year
    lines = lines_of(country, [year], settings)
    available = _available(country, [year], settings)["recorded"]
    others = _Spread(country, settings).others
    zone = country.people["zone_id"].to_numpy(dtype=object)
    by_zone: dict[str, pd.Series[float]] = {}
    for case in CASES:
        done = in_person(country, lines, [year], settings, case, available, shares)[:, 0, :].sum(axis=0) * (
            1.0 + others
        )
        by_zone[case] = pd.Series(done).groupby(zone).sum()
    per_visit = {str(case): settings.cases[case].transactions_per_visit for case in CASES}
    return fit(
        country,
        by_zone,
        per_visit,
        settings.calibration,
        year=year,
        recorded=recorded,
        open_days=settings.calendar.open_days,
    )


def _transactions(country: Country, lines: Lines, settings: VisitSettings, shares: Shares) -> Floats:
    """(S,) transactions a year by any channel, of the population's year: what the priority counts."""
    people = residents(country, [country.population_year], settings, "mid", shares)
    rates = lines.table["use_rate"].to_numpy(dtype=np.float64)
    found = [
        float(eligible_people(people, str(row.eligible), service=str(row.service_id)).sum())
        for row in lines.table.itertuples()
    ]
    return np.asarray(rates * np.array(found))


def _ranking(country: Country, lines: Lines, settings: VisitSettings, shares: Shares) -> Ranking:
    table = country.records.service_factors
    chosen = table[table["service_id"].isin(lines.services)]
    return rank(lines.services, chosen, _transactions(country, lines, settings, shares), settings.priority)

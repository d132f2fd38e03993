"""
Visits of the centres of a tender over its term, beyond the programme's last year.

    visits(y) = modelled(y) (1 + g)^(y - T) stays'(y) / stays(y)        y after the last year T
    stays     = 1 - available x take-up x (1 - assisted)                1 for services that need presence

Modelled visits of a later year are those of its residents, agencies and digital curves, at the
centres of the last year. Only where a take-up is stated for the time after the programme does
stays' differ from stays; the curve of all residents stands for every group there (an approximation).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.partnership.terms import Curve, Future
from planning.visits.residents import curve_at

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Digital:
    """
    How far services leave the counter.

    Attributes
    ----------
    may
        (S,) True where a service may be done digitally.
    available
        (Y,) share of services digitised in the years of the term, by case.
    take_up
        The demand's curve.
    times
        What a case multiplies take-up by.
    assisted
        Share of digital transactions done with help at a centre.
    """

    may: NDArray[np.bool_]
    available: Mapping[str, Floats]
    take_up: Curve
    times: Mapping[str, float]
    assisted: float = 0.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """
    Visits of p centres over Y years of the term; see `forecast_of`.

    Attributes
    ----------
    services
        S ids.
    amount
        (p, S, Y) visits a year by case, before any limit of a centre.
    available, take_up
        (Y,) by case.
    room
        (p,) visits a year each centre can take, inf without a limit.
    """

    years: tuple[int, ...]
    services: tuple[str, ...]
    amount: Mapping[str, Floats]
    available: Mapping[str, Floats]
    take_up: Mapping[str, Floats]
    may: NDArray[np.bool_]
    assisted: float
    room: Floats

    def visits(self, case: str, *, take_up: float = 1.0, times: float = 1.0) -> Floats:
        """
        (p, S, Y) visits a year that the centres take.

        `take_up` multiplies the take-up (never beyond 1), `times` the visits. Above a centre's room its
        services are cut alike.
        """
        wanted = self.amount[case] * times
        if take_up != 1.0:
            usual, took = self.take_up[case], np.minimum(1.0, self.take_up[case] * take_up)
            before, after = (self._stays(case, share) for share in (usual, took))
            ratio = np.divide(after, before, out=np.zeros_like(after), where=before > 0)
            wanted = wanted * np.where(self.may[:, None], ratio[None, :], 1.0)[None]
        return within_room(wanted, self.room)

    def _stays(self, case: str, took: Floats) -> Floats:
        return np.asarray(1.0 - self.available[case] * took * (1.0 - self.assisted))


def within_room(wanted: Floats, room: Floats) -> Floats:
    """(p, S, Y) of the visits wanted, those that (p,) rooms of visits a year take; above it services are cut alike."""
    total = wanted.sum(axis=1)
    kept = np.divide(np.minimum(total, room[:, None]), total, out=np.ones_like(total), where=total > 0)
    return np.asarray(wanted * kept[:, None, :])


def forecast_of(
    by_centre: Mapping[str, Floats],
    *,
    services: tuple[str, ...],
    programme_years: tuple[int, ...],
    years: tuple[int, ...],
    digital: Digital,
    future: Future,
    room: Floats,
) -> Forecast:
    """
    Carry the modelled visits over the term, with what is stated for the time after the programme.

    Parameters
    ----------
    by_centre
        (p, S, Y) modelled visits a year by case, in the years of the term.
    years
        Y years of the term, ascending; none before the programme's first.

    Raises
    ------
    InvalidInput
        If the term begins before the programme, or a take-up is stated for a year the programme has.
    """
    last, first = programme_years[-1], programme_years[0]
    if years[0] < first:
        raise InvalidInput(
            "The lots start in {year}, before the programme's first year {first}.", year=str(years[0]), first=str(first)
        )
    if future.take_up and future.take_up[0][0] <= last:
        raise InvalidInput(
            "A take-up after the programme is stated for {year}; expected a year after {last}.",
            year=str(future.take_up[0][0]),
            last=str(last),
        )
    after = np.array([max(0, year - last) for year in years], dtype=np.float64)
    took = {case: _take_up(digital, case, years, last, future) for case in by_centre}
    amount = {}
    for case, visits in by_centre.items():
        usual = _take_up(digital, case, years, last, Future())
        ratio = _ratio(digital.available[case], usual, took[case], digital.assisted)
        grown = (1.0 + future.growth) ** after * np.where(digital.may[:, None], ratio[None, :], 1.0)
        amount[case] = visits * grown[None]
    return Forecast(years, services, amount, digital.available, took, digital.may, digital.assisted, room)


def _take_up(digital: Digital, case: str, years: tuple[int, ...], last: int, future: Future) -> Floats:
    curve = [(float(year), share) for year, share in digital.take_up]
    if future.take_up:
        kept = [(year, share) for year, share in curve if year < last]
        curve = [*kept, (float(last), float(curve_at(curve, [last])[0])), *((float(y), s) for y, s in future.take_up)]
    return np.minimum(1.0, curve_at(curve, years) * digital.times[case])


def _ratio(available: Floats, usual: Floats, took: Floats, assisted: float) -> Floats:
    before, after = (1.0 - available * share * (1.0 - assisted) for share in (usual, took))
    return np.divide(after, before, out=np.zeros_like(after), where=before > 0)

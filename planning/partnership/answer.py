"""What a tender answers: the lots, each with its catchment, visits, money, risks and worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from planning.partnership.benefits import Without, Worth, worth_of
from planning.partnership.events import Opened, Weighed, weigh
from planning.partnership.finance import Returns, npv, payback_years, returns
from planning.partnership.flows import BreakEven, Flows, break_even, flows_of, present
from planning.partnership.forecast import Forecast
from planning.partnership.ground import Ground, Loss, covered_by, fall, loss_without
from planning.partnership.lots import Parting, falls_of, part, stated, weak_centres
from planning.partnership.sensitivity import Driver, drivers_of
from planning.partnership.suited import Suited
from planning.partnership.terms import PartnershipSettings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Money:
    """A lot in one case of visits; present values at the hurdle rate, JOD of the price year."""

    flows: Flows
    npv: float
    returns: Returns
    payback: float
    break_even: BreakEven
    state_pays: float


@dataclass(frozen=True, slots=True)
class Lot:
    """
    One lot of the tender.

    Attributes
    ----------
    centres
        Positions in `Ground`, ascending.
    points, people, people_within
        Demand points and persons nearest to it, and those of them within its centres' standard.
    overlap
        Share of the catchment within the standard of a public centre; NaN without a catchment.
    loss
        What is lost if its operator fails.
    at_expense
        True where that lowers a worst-off governorate's share by more than the planner allows: its centres do so
        together, as one alone is never tendered.
    new_worst_off
        True where that leaves another governorate, by more than so much, worse covered than any is now.
    by_service
        (S, term) visits a year by case.
    money
        By case.
    guaranteed
        (term,) guaranteed visits; zeros without a guarantee.
    whole_life_cost
        Present value of what the operator spends, middle case.
    small
        True where that is below the size at which a service contract may be the right form.
    known_openings
        Public centres of the plan, by position, that open within the exclusivity radius once the term runs: known
        at the tender, in the visits already, and not compensated.
    """

    id: str
    centres: tuple[int, ...]
    points: int
    people: int
    people_within: int
    overlap: float
    loss: Loss
    at_expense: bool
    new_worst_off: bool
    by_service: Mapping[str, Floats]
    money: Mapping[str, Money]
    guaranteed: Floats
    drivers: tuple[Driver, ...]
    events: tuple[Weighed, ...]
    worth: Worth
    whole_life_cost: float
    small: bool
    known_openings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Partnership:
    """
    A tender: which centres suit, how they are parted, and the lots.

    Attributes
    ----------
    ids
        Of the tender's centres.
    """

    ids: tuple[str, ...]
    settings: PartnershipSettings
    start: int
    suited: Suited
    parting: Parting
    forecast: Forecast
    lots: tuple[Lot, ...]


def start_of(ground: Ground, chosen: tuple[int, ...], settings: PartnershipSettings) -> int:
    """
    Return the first year of operation of the lots.

    Raises
    ------
    InvalidInput
        If the stated year comes before one of their centres operates.
    """
    ready = int(ground.operating[list(chosen)].max())
    if settings.starts is None:
        return ready
    if settings.starts < ready:
        raise InvalidInput(
            "The lots start in {year}, before their last centre operates in {ready}.",
            year=str(settings.starts),
            ready=str(ready),
        )
    return settings.starts


def parting_of(ground: Ground, judged: Suited, forecast: Forecast, settings: PartnershipSettings) -> Parting:
    """Part the chosen centres into lots of like value; see `planning.partnership.lots`."""
    how, chosen = settings.grouping, judged.chosen
    visits = forecast.visits("mid").sum(axis=1)
    values = np.array([_value(row, settings) for row in visits])
    falls = falls_of(ground, chosen, judged.worst_off)
    if how.groups:
        at = {ground.ids[one]: i for i, one in enumerate(chosen)}
        named = [name for group in how.groups for name in group]
        if sorted(named) != sorted(at):
            raise InvalidInput(
                "The named lots hold {names}; expected each centre of the tender once: {known}.",
                names=", ".join(sorted(named)),
                known=", ".join(sorted(at)),
            )
        return stated([[at[name] for name in group] for group in how.groups], values, falls)
    near = None
    if how.together_km is not None:
        place = ground.xy[list(chosen)]
        near = np.array([ground.km(one, place) <= how.together_km for one in chosen])
    count = min(how.count, len(chosen))
    return part(values, count, weak=weak_centres(values, how.weak_below), falls=falls, near=near)


def tender(
    ground: Ground,
    judged: Suited,
    forecast: Forecast,
    settings: PartnershipSettings,
    *,
    parting: Parting,
    start: int,
    without: Mapping[int, Without],
    opened: Mapping[int, Opened],
) -> Partnership:
    """
    Work out every lot.

    Parameters
    ----------
    without
        The case without each lot, by its number.
    opened
        For each event that opens a public centre, by its number: how the tender's p centres see it.
    """
    lots = []
    for number, members in enumerate(parting.lots):
        seen = {at: Opened(one.share[list(members)], one.km[list(members)]) for at, one in opened.items()}
        lots.append(_lot(number, members, ground, judged, forecast, settings, start, without[number], seen))
    ids = tuple(ground.ids[i] for i in judged.chosen)
    return Partnership(ids, settings, start, judged, parting, forecast, tuple(lots))


def _lot(
    number: int,
    members: tuple[int, ...],
    ground: Ground,
    judged: Suited,
    forecast: Forecast,
    settings: PartnershipSettings,
    start: int,
    without: Without,
    opened: Mapping[int, Opened],
) -> Lot:
    centres = tuple(judged.chosen[i] for i in members)
    at = np.array(members, dtype=np.int64)
    mine = forecast.visits("mid")[at]
    expected = mine.sum(axis=(0, 1))
    money = {case: _money(forecast.visits(case)[at], expected, settings, start) for case in forecast.amount}
    spent = money["mid"].flows.whole_life_cost(settings.hurdle_rate)
    loss, allowed = loss_without(ground, list(centres)), settings.selection.worst_off_loss + 1e-12
    here = np.isin(ground.nearest, centres)
    within = covered_by(ground, np.isin(np.arange(len(ground.ids)), centres))
    return Lot(
        id=f"lot-{number + 1}",
        centres=centres,
        points=int(here.sum()),
        people=int(ground.people[here].sum()),
        people_within=int(ground.people[here & within].sum()),
        overlap=_overlap(ground, here, judged),
        loss=loss,
        at_expense=fall(ground, list(centres), judged.worst_off) > allowed,
        new_worst_off=loss.worst_after < loss.worst_before - allowed,
        by_service={case: forecast.visits(case)[at].sum(axis=0) for case in forecast.amount},
        money=money,
        guaranteed=(settings.guarantee or 0.0) * expected,
        drivers=drivers_of(forecast, at, settings, start=start),
        events=tuple(
            weigh(
                event,
                forecast.amount["mid"][at],
                services=forecast.services,
                settings=settings,
                start=start,
                opened=opened.get(i),
                room=forecast.room[at],
            )
            for i, event in enumerate(settings.events)
        ),
        worth=worth_of(expected, at.size, without, settings),
        whole_life_cost=spent,
        small=spent < settings.service_contract_below,
        known_openings=_known(ground, centres, judged, settings, start),
    )


def _money(visits: Floats, expected: Floats, settings: PartnershipSettings, start: int) -> Money:
    got, centres = visits.sum(axis=(0, 1)), visits.shape[0]
    flows = flows_of(got, expected, centres, settings, start=start)
    return Money(
        flows,
        npv(settings.hurdle_rate, flows.net),
        returns(flows.net),
        payback_years(flows.net),
        break_even(got, expected, centres, settings, start=start),
        npv(settings.hurdle_rate, flows.state_pays),
    )


def _value(visits: Floats, settings: PartnershipSettings) -> float:
    """Present value of a centre's visits, or of what its operator earns."""
    if settings.grouping.balance_by == "income":
        paid = settings.payment
        visits = (paid.charge or 0.0) * visits + (paid.availability or 0.0)
    return present(settings.hurdle_rate, visits, build=settings.build_years)


def public_of(ground: Ground, judged: Suited) -> NDArray[np.bool_]:
    """(k,) True where a centre is in no lot, and not of a kind that is operated privately."""
    return ground.public(judged.chosen)


def _overlap(ground: Ground, here: NDArray[np.bool_], judged: Suited) -> float:
    people = int(ground.people[here].sum())
    if people == 0:
        return float("nan")
    shared = covered_by(ground, public_of(ground, judged)) & here
    return int(ground.people[shared].sum()) / people


def _known(
    ground: Ground, centres: tuple[int, ...], judged: Suited, settings: PartnershipSettings, start: int
) -> tuple[int, ...]:
    later = np.flatnonzero(public_of(ground, judged) & (ground.operating > start))
    near = np.zeros(later.size, dtype=bool)
    for one in centres:
        near |= ground.km(one, ground.xy[later]) <= settings.exclusivity_km
    return tuple(int(i) for i in later[near])

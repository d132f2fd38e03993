"""The tender as fields of run.json."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.demand import apportion
from planning.partnership import Ground, Lot, Money, Partnership, PartnershipSettings, Suited
from planning.partnership.events import Weighed
from scenarios.studies.case import Case
from scenarios.studies.lots_events import already_open

Ints = NDArray[np.int64]


def assumptions_of(settings: PartnershipSettings) -> dict[str, Any]:
    """Write every stated term out; all of them are assumptions."""
    return {"basis": "assumed", **asdict(settings), "deduction": settings.service_levels.deduction}


def suited_record(case: Case, ground: Ground, judged: Suited) -> list[dict[str, Any]]:
    """One entry a centre, best score first: its parts, and what speaks against it."""
    order = sorted(range(len(ground.ids)), key=lambda i: (-judged.score[i], ground.ids[i]))
    return [
        {
            "id": ground.ids[i],
            "name_en": ground.names_en[i],
            "name_ar": ground.names_ar[i],
            "governorate": ground.zones[ground.zone_of_centre[i]],
            "visits": round(float(judged.visits[i])),
            "overlap": number(judged.overlap[i], 4),
            "score": number(judged.score[i], 4),
            "worst_off_falls": number(judged.worst_falls[i], 6),
            "against": list(judged.against[i]),
            "in_tender": i in judged.chosen,
            "left_out": i in judged.left_out,
            "operator": "private" if i in judged.chosen or ground.private_kind[i] else "government",
            "basis": "modelled",
        }
        for i in order
    ]


def lots_record(case: Case, ground: Ground, found: Partnership, head: dict[str, Any]) -> dict[str, Any]:
    """Write the fields `lots` and `partnership` of run.json."""
    counted = whole_visits(found)
    parting = found.parting
    return {
        "lots": [_lot(case, ground, found, lot, counted) for lot in found.lots],
        "partnership": head
        | {
            "start": found.start,
            "last": found.start + found.settings.term_years - 1,
            "price_year": found.settings.costs.price_year,
            "cases": list(found.forecast.amount),
            "parting": {
                "lots": len(parting.lots),
                "lots_asked": len(found.settings.grouping.groups) or found.settings.grouping.count,
                "status": parting.status,
                "values": [round(value) for value in parting.values],
                "unit": {"visits": "visits", "income": "JOD"}[found.settings.grouping.balance_by],
                "spread": round(parting.spread),
                "worst_falls": number(parting.worst_falls, 6),
            },
        },
    }


def whole_visits(found: Partnership) -> dict[str, NDArray[np.int64]]:
    """(lots, S, term) whole visits by case: those of a year sum to its total, rounded."""
    counted = {}
    for case in found.forecast.amount:
        exact = np.stack([lot.by_service[case] for lot in found.lots])
        shaped = np.zeros(exact.shape, dtype=np.int64)
        for year in range(exact.shape[2]):
            of_lot = exact[:, :, year].sum(axis=1)
            for at, whole in enumerate(apportion(of_lot, round(float(of_lot.sum()))).tolist()):
                shaped[at, :, year] = apportion(exact[at, :, year], whole)
        counted[case] = shaped
    return counted


def _lot(case: Case, ground: Ground, found: Partnership, lot: Lot, counted: dict[str, Ints]) -> dict[str, Any]:
    at, years = found.lots.index(lot), [str(year) for year in found.forecast.years]
    last = counted["mid"][at][:, -1]
    services = case.country.records.services.set_index("service_id")
    return {
        "id": lot.id,
        "number": at + 1,
        "basis": "modelled",
        "centres": [named(ground, i) for i in lot.centres],
        "points": lot.points,
        "people": lot.people,
        "people_within": lot.people_within,
        "overlap": number(lot.overlap, 4),
        "visits": {
            name: dict(zip(years, whole_of[at].sum(axis=0).tolist(), strict=True)) for name, whole_of in counted.items()
        },
        "services": [
            {
                **_service(services, service),
                "first": int(counted["mid"][at][s, 0]),
                "last": int(last[s]),
            }
            for s, service in enumerate(found.forecast.services)
            if counted["mid"][at][s].any()
        ],
        "money": {name: money_record(money) for name, money in lot.money.items()},
        "guaranteed": dict(zip(years, np.rint(lot.guaranteed).astype(int).tolist(), strict=True)),
        "capital": round(float(lot.money["mid"].flows.lines["capital"].sum())),
        "state_fees": round(float(lot.money["mid"].flows.state_fees.sum())),
        "whole_life_cost": round(lot.whole_life_cost),
        "service_contract": lot.small,
        "sensitivity": [
            {"driver": d.name, "step": d.step, "npv_low": round(d.npv_low), "npv_high": round(d.npv_high)}
            for d in lot.drivers
        ],
        "events": [_event(case, ground, one) for one in lot.events],
        "worth": _worth(lot),
        "loss": _loss(ground, lot),
        "at_expense": lot.at_expense,
        "new_worst_off": lot.new_worst_off,
        "below_floor": _below_floor(case, ground, found, lot),
        "known_openings": [named(ground, i) for i in lot.known_openings],
    }


def _below_floor(case: Case, ground: Ground, found: Partnership, lot: Lot) -> list[dict[str, Any]]:
    """The centres of a lot whose visits fall below the scenario's floor in a year of the term: first and least."""
    demand = getattr(case.scenario.settings, "demand", None)
    floor = 0.0 if demand is None else float(demand.visits_floor)
    rows = []
    for centre in lot.centres:
        at = found.ids.index(ground.ids[centre])
        yearly = found.forecast.visits("mid")[at].sum(axis=0)
        below = np.flatnonzero(yearly < floor)
        if below.size:
            first = int(found.forecast.years[below[0]])
            rows.append(named(ground, centre) | {"year": first, "least": round(float(yearly.min()))})
    return rows


def money_record(money: Money) -> dict[str, Any]:
    """A lot's money in one case, rounded: JOD, a rate and years are null where there are none."""
    even = money.break_even
    return {
        "npv": round(money.npv),
        "irr": number(money.returns.rate, 5),
        "irr_found": money.returns.found,
        "irr_roots": [round(root, 5) for root in money.returns.roots],
        "payback_years": number(money.payback, 2),
        "viability_gap": round(even.grant),
        "break_even_charge": number(even.charge, 4),
        "break_even_availability": number(even.availability, 0),
        "break_even_volume": number(even.volume, 4),
        "state_pays": round(money.state_pays),
    }


def _event(case: Case, ground: Ground, one: Weighed) -> dict[str, Any]:
    names = case.country.candidates.set_index("site_id")
    services = case.country.records.services.set_index("service_id")
    event = one.event
    return {
        "what": event.what,
        "year": event.year,
        "site": event.site or None,
        "site_en": None if not event.site else str(names.loc[event.site, "name_en"]),
        "site_ar": None if not event.site else str(names.loc[event.site, "name_ar"]),
        "services": list(event.services),
        "service_names": [_service(services, service) for service in event.services],
        "visits_a_year": round(one.visits_a_year),
        "npv_before": round(one.npv_before),
        "npv_without": round(one.npv_without),
        "npv_with": round(one.npv_with),
        "compensation": round(one.compensation),
        "inside": one.inside,
        "already_open": already_open(ground, event.site),
    }


def _worth(lot: Lot) -> dict[str, Any]:
    worth = lot.worth
    return {
        "hours_first": round(float(worth.hours[0])),
        "hours_last": round(float(worth.hours[-1])),
        "hours": round(float(worth.hours.sum())),
        "journeys_a_year": round(worth.journeys),
        "benefits": round(worth.benefits),
        "costs": round(worth.costs),
        "npv": round(worth.npv),
        "ratio": number(worth.ratio, 4),
    }


def _loss(ground: Ground, lot: Lot) -> dict[str, Any]:
    loss = lot.loss
    return {
        "people": loss.people,
        "by_governorate": [
            {"zone_id": zone, "people": int(n)} for zone, n in zip(ground.zones, loss.by_zone, strict=True) if n
        ],
        "worst_before": number(loss.worst_before, 6),
        "worst_after": number(loss.worst_after, 6),
        "zone_before": ground.zones[loss.zone_before] if loss.zone_before >= 0 else None,
        "zone_after": ground.zones[loss.zone_after] if loss.zone_after >= 0 else None,
    }


def named(ground: Ground, i: int) -> dict[str, str]:
    """A centre's id, names and governorate."""
    return {
        "id": ground.ids[i],
        "name_en": ground.names_en[i],
        "name_ar": ground.names_ar[i],
        "governorate": ground.zones[ground.zone_of_centre[i]],
    }


def _service(services: pd.DataFrame, service: str) -> dict[str, str]:
    return {"id": service} | {f"name_{code}": str(services.loc[service, f"name_{code}"]) for code in ("en", "ar")}


def number(value: float, decimals: int) -> float | None:
    """A rounded figure; None for NaN and infinity."""
    return round(float(value), decimals) if np.isfinite(value) else None

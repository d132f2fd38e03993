"""The tender as tables and a layer of the run folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.partnership import Ground, Partnership
from planning.partnership.flows import COSTS, INCOME
from scenarios.studies.case import Case
from scenarios.studies.lots_record import money_record, named, number, suited_record, whole_visits

Ints = NDArray[np.int64]
MAYBE_MISSING = (
    "overlap",
    "irr",
    "payback_years",
    "break_even_charge",
    "break_even_availability",
    "break_even_volume",
)


def tables_of(case: Case, ground: Ground, found: Partnership) -> dict[str, pd.DataFrame]:
    """Return the tables of a tender by file name."""
    counted = whole_visits(found)
    return {
        "lots.csv": pd.DataFrame(_lot_rows(ground, found, counted)).astype(dict.fromkeys(MAYBE_MISSING, np.float64)),
        "lot_cashflow.csv": pd.concat(list(_cashflows(found)), ignore_index=True),
        "lot_sensitivity.csv": pd.DataFrame(_sensitivity_rows(found)),
        "lot_visits.csv": pd.DataFrame(_visit_rows(found, counted)),
        "lot_centres.csv": _centres_table(case, ground, found),
    }


def _lot_rows(ground: Ground, found: Partnership, counted: dict[str, Ints]) -> Iterator[dict[str, Any]]:
    for at, lot in enumerate(found.lots):
        for name, money in lot.money.items():
            by_year = counted[name][at].sum(axis=0)
            plain = money_record(money)
            plain["irr_roots"] = ";".join(str(root) for root in plain["irr_roots"])
            yield {
                "lot": lot.id,
                "case": name,
                "centres": ";".join(ground.ids[i] for i in lot.centres),
                "form": found.settings.form,
                "first_year": found.start,
                "last_year": found.forecast.years[-1],
                "points": lot.points,
                "people": lot.people,
                "people_within": lot.people_within,
                "overlap": number(lot.overlap, 4),
                "visits_first": int(by_year[0]),
                "visits_last": int(by_year[-1]),
                **plain,
                "coverage_lost": lot.loss.people,
                "service_contract": lot.small,
                "price_year": found.settings.costs.price_year,
                "basis": "modelled",
            }


def _cashflows(found: Partnership) -> Iterator[pd.DataFrame]:
    for lot in found.lots:
        for name, money in lot.money.items():
            flows = money.flows
            lines = {line: np.round(flows.lines[line], 2) for line in (*COSTS, *INCOME)}
            rest = {"net": flows.net, "state_pays": flows.state_pays, "state_fees": flows.state_fees}
            frame = pd.DataFrame({"year": list(flows.years), "visits": np.round(flows.visits, 1), **lines})
            for column, values in rest.items():
                frame[column] = np.round(values, 2)
            frame.insert(0, "case", name)
            frame.insert(0, "lot", lot.id)
            yield frame.assign(price_year=found.settings.costs.price_year, basis="modelled")


def _sensitivity_rows(found: Partnership) -> Iterator[dict[str, Any]]:
    for lot in found.lots:
        base = lot.money["mid"].npv
        for order, driver in enumerate(lot.drivers, start=1):
            yield {
                "lot": lot.id,
                "order": order,
                "driver": driver.name,
                "step": driver.step,
                "npv_low": round(driver.npv_low, 2),
                "npv_base": round(base, 2),
                "npv_high": round(driver.npv_high, 2),
                "basis": "modelled",
            }


def _visit_rows(found: Partnership, counted: dict[str, Ints]) -> Iterator[dict[str, Any]]:
    for at, lot in enumerate(found.lots):
        for name, visits in counted.items():
            for s, service in enumerate(found.forecast.services):
                for year, n in zip(found.forecast.years, visits[at][s].tolist(), strict=True):
                    yield {
                        "lot": lot.id,
                        "case": name,
                        "service_id": service,
                        "year": year,
                        "visits": n,
                        "basis": "modelled",
                    }


def _centres_table(case: Case, ground: Ground, found: Partnership) -> pd.DataFrame:
    of = {ground.ids[i]: lot.id for lot in found.lots for i in lot.centres}
    rows = suited_record(case, ground, found.suited)
    return pd.DataFrame([row | {"against": ";".join(row["against"]), "lot": of.get(row["id"], "")} for row in rows])


def layer_of(case: Case, ground: Ground, found: Partnership) -> gpd.GeoDataFrame:
    """Return the centres of the lots as points (EPSG:4326) with their catchments."""
    sites = case.plan.sites.set_index("id")
    rows = []
    for lot in found.lots:
        for i in lot.centres:
            people = int(ground.people[ground.nearest == i].sum())
            rows.append(
                {
                    "lot": lot.id,
                    **named(ground, i),
                    "people": people,
                    "share_of_lot": round(people / lot.people, 4) if lot.people else 0.0,
                    "visits": round(float(found.suited.visits[i])),
                    "overlap": number(found.suited.overlap[i], 4),
                    "basis": "modelled",
                }
            )
    at = sites.loc[[row["id"] for row in rows]]
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(at["lon"], at["lat"]), crs="EPSG:4326")

"""Lists beside the visits: services by priority, modelled against recorded; and whole numbers that sum."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.demand import apportion
from planning.visits import Visits
from scenarios.studies.case import Case

Floats = NDArray[np.float64]


def whole(values: Floats, total: int | None = None) -> NDArray[np.int64]:
    """Round figures to whole numbers that sum to `total`, by default their own sum rounded."""
    total = round(float(values.sum())) if total is None else total
    return apportion(values, total) if values.size else np.zeros(0, dtype=np.int64)


def services_table(case: Case, visits: Visits) -> pd.DataFrame:
    """One row a service, by priority: rate, channel, agency, score with its parts, visits by year."""
    lines, ranking = visits.lines, visits.ranking
    agencies = case.country.records.agencies.set_index("agency_id")
    last = [str(a) for a in lines.agency[-1]]
    table = lines.table[
        ["service_id", "name_en", "name_ar", "agency_id", "eligible", "use_rate", "basis", "source"]
    ].assign(
        agency_id=last,
        agency_en=[str(agencies["name_en"].get(a, "")) for a in last],
        agency_ar=[str(agencies["name_ar"].get(a, "")) for a in last],
        jurisdiction=[str(j) for j in lines.jurisdiction[-1]],
        may_be_digital=lines.digital,
        priority=np.round(ranking.score, 4),
    )
    for f, factor in enumerate(ranking.factors):
        table[f"score_{factor}"] = np.round(ranking.parts[:, f], 4)
    yearly = visits.amount["mid"].sum(axis=2)
    for t, year in enumerate(visits.years):
        table[f"visits_{year}"] = whole(yearly[:, t])
    return table.sort_values(["priority", "service_id"], ascending=[False, True], ignore_index=True)


def compared_table(case: Case, visits: Visits) -> pd.DataFrame:
    """One row a recorded figure, with the model's three cases beside it."""
    names = case.country.centres.set_index("centre_id")
    rows = [
        {
            "measure": one.measure,
            "place": one.place,
            "name_en": str(names["name_en"].get(one.place, case.country.name_en)),
            "name_ar": str(names["name_ar"].get(one.place, case.country.name_ar)),
            "recorded_low": round(one.recorded_low),
            "recorded_high": round(one.recorded_high),
            "modelled_low": round(one.low),
            "modelled_mid": round(one.mid),
            "modelled_high": round(one.high),
            "fitted": one.fitted,
            "source": one.source,
        }
        for one in visits.fit.rows
    ]
    columns = ["measure", "place", "name_en", "name_ar", "recorded_low", "recorded_high", "modelled_low"]
    return pd.DataFrame(rows, columns=[*columns, "modelled_mid", "modelled_high", "fitted", "source"])

"""A made-up tender, small enough to work by hand."""

from dataclasses import replace

import numpy as np

from planning.partnership import (
    Costs,
    Digital,
    Future,
    Ground,
    HandBack,
    PartnershipSettings,
    Payment,
    Selection,
    ServiceLevels,
    forecast_of,
)
from planning.visits.residents import curve_at

CASES = ("low", "mid", "high", "recorded")

COSTS = Costs(
    price_year=2025,
    building=3000.0,
    fit_out=1000.0,
    mobilisation=200.0,
    renewal_share=0.5,
    renewal_every=2,
    running_fixed=100.0,
    running_per_visit=1.0,
)
PLAIN = PartnershipSettings(
    selection=Selection(worst_off=1),
    term_years=3,
    costs=replace(COSTS, renewal_share=0.0),
    payment=Payment("user_charge", 2.0),
    hand_back=HandBack("as_is", 0.0),
    service_levels=ServiceLevels(1.0, 1.0),
    hurdle_rate=0.1,
    service_contract_below=0.0,
)


def ground(**changes):
    """Centres a, b, c in the first governorate, d in the second, e (mobile) in the third; 8 points of 10 people."""
    within = np.zeros((5, 8), dtype=bool)
    within[0, [0, 1, 2]] = True
    within[1, [1, 2, 3]] = True
    within[2, [3]] = True
    within[3, [4, 5]] = True
    within[4, [6]] = True
    made = Ground(
        ids=("a", "b", "c", "d", "e"),
        names_en=("A", "B", "C", "D", "E"),
        names_ar=("أ", "ب", "ج", "د", "هـ"),
        zone_of_centre=np.array([0, 0, 0, 1, 2]),
        xy=np.array([[0.0, 0.0], [5000.0, 0.0], [10_000.0, 0.0], [50_000.0, 0.0], [90_000.0, 0.0]]),
        labelled=np.array([True, True, False, False, False]),
        fixed=np.zeros(5, dtype=bool),
        fit=np.array([True, True, True, True, False]),
        private_kind=np.zeros(5, dtype=bool),
        operating=np.array([2024, 2024, 2025, 2023, 2024]),
        nearest=np.array([0, 0, 1, 1, 3, 3, 4, -1]),
        people=np.full(8, 10),
        zone_of_point=np.array([0, 0, 0, 0, 1, 1, 2, 2]),
        zones=("Z1", "Z2", "Z3"),
        within=within,
    )
    return replace(made, **changes)


def forecast(by_centre, *, years=(2025, 2026, 2027), programme=(2024, 2025), future=None, room=None, **digital):
    """
    Visits (p, S, T) of the programme in the middle case; half and twice of them in the low and the high one.

    After the programme they are modelled as those of its last year, less what take-up takes from the digital service.
    """
    by_centre = np.asarray(by_centre, dtype=float)
    at = [max(0, min(year, programme[-1]) - programme[0]) for year in years]
    times = {"low": 0.5, "mid": 1.0, "high": 2.0, "recorded": 1.1}
    services = tuple(f"s{i}" for i in range(by_centre.shape[1]))
    stated = {
        "may": np.arange(by_centre.shape[1]) == 0,
        "available": {case: np.array([0.4, 1.0]) for case in CASES},
        "take_up": ((2025, 0.5), (2027, 0.75)),
        "times": dict.fromkeys(CASES, 1.0),
    }
    made = stated | digital
    took = [curve_at(made["take_up"], list(when)) for when in (years, [min(year, programme[-1]) for year in years])]
    now, held = (1.0 - made["available"]["mid"][at] * t * (1.0 - made.get("assisted", 0.0)) for t in took)
    left = np.divide(now, held, out=np.zeros(len(years)), where=held > 0)
    modelled = by_centre[:, :, at] * np.where(made["may"][:, None], left, 1.0)
    available = {case: share[at] for case, share in made["available"].items()}
    return forecast_of(
        {case: modelled * factor for case, factor in times.items()},
        services=services,
        programme_years=programme,
        years=years,
        digital=Digital(**(made | {"available": available})),
        future=future or Future(),
        room=np.full(len(by_centre), np.inf) if room is None else np.asarray(room, dtype=float),
    )

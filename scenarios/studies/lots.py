"""
The study of partnership: which centres suit private operation, and the lots of a tender.

It is made when the scenario has a section `partnership`, and reads the studies of visits and capacity. Without
visits or without a centre that may be tendered it computes nothing and says why.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from foundation.language import language
from planning.network import places_at
from planning.offers import ANY_PLACE
from planning.partnership import (
    Digital,
    Forecast,
    PartnershipSettings,
    Suited,
    Without,
    forecast_of,
    parting_of,
    start_of,
    suited,
    tender,
    without_lot,
)
from planning.siting.offered import network_for
from planning.siting.standing import network_of
from planning.visits import Visits, journeys_saved, parts_of, visits_of
from scenarios.studies.capacity import capacity_answer, centres_of
from scenarios.studies.case import Case, Study
from scenarios.studies.lots_events import opened_by_events
from scenarios.studies.lots_ground import Seen, seen_of, visits_by_centre
from scenarios.studies.lots_record import assumptions_of, lots_record, suited_record
from scenarios.studies.lots_tables import layer_of, tables_of
from scenarios.studies.ways import Ways, one_stop_minutes, ways_of

Floats = NDArray[np.float64]

NO_VISITS = (
    "No lots were worked out: visits are not modelled in this run, and money without visits would be a guess. Add the "
    "section demand."
)
NO_CENTRES = (
    "No lots were worked out: the plan has no centre that is to be operated privately. Ask for some in the programme, "
    "or choose them in the section partnership."
)
NONE_MAY = (
    "No lots were worked out: of the centres asked for none may be operated privately without harm. The table of "
    "centres says why for each."
)


def study(case: Case) -> Study | None:
    """
    Work out the tender of a plan; None when the scenario does not ask for it.

    Raises
    ------
    InvalidInput
        When the section names a centre, service or year that the plan does not have.
    """
    section = getattr(case.scenario.settings, "partnership", None)
    if section is None:
        return None
    settings: PartnershipSettings = section.build()
    made = case.done.get("visits")
    if made is None:
        return _nothing(settings, NO_VISITS)
    visits = cast(Visits, made.answer)
    ways = ways_of(case)
    seen = seen_of(case, ways)
    ground, by_centre = seen.ground, visits_by_centre(case, seen, ways, visits)
    judged = suited(ground, by_centre["mid"][:, :, -1].sum(axis=1), settings.selection)
    if not judged.chosen:
        said = NONE_MAY if judged.left_out or settings.selection.choice == "suited" else NO_CENTRES
        return _nothing(settings, said, suited_record(case, ground, judged))
    start = start_of(ground, judged.chosen, settings)
    forecast = _forecast(case, seen, ways, visits, judged, settings, start)
    parting = parting_of(ground, judged, forecast, settings)
    lots = [tuple(judged.chosen[i] for i in lot) for lot in parting.lots]
    answer = tender(
        ground,
        judged,
        forecast,
        settings,
        parting=parting,
        start=start,
        without=_without(case, seen, ways, visits, lots, settings),
        opened=opened_by_events(case, seen, ways, visits, judged, settings),
    )
    record = {"computed": True, "assumptions": assumptions_of(settings), "centres": suited_record(case, ground, judged)}
    return Study(
        record=lots_record(case, ground, answer, record),
        tables=tables_of(case, ground, answer),
        layers={"lots": layer_of(case, ground, answer)},
        answer=answer,
    )


def _nothing(settings: PartnershipSettings, why: str, centres: list[dict[str, Any]] | None = None) -> Study:
    said = {f"reason_{code}": language(code).text(why) for code in ("en", "ar")}
    record = {"computed": False, **said, "assumptions": assumptions_of(settings), "centres": centres or []}
    return Study(record={"lots": [], "partnership": record})


def _forecast(
    case: Case, seen: Seen, ways: Ways, visits: Visits, judged: Suited, settings: PartnershipSettings, start: int
) -> Forecast:
    """Model the visits of every year of the term, at the centres of the last year of the programme."""
    chosen, stated = list(judged.chosen), visits.settings
    years = tuple(range(max(start, visits.years[0]), start + settings.term_years))
    term = visits_of(case.country, years, stated)
    by_centre = visits_by_centre(case, seen, ways, term)
    of = {name: "recorded" if name == "recorded" else "planned" for name in by_centre}
    sized = capacity_answer(case)
    return forecast_of(
        {name: amount[chosen] for name, amount in by_centre.items()},
        services=visits.services,
        programme_years=visits.years,
        years=tuple(range(start, start + settings.term_years)),
        digital=Digital(
            may=visits.lines.digital,
            available={name: term.available[curve] for name, curve in of.items()},
            take_up=stated.take_up.by_group["all"],
            times={name: stated.cases["mid" if name == "recorded" else name].take_up_times for name in of},
            assisted=stated.take_up.assisted,
        ),
        future=settings.future,
        room=np.full(len(chosen), np.inf) if sized is None else sized.room[seen.rows][chosen],
    )


def _without(
    case: Case, seen: Seen, ways: Ways, visits: Visits, lots: list[tuple[int, ...]], settings: PartnershipSettings
) -> dict[int, Without]:
    """Compare each lot with the case without it: every visit goes on to the nearest other place that can serve it."""
    final, year = case.plan.networks[-1], visits.years.index(case.plan.networks[-1].year)
    saved = journeys_saved(case.country, visits, one_stop_minutes(case, ways), year=final.year)
    positions = centres_of(case).positions[seen.rows]
    parts = [(part.offer, part.amount[year]) for part in parts_of(visits, ways.kinds)]
    none = np.zeros(len(case.country.people))
    found = {}
    for number, centres in enumerate(lots):
        left = network_of(ways.instance, np.delete(positions, centres), year=final.year)
        rows = []
        for offer, amount in [*parts, (ANY_PLACE, none)]:
            with_lot, without = ways.networks(offer)[-1], network_for(ways.instance, left, offer)
            here = np.isin(places_at(positions, with_lot.nearest_option), centres)
            once = amount is none  # the journeys saved are those of the catchment, not of each part of the visits
            gains = [saved.journeys["all"].sum(axis=0), saved.hours["all"].sum(axis=0)] if once else [none, none]
            every = (amount, with_lot.minutes, without.minutes, without.covered, *gains)
            rows.append([column[here] for column in every])
        counted, minutes, other, kept, journeys, hours = (np.concatenate(each) for each in zip(*rows, strict=True))
        found[number] = without_lot(counted, minutes, other, kept, journeys, hours, settings.benefits)
    return found

"""Why the mean of the objective and the mean of the text differ."""

from __future__ import annotations

from foundation.basis import Basis
from reports.document import Note
from reports.material import Material
from reports.writing import Writer, is_missing, number_or_nan


def objective_mean(material: Material) -> float:
    """Return mean travel as the objective counts it, in minutes; NaN when it was no objective."""
    for stage in material.info["certificate"]["stages"]:
        if stage.get("objective") == "mean_travel":
            return number_or_nan(stage.get("value"))
    return float("nan")


def two_means(writer: Writer, material: Material) -> list[Note]:
    """Return a note with both means and how each is counted; none when mean travel was no objective."""
    counted = objective_mean(material)
    objectives = (material.info.get("settings") or {}).get("objectives") or {}
    cap = objectives.get("travel_cap_minutes")
    if counted != counted or is_missing(cap):  # noqa: PLR0124 - NaN
        return []
    said = writer.say(
        "Mean travel time is counted in two ways. As an objective of the plan ({objective} minutes) each journey "
        "counts in whole minutes, rounded up, and as no more than {cap}; a missing route counts as {cap}. As travel "
        "time ({mean} minutes) it is neither rounded up nor capped, and is of the people with a route.",
        objective=writer.said(counted, 2),
        cap=writer.minutes(number_or_nan(cap)),
        mean=writer.said(material.figures.get("mean_minutes").value, 2),
    )
    return [Note(said, (Basis.MODELLED, Basis.ASSUMED))]

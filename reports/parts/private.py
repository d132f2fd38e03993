"""What the programme says of centres operated by the private sector."""

from __future__ import annotations

from reports.document import Inline
from reports.material import Record
from reports.writing import Writer, is_missing


def private_choices(writer: Writer, private: Record) -> list[Inline]:
    """Return how many centres the plan labels as privately operated, and why not more."""
    if is_missing(private.get("count")):
        return []
    count, labelled = int(private["count"]), private.get("labelled")
    found = [
        writer.count(
            "{n} centre of the programme is operated by the private sector (offered {offered}, operating {operating}). "
            "Which one follows a stated rule, applied after siting; it does not change travel time.",
            "{n} centres of the programme are operated by the private sector (offered {offered}, operating "
            "{operating}). Which ones follows a stated rule, applied after siting; it does not change travel time.",
            count,
            offered=writer.year(private.get("offered")),
            operating=writer.year(private.get("operating")),
        )
    ]
    if private.get("later"):
        found.append(
            writer.count(
                "{n} of them begins later and operates after {operating}: no other operating by then may be labelled.",
                "{n} of them begin later and operate after {operating}: no other operating by then may be labelled.",
                int(private["later"]),
                operating=writer.year(private.get("operating")),
            )
        )
    if not is_missing(labelled) and int(str(labelled)) < count:
        found.append(
            writer.say(
                "The rule leaves each governorate a public centre and takes none on which a worst-off governorate "
                "depends, so that fewer could be labelled: {labelled} of {count}.",
                labelled=int(str(labelled)),
                count=count,
            )
        )
    return found

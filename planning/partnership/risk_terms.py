"""What may happen during the term of a partnership, and who bears it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from foundation.errors import InvalidInput

EventKind = Literal["public_centre", "services_withdrawn", "services_added"]


@dataclass(frozen=True, slots=True)
class Event:
    """
    Something that may happen during the term; never part of the base figures.

    Attributes
    ----------
    site
        Of a public centre that opens there.
    services
        Withdrawn ones, by id.
    visits_share, capital
        Of services added: visits more, as a share of all of the lot's, and JOD spent once by the operator.
    """

    what: EventKind
    year: int
    site: str = ""
    services: tuple[str, ...] = ()
    visits_share: float = 0.0
    capital: float = 0.0

    def __post_init__(self) -> None:
        given = {
            "site": bool(self.site),
            "services": bool(self.services),
            "visits_share": self.visits_share > 0,
            "capital": self.capital > 0,
        }
        needed = {"public_centre": "site", "services_withdrawn": "services", "services_added": "visits_share"}[
            self.what
        ]
        allowed = {needed, "capital"} if self.what == "services_added" else {needed}
        if not given[needed] or any(given[name] for name in given.keys() - allowed):
            raise InvalidInput(
                "An event {what} needs {needed} and takes no other field of another kind of event.",
                what=self.what,
                needed=needed,
            )


@dataclass(frozen=True, slots=True)
class Compensation:
    """Share of a year's loss that the state makes good, by kind of event; 0 to 1."""

    public_centre: float = 1.0
    services_withdrawn: float = 1.0
    services_added: float = 1.0

    def of(self, what: EventKind) -> float:
        """Return the share for a kind of event."""
        return float(getattr(self, what))

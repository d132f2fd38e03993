"""What the tags of one way say: its class, and how fast it is driven in each direction."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from geodata.osm.speeds import SpeedTable

TagOf = Callable[[str], str | None]

KM_PER_MILE, KM_PER_NAUTICAL_MILE = 1.609344, 1.852
_POSTED = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?$")
_UNITS = {"mph": KM_PER_MILE, "knots": KM_PER_NAUTICAL_MILE}
_FORWARD, _BACKWARD, _BOTH = {"yes", "true", "1", "f"}, {"-1", "reverse", "t"}, {"", "no", "false", "0", "b"}
_NEVER = {"reversible", "alternating"}
_KNOWN_WORDS = _FORWARD | _BACKWARD | _BOTH | _NEVER
_ROUND = {"roundabout", "circular"}

OTHER = "other"
MOST_REASONS = 1_000  # different ones that are kept apart while a file is read; its words are a stranger's
LONGEST_WORD = 40  # letters of a word of the file that are kept


@dataclass(slots=True)
class Tally:
    """Counts of what was left out and why; filled while a file is read, then frozen into its report."""

    ways: int = 0
    kept: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    ignored_maxspeed: Counter[str] = field(default_factory=Counter)
    ignored_oneway: Counter[str] = field(default_factory=Counter)
    ferry_at: list[tuple[str, float, float]] = field(default_factory=list)

    def leave_out(self, reason: str, word: str = "", *, count: int = 1) -> None:
        """Count ways left out for a reason and, if it has one, a word of the file; past `MOST_REASONS` as `OTHER`."""
        said = f"{reason} {word[:LONGEST_WORD]}" if word else reason
        known = said in self.refused or len(self.refused) < MOST_REASONS
        self.refused[said if known else OTHER] += count

    def ignore(self, counts: Counter[str], word: str) -> None:
        """Count a word of the file that means nothing; words past `MOST_REASONS` different ones are not kept."""
        if word[:LONGEST_WORD] in counts or len(counts) < MOST_REASONS:
            counts[word[:LONGEST_WORD]] += 1


@dataclass(frozen=True, slots=True)
class WayRule:
    """Road class, and km/h along the way and against it; 0 where it may not be driven."""

    road_class: str
    forward: float
    backward: float


_Judged = tuple[WayRule | None, tuple[str, ...], tuple[str, ...]]  # the rule, else why there is none; limits ignored


class TagReader:
    """
    Reads the tags of many ways; equal tags are judged once.

    Attributes
    ----------
    tally
        What was read, kept, refused and ignored so far.
    """

    def __init__(self, table: SpeedTable) -> None:
        self.table = table
        self.tally = Tally()
        self.keys = (
            "highway",
            "oneway",
            "junction",
            "surface",
            "area",
            "maxspeed",
            "maxspeed:forward",
            "maxspeed:backward",
            *table.access_tags,
        )
        self._known: dict[tuple[str | None, ...], _Judged] = {}

    def rule(self, tag: TagOf) -> WayRule | None:
        """Return what a way's tags say, None when it is not driven; `tag` gives a tag's value or None."""
        self.tally.ways += 1
        road_class = tag("highway")
        if road_class not in self.table.classes:  # most ways of a town are footways: the other tags are not asked for
            self.tally.leave_out("class", road_class or "none")
            return None
        key = (road_class, *[tag(name) for name in self.keys[1:]])
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._judge(road_class, dict(zip(self.keys, key, strict=True)))
        rule, reason, ignored = known
        for word in ignored:
            self.tally.ignore(self.tally.ignored_maxspeed, word)
        said = (key[1] or "").strip().lower()  # its one-way
        if rule is not None and self.table.oneway and said not in _KNOWN_WORDS:
            self.tally.ignore(self.tally.ignored_oneway, said)
        if rule is None:
            self.tally.leave_out(*reason)
        else:
            self.tally.kept += 1
        return rule

    def _judge(self, road_class: str, tags: dict[str, str | None]) -> _Judged:
        table = self.table
        if tags["area"] == "yes":
            return None, ("area",), ()
        access = next((tags[name] for name in table.access_tags if tags[name]), None)
        if access in table.closed_values:
            return None, ("access", str(access)), ()
        along, against = directions(tags["oneway"], tags["junction"], road_class) if table.oneway else (True, True)
        if not (along or against):
            return None, ("oneway", str(tags["oneway"]).strip()), ()
        ignored: list[str] = []
        speed = [
            self._speed(road_class, tags["surface"], tags[f"maxspeed:{way}"] or tags["maxspeed"], ignored)
            for way in ("forward", "backward")
        ]
        rule = WayRule(road_class, speed[0] if along else 0.0, speed[1] if against else 0.0)
        return rule, (), tuple(dict.fromkeys(ignored))

    def _speed(self, road_class: str, surface: str | None, posted: str | None, ignored: list[str]) -> float:
        table = self.table
        speed = table.classes[road_class]
        if posted and table.maxspeed_share:
            limit = posted_kmh(posted)
            if math.isnan(limit) or not table.lowest_kmh <= limit <= table.highest_kmh:
                ignored.append(posted[:LONGEST_WORD])
            else:
                speed = limit * table.maxspeed_share
        return min(speed, table.surfaces.get(surface or "", math.inf))


def directions(oneway: str | None, junction: str | None, road_class: str) -> tuple[bool, bool]:
    """
    Say whether a way is driven along its line and against it.

    A roundabout and a motorway are one-way unless said otherwise; ``-1`` is one-way
    against the line; reversible lanes are not driven at all. Any other word is no one-way.
    """
    said = (oneway or "").strip().lower()
    if said in _NEVER:
        return False, False
    if said in _BACKWARD:
        return False, True
    implied = junction in _ROUND or road_class in {"motorway", "motorway_link"}
    if said in _FORWARD or (said == "" and implied):
        return True, False
    return True, True


def posted_kmh(text: str) -> float:
    """
    Return a posted limit in km/h: ``50``, ``50 km/h``, ``30 mph``, ``60;80`` (the least); else NaN.

    Words (``walk``, ``none``, ``signals``, ``RO:urban``) are no numbers: NaN.
    """
    values = []
    for part in text.replace("|", ";").split(";"):
        found = _POSTED.match(part.strip().lower())
        if found is None:
            return math.nan
        values.append(float(found[1]) * _UNITS.get(found[2] or "", 1.0))
    return min(values)

"""
The one table that turns tags into speeds: a data file, which a planner's own file may replace.

How fast a way is driven, in this order: its class gives a speed; a posted limit that is a
number gives another, taken times a stated share; a surface caps either.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from foundation.errors import InvalidInput, Phrase
from foundation.reasons import named
from foundation.strict_yaml import load_yaml, parse_yaml
from geodata.travel_rules import TravelRules

BUILT_IN = ("drive", "walk")
_TOP = {"title", "oneway", "maxspeed", "classes", "surfaces", "access_tags", "closed_values", "legs"}
_MAXSPEED = ("share", "lowest_kmh", "highest_kmh")
_LEGS = (
    "speed_urban_kmh",
    "speed_rural_kmh",
    "detour_urban",
    "detour_rural",
    "nodes",
    "limit_km",
    "direct_limit_km",
)


@dataclass(frozen=True, slots=True)
class SpeedTable:
    """
    Speeds by class and surface, and who may drive where.

    Attributes
    ----------
    classes
        km/h by road class; a class that is not listed is not driven.
    surfaces
        The most that is driven on a surface, km/h; a surface not listed caps nothing.
    oneway
        False where one-way signs do not bind (walking).
    maxspeed_share
        Speed over posted limit; 0 where posted limits are left out.
    lowest_kmh, highest_kmh
        Posted limits outside (bounds inclusive) are taken for mistakes: counted and ignored.
    access_tags
        Tags that say who may pass, the most special first; the first one present decides.
    closed_values
        Values of these tags that close a way.
    legs
        Figures of the way between a home and the network; see `TravelRules`.
    basis, source
        By block: "maxspeed", "classes", "surfaces", "legs".
    """

    classes: dict[str, float]
    surfaces: dict[str, float]
    oneway: bool
    maxspeed_share: float
    lowest_kmh: float
    highest_kmh: float
    access_tags: tuple[str, ...]
    closed_values: tuple[str, ...]
    legs: dict[str, float]
    basis: dict[str, str]
    source: dict[str, str]

    def rules(self) -> TravelRules:
        """Return the travel rules of a network read with this table: measured lengths, no congestion."""
        legs = self.legs
        return TravelRules(
            speed_kmh=dict(self.classes),
            congestion_factor=1.0,
            access_detour_urban=legs["detour_urban"],
            access_detour_rural=legs["detour_rural"],
            access_speed_urban=legs["speed_urban_kmh"],
            access_speed_rural=legs["speed_rural_kmh"],
            access_nodes=int(legs["nodes"]),
            access_limit_m=legs["limit_km"] * 1000.0,
            direct_limit_m=legs["direct_limit_km"] * 1000.0,
            road_detour=dict.fromkeys(self.classes, 1.0),
            link_limit_m=legs["limit_km"] * 1000.0,
            basis=dict(self.basis),
            source=dict(self.source),
        )

    def sha256(self) -> str:
        """Return a hash of every figure, for caches and run records."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def read_speed_table(name: str | Path) -> SpeedTable:
    """
    Read a speed table: "drive" or "walk" for the built-in ones, else the path of a YAML file.

    Raises
    ------
    InvalidInput
        For a missing or unknown key, or a figure outside its range.
    NotFound
        If there is no such file.
    """
    if isinstance(name, str) and name in BUILT_IN:
        file = f"{name}.yaml"
        return _table(parse_yaml(resources.files("geodata.osm").joinpath(file).read_text("utf-8"), name=file), file)
    path = Path(name)
    return _table(load_yaml(path), path.name)


def _table(content: dict[str, Any], file: str) -> SpeedTable:
    _exactly(content, _TOP, file, Phrase("the speed table"))
    classes, surfaces = (_speeds(content[name], file, name) for name in ("classes", "surfaces"))
    posted, legs = content["maxspeed"], content["legs"]
    _exactly(posted, {*_MAXSPEED, "basis", "source"}, file, "maxspeed")
    _exactly(legs, {*_LEGS, "basis", "source"}, file, "legs")
    figures = {name: _number(legs[name], file, f"legs: {name}") for name in _LEGS}
    for name in ("detour_urban", "detour_rural", "nodes"):
        if figures[name] < 1.0:
            raise InvalidInput(
                "{file}: {name} is {value}; expected at least 1.", file=file, name=f"legs: {name}", value=figures[name]
            )
    if not isinstance(content["oneway"], bool):
        raise InvalidInput("{file}: oneway is '{value}'; expected true or false.", file=file, value=content["oneway"])
    share = posted["share"]
    blocks = ("maxspeed", "classes", "surfaces", "legs")
    return SpeedTable(
        classes=classes,
        surfaces=surfaces,
        oneway=content["oneway"],
        maxspeed_share=0.0 if share == 0 else _number(share, file, "maxspeed: share"),
        lowest_kmh=_number(posted["lowest_kmh"], file, "maxspeed: lowest_kmh"),
        highest_kmh=_number(posted["highest_kmh"], file, "maxspeed: highest_kmh"),
        access_tags=_words(content["access_tags"], file, "access_tags"),
        closed_values=_words(content["closed_values"], file, "closed_values"),
        legs=figures,
        basis={name: str(content[name]["basis"]) for name in blocks},
        source={name: str(content[name]["source"]) for name in blocks},
    )


def _exactly(block: object, keys: set[str], file: str, name: str | Phrase) -> None:
    found = set(block) if isinstance(block, dict) else set()
    if found != keys:
        raise InvalidInput(
            "{file}: {name} lacks the keys {missing}; it does not know {unknown}. Write each key exactly once.",
            file=file,
            name=name,
            missing=named(sorted(keys - found)),
            unknown=named(sorted(str(key) for key in found - keys)),
        )


def _speeds(block: object, file: str, name: str) -> dict[str, float]:
    _exactly(block, {"unit", "basis", "source", "values"}, file, name)
    assert isinstance(block, dict)
    values = block["values"]
    if block["unit"] != "km/h" or not isinstance(values, dict):
        raise InvalidInput("{file}: {name} needs the unit km/h and its speeds under 'values'.", file=file, name=name)
    return {str(key): _number(value, file, f"{name}: {key}") for key, value in values.items()}


def _number(value: object, file: str, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
        raise InvalidInput("{file}: {name} is {value}; expected a number above 0.", file=file, name=name, value=value)
    return float(value)


def _words(value: object, file: str, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise InvalidInput("{file}: {name} needs a list of words.", file=file, name=name)
    return tuple(value)

"""
The travel rules of a country: the stated figures that turn lengths into minutes.

A file names each figure once, with its unit, its basis and its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from foundation.reasons import named
from foundation.strict_yaml import load_yaml

RULES = (
    "congestion_factor",
    "access_detour_urban",
    "access_detour_rural",
    "access_speed_urban",
    "access_speed_rural",
    "access_nodes",
    "access_limit",
    "direct_limit",
    "link_limit",
)


@dataclass(frozen=True, slots=True)
class TravelRules:
    """
    The stated figures that turn lengths into minutes.

    Attributes
    ----------
    speed_kmh
        Free-flow speed by road class, km/h.
    congestion_factor
        Minutes inside the capital city are free-flow minutes times this, >= 1.
    access_detour_urban, access_detour_rural
        Road metres over straight metres between a point and the network, >= 1.
    access_speed_urban, access_speed_rural
        Free-flow speed of that leg, km/h.
    access_nodes
        A point reaches the network at this many of its nearest nodes.
    access_limit_m
        No leg between a point and a node is longer, in straight metres (inclusive).
    direct_limit_m
        Points and sites at most this far apart, in straight metres (inclusive), are
        also joined directly; and no leg is longer than a point's nearest one by more than this.
    road_detour
        Road metres over straight metres by road class, >= 1; with it a pack's author writes
        the lengths that no source records.
    link_limit_m
        The author's secondary links are no longer, in straight metres (inclusive).
    basis, source
        For each figure, by its name in the file.
    """

    speed_kmh: dict[str, float]
    congestion_factor: float
    access_detour_urban: float
    access_detour_rural: float
    access_speed_urban: float
    access_speed_rural: float
    access_nodes: int
    access_limit_m: float
    direct_limit_m: float
    road_detour: dict[str, float]
    link_limit_m: float
    basis: dict[str, str]
    source: dict[str, str]

    def access_minutes_per_metre(
        self, urban: NDArray[np.bool_], in_capital_city: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Minutes for one straight metre of a leg, detour and congestion included; shape of the inputs."""
        detour = np.where(urban, self.access_detour_urban, self.access_detour_rural)
        speed = np.where(urban, self.access_speed_urban, self.access_speed_rural)
        slower = np.where(in_capital_city, self.congestion_factor, 1.0)
        return np.asarray(detour * slower * 60.0 / (speed * 1000.0), dtype=np.float64)

    def access_detour(self, urban: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Road metres for one straight metre of a leg; shape of the input."""
        return np.where(urban, self.access_detour_urban, self.access_detour_rural).astype(np.float64)


def read_travel_rules(path: Path) -> TravelRules:
    """
    Read the travel rules: each figure is a mapping of value, unit, basis and source.

    Raises
    ------
    InvalidInput
        For a missing or unknown figure, or one outside its range.
    """
    content = load_yaml(path)
    speeds, detours = (content.pop(name, None) for name in ("speeds", "detours"))
    if not isinstance(speeds, dict) or not isinstance(detours, dict) or not speeds or set(speeds) != set(detours):
        raise InvalidInput(
            "{file}: expected 'speeds' and 'detours' with one entry for each road class.", file=path.name
        )
    missing, unknown = set(RULES) - set(content), set(content) - set(RULES) - {"title"}
    if missing or unknown:
        raise InvalidInput(
            "{file}: missing figures: {missing}; unknown figures: {unknown}. Name each figure exactly once.",
            file=path.name,
            missing=named(sorted(missing)),
            unknown=named(sorted(unknown)),
        )
    figures = {f"speed {name}": rule for name, rule in speeds.items()}
    figures |= {f"detour {name}": rule for name, rule in detours.items()}
    figures |= {name: content[name] for name in RULES}
    value = {name: _figure(path, name, rule) for name, rule in figures.items()}
    at_least_one = ("congestion_factor", "access_detour_urban", "access_detour_rural", "access_nodes")
    for name in (*at_least_one, *(f"detour {name}" for name in detours)):
        if value[name] < 1.0:
            raise InvalidInput(
                "{file}: {name} is {value}; expected at least 1.", file=path.name, name=name, value=value[name]
            )
    return TravelRules(
        speed_kmh={name: value[f"speed {name}"] for name in speeds},
        congestion_factor=value["congestion_factor"],
        access_detour_urban=value["access_detour_urban"],
        access_detour_rural=value["access_detour_rural"],
        access_speed_urban=value["access_speed_urban"],
        access_speed_rural=value["access_speed_rural"],
        access_nodes=int(value["access_nodes"]),
        access_limit_m=value["access_limit"] * 1000.0,
        direct_limit_m=value["direct_limit"] * 1000.0,
        road_detour={name: value[f"detour {name}"] for name in detours},
        link_limit_m=value["link_limit"] * 1000.0,
        basis={name: str(rule["basis"]) for name, rule in figures.items()},
        source={name: str(rule["source"]) for name, rule in figures.items()},
    )


def _figure(path: Path, name: str, rule: object) -> float:
    if not isinstance(rule, dict) or set(rule) != {"value", "unit", "basis", "source"}:
        raise InvalidInput("{file}: {name} needs exactly value, unit, basis and source.", file=path.name, name=name)
    value = rule["value"]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value) or value <= 0:
        raise InvalidInput(
            "{file}: {name} is {value}; expected a number above 0.", file=path.name, name=name, value=value
        )
    return float(value)

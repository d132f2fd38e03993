"""What was found while a road network was read, for the people who must judge it."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.errors import Phrase

_REASONS = {
    "class": "class {word}",
    "access": "access {word}",
    "oneway": "one-way {word}",
    "no line but": "no line but {word}",
}
_PLAIN = {"area": "an area", "ferry": "a ferry", "deleted": "deleted in OpenStreetMap", "other": "any other reason"}


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """
    What a network file held, what was left out, and how well it hangs together.

    Attributes
    ----------
    file, sha256, format
        What was read: "pbf", "overpass", "graphml" or "lines".
    speeds_sha256
        Hash of the speed table.
    ways, ways_kept
        Ways (or edges, or lines) met, and those that are driven.
    refused
        Ways left out, by reason ("class footway", "access private", "area", "oneway reversible", "deleted"): the 50
        that most of them have, and "other" for the rest.
    ignored_maxspeed
        Posted limits that are no plausible number, by their text, with the ways that bear them.
    ignored_oneway
        Words for one-way that are not known, with the ways that bear them: those are driven both ways.
    cut_ways, cut_way_ids
        Ways cut where a point is absent from the file, and up to 50 of their ids; a gap is never bridged.
    cut_at
        (way, lon, lat) of the last point on each side of a gap, at most 20,000.
    ferry_at
        (way, lon, lat) of the two ends of each ferry, at most 20,000; a ferry is never driven.
    missing_points
        Points that ways name and the file lacks.
    points, nodes, edges
        Points of driven ways, kept nodes, directed edges.
    km
        Kilometres of road by class; a road driven both ways counts once.
    islands
        Parts of the network that no road joins to one another.
    island_nodes
        Nodes of the largest parts, descending, at most 50.
    mainland_nodes
        Nodes of the largest part in which every node reaches every other along one-way rules.
    """

    file: str
    sha256: str
    format: str
    speeds_sha256: str
    ways: int
    ways_kept: int
    refused: dict[str, int]
    ignored_maxspeed: dict[str, int]
    ignored_oneway: dict[str, int]
    cut_ways: int
    cut_way_ids: tuple[str, ...]
    cut_at: tuple[tuple[str, float, float], ...]
    missing_points: int
    ferry_at: tuple[tuple[str, float, float], ...]
    points: int
    nodes: int
    edges: int
    km: dict[str, float]
    islands: int
    island_nodes: tuple[int, ...]
    mainland_nodes: int


def why_left_out(reason: str) -> Phrase:
    """Say a reason of `NetworkReport.refused` as a phrase of the catalogue."""
    if reason in _PLAIN:
        return Phrase(_PLAIN[reason])
    what = next(known for known in _REASONS if reason.startswith(f"{known} "))
    word = reason[len(what) + 1 :]
    return Phrase(_REASONS[what], {"word": Phrase("none") if word == "none" else word[:40]})

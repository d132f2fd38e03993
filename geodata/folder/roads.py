"""The roads of a country folder, and what is said of them: ways left out, words that mean nothing, gaps."""

from __future__ import annotations

from pathlib import Path

from geodata.folder.report import Notebook
from geodata.folder.settings import ShortSettings, inside
from geodata.osm import Network, read_network, read_speed_table
from geodata.osm.report import why_left_out
from geodata.osm.speeds import BUILT_IN


def read_roads(folder: Path, settings: ShortSettings, notes: Notebook) -> Network:
    """Read the roads of a folder, and note what was read, left out and assumed of them."""
    part = settings.roads
    speeds: str | Path = part.speeds if part.speeds in BUILT_IN else inside(folder, part.speeds)
    network = read_network(
        inside(folder, part.file),
        speeds=read_speed_table(speeds),
        layer=part.layer,
        columns=part.columns,
        crs=part.crs,
    )
    report = network.report
    notes.note(
        "read",
        "roads",
        part.file,
        "ways: {ways}, of them driven: {kept}; nodes: {nodes}, directed edges: {edges}, {km} km",
        ways=report.ways,
        kept=report.ways_kept,
        nodes=report.nodes,
        edges=report.edges,
        km=round(sum(report.km.values())),
    )
    reasons = list(report.refused.items())
    for reason, count in reasons[:10] + [one for one in reasons[10:] if one[0] == "ferry"]:
        notes.note(
            "left_out", "roads", part.file, "{count} of the ways: {reason}", count=count, reason=why_left_out(reason)
        )
    for text, count in list(report.ignored_maxspeed.items())[:5]:
        notes.note(
            "assumed",
            "roads",
            part.file,
            "the speed limit '{text}' ({count} of the ways) is no plausible number: the speed of the class holds",
            text=text,
            count=count,
        )
    for text, count in list(report.ignored_oneway.items())[:5]:
        notes.note(
            "assumed",
            "roads",
            part.file,
            "the one-way word '{text}' ({count} of the ways) is not known: driven both ways",
            text=text,
            count=count,
        )
    if report.cut_ways:
        notes.note(
            "left_out",
            "roads",
            part.file,
            "ways cut where the file lacks a point: {ways}; points that are absent: {points}; no gap is bridged",
            ways=report.cut_ways,
            points=report.missing_points,
        )
    return network

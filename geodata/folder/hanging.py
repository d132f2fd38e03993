"""How the road network hangs together, said with its people: pieces apart from the rest, and ways that are cut."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.folder.report import Notebook
from geodata.osm import Network

MOST = 10  # pieces, and cuts, that are named


class Beside(NamedTuple):
    """(n,) people of the demand points, and the road node nearest to each."""

    people: NDArray[np.int64]
    node: NDArray[np.int64]


FERRY_M = 300.0  # a landing stage so near to a road of a piece belongs to it


def tell_hanging(points: gpd.GeoDataFrame, network: Network, plane: str, file: str, notes: Notebook) -> None:
    """Say how many people live beside pieces of road apart from the rest, and where ways are cut."""
    graph = network.graph
    if graph.mainland is None or graph.island is None or (graph.mainland.all() and not network.report.cut_at):
        return
    nodes = gpd.GeoSeries(gpd.points_from_xy(graph.lon, graph.lat), crs="EPSG:4326").to_crs(plane)
    at = points.geometry.to_crs(plane)
    tree = cKDTree(np.column_stack([nodes.x, nodes.y]))
    beside = Beside(points["people"].to_numpy(), tree.query(np.column_stack([at.x, at.y]))[1])
    if not graph.mainland.all():
        _tell_islands(network, beside, _landings(network, tree, plane), file, notes)
    _tell_cuts(network, beside, tree, plane, file, notes)


def _landings(network: Network, tree: cKDTree, plane: str) -> dict[int, str]:
    """Return for each piece of road a ferry that touches it, by its way."""
    ends = network.report.ferry_at
    if not ends:
        return {}
    at = gpd.GeoSeries(gpd.points_from_xy([e[1] for e in ends], [e[2] for e in ends]), crs="EPSG:4326").to_crs(plane)
    far, node = tree.query(np.column_stack([at.x, at.y]))
    island = np.asarray(network.graph.island)
    near = [(int(island[one]), end[0]) for one, metres, end in zip(node, far, ends, strict=True) if metres <= FERRY_M]
    return dict(reversed(near))


def _tell_islands(network: Network, beside: Beside, landings: dict[int, str], file: str, notes: Notebook) -> None:
    graph, people = network.graph, beside.people
    island, mainland = np.asarray(graph.island), np.asarray(graph.mainland)
    stuck = int(people[(island[beside.node] == 0) & ~mainland[beside.node]].sum())
    if stuck:
        notes.note(
            "read",
            "roads",
            file,
            "people who live nearest to a road from or to which one-way streets lead only one way: {people}",
            people=stuck,
        )
    if network.report.islands < 2:
        return
    notes.note(
        "read",
        "roads",
        file,
        "pieces that are not joined to one another: {islands}; people who live nearest to one that is not the "
        "largest: {people}",
        islands=network.report.islands,
        people=int(people[island[beside.node] != 0].sum()),
    )
    size = np.bincount(island)
    living = np.zeros(size.size, dtype=np.int64)
    np.add.at(living, island[beside.node], people)
    others = [piece for piece in np.lexsort((-size, -living)).tolist() if piece and living[piece]]
    for piece in others[:MOST]:
        first = int(np.flatnonzero(island == piece)[0])
        notes.note(
            "read",
            "roads",
            file,
            "a piece apart near {lon}, {lat} (road nodes: {nodes}): people who live nearest to it: {people}",
            nodes=int(size[piece]),
            lon=f"{graph.lon[first]:.4f}",
            lat=f"{graph.lat[first]:.4f}",
            people=int(living[piece]),
        )
        if piece in landings:
            notes.note(
                "read",
                "roads",
                file,
                "the ferry {way} touches this piece: no ferry is taken. A crossing can be added to a scenario as a "
                "road (travel.roads), with its minutes",
                way=landings[piece],
            )
    if len(others) > MOST:
        notes.note(
            "read",
            "roads",
            file,
            "further pieces apart: {count}, people: {people}",
            count=len(others) - MOST,
            people=int(living[others[MOST:]].sum()),
        )


def _tell_cuts(network: Network, beside: Beside, tree: cKDTree, plane: str, file: str, notes: Notebook) -> None:
    """Name the places where ways are cut, those with most people beside them first."""
    cuts, island = network.report.cut_at, np.asarray(network.graph.island)
    if not cuts:
        return
    at = gpd.GeoSeries(gpd.points_from_xy([c[1] for c in cuts], [c[2] for c in cuts]), crs="EPSG:4326").to_crs(plane)
    node = tree.query(np.column_stack([at.x, at.y]))[1]
    here = np.array([int(beside.people[beside.node == one].sum()) for one in node])
    apart = np.array(
        [int(beside.people[island[beside.node] == island[one]].sum()) if island[one] else 0 for one in node]
    )
    for at_cut in np.lexsort((-here, -apart))[:MOST].tolist():
        way, lon, lat = cuts[at_cut]
        notes.note(
            "left_out",
            "roads",
            file,
            "way {way} is cut at {lon}, {lat}: people nearest to this end: {people}, to a piece apart that it belongs "
            "to: {apart}",
            way=way,
            lon=f"{lon:.4f}",
            lat=f"{lat:.4f}",
            people=int(here[at_cut]),
            apart=int(apart[at_cut]),
        )

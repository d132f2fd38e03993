"""
Benchmark files of the siting literature, told apart by what they hold.

    coverage         first line "sites customers", then "F id x y ..." and "C id x y weight"
    points           first line "n 9999 p S", then "x y weight": each point is customer and site
    network          first line "n edges p [0]", then "i j length": undirected; a repeated edge takes the LAST length
    capacitated      "id best", then "n p capacity", then "id x y demand": Euclidean rounded down
    TSPLIB           NODE_COORD_SECTION with EUC_2D coordinates: distances rounded down

Network distances are shortest paths; the others are Euclidean.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from foundation.errors import InvalidInput, NotFound

NO_SEED = 9999


@dataclass(frozen=True, slots=True)
class Instance:
    """
    One file, read.

    Attributes
    ----------
    customers, sites
        (n, 2) and (m, 2) coordinates; None for a network.
    network
        (n, n) shortest paths; None for coordinates.
    weights
        (n,) demand; ones where the file has none.
    p
        As recorded; None where the file has none.
    capacity
        As recorded; None where the file has none.
    rounded
        True where distances are rounded down to whole numbers.
    best
        Recorded best value; None where the file has none.
    """

    customers: NDArray[np.float64] | None
    sites: NDArray[np.float64] | None
    network: NDArray[np.float64] | None
    weights: NDArray[np.float64]
    p: int | None = None
    capacity: float | None = None
    rounded: bool = False
    best: float | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Customers and sites."""
        if self.network is not None:
            return self.network.shape[0], self.network.shape[1]
        assert self.customers is not None
        assert self.sites is not None
        return self.customers.shape[0], self.sites.shape[0]

    def cost(self) -> NDArray[np.float64]:
        """(customers, sites) distances."""
        if self.network is not None:
            return self.network
        distance = cdist(self.customers, self.sites)
        return np.floor(distance) if self.rounded else distance

    def reach(self, radius: float) -> sparse.csr_array:
        """(customers, sites) CSR of ones: within `radius`, inclusive."""
        if self.network is not None or self.rounded:
            return sparse.csr_array((self.cost() <= radius).astype(np.int8))
        near = cKDTree(self.customers).query_ball_point(self.sites, radius, return_sorted=True)
        indptr = np.cumsum([0, *(len(each) for each in near)])
        flat = np.concatenate([np.asarray(each, dtype=np.int32) for each in near])
        by_site = sparse.csr_array((np.ones(flat.size, np.int8), flat, indptr), shape=self.shape[::-1])
        return sparse.csr_array(by_site.T)


def read(path: Path) -> Instance:
    """
    Read a benchmark file; the format is found from its content.

    Raises
    ------
    NotFound
        If there is no such file.
    InvalidInput
        If it is in none of the formats above.
    """
    if not path.is_file():
        raise NotFound("There is no file {path}.", path=str(path))
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = [line.split() for line in text.splitlines() if line.strip()]
    try:
        return _parsed(text, lines)
    except (ValueError, IndexError) as error:
        raise InvalidInput(
            "{file} is in none of the known formats ({reason}): coverage, points, network, capacitated or TSPLIB.",
            file=path.name,
            reason=str(error),
        ) from error


def _parsed(text: str, lines: list[list[str]]) -> Instance:
    if "NODE_COORD_SECTION" in text:
        return _tsplib(text, lines)
    if any(line[0] in {"F", "C"} for line in lines[1:3]):
        return _coverage(lines)
    if len(lines[0]) >= 2 and float(lines[0][1]) == NO_SEED:
        return _points(lines)
    if len(lines[0]) == 2 and len(lines[1]) == 3 and len(lines[2]) == 4:
        return _capacitated(lines)
    return _network(lines)


def _tsplib(text: str, lines: list[list[str]]) -> Instance:
    if "EUC_2D" not in text:
        raise ValueError("only EUC_2D coordinates are read")
    start = next(at for at, line in enumerate(lines) if line[0].startswith("NODE_COORD_SECTION"))
    rows = []
    for line in lines[start + 1 :]:
        if line[0] == "EOF":
            break
        rows.append([float(line[1]), float(line[2])])
    at = np.array(rows)
    return Instance(at, at, None, np.ones(len(at)), rounded=True)


def _coverage(lines: list[list[str]]) -> Instance:
    sites = np.array([[float(x) for x in line[2:4]] for line in lines[1:] if line[0] == "F"])
    customers = np.array([[float(x) for x in line[2:5]] for line in lines[1:] if line[0] == "C"])
    expected = (int(lines[0][0]), int(lines[0][1]))
    if (len(sites), len(customers)) != expected:
        raise ValueError(f"{len(sites)} sites and {len(customers)} customers where {expected} are announced")
    return Instance(customers[:, :2], sites, None, customers[:, 2])


def _points(lines: list[list[str]]) -> Instance:
    rows = np.array([[float(x) for x in line[:3]] for line in lines[1:]])
    if not int(lines[0][0]) - 1 <= len(rows) <= int(lines[0][0]):
        raise ValueError(f"{len(rows)} points where {lines[0][0]} are announced")
    return Instance(rows[:, :2], rows[:, :2], None, rows[:, 2])


def _network(lines: list[list[str]]) -> Instance:
    count, edges = int(lines[0][0]), int(lines[0][1])
    p = int(lines[0][2]) if len(lines[0]) > 2 else 0
    if len(lines) - 1 < edges:
        raise ValueError(f"{len(lines) - 1} edges where {edges} are announced")
    graph = np.full((count, count), np.inf)
    for line in lines[1 : edges + 1]:
        a, b, length = int(line[0]) - 1, int(line[1]) - 1, float(line[2])
        if min(a, b) < 0:
            raise ValueError("a node below 1")
        graph[a, b] = graph[b, a] = length
    np.fill_diagonal(graph, 0.0)
    kept = np.isfinite(graph) & ~np.eye(count, dtype=bool)
    rows, columns = np.nonzero(kept)
    paths = shortest_path(sparse.csr_array((graph[kept], (rows, columns)), shape=graph.shape), directed=False)
    return Instance(None, None, paths, np.ones(count), p or None)


def _capacitated(lines: list[list[str]]) -> Instance:
    best, (count, p, capacity) = float(lines[0][1]), (int(float(x)) for x in lines[1][:3])
    rows = np.array([[float(x) for x in line[1:4]] for line in lines[2 : 2 + count]])
    if len(rows) != count:
        raise ValueError(f"{len(rows)} customers where {count} are announced")
    at = rows[:, :2]
    return Instance(at, at, None, rows[:, 2], p, float(capacity), rounded=True, best=best)

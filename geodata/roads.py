"""
The road graph of a country and its travel rules: which roads there are, how long, how fast.

A graph is directed: a road that may be driven both ways is two edges. Lengths are
metres, times minutes. Minutes follow from the length, the speed of the road class
and the congestion factor; `planning.travel` alone turns them into journeys.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from foundation.errors import InvalidInput, NotFound, Phrase
from geodata.travel_rules import TravelRules, read_travel_rules

__all__ = ["RoadGraph", "TravelRules", "read_roads", "read_travel_rules"]

NODE_COLUMNS = ("node_id", "lon", "lat", "region", "in_capital_city")
EDGE_COLUMNS = ("start", "end", "metres", "road_class", "oneway")


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """
    A directed road graph.

    Attributes
    ----------
    node_id, lon, lat
        (N,) names and EPSG:4326 degrees.
    region
        (N,) name of the ground a node lies on; legs off the network and direct ways never
        join two regions (an escarpment, a gorge or a sea lies between them), roads do.
    in_capital_city
        (N,) True where the congestion factor holds.
    start, end
        (E,) node positions.
    metres, minutes
        (E,) length and driving time, both > 0 and finite.
    road_class
        (E,) key into `TravelRules.speed_kmh`.
    island
        (N,) which part of the network a node lies on, 0 the largest; None where it was not asked.
    mainland
        (N,) True in the largest part in which every node reaches every other; with it, a point
        whose near nodes all lie off it also gets a leg to its nearest node there. None: not asked.
    route
        (E,) number or name of the route an edge belongs to, "" where it has none; None: no routes are known.
    """

    node_id: NDArray[np.str_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    region: NDArray[np.str_]
    in_capital_city: NDArray[np.bool_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    metres: NDArray[np.float64]
    minutes: NDArray[np.float64]
    road_class: NDArray[np.str_]
    rules: TravelRules
    island: NDArray[np.int64] | None = None
    mainland: NDArray[np.bool_] | None = None
    route: NDArray[np.str_] | None = None

    def csr(self, weight: Literal["minutes", "metres"]) -> sparse.csr_array:
        """
        Return the (N, N) matrix of one weight; of parallel edges the LEAST is kept.

        (A plain conversion to CSR would add parallel edges up.)
        """
        kept = self.least_edges() if weight == "minutes" else _least(self.start, self.end, self.metres, self.minutes)
        values = getattr(self, weight)[kept]
        shape = (self.node_id.size, self.node_id.size)
        return sparse.csr_array((values, (self.start[kept], self.end[kept])), shape=shape)

    def least_edges(self) -> NDArray[np.int64]:
        """Return one edge position a node pair: the fastest, and of equally fast ones the shortest."""
        return _least(self.start, self.end, self.minutes, self.metres)

    def without(self, closed: NDArray[np.bool_]) -> RoadGraph:
        """Return the graph with the edges marked in `closed` (E,) taken out."""
        if closed.shape != self.start.shape:
            raise InvalidInput(
                "closed has shape {found}; expected {expected}.", found=closed.shape, expected=self.start.shape
            )
        keep = ~closed
        return replace(
            self,
            start=self.start[keep],
            end=self.end[keep],
            metres=self.metres[keep],
            minutes=self.minutes[keep],
            road_class=self.road_class[keep],
            route=None if self.route is None else self.route[keep],
        )


def _least(
    start: NDArray[np.int64], end: NDArray[np.int64], first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.int64]:
    order = np.lexsort((second, first, end, start))
    head = np.ones(order.size, dtype=bool)
    head[1:] = (start[order][1:] != start[order][:-1]) | (end[order][1:] != end[order][:-1])
    return np.asarray(order[head], dtype=np.int64)


def read_roads(nodes: Path, edges: Path, rules: Path) -> RoadGraph:
    """
    Read and check a road graph.

    Parameters
    ----------
    nodes
        CSV of node_id, lon, lat, region, in_capital_city (true/false).
    edges
        CSV of start, end (node ids), metres, road_class, oneway (true/false) and, if known, route; further
        columns say basis and source. A row that is not oneway is driven both ways.
    rules
        YAML of the travel rules; see `read_travel_rules`.

    Raises
    ------
    InvalidInput
        With file, row and field, for anything missing, doubled, not finite or not positive.
    """
    travel_rules = read_travel_rules(rules)
    node_table = _table(nodes, NODE_COLUMNS)
    edge_table = _table(edges, EDGE_COLUMNS)
    _check_nodes(node_table, nodes)
    position = {name: at for at, name in enumerate(node_table["node_id"])}
    metres = _positive(edge_table["metres"], edges, "metres")
    for field in ("start", "end"):
        _known(edge_table[field], position, edges, field, "a node_id of the nodes file")
    _known(edge_table["road_class"], travel_rules.speed_kmh, edges, "road_class", "a class of the travel rules")
    start = edge_table["start"].map(position).to_numpy(dtype=np.int64)
    end = edge_table["end"].map(position).to_numpy(dtype=np.int64)
    oneway = _flags(edge_table["oneway"], edges, "oneway")
    back = ~oneway
    city = _flags(node_table["in_capital_city"], nodes, "in_capital_city")
    road_class = edge_table["road_class"].to_numpy(dtype=str)
    speed = np.array([travel_rules.speed_kmh[name] for name in road_class], dtype=np.float64)
    slower = np.where(city[start] & city[end], travel_rules.congestion_factor, 1.0)
    minutes = metres / 1000.0 / speed * 60.0 * slower
    route = edge_table["route"].to_numpy(dtype=str) if "route" in edge_table else None
    return RoadGraph(
        node_id=node_table["node_id"].to_numpy(dtype=str),
        lon=_finite(node_table["lon"], nodes, "lon"),
        lat=_finite(node_table["lat"], nodes, "lat"),
        region=node_table["region"].to_numpy(dtype=str),
        in_capital_city=city,
        start=np.concatenate([start, end[back]]),
        end=np.concatenate([end, start[back]]),
        metres=np.concatenate([metres, metres[back]]),
        minutes=np.concatenate([minutes, minutes[back]]),
        road_class=np.concatenate([road_class, road_class[back]]),
        rules=travel_rules,
        route=None if route is None else np.concatenate([route, route[back]]),
    )


def _table(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    if not path.is_file():
        raise NotFound("There is no file {path}.", path=str(path))
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise InvalidInput("{file} lacks the columns {missing}. Add them.", file=path.name, missing=", ".join(missing))
    return table


def _refuse(path: Path, bad: NDArray[np.bool_], column: pd.Series[str], field: str, expected: str) -> None:
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise InvalidInput(
            "{file}, row {row}: {field} is '{value}'; expected {expected}. Correct the row.",
            file=path.name,
            row=row + 2,
            field=field,
            value=column.iloc[row],
            expected=Phrase(expected),
        )


def _check_nodes(table: pd.DataFrame, path: Path) -> None:
    if table.empty:
        raise InvalidInput("{file} holds no node. Add at least one.", file=path.name)
    _refuse(path, table["node_id"].duplicated().to_numpy(), table["node_id"], "node_id", "an id used once only")
    _refuse(path, (table["node_id"] == "").to_numpy(), table["node_id"], "node_id", "an id")


def _finite(column: pd.Series[str], path: Path, field: str) -> NDArray[np.float64]:
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    _refuse(path, ~np.isfinite(values), column, field, "a finite number")
    return values


def _positive(column: pd.Series[str], path: Path, field: str) -> NDArray[np.float64]:
    values = _finite(column, path, field)
    _refuse(path, values <= 0, column, field, "a number above 0")
    return values


def _flags(column: pd.Series[str], path: Path, field: str) -> NDArray[np.bool_]:
    _refuse(path, ~column.isin(["true", "false"]).to_numpy(), column, field, "true or false")
    return (column == "true").to_numpy(dtype=bool)


def _known(column: pd.Series[str], known: dict[str, int] | dict[str, float], path: Path, field: str, what: str) -> None:
    _refuse(path, ~column.isin(list(known)).to_numpy(), column, field, what)

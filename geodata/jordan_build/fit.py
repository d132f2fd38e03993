"""
Find the detours and speeds of the road classes from recorded lengths and times.

Reads the recorded routes and the fit half of the published pairs, never the held-out
half. Few figures, no figure for a single pair: four detours (steps of 0.05), the speed of
the highways and one common scale of the other classes' speeds (steps of 5 km/h), the
congestion factor kept at its stated value. Detours are fitted on lengths alone, speeds on
times alone, in turn until nothing changes (each changes which way is the fastest), from the
middle of each list; the loss is the mean absolute log ratio of model and record.
Run as ``python -m geodata.jordan_build.fit geodata/jordan``.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from geodata.jordan_build.pairs import predict, read_pairs
from geodata.jordan_build.rows import rows
from geodata.roads import RoadGraph, read_roads

DETOURS = {
    "highway": (1.0, 1.05, 1.1, 1.15),
    "main": (1.05, 1.1, 1.15, 1.2, 1.25, 1.3),
    "mountain": (1.2, 1.25, 1.3, 1.35, 1.4, 1.45, 1.5, 1.55, 1.6),
    "secondary": (1.2, 1.25, 1.3, 1.35, 1.4, 1.45, 1.5, 1.55, 1.6),
}
HIGHWAY_KMH = (80.0, 85.0, 90.0, 95.0, 100.0)
MAIN_KMH = (45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0)
MOUNTAIN_OF_MAIN, SECONDARY_OF_MAIN = 0.75, 0.75  # assumed: not enough times to fit them apart


def scaled(graph: RoadGraph, detour: dict[str, float], speed: dict[str, float]) -> RoadGraph:
    """Return `graph` as it would be with other detours and speeds (keys: all its road classes)."""
    now = graph.rules
    longer = np.array([detour[name] / now.road_detour[name] for name in graph.road_class])
    slower = np.array([now.speed_kmh[name] / speed[name] for name in graph.road_class])
    return dataclasses.replace(graph, metres=graph.metres * longer, minutes=graph.minutes * longer * slower)


def route_ratios(edges: pd.DataFrame, sources: Path, detour: dict[str, float], now: dict[str, float]) -> list[float]:
    """Return model over recorded length for each recorded route."""
    ratios = []
    for route in rows(pd.read_csv(sources / "recorded_routes.csv")):
        legs = edges[edges["route"].isin(str(route.routes).split(";"))]
        metres = sum(m * detour[c] / now[c] for m, c in zip(legs["metres"], legs["road_class"], strict=True))
        ratios.append(metres / 1000.0 / float(route.recorded_km))
    return ratios


def fit(folder: Path) -> dict[str, float]:
    """Return the fitted figures by name."""
    graph = read_roads(folder / "road_nodes.csv", folder / "road_edges.csv", folder / "travel_rules.yaml")
    edges = pd.read_csv(folder / "road_edges.csv", dtype={"route": str})
    pairs = read_pairs(folder / "sources")
    pairs = pairs[pairs["half"] == "fit"]
    now = graph.rules

    def judged(figures: dict[str, float]) -> tuple[float, float]:
        detour = {name: figures[f"detour {name}"] for name in DETOURS}
        speed = speeds(figures["highway km/h"], figures["main km/h"])
        model = predict(scaled(graph, detour, speed), pairs)
        km = (model["model_km"] / model["km"]).dropna().tolist()
        km += route_ratios(edges, folder / "sources", detour, now.road_detour)
        return _loss(km), _loss((model["model_minutes"] / model["minutes"]).dropna().tolist())

    lengths = {f"detour {name}": values for name, values in DETOURS.items()}
    times = {"highway km/h": HIGHWAY_KMH, "main km/h": MAIN_KMH}
    figures = {name: values[len(values) // 2] for name, values in {**lengths, **times}.items()}
    seen: list[dict[str, float]] = []
    while figures not in seen:
        seen.append(dict(figures))
        figures = _descend(figures, lengths, lambda trial: judged(trial)[0])
        figures = _descend(figures, times, lambda trial: judged(trial)[1])
    return min(seen[seen.index(figures) :], key=lambda trial: sum(judged(trial)))


def _descend(
    figures: dict[str, float],
    choices: dict[str, tuple[float, ...]],
    loss: Callable[[dict[str, float]], float],
) -> dict[str, float]:
    """Choose figure after figure from its list, the least loss and the first of equals, until none changes."""
    figures, before = dict(figures), None
    while figures != before:
        before = dict(figures)
        for name, values in choices.items():
            losses = [loss({**figures, name: value}) for value in values]
            figures[name] = values[int(np.argmin(losses))]
    return figures


def speeds(highway: float, main: float) -> dict[str, float]:
    """Return the speed of each road class, km/h, from the two fitted ones."""
    lesser = {"mountain": MOUNTAIN_OF_MAIN, "secondary": SECONDARY_OF_MAIN}
    return {"highway": highway, "main": main, **{name: 5.0 * round(main * part / 5.0) for name, part in lesser.items()}}


def _loss(ratios: list[float]) -> float:
    return float(np.abs(np.log(ratios)).mean())


if __name__ == "__main__":
    for name, value in fit(Path(sys.argv[1])).items():
        print(f"{name}: {value}")

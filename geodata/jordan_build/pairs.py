"""
The published distances and times that the road graph is fitted to and judged by.

Rows of one pair are put together: what is compared is the median of a pair's sources,
beside their range. A bus, a minibus and a journey "with stops" give no driving time.
A row that names a way round ("via Ajloun") is a pair of its own, judged along that way.
The split is by pair, never by row: pairs in alphabetical order, those with a driving time
and those without apart, go to the fit and to the held-out half in turn.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import dijkstra

from geodata.jordan_build.rows import rows
from geodata.roads import RoadGraph

WAYS = {
    "via Ajloun by the context": "JO-AJ-ajloun",
    "via Dead Sea": "JO-KA-ghor-al-mazraa",
    "King's Highway": "JO-MD-dhiban",
}
NO_DRIVING_TIME = ("bus", "minibus", "King's Highway, with stops")


def read_pairs(sources: Path) -> pd.DataFrame:
    """
    Return one row a pair: a, b, via (place ids; via may be ""), km, km_low, km_high, minutes,
    minutes_low, minutes_high (NaN where no source gives them), sources (count), half ("fit", "held out").
    """
    printed = pd.read_csv(sources / "road_distances.csv", dtype=str).fillna("")
    place = pd.read_csv(sources / "pair_places.csv").set_index("name")["place_id"]
    printed["ends"] = [tuple(sorted((place[a], place[b]))) for a, b in zip(printed["from"], printed["to"], strict=True)]
    printed["via"] = [
        WAYS.get(m, WAYS.get(n, "")) for m, n in zip(printed["mode_or_route"], printed["note"], strict=True)
    ]
    printed.loc[printed["mode_or_route"].isin(NO_DRIVING_TIME), "minutes"] = ""
    aside = {(a, b) for a, b, _ in (pd.read_csv(sources / "pairs_set_aside.csv")).itertuples(index=False)}
    pairs = [_pair(key, group) for key, group in printed.groupby(["ends", "via"])]
    pairs = [pair for pair in pairs if (pair["a"], pair["b"]) not in aside]
    table = pd.DataFrame([pair for pair in pairs if pair["sources"]])
    return _split(table.sort_values(["a", "b", "via"], ignore_index=True))


def predict(graph: RoadGraph, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return `pairs` with model_minutes and model_km, node to node along the fastest way (by `via` where set)."""
    at = {name: i for i, name in enumerate(graph.node_id)}
    minutes, before = dijkstra(graph.csr("minutes"), return_predecessors=True)
    kept = graph.least_edges()
    length = {(graph.start[e], graph.end[e]): graph.metres[e] for e in kept}
    result = pairs.copy()
    for row in rows(pairs):
        stops = [at[name] for name in (row.a, row.via, row.b) if name]
        metres = 0.0
        for a, b in itertools.pairwise(stops):
            here = b
            while here != a:
                metres += length[(before[a, here], here)]
                here = before[a, here]
        took = sum(minutes[a, b] for a, b in itertools.pairwise(stops))
        result.loc[row.Index, ["model_minutes", "model_km"]] = (took, metres / 1000.0)
    return result


def errors(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the median absolute relative error of km and minutes by half, with the number of pairs."""
    found = []
    for half, group in judged.groupby("half"):
        for measure in ("km", "minutes"):
            known = group[group[measure].notna()]
            error = (known[f"model_{measure}"] / known[measure] - 1.0).abs()
            outside = (known[f"model_{measure}"] < known[f"{measure}_low"] * 0.95) | (
                known[f"model_{measure}"] > known[f"{measure}_high"] * 1.05
            )
            found.append((half, measure, len(known), error.median(), error.max(), int((~outside).sum())))
    return pd.DataFrame(found, columns=["half", "measure", "pairs", "median_error", "worst_error", "in_range"])


def _pair(key: Any, group: pd.DataFrame) -> dict[str, Any]:
    (a, b), via = key
    pair: dict[str, Any] = {"a": a, "b": b, "via": via, "sources": 0}
    for field in ("km", "minutes"):
        spans = [[float(part) for part in text.split("-")] for text in group[field] if text]
        middles = [float(np.mean(span)) for span in spans]
        pair[field] = float(np.median(middles)) if spans else np.nan
        pair[f"{field}_low"] = min((min(span) for span in spans), default=np.nan)
        pair[f"{field}_high"] = max((max(span) for span in spans), default=np.nan)
        pair["sources"] = pair["sources"] + len(spans)
    return pair


def _split(table: pd.DataFrame) -> pd.DataFrame:
    timed = table["minutes"].notna()
    turn = table.groupby(timed).cumcount() % 2
    return table.assign(half=turn.map({0: "fit", 1: "held out"}))

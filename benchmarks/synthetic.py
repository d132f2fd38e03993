"""
A generated country of about Jordan's size, for measuring: every figure in it is invented by a seeded generator.

Twelve zones, clustered demand points, candidate places, two decision years nested
by "open stays open", quotas, one place fixed open; covering rows for both years, a
worst zone, and mean travel as distance layers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimization.problem import Columns, Measure, MissStage, Problem, Rule, TieStage, WorstStage

ZONES = 12


def country(
    *,
    points: int = 7000,
    places: int = 250,
    counts: tuple[int, ...] = (16, 21),
    people: int = 11_937_000,
    cap: int = 120,
    seed: int = 1,
    mean: bool = True,
    limits: tuple[int, int] = (30, 60),
) -> Problem:
    """Generate the programme: `counts` open in each decision year, stages people, worst zone, mean travel, ties."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform((0, 0), (250, 350), size=(ZONES, 2))
    share = rng.dirichlet(np.full(ZONES, 0.7))
    zone = rng.choice(ZONES, size=points, p=0.5 * share + 0.5 / ZONES)
    spread = rng.gamma(2.0, 12.0, size=points)
    angle = rng.uniform(0, 2 * np.pi, size=points)
    at = centre[zone] + spread[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
    weight = np.maximum(1, np.floor(people * _shares(rng, zone, share))).astype(np.int64)
    seats = rng.choice(points, size=places, replace=False, p=np.sqrt(weight) / np.sqrt(weight).sum())
    place_zone = zone[seats]
    place_zone[:ZONES] = np.arange(ZONES)
    site = at[seats] + rng.normal(0, 1.0, size=(places, 2))
    site[:ZONES] = centre
    minutes = np.ceil(np.linalg.norm(at[:, None] - site[None], axis=2) * 1.35 / rng.uniform(0.7, 1.2, size=places))
    limit = np.where(rng.random(points) < 0.75, *limits)
    return _problem(minutes, limit, weight, zone, place_zone, counts=counts, cap=cap, mean=mean)


def _shares(rng: np.random.Generator, zone: NDArray[np.int64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    size = rng.pareto(1.2, size=zone.size) + 0.2
    total = np.bincount(zone, weights=size, minlength=ZONES)
    return size / total[zone] * share[zone]


def _problem(
    minutes: NDArray[np.float64],
    limit: NDArray[np.int64],
    weight: NDArray[np.int64],
    zone: NDArray[np.int64],
    place_zone: NDArray[np.int64],
    *,
    counts: tuple[int, ...],
    cap: int,
    mean: bool,
) -> Problem:
    places, years = place_zone.size, len(counts)
    columns = places * years
    place = np.tile(np.arange(places), years)
    year = np.repeat(np.arange(years), places)
    lower = (place == 0).astype(np.int64)
    rank = np.tile(np.arange(1, places + 1), years)
    every = np.ones(columns, np.int64)
    within = sparse.csr_array(minutes <= limit[:, None])
    names = ["covered", *(f"zone {z}" for z in range(ZONES)), *(["travel"] if mean else [])]
    rows, weights = [], []
    constant = dict.fromkeys(names, 0)
    for t in range(years):
        sets, measure_weights = _covering(within, weight, zone, t, years, len(names))
        rows.append(sets)
        weights.append(measure_weights)
    if mean:
        sets, layer = _layers(minutes, weight, cap, columns, (years - 1) * places)
        rows.append(sets)
        weights.append(np.zeros((layer.size, len(names)), np.int64))
        weights[-1][:, -1] = layer
        constant["travel"] = int((weight * np.minimum(minutes.min(axis=1), cap)).sum())
    matrix, weight_matrix = sparse.csr_array(sparse.vstack(rows)), np.concatenate(weights)
    empty = np.diff(matrix.indptr) == 0
    for position, name in enumerate(names):
        constant[name] += int(weight_matrix[empty, position].sum())
    matrix, weight_matrix = matrix[~empty], weight_matrix[~empty]
    measures = tuple(
        Measure(
            name,
            "person-minutes" if name == "travel" else "people",
            1.0,
            constant[name],
            constant[name] + int(weight_matrix[:, position].sum()),
        )
        for position, name in enumerate(names)
    )
    stages = (
        MissStage("covered", "covered"),
        WorstStage("worst zone", tuple(names[1 : ZONES + 1])),
        *((MissStage("travel", "travel"),) if mean else ()),
        TieStage(),
    )
    return Problem(
        Columns(place, 0 * place, year, lower, every, rank),
        matrix,
        weight_matrix,
        measures,
        _rules(place_zone, counts),
        stages,
    )


def _covering(
    within: sparse.csr_array, weight: NDArray[np.int64], zone: NDArray[np.int64], t: int, years: int, width: int
) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    points, places = within.shape
    sets = sparse.csr_array((within.data, within.indices + t * places, within.indptr), shape=(points, places * years))
    weights = np.zeros((points, width), np.int64)
    weights[:, 0] = weight
    if t == years - 1:
        weights[np.arange(points), 1 + zone] = weight
    return sets.astype(np.int8), weights


def _layers(
    minutes: NDArray[np.float64], weight: NDArray[np.int64], cap: int, columns: int, offset: int
) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    """One row a distance layer of a point: weight × (next distance − this one), over the places up to this one."""
    indices, indptr, layer = [], [0], []
    for point in range(minutes.shape[0]):
        order = np.argsort(minutes[point], kind="stable")
        along = np.minimum(minutes[point, order], cap)
        last = np.flatnonzero((np.append(along[1:], cap) > along) & (along < cap))
        for end in last.tolist():
            following = along[end + 1] if end + 1 < along.size else cap
            indices.append(order[: end + 1] + offset)
            indptr.append(indptr[-1] + end + 1)
            layer.append(int(weight[point]) * int(following - along[end]))
    flat = np.concatenate(indices)
    return (
        sparse.csr_array((np.ones(flat.size, np.int8), flat, indptr), shape=(len(layer), columns)),
        np.array(layer, dtype=np.int64),
    )


def _rules(place_zone: NDArray[np.int64], counts: tuple[int, ...]) -> tuple[Rule, ...]:
    places, years = place_zone.size, len(counts)
    rules = [
        Rule(f"count {t}", "count", np.arange(places) + t * places, np.ones(places, np.int64), "==", count)
        for t, count in enumerate(counts)
    ]
    for z in range(ZONES):
        mine = np.flatnonzero(place_zone == z)
        rules.append(Rule(f"quota {z}", "quota", mine, np.ones(mine.size, np.int64), ">=", 1))
    for t in range(years - 1):
        for p in range(places):
            pair = np.array([t * places + p, (t + 1) * places + p])
            rules.append(Rule(f"stays {p} {t}", "open_stays_open", pair, np.array([1, -1]), "<=", 0, structural=True))
    return tuple(rules)

"""Generated instances, every figure invented by a seeded generator, and the table measured on them."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from benchmarks.memory import peak_mb
from benchmarks.synthetic import country
from optimization import max_cover, p_median, solve

CHUNK = 100_000


def covering(*, sites: int, customers: int, radius: float, seed: int) -> tuple[sparse.csr_array, NDArray[np.float64]]:
    """Uniform on [0, 30]², weights 1 to 100: (customers × sites reach, weights)."""
    rng = np.random.default_rng(seed)
    places, at = rng.uniform(0, 30, (sites, 2)), rng.uniform(0, 30, (customers, 2))
    weights = rng.integers(1, 101, customers).astype(np.float64)
    tree = cKDTree(places)
    counts = tree.query_ball_point(at, radius, return_length=True)
    indptr = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    flat = np.empty(int(indptr[-1]), dtype=np.int32)
    for start in range(0, customers, CHUNK):  # so that lists of Python numbers never stand beside the whole
        near = tree.query_ball_point(at[start : start + CHUNK], radius, return_sorted=True)
        stop = min(customers, start + CHUNK)
        flat[indptr[start] : indptr[stop]] = np.concatenate([np.asarray(each, dtype=np.int32) for each in near])
    return sparse.csr_array((np.ones(flat.size, np.int8), flat, indptr), shape=(customers, sites)), weights


def euclidean(*, points: int, seed: int) -> NDArray[np.float64]:
    """Distances rounded down between whole points uniform on [0, 1000)²."""
    at = np.random.default_rng(seed).integers(0, 1000, (points, 2))
    return np.floor(cdist(at, at))


def _cover(sites: int, customers: int, radius: float, p: int, seed: int, limit: float) -> dict[str, Any]:
    reach, weights = covering(sites=sites, customers=customers, radius=radius, seed=seed)
    before = peak_mb()
    found = max_cover(reach, weights, p, time_limit=limit)
    told = {"value": found.value, "bound": found.bound, "status": found.status, "solve_s": found.seconds}
    return told | {"peak_before_mb": round(before)}


def _median(points: int, p: int, seed: int, limit: float) -> dict[str, Any]:
    found = p_median(euclidean(points=points, seed=seed), p, time_limit=limit)
    return {"value": found.value, "bound": found.bound, "status": found.status, "solve_s": found.seconds}


def _country(limit: float, **shape: Any) -> dict[str, Any]:
    answer = solve(country(**shape), time_limit=limit)
    stages = {stage.objective: (stage.status, stage.proof, round(stage.seconds, 2)) for stage in answer.stages}
    return {"status": answer.status, "solve_s": answer.seconds, "stages": stages}


TASKS: dict[str, Callable[[float], dict[str, Any]]] = {
    **{
        f"cover-100x1M-{seed}": lambda limit, seed=seed: _cover(100, 1_000_000, 5.5, 10, seed, limit)
        for seed in (1, 2, 3, 4)
    },
    "cover-100x15M": lambda limit: _cover(100, 15_000_000, 5.5, 10, 1, limit),
    **{
        f"cover-1000x10k-R5.5-{seed}": lambda limit, seed=seed: _cover(1000, 10_000, 5.5, 10, seed, limit)
        for seed in (1, 2, 3, 4)
    },
    "cover-1000x10k-R3.5": lambda limit: _cover(1000, 10_000, 3.5, 20, 1, limit),
    "median-2000": lambda limit: _median(2000, 20, 1, limit),
    "median-2000-2": lambda limit: _median(2000, 20, 2, limit),
    "median-5000": lambda limit: _median(5000, 20, 1, limit),
    "country": lambda limit: _country(limit, seed=1),
    "country-2": lambda limit: _country(limit, seed=2),
    "mean-travel": lambda limit: _country(limit, points=5_000, places=200, counts=(12, 15, 20, 25), seed=1),
    "rollout": lambda limit: _country(limit, points=10_000, places=300, counts=(12, 15, 20, 25), mean=False, seed=1),
    "rollout-15": lambda limit: _country(
        limit, points=10_000, places=300, counts=(12, 15, 20, 25), mean=False, seed=1, limits=(15, 30)
    ),
}


def main() -> None:
    """Print one JSON line: python -m benchmarks.generated TASK [--time-limit S]."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generated")
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--time-limit", type=float, default=300.0)
    asked = parser.parse_args()
    started = time.monotonic()
    line = TASKS[asked.task](asked.time_limit)
    print(json.dumps({"task": asked.task, **line, "all_s": time.monotonic() - started, "peak_mb": round(peak_mb())}))


if __name__ == "__main__":
    main()

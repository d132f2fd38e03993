"""
Solve one benchmark file and print one JSON line.

    python -m benchmarks.siting KIND FILE [--radius R] [--p P] [--time-limit S]

KIND is cover, pmedian, pcenter, setcover or capacitated. Demand recorded in the file weighs a
covering; a p-median is weighted only where the file is one of weighted points or coverage.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from benchmarks.memory import peak_mb
from benchmarks.readers import Instance, read
from foundation.errors import InvalidInput, MarkazError
from optimization import PlainSolution, capacitated_p_median, max_cover, p_center, p_median, set_cover
from optimization.merging import equal_rows

KINDS = ("cover", "pmedian", "pcenter", "setcover", "capacitated")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code: 0, or 2 for wrong input."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.siting", description=__doc__.split("\n\n")[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("file", type=Path)
    parser.add_argument("--radius", type=float, help="largest distance that covers, inclusive")
    parser.add_argument("--p", type=int, help="sites to open; otherwise as recorded in the file")
    parser.add_argument("--time-limit", type=float, metavar="S", help="seconds")
    asked = parser.parse_args(arguments)
    try:
        instance = read(asked.file)
        line = run(asked.kind, instance, radius=asked.radius, p=asked.p, time_limit=asked.time_limit)
    except MarkazError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps({"kind": asked.kind, "file": asked.file.name, **line}))
    return 0


def run(
    kind: str, instance: Instance, *, radius: float | None, p: int | None, time_limit: float | None
) -> dict[str, Any]:
    """Solve an instance and return the fields of the JSON line, `kind` and `file` apart."""
    customers, sites = instance.shape
    count = p if p is not None else instance.p
    limits = {"time_limit": time_limit}
    rows = customers
    if kind in {"cover", "setcover"}:
        if radius is None:
            raise InvalidInput("{kind} needs a radius; give --radius R.", kind=kind)
        if not (math.isfinite(radius) and radius >= 0):
            raise InvalidInput("The radius is {radius}; expected 0 or more.", radius=str(radius))
        reach = instance.reach(radius)
        rows = int(equal_rows(reach)[1].size)
        if kind == "setcover":
            return _line(set_cover(reach, **limits), customers, sites, rows, None)
        return _line(max_cover(reach, instance.weights, _needed(count), **limits), customers, sites, rows, count)
    cost = instance.cost()
    if kind == "pcenter":
        return _line(p_center(cost, _needed(count), **limits), customers, sites, rows, count)
    if kind == "pmedian":
        weights = None if instance.capacity is not None else instance.weights
        return _line(p_median(cost, _needed(count), weights=weights, **limits), customers, sites, rows, count)
    if instance.capacity is None:
        raise InvalidInput("The file holds no capacity; expected a capacitated p-median file.")
    solution = capacitated_p_median(cost, instance.weights, instance.capacity, _needed(count), **limits)
    return _line(solution, customers, sites, rows, count)


def _needed(count: int | None) -> int:
    if count is None:
        raise InvalidInput("The file records no p; give --p P.")
    return count


def _line(solution: PlainSolution, customers: int, sites: int, rows: int, p: int | None) -> dict[str, Any]:
    return {
        "sites": sites,
        "customers": customers,
        "rows": rows,
        "p": p if p is not None else len(solution.chosen),
        "value": _finite(solution.value),
        "bound": _finite(solution.bound),
        "status": solution.status,
        "proof": solution.proof,
        "seconds": round(solution.seconds, 3),
        "peak_mb": round(peak_mb(), 1),
    }


def _finite(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if value == int(value) else value


if __name__ == "__main__":
    raise SystemExit(main())

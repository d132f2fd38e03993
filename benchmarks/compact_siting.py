"""
A covering file solved by our own compact path: the whole model written with PuLP and given to HiGHS or CBC.

    python -m benchmarks.compact_siting cover FILE --radius R --p P [--time-limit S] [--solver HiGHS|CBC]

Prints one JSON line as `benchmarks.siting` does; rows are merged as there. The compact path answers without a proof.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from benchmarks.memory import peak_mb, peak_of_children_mb
from benchmarks.readers import read
from optimization.compact import solve_compact
from optimization.plain_cover import cover_problem
from optimization.plain_solution import count_of, reach_of
from optimization.quanta import whole


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compact_siting")
    parser.add_argument("kind", choices=("cover",))
    parser.add_argument("file", type=Path)
    parser.add_argument("--radius", type=float, required=True)
    parser.add_argument("--p", type=int, required=True)
    parser.add_argument("--time-limit", type=float, default=300.0)
    parser.add_argument("--solver", choices=("HiGHS", "CBC"), default="HiGHS")
    asked = parser.parse_args()
    instance = read(asked.file)
    started = time.monotonic()
    reach = reach_of(instance.reach(asked.radius))
    quanta, _ = whole(np.asarray(instance.weights, dtype=np.float64), room=2.0**40, name="weights")
    p, lower = count_of(asked.p, (), reach.shape[1])
    problem = cover_problem(reach, quanta, p, lower=lower)
    found = solve_compact(problem, time_limit=asked.time_limit, solver=asked.solver)
    value = problem.measures[0].total - int(found.values[0]) if found.values else None
    line = {
        "kind": asked.kind,
        "solver": asked.solver,
        "file": asked.file.name,
        "p": asked.p,
        "value": value,
        "seconds": round(time.monotonic() - started, 2),
        "cut_off": found.word != "optimal",
        "peak_mb": round(peak_mb() + peak_of_children_mb()),
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()

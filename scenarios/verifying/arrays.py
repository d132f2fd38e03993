"""The arrays that were solved, held against those of the inputs."""

from __future__ import annotations

import numpy as np

from foundation.errors import Phrase
from optimization import Problem
from scenarios.verifying.check import Check


def arrays_check(solved: Problem, rebuilt: Problem) -> Check:
    """Compare the arrays that were solved with those of the inputs."""
    name = Phrase("The arrays that were solved are those of the inputs")
    same = (
        all(
            np.array_equal(getattr(solved.columns, field), getattr(rebuilt.columns, field))
            for field in ("place", "kind", "year", "lower", "upper", "rank")
        )
        and (solved.measures, solved.stages, solved.floors) == (rebuilt.measures, rebuilt.stages, rebuilt.floors)
        and np.array_equal(solved.weights, rebuilt.weights)
        and solved.sets.shape == rebuilt.sets.shape
        and np.array_equal(solved.sets.indptr, rebuilt.sets.indptr)
        and np.array_equal(solved.sets.indices, rebuilt.sets.indices)
        and len(solved.rules) == len(rebuilt.rules)
        and all(
            (a.name, a.kind, a.sense, a.right, a.unit) == (b.name, b.kind, b.sense, b.right, b.unit)
            and np.array_equal(a.columns, b.columns)
            and np.array_equal(a.coefficients, b.coefficients)
            for a, b in zip(solved.rules, rebuilt.rules, strict=True)
        )
    )
    rows, columns = solved.sets.shape
    shown = Phrase("{rows} rows, {columns} columns", {"rows": int(rows), "columns": int(columns)})
    return Check(name, same, shown if same else Phrase("they differ"))

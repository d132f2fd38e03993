"""
The door of the room: every fault of a problem is gathered, then refused at once.

Knows what makes the weighted miss exact (whole non-negative weights, named rules
on y, floors that bound a miss from above) and refuses what breaks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from scipy import sparse

from foundation.errors import InvalidInput
from optimization.problem import Columns, Floor, LinearStage, Measure, MissStage, Problem, Rule, TieStage, WorstStage

_STAGES = (MissStage, WorstStage, LinearStage, TieStage)
_LEAST = np.iinfo(np.int64).min  # has no absolute value
LARGEST_TOTAL = 2**50  # a sum of weights stays a whole number in float64, with room for a few additions


def validate(problem: Problem) -> None:
    """
    Refuse a problem that is not well formed.

    Raises
    ------
    InvalidInput
        With every fault found, one a line, in ``values['faults']``.
    """
    strangers = list(_strangers(problem))
    if strangers:
        raise InvalidInput("The siting problem is not well formed: {faults}", faults=" ".join(strangers))
    odd = {name: list(check(problem)) for name, check in _TYPES.items()}
    faults = [fault for found in odd.values() for fault in found]
    if not odd["columns"]:  # what follows reads arrays, as far as they are some
        faults += [*_columns(problem.columns), *_stages(problem)]
        faults += _rules(problem) if not odd["rules"] else []
        faults += _rows(problem) if sparse.issparse(problem.sets) and not odd["weights"] else []
    faults += _measures(problem) if not odd["weights"] + odd["measures"] else []
    faults += _floors(problem)
    if faults:
        raise InvalidInput("The siting problem is not well formed: {faults}", faults=" ".join(faults))


def positions_of(problem: Problem, columns: Iterable[int]) -> list[int]:
    """
    Return positions of columns as they were given.

    Raises
    ------
    InvalidInput
        If one is no whole number (a mask is none), or there is no such column.
    """
    asked = list(columns)
    for column in asked:
        if not is_whole(column):
            raise InvalidInput("{found} is no position of a column; expected whole numbers.", found=str(column))
        if not 0 <= column < problem.columns.place.size:
            raise InvalidInput("A column asked for does not exist.")
    return [int(column) for column in asked]


def _strangers(problem: Problem) -> Iterator[str]:
    """Parts that are not even of their kind: nothing of them can be read."""
    wanted = {"measures": (Measure,), "rules": (Rule,), "floors": (Floor,), "stages": _STAGES}
    for name, kinds in wanted.items():
        parts = getattr(problem, name)
        if not isinstance(parts, tuple):
            yield f"{name} is {type(parts).__name__}; expected a tuple."
            continue
        for at, part in enumerate(parts):
            if not isinstance(part, kinds):
                yield f"{name}[{at}] is {type(part).__name__}; expected {' or '.join(kind.__name__ for kind in kinds)}."
                continue
            for field in ("tolerance", "slack", "quantum"):
                value = getattr(part, field, 0.0)
                if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
                    yield f"{name}[{at}]: {field} is {value!r}; expected a number."
            if isinstance(part, LinearStage) and not isinstance(part.coefficients, tuple):
                yield f"{name}[{at}]: coefficients is {type(part.coefficients).__name__}; expected a tuple."
    if not isinstance(problem.columns, Columns):
        yield f"columns is {type(problem.columns).__name__}; expected Columns."


def _column_types(problem: Problem) -> Iterator[str]:
    for name in ("place", "kind", "year", "lower", "upper", "rank"):
        yield from _no_array(f"columns.{name}", getattr(problem.columns, name))


def _set_types(problem: Problem) -> Iterator[str]:
    if getattr(problem.sets, "format", "") != "csr":
        yield f"sets is {type(problem.sets).__name__}; expected a scipy CSR array."
        return
    indices, width = problem.sets.indices, problem.sets.shape[1]
    if indices.size and not (indices.min() >= 0 and indices.max() < width):
        yield f"sets names a column outside 0 to {width - 1}."


def _weight_types(problem: Problem) -> Iterator[str]:
    weights = problem.weights
    if not isinstance(weights, np.ndarray) or weights.dtype != np.int64:  # a narrower sum would wrap
        yield f"weights is {getattr(weights, 'dtype', type(weights).__name__)}; expected whole quanta (int64)."


def _measure_types(problem: Problem) -> Iterator[str]:
    for measure in problem.measures:
        for name in ("constant", "total"):
            if not is_whole(getattr(measure, name)):
                yield f"measure '{measure.name}': {name} is {getattr(measure, name)!r}; expected whole quanta."


def _rule_types(problem: Problem) -> Iterator[str]:
    for rule in problem.rules:
        yield from _no_array(f"rule '{rule.name}': columns", rule.columns)
        yield from _no_array(f"rule '{rule.name}': coefficients", rule.coefficients)
        values = rule.coefficients
        if isinstance(values, np.ndarray) and values.size and (values.dtype != np.int64 or values.min() == _LEAST):
            yield f"rule '{rule.name}': coefficients is {values.dtype}; expected int64 above -2**63."


_TYPES: dict[str, Callable[[Problem], Iterator[str]]] = {
    "columns": _column_types,
    "sets": _set_types,
    "weights": _weight_types,
    "measures": _measure_types,
    "rules": _rule_types,
}


def _no_array(name: str, values: object) -> Iterator[str]:
    if not isinstance(values, np.ndarray) or not (values.size == 0 or np.issubdtype(values.dtype, np.integer)):
        yield f"{name} is {getattr(values, 'dtype', type(values).__name__)}; expected an array of whole numbers."


def _columns(columns: Columns) -> Iterator[str]:
    count = columns.place.size
    if count == 0:
        yield "There are no columns; give at least one candidate."
    for name in ("place", "kind", "year", "lower", "upper", "rank"):
        values = getattr(columns, name)
        if values.shape != (count,):
            yield f"columns.{name} has shape {values.shape}; expected ({count},)."
        elif name in {"lower", "upper"} and not np.isin(values, (0, 1)).all():
            yield f"columns.{name} must hold 0 or 1 only."
    if columns.lower.shape == columns.upper.shape and (columns.lower > columns.upper).any():
        yield "columns.lower exceeds columns.upper: a column is both fixed open and forbidden."
    if columns.rank.size and (columns.rank.min() < 0 or columns.rank.max() > 2**30):
        yield "columns.rank must lie between 0 and 2**30."


def _rows(problem: Problem) -> Iterator[str]:
    count, width = problem.sets.shape
    if width != problem.columns.place.size:
        yield f"sets has {width} columns; expected {problem.columns.place.size}, one a decision."
    if problem.sets.nnz and not (problem.sets.data == 1).all():
        yield "sets must hold ones only: a column satisfies a row or it does not."
    if problem.weights.shape != (count, len(problem.measures)):
        yield f"weights is {problem.weights.shape}; expected {(count, len(problem.measures))}, rows by measures."
    elif problem.weights.size and problem.weights.min() < 0:
        row, measure = np.argwhere(problem.weights < 0)[0]
        yield (
            f"weights[{row}, {measure}] is negative. A reward for missing somebody breaks exactness: "
            "coverage cannot be asked to be small or equal."
        )


def _measures(problem: Problem) -> Iterator[str]:
    names = [measure.name for measure in problem.measures]
    yield from _repeated(names, "measure")
    if problem.weights.ndim != 2 or problem.weights.shape[1] != len(names):
        return
    for position, measure in enumerate(problem.measures):
        yield from _measure(measure, problem.weights[:, position])


def _measure(measure: Measure, weights: np.ndarray) -> Iterator[str]:
    if not 0 <= measure.constant <= measure.total:
        yield f"measure '{measure.name}': constant {measure.constant} must lie between 0 and total {measure.total}."
    if measure.total > LARGEST_TOTAL:
        yield f"measure '{measure.name}': total {measure.total} exceeds {LARGEST_TOTAL}; use a coarser quantum."
    if not (np.isfinite(measure.quantum) and measure.quantum > 0):
        yield f"measure '{measure.name}': quantum {measure.quantum} must be positive."
    if weights.size and float(weights.astype(np.float64).sum()) > 2.0 * LARGEST_TOTAL:
        yield f"measure '{measure.name}': its weights overflow; use a coarser quantum."
    elif weights.size and measure.constant + int(weights.sum()) > measure.total:
        yield (
            f"measure '{measure.name}': constant and weights sum to {measure.constant + int(weights.sum())}, "
            f"more than its total {measure.total}."
        )


def _rules(problem: Problem) -> Iterator[str]:
    yield from _repeated([rule.name for rule in problem.rules] + [f.name for f in problem.floors], "rule or floor")
    for rule in problem.rules:
        yield from _rule(rule, problem.columns.place.size)


def _rule(rule: Rule, count: int) -> Iterator[str]:
    if rule.columns.shape != rule.coefficients.shape or rule.columns.ndim != 1:
        yield f"rule '{rule.name}': columns and coefficients differ in shape."
        return
    if rule.sense not in {"<=", ">=", "=="}:
        yield f"rule '{rule.name}': sense '{rule.sense}' is not one of <=, >=, ==."
    if rule.columns.size and (rule.columns.min() < 0 or rule.columns.max() >= count):
        yield f"rule '{rule.name}': a column position lies outside 0 to {count - 1}."
    if np.unique(rule.columns).size != rule.columns.size:
        yield f"rule '{rule.name}': a column is listed twice; add its coefficients."
    if rule.coefficients.size and np.abs(rule.coefficients).max() > 2**40:
        yield f"rule '{rule.name}': a coefficient exceeds 2**40; use a coarser unit."
    if not is_whole(rule.right):
        yield f"rule '{rule.name}': right side {rule.right!r} must be a whole number."
    elif abs(rule.right) > LARGEST_TOTAL:
        yield f"rule '{rule.name}': right side {rule.right} exceeds {LARGEST_TOTAL}; use a coarser unit."


def is_whole(value: object) -> bool:
    """Tell whether a value is a whole number of Python's or numpy's; a truth is none."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _floors(problem: Problem) -> Iterator[str]:
    names = {measure.name for measure in problem.measures}
    for floor in problem.floors:
        if floor.measure not in names:
            yield f"floor '{floor.name}' names the measure '{floor.measure}', which does not exist."
        if not is_whole(floor.allowed):
            yield f"floor '{floor.name}': allowed is {floor.allowed!r}; expected whole quanta."


def _stages(problem: Problem) -> Iterator[str]:
    names = {measure.name: measure for measure in problem.measures}
    if not problem.stages:
        yield "There are no stages; give at least one objective."
    yield from _repeated([stage.name for stage in problem.stages], "stage")
    for stage in problem.stages:
        if isinstance(stage, TieStage):
            continue
        if isinstance(stage, LinearStage):
            yield from _linear(stage, problem.columns.place.size)
            continue
        asked = (stage.measure,) if isinstance(stage, MissStage) else stage.measures
        for name in asked:
            if name not in names:
                yield f"stage '{stage.name}' names the measure '{name}', which does not exist."
        if not (np.isfinite(stage.tolerance) and stage.tolerance >= 0):
            yield f"stage '{stage.name}': tolerance {stage.tolerance} must not be negative."
        elif isinstance(stage, MissStage) and not is_whole(stage.tolerance):
            yield f"stage '{stage.name}': tolerance is {stage.tolerance!r}; expected whole quanta."
        if isinstance(stage, MissStage) and not (np.isfinite(stage.slack) and 0 <= stage.slack <= 1):
            yield f"stage '{stage.name}': slack {stage.slack} must lie between 0 and 1."
        if isinstance(stage, WorstStage) and not any(name in names and names[name].total > 0 for name in asked):
            yield f"stage '{stage.name}' compares no measure with a positive total."


def _linear(stage: LinearStage, count: int) -> Iterator[str]:
    if len(stage.coefficients) != count:
        yield f"stage '{stage.name}' has {len(stage.coefficients)} coefficients; expected {count}, one a column."
    for each in {type(value) for value in (*stage.coefficients, stage.tolerance, stage.constant)} - {int}:
        yield f"stage '{stage.name}' holds {each.__name__}; expected whole numbers."
        return
    if sum(abs(value) for value in stage.coefficients) > LARGEST_TOTAL:
        yield f"stage '{stage.name}': its coefficients sum to more than {LARGEST_TOTAL}; use a coarser unit."
    if stage.tolerance < 0:
        yield f"stage '{stage.name}': tolerance {stage.tolerance} must not be negative."


def _repeated(names: list[str], what: str) -> Iterator[str]:
    for name in sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else ():
        yield f"The {what} name '{name}' is used twice; names must be unique."

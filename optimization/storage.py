"""
Problems and certificates as .npz files: arrays and one JSON text, never pickle.

Reading checks what it reads: a file from elsewhere is hostile until then.
"""

from __future__ import annotations

import io
import json
import math
import os
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from foundation.errors import InvalidInput, NotFound
from optimization.problem import (
    Columns,
    Floor,
    LinearStage,
    Measure,
    MissStage,
    Problem,
    Rule,
    Stage,
    TieStage,
    WorstStage,
)
from optimization.solution import Conflict, Solution, StageResult
from optimization.validation import validate

# whatever a flipped byte makes numpy, zip and JSON raise
HOSTILE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
SCHEMA = 1
_STAGES: dict[str, type[MissStage] | type[WorstStage] | type[LinearStage] | type[TieStage]] = {
    "miss": MissStage,
    "worst": WorstStage,
    "linear": LinearStage,
    "tie": TieStage,
}
_COLUMNS = ("place", "kind", "year", "lower", "upper", "rank")


def save_problem(path: Path, problem: Problem) -> None:
    """Write a problem as .npz; the same problem gives the same bytes."""
    lengths = [rule.columns.size for rule in problem.rules]
    text = {
        "schema": SCHEMA,
        "measures": [asdict(measure) for measure in problem.measures],
        "rules": [
            {
                "name": r.name,
                "kind": r.kind,
                "sense": r.sense,
                "right": int(r.right),
                "unit": r.unit,
                "structural": r.structural,
            }
            for r in problem.rules
        ],
        "floors": [asdict(floor) for floor in problem.floors],
        "stages": [{"kind": _kind(stage), **asdict(stage)} for stage in problem.stages],
    }
    arrays: dict[str, NDArray[Any]] = {f"columns_{name}": getattr(problem.columns, name) for name in _COLUMNS}
    arrays["sets_indptr"] = problem.sets.indptr.astype(np.int64)
    arrays["sets_indices"] = problem.sets.indices.astype(np.int32)
    arrays["sets_shape"] = np.array(problem.sets.shape, dtype=np.int64)
    arrays["weights"] = problem.weights
    arrays["rules_start"] = np.cumsum([0, *lengths], dtype=np.int64)
    for name in ("columns", "coefficients"):
        arrays[f"rules_{name}"] = np.concatenate(
            [getattr(rule, name) for rule in problem.rules] + [np.zeros(0, np.int64)]
        ).astype(np.int64)
    _write(path, text, arrays)


def load_problem(path: Path) -> Problem:
    """
    Read a problem written by `save_problem`, and validate it.

    Raises
    ------
    NotFound
        If there is no such file.
    InvalidInput
        If it is not such a file, or the problem in it is not well formed.
    """
    text, arrays = _read(path)
    try:
        start = arrays["rules_start"].tolist()
        rules = tuple(
            Rule(
                **head,
                columns=arrays["rules_columns"][start[at] : start[at + 1]],
                coefficients=arrays["rules_coefficients"][start[at] : start[at + 1]],
            )
            for at, head in enumerate(text["rules"])
        )
        indices = arrays["sets_indices"]
        sets = sparse.csr_array(
            (np.ones(indices.size, np.int8), indices, arrays["sets_indptr"]),
            shape=tuple(int(side) for side in arrays["sets_shape"]),
        )
        sets.check_format(full_check=True)
        problem = Problem(
            columns=Columns(**{name: arrays[f"columns_{name}"] for name in _COLUMNS}),
            sets=sets,
            weights=arrays["weights"],
            measures=tuple(Measure(**each) for each in text["measures"]),
            rules=rules,
            stages=tuple(_stage(dict(each)) for each in text["stages"]),
            floors=tuple(Floor(**each) for each in text["floors"]),
        )
    except HOSTILE as error:
        raise _unreadable(path, repr(error)[:200]) from error
    validate(problem)
    return problem


def save_certificate(path: Path, solution: Solution) -> None:
    """Write an answer with its proof as .npz: everything `certificate.verify` needs beside the problem."""
    text = {
        "schema": SCHEMA,
        "status": solution.status,
        "seconds": solution.seconds,
        "settings": solution.settings,
        "stages": [{key: _plain(value) for key, value in asdict(stage).items()} for stage in solution.stages],
        "conflict": asdict(solution.conflict) if solution.conflict else None,
    }
    arrays = {f"proof_{name}": values for name, values in solution.certificate.items()}
    _write(path, text, {"chosen": solution.chosen, **arrays})


def load_certificate(path: Path) -> Solution:
    """
    Read an answer written by `save_certificate`. It is not verified: `certificate.verify` does that.

    Raises
    ------
    NotFound
        If there is no such file.
    InvalidInput
        If it is not such a file.
    """
    text, arrays = _read(path)
    try:
        stages = tuple(StageResult(**_with_nan(each)) for each in text["stages"])
        clash = text["conflict"]
        conflict = Conflict(**{**clash, "names": tuple(clash["names"])}) if clash else None
        proof = {name[6:]: values for name, values in arrays.items() if name.startswith("proof_")}
        return Solution(
            text["status"],
            arrays["chosen"].astype(bool),
            stages,
            float(text["seconds"]),
            dict(text["settings"]),
            certificate=proof,
            conflict=conflict,
        )
    except HOSTILE as error:
        raise _unreadable(path, repr(error)[:200]) from error


def _kind(stage: Stage) -> str:
    return next(name for name, kind in _STAGES.items() if isinstance(stage, kind))


def _stage(fields: dict[str, Any]) -> Stage:
    kind = _STAGES[fields.pop("kind")]
    for name in fields.keys() & {"measures", "coefficients"}:
        fields[name] = tuple(fields[name])
    return kind(**fields)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _with_nan(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: math.nan if value is None else value for key, value in fields.items()}


def _write(path: Path, text: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    encoded = np.frombuffer(json.dumps(text, ensure_ascii=False, allow_nan=False).encode(), dtype=np.uint8)
    aside = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, values in {"text": encoded, **arrays}.items():
                body = io.BytesIO()
                np.lib.format.write_array(body, np.ascontiguousarray(values), allow_pickle=False)
                # a fixed date keeps the bytes the same for the same content
                archive.writestr(_entry(f"{name}.npy"), body.getvalue())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    if not path.is_file():
        raise NotFound("There is no file {path}.", path=str(path))
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        text = json.loads(arrays.pop("text").tobytes().decode())
    except HOSTILE as error:
        raise _unreadable(path, repr(error)[:200]) from error
    if not isinstance(text, dict) or text.get("schema") != SCHEMA:
        raise _unreadable(path, f"schema is not {SCHEMA}")
    return text, arrays


def _unreadable(path: Path, reason: str) -> InvalidInput:
    return InvalidInput(
        "{file} is not a readable problem or certificate ({reason}). Write it again with this version.",
        file=str(path),
        reason=reason,
    )

"""What a run folder holds, held against what it should hold: figures, tables, layers."""

from __future__ import annotations

import datetime
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio

from foundation.errors import Phrase
from foundation.strict_json import parse_json
from scenarios.content import Content
from scenarios.run import Run
from scenarios.stamp import versions
from scenarios.studies.answer_layers import answer_layers
from scenarios.verifying.alike import alike, same_layer, same_table
from scenarios.verifying.answers import solved_names
from scenarios.verifying.check import Check, differing
from scenarios.verifying.folder import MANIFEST, files_in
from scenarios.verifying.package import STYLES, package_faults
from scenarios.write import write_package

_MISSING = object()
_NAME_OF_TIME = re.compile(r"[a-z_]+(:[a-z_]+)?(:\d+)?")  # "stage:worst_governorate:2"


def versions_check(run: Run) -> Check | None:
    """Say with which other versions a run was made; None when they are those installed here."""
    said, here = dict(run.info["versions"]), versions()
    other = sorted(name for name in said.keys() | here.keys() if said.get(name) != here.get(name))
    if not other:
        return None
    named = ", ".join(f"{name} {said.get(name, '-')} ({here.get(name, '-')})" for name in other)
    detail = Phrase(
        "made with other versions (here: in brackets): {names}; figures are compared to 1e-9, and where any check "
        "fails, verify with the versions it was made with",
        {"names": named},
    )
    return Check(Phrase("Versions"), True, detail)


def record_check(run: Run, content: Content, *, exact: bool) -> Check:
    """Compare run.json field by field; what only the optimizer could make again is left out, and said elsewhere."""
    said, made = dict(run.info), json.loads(content.files["run.json"])
    left = set(said) - set(made)
    wrong = {name for name in made if not alike(said.get(name, _MISSING), made[name], exact=exact)}
    wrong |= {name for name in left if name not in solved_names("fields")}
    wrong |= set(_stamp_faults(said))
    name = Phrase("Every figure of run.json is what the inputs and the proof give")
    return differing(name, wrong, Phrase("{n} fields", {"n": len(made)}))


def _stamp_faults(said: Mapping[str, Any]) -> Iterator[str]:
    """Name what differs between two makings of a run and is no time, no figure or no word at all."""
    try:
        whole = datetime.datetime.fromisoformat(said["created"]).tzinfo is not None
    except (ValueError, TypeError):
        whole = False
    if not whole:
        yield "created"
    seconds = said["seconds"]
    if not isinstance(seconds, dict) or not all(
        _NAME_OF_TIME.fullmatch(name) and type(taken) in {int, float} and taken >= 0 for name, taken in seconds.items()
    ):
        yield "seconds"


def tables_check(run: Run, content: Content, inside: frozenset[str], *, exact: bool) -> Check:
    """
    Compare the tables and the scenario byte for byte, and look for files that no one writes.

    `inside` are the files of the inputs and the proof, which the arrays, the replay and the
    hashes of run.json cover.
    """
    wrong = set()
    for file, data in content.files.items():
        if file in {"run.json", "datapackage.json"}:
            continue
        path = run.path / file
        if not path.is_file() or not same_table(path.read_bytes(), data, exact=exact or not file.endswith(".csv")):
            wrong.add(file)
    wrong |= set(_descriptor_faults(run, content))
    known = {*content.files, "plan.gpkg", MANIFEST, *solved_names("files"), *run.pages, *inside}
    wrong |= files_in(run.path) - known
    name = Phrase("Every table is what the inputs and the proof give")
    return differing(name, wrong, Phrase("{n} files, byte for byte", {"n": len(content.files) - 2}))


def layers_check(run: Run, content: Content, candidates: gpd.GeoDataFrame, *, exact: bool) -> Check:
    """
    Write the package again and compare what is read of both, as layers and as a database.

    The layers of the optimizer's answers are written from what run.json says of them.
    """
    path = run.path / "plan.gpkg"
    layers = {**content.layers, **answer_layers(run.info, candidates)}
    here = {str(name) for name in pyogrio.list_layers(path)[:, 0]} - {STYLES}
    wrong = here ^ set(layers)
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "plan.gpkg"
        write_package(again, layers)
        for layer in sorted(here & set(layers)):
            pair = (pyogrio.read_dataframe(package, layer=layer) for package in (path, again))
            if not same_layer(*pair, exact=exact):
                wrong.add(layer)
        faults, left = package_faults(path, again, exact=exact)
    name = Phrase("Every layer of plan.gpkg is what the inputs and the proof give")
    if left and not wrong | faults:
        told = (
            "written with other versions than are installed here; the layers are the same, how they are stored is not"
        )
        return Check(name, True, Phrase(told), proven=False)
    return differing(name, wrong | faults, Phrase("{n} layers", {"n": len(layers)}))


def solved_check(run: Run) -> Check | None:
    """Name what a run holds that only the optimizer could make again; None when there is none of it."""
    there = [name for name in solved_names("fields") if name in run.info]
    there += [name for name in solved_names("files") if (run.path / name).is_file()]
    if not there:
        return None
    name = Phrase("Answers of the optimizer beside the plan")
    detail = Phrase("not made again here: {names}; each says its own proof", {"names": ", ".join(there)})
    return Check(name, True, detail, proven=False, beside=True)


def _descriptor_faults(run: Run, content: Content) -> Iterator[str]:
    """Compare the descriptor, but for tables that only the optimizer could make again."""
    made = json.loads(content.files["datapackage.json"])
    try:
        said = parse_json((run.path / "datapackage.json").read_text("utf-8"))
        left = set(solved_names("files"))
        kept = [entry for entry in said["resources"] if entry["path"] not in left]
        same = (said | {"resources": kept}) == made
    except (OSError, ValueError, KeyError, TypeError):
        same = False
    if not same:
        yield "datapackage.json"

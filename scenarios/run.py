"""
Reading a run folder. Maps, reports and the door open a run only through here.

docs/run-folder.md describes what a run holds.
"""

from __future__ import annotations

import contextlib
import logging
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from foundation.errors import InvalidInput, NotFound, Phrase
from foundation.reasons import reason_of
from foundation.strict_json import parse_json
from geodata.systems import system_of

SCHEMA = 1
DEGREES = "EPSG:4326"
NEEDED = ("run_id", "scenario", "country", "created", "years", "certificate", "totals", "sites", "settings", "versions")
_LOG = logging.getLogger("markaz.scenarios")


@dataclass(frozen=True, slots=True)
class Run:
    """
    One answered scenario.

    Attributes
    ----------
    path
        Its folder.
    info
        run.json as a mapping.
    results
        The one results table (results.csv).
    """

    path: Path
    info: dict[str, Any]
    results: pd.DataFrame

    @property
    def sites(self) -> pd.DataFrame:
        """The centres, in order of operating year, then marginal gain."""
        return pd.DataFrame(self.info["sites"])

    @property
    def pages(self) -> tuple[str, ...]:
        """Names of the map and the reports that lie in the folder."""
        return tuple(sorted(path.name for path in self.path.glob("*.html")))

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers of plan.gpkg that hold shapes, in their order; raises InvalidInput as `layer` does."""
        package = self.path / "plan.gpkg"
        _expect_plain(package)
        try:
            return tuple(str(name) for name, shapes in pyogrio.list_layers(package) if shapes is not None)
        except (OSError, ValueError, RuntimeError) as error:
            raise InvalidInput(
                "{path} cannot be read: {reason}.", path=str(package), reason=reason_of(error)
            ) from error

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """
        Read a layer of plan.gpkg (EPSG:4326).

        Raises
        ------
        NotFound
            For a name that is not there.
        InvalidInput
            If the package is not readable, or the layer is in another system.
        """
        package = self.path / "plan.gpkg"
        _expect_plain(package)
        try:
            known = [str(layer) for layer in pyogrio.list_layers(package)[:, 0]]
            if name in known:
                return _in_degrees(pyogrio.read_dataframe(package, layer=name), str(package))
        except (OSError, ValueError, RuntimeError) as error:
            raise InvalidInput(
                "{path} cannot be read: {reason}.", path=str(package), reason=reason_of(error)
            ) from error
        raise NotFound("The run has no layer '{name}'; it has {known}.", name=name, known=", ".join(known))


def open_run(path: Path) -> Run:
    """
    Open a run folder.

    Raises
    ------
    NotFound
        When there is no run.json.
    InvalidInput
        When it is not readable (a key written twice and a number that is not finite are no JSON), or of
        another schema.
    """
    file = path / "run.json"
    if not file.is_file():
        raise NotFound("{path} is not a run folder: it has no run.json.", path=str(path))
    for name in ("run.json", "results.csv"):
        _expect_plain(path / name)
    try:
        info = parse_json(file.read_text(encoding="utf-8"))
        results = pd.read_csv(path / "results.csv", encoding="utf-8-sig", dtype={"scope_id": str})
    except (ValueError, OSError, RecursionError) as error:
        raise InvalidInput("{path} cannot be read: {reason}.", path=str(path), reason=reason_of(error)) from error
    if not isinstance(info, dict) or info.get("schema") != SCHEMA:
        raise InvalidInput(
            "{path} is a run of schema {found}; this version reads schema {expected}. Plan it again.",
            path=str(path),
            found=str(info.get("schema") if isinstance(info, dict) else None),
            expected=SCHEMA,
        )
    missing = [name for name in NEEDED if name not in info]
    if missing:
        raise InvalidInput(
            "{path} is no whole run: run.json lacks {names}. Plan it again.", path=str(path), names=", ".join(missing)
        )
    if isinstance(info["country"], dict):  # maps are drawn in this plane
        system_of(str(info["country"].get("metric_crs", DEGREES)), file=str(file))
    return Run(path, info, results)


def _in_degrees(layer: gpd.GeoDataFrame, path: str) -> gpd.GeoDataFrame:
    """Refuse a layer whose own text says another system, which nobody of ours writes and drawing would turn to."""
    if getattr(layer, "crs", None) is not None and layer.crs != DEGREES:
        raise InvalidInput(
            "{path}: a layer is in another system than {system}. Plan it again.", path=path, system=DEGREES
        )
    return layer


def _expect_plain(file: Path) -> None:
    """Refuse a link, a pipe or a folder where a file should be: opening it could hold us up or lead elsewhere."""
    try:
        plain = stat.S_ISREG(file.lstat().st_mode)
    except OSError as error:
        raise InvalidInput("{path} cannot be read: {reason}.", path=str(file), reason=reason_of(error)) from error
    if not plain:
        raise InvalidInput(
            "{path} cannot be read: {reason}.",
            path=str(file),
            reason=Phrase("it is no plain file, but a link or a pipe"),
        )


def find_run(text: str, *, runs_folder: Path = Path("runs")) -> Path:
    """
    Find a run by its folder, or by a unique prefix of its name in `runs_folder`.

    A scenario's whole name is enough when it has one run: ``jordan`` is not ``jordan-card``.

    Raises
    ------
    NotFound
        When nothing fits.
    InvalidInput
        When several do.
    """
    with contextlib.suppress(OSError):  # a name that no disk takes is no folder
        if (Path(text) / "run.json").is_file():
            return Path(text)
    names = sorted(entry.name for entry in _folders(runs_folder))
    fitting = [name for name in names if name.startswith(text)] if text else []
    whole = [name for name in fitting if name == text] or [n for n in fitting if n.rpartition("-")[0] == text]
    if len(whole) == 1:
        fitting = whole
    if not fitting:
        raise NotFound(
            "There is no run '{text}' in {folder}. Plan one with: markaz plan jordan.",
            text=text,
            folder=str(runs_folder),
        )
    if len(fitting) > 1:
        raise InvalidInput("'{text}' could be {names}. Write more of the name.", text=text, names=", ".join(fitting))
    return runs_folder / fitting[0]


def list_runs(runs_folder: Path = Path("runs")) -> tuple[Run, ...]:
    """List the runs of a folder, newest first; one that cannot be read is skipped with a warning."""
    runs = []
    for folder in _folders(runs_folder):
        try:
            runs.append(open_run(folder))
        except (InvalidInput, NotFound) as error:
            _LOG.warning("skipped %s: %s", folder, error)
    return tuple(sorted(runs, key=lambda run: (str(run.info.get("created", "")), run.path.name), reverse=True))


def _folders(runs_folder: Path) -> list[Path]:
    """List run folders; one still being written aside starts with a dot."""
    try:
        if not runs_folder.is_dir():
            return []
        return [
            entry
            for entry in sorted(runs_folder.iterdir())
            if not entry.name.startswith(".") and (entry / "run.json").is_file()
        ]
    except OSError as error:
        raise InvalidInput(
            "{path} cannot be read: {reason}.", path=str(runs_folder), reason=reason_of(error)
        ) from error

"""
Read features in the child: sizes first, then geometry made sure, then EPSG:4326.

Works for GeoPackage, GeoJSON and a Shapefile packed in a zip.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from foundation.errors import InvalidInput, Phrase
from foundation.reasons import named, quoted
from geodata.gate.archive import unpack
from geodata.gate.child import plain_problem
from geodata.gate.columns import choose
from geodata.gate.geojson import expect_understood
from geodata.gate.geopackage import layers_of
from geodata.gate.plain import Arrays
from geodata.outline_faults import fault_of, is_scribble

FAMILIES = {
    "point": ("Point",),
    "polygon": ("Polygon", "MultiPolygon"),
    "line": ("LineString", "MultiLineString"),
}
MOST_ROWS = 2_000_000
MOST_VERTICES = 20_000_000
SAME_AREA = 1e-4
"""A mended outline may differ by this share of its area; beyond it, the outline is not what was meant."""
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def features(
    path: Path,
    *,
    scratch: Path,
    given: Arrays,
    fields: dict[str, list[str]],
    family: str,
    optional: list[str] | None = None,
    layer: str = "",
    crs: str = "",
    encoding: str = "",
    most_rows: int = MOST_ROWS,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return ``wkb`` (EPSG:4326) and the wanted fields, row by row.

    Parameters
    ----------
    fields, optional
        See `geodata.gate.columns.choose`; the columns come back as ``field:FIELD``.
    family
        "point", "polygon" or "line": the only geometry welcome.
    layer
        Which layer, where there are several.
    crs
        What the coordinates are, for a file that does not say; must not contradict it.
    encoding
        Of the texts of a Shapefile, in place of what its .cpg says.

    Raises
    ------
    InvalidInput
        With file, feature and problem.
    """
    del given
    name, options = path.name, {}
    if path.suffix.casefold() == ".zip":
        path = _shapefile(path, scratch)
        options = {"encoding": encoding} if encoding else {}
    elif path.suffix.casefold() == ".gpkg":
        layer = _chosen(tuple(found.name for found in layers_of(path, most_rows=most_rows)), layer, name)
        options = {"IMMUTABLE": "YES", "NOLOCK": "YES", "LIST_ALL_TABLES": "NO"}
    chosen, shapes, columns, found_crs = _raw(path, layer, (fields, optional or []), most_rows, name, options)
    expect_understood(path, found_crs, name)
    system = settled_system(found_crs, crs, name)
    geometry, repaired = _sure(shapes, family, name)
    placed = _placed(geometry, system, name)
    arrays = {"wkb": [bytes(item) for item in shapely.to_wkb(placed, output_dimension=2)]}
    facts = {
        "rows": len(placed),
        "crs": str(system.name),
        "layer": layer,
        "columns": chosen,
        "repaired": repaired,
    }
    return arrays | columns, facts


def _shapefile(path: Path, scratch: Path) -> Path:
    found = [member for member in unpack(path, scratch, endings=SHAPEFILE) if member.suffix.casefold() == ".shp"]
    if len(found) != 1:
        raise InvalidInput(
            "{file} holds {count} Shapefiles; expected one. Pack one, with its .shx, .dbf and .prj.",
            file=path.name,
            count=len(found),
        )
    with found[0].open("rb") as stream:
        if stream.read(4) != b"\x00\x00\x27\x0a":
            raise InvalidInput("{file}: what it holds is no Shapefile. Pack it again.", file=path.name)
    return found[0]


def _chosen(names: tuple[str, ...], wanted: str, file: str) -> str:
    if wanted and wanted in names:
        return wanted
    if wanted or len(names) != 1:
        raise InvalidInput(
            "{file}: which layer? It has {layers}. Name one of them with 'layer:'.",
            file=file,
            layers=named(names),
        )
    return names[0]


def _raw(
    path: Path,
    layer: str,
    fields: tuple[dict[str, list[str]], list[str]],
    most_rows: int,
    name: str,
    options: dict[str, str],
) -> tuple[dict[str, str], NDArray[np.object_], dict[str, Any], str | None]:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        info = pyogrio.read_info(path, layer=layer or None, **options)
        if info["features"] > most_rows:
            raise InvalidInput(
                "{file} has more than {limit} rows. Split it or thin it out.", file=name, limit=most_rows
            )
        titles = [str(title) for title in info["fields"]]
        chosen = choose(titles, fields[0], optional=fields[1], file=name)
        meta, _, shapes, columns = pyogrio.raw.read(
            path, layer=layer or None, columns=sorted(set(chosen.values())), max_features=most_rows + 1, **options
        )
    except (DataLayerError, DataSourceError, RuntimeError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(
            "{file} cannot be read: {problem}. Export it again from the program that made it.",
            file=name,
            problem=quoted(plain_problem(str(error))),
        ) from error
    if len(shapes) == 0:
        raise InvalidInput("{file} holds no feature. Add at least one.", file=name)
    titles = [str(title) for title in meta["fields"]]
    plain = dict(zip(titles, columns, strict=True))
    return chosen, shapes, {f"field:{field}": _plain(plain[title]) for field, title in chosen.items()}, meta["crs"]


def _plain(column: NDArray[Any]) -> Any:
    """Numbers stay numbers; anything else becomes text, a missing value the empty text."""
    if column.dtype.kind in "biuf":
        return column
    return ["" if value is None or str(value) in ("nan", "NaT") else str(value) for value in column]


def settled_system(found: str | None, told: str, name: str) -> Any:
    """
    Return the coordinate system (pyproj) that a file says, or that the folder says for it.

    Raises
    ------
    InvalidInput
        If neither says one, they contradict each other, or `geodata.systems.system_of` refuses one.
    """
    from geodata.systems import system_of

    if not found and not told:
        raise InvalidInput(
            "{file} does not say its coordinate system. Add 'crs:' for it in country.yaml, such as EPSG:4326.",
            file=name,
        )
    system, said = system_of(found or told, file=name), system_of(told or found or "", file=name)
    if found and told and not system.equals(said, ignore_axis_order=True) and system.to_epsg() != said.to_epsg():
        raise InvalidInput(
            "{file} says its coordinates are {found}, country.yaml says {told}. Correct one of them.",
            file=name,
            found=system.name[:80],
            told=told[:80],
        )
    return system


def _sure(raw: NDArray[np.object_], family: str, name: str) -> tuple[NDArray[np.object_], list[dict[str, Any]]]:
    """Return geometries that are there, of one family, finite and valid, and what was mended."""
    shapes = np.asarray(shapely.from_wkb(raw, on_invalid="ignore"), dtype=object)
    if int(shapely.get_num_coordinates(shapes).sum()) > MOST_VERTICES:
        raise InvalidInput("{file} has more than {limit} vertices. Simplify it.", file=name, limit=MOST_VERTICES)
    repaired: list[dict[str, Any]] = []
    welcome = FAMILIES[family]
    bounds = shapely.bounds(shapes)
    for row, shape in enumerate(shapes):
        if shape is None or shape.is_empty:
            raise _refused(name, row, "no geometry that can be read")
        if shape.geom_type not in welcome:
            raise _refused(
                name,
                row,
                "the geometry {found}, expected {expected}",
                found=shape.geom_type,
                expected=", ".join(welcome),
            )
        if not np.isfinite(bounds[row]).all() or not np.isfinite(shapely.get_coordinates(shape)).all():
            raise _refused(name, row, "a coordinate that is no finite number")
    flat = shapely.force_2d(shapes)
    if shapely.has_z(shapes).any():
        repaired.append({"row": int(np.flatnonzero(shapely.has_z(shapes))[0]) + 1, "why": "third coordinate left out"})
    if family == "polygon":
        for row in np.flatnonzero(~shapely.is_valid(flat)).tolist():
            flat[row] = _mended(flat[row], row, name)
            repaired.append({"row": row + 1, "why": "outline mended"})
    return flat, repaired


def _mended(shape: Any, row: int, name: str) -> Any:
    if is_scribble(shape):
        raise _refused(
            name, row, "an outline that crosses itself again and again ({detail}, and on)", detail=fault_of(shape)
        )
    whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    mended: Any = shapely.multipolygons(parts) if len(parts) != 1 else parts[0]
    # The area of a crossing outline counts its lobes against each other, so a real crossing shows.
    if mended.is_empty or not mended.is_valid or abs(mended.area - shape.area) > SAME_AREA * mended.area:
        raise _refused(name, row, "an invalid outline ({detail})", detail=fault_of(shape))
    return mended


def _placed(shapes: NDArray[np.object_], system: Any, name: str) -> NDArray[np.object_]:
    from pyproj import Transformer

    where = np.asarray(shapely.get_coordinates(shapes))
    owner = shapely.get_coordinates(shapes, return_index=True)[1]
    if system.is_geographic:
        wrong = (np.abs(where[:, 0]) > 180.000001) | (np.abs(where[:, 1]) > 90.000001)
        if wrong.any():
            raise _refused(
                name,
                int(owner[np.flatnonzero(wrong)[0]]),
                "coordinates that are no degrees; its coordinate system must be another",
            )
    transform = Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    x, y = transform.transform(where[:, 0], where[:, 1])
    wrong = ~(np.isfinite(x) & np.isfinite(y) & (np.abs(x) <= 180.000001) & (np.abs(y) <= 90.000001))
    if wrong.any():
        raise _refused(
            name,
            int(owner[np.flatnonzero(wrong)[0]]),
            "coordinates that do not lie on the globe in {system}",
            system=str(system.name),
        )
    return np.asarray(shapely.set_coordinates(shapes.copy(), np.column_stack([x, y])), dtype=object)


def _refused(name: str, row: int, problem: str, **gaps: object) -> InvalidInput:
    return InvalidInput(
        "{file}, feature {number}: it has {problem}. Correct it.",
        file=name,
        number=row + 1,
        problem=Phrase(problem, gaps),
    )

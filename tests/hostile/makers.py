"""Write hostile and broken files; none of them is kept in the repository."""

from __future__ import annotations

import json
import sqlite3
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import shapely
from affine import Affine

SQUARE = shapely.box(36.0, 31.0, 37.0, 32.0)


def raster(
    path: Path,
    values: np.ndarray,
    *,
    west: float = 36.0,
    north: float = 32.0,
    cell: float = 0.01,
    crs: str | None = "EPSG:4326",
    **profile: Any,
) -> Path:
    """Write a one-band GeoTIFF."""
    told = {"driver": "GTiff", "height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": values.dtype}
    told |= {"transform": Affine(cell, 0.0, west, 0.0, -cell, north), "crs": crs} | profile
    with rasterio.open(path, "w", **told) as data:
        data.write(values, 1)
    return path


def masked(path: Path, values: np.ndarray, seen: np.ndarray, **told: Any) -> Path:
    """Write a GeoTIFF with a mask of its own inside: only the cells of `seen` hold a figure."""
    raster(path, values, **told)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as data:
        data.write_mask(seen)
    return path


def painted(path: Path, values: np.ndarray, **told: Any) -> Path:
    """Write a GeoTIFF with a table of colours."""
    raster(path, values, **told)
    with rasterio.open(path, "r+") as data:
        data.write_colormap(1, {at: (at, at, at, 255) for at in range(256)})
    return path


def claims_160_gb(path: Path) -> Path:
    """Write some 29 kB that claim 200,000 x 200,000 cells of 4 bytes."""
    told = {"driver": "GTiff", "width": 200_000, "height": 200_000, "count": 1, "dtype": "float32"}
    told |= {"transform": Affine(1e-5, 0.0, 36.0, 0.0, -1e-5, 32.0), "crs": "EPSG:4326", "tiled": True}
    told |= {"blockxsize": 4096, "blockysize": 4096, "SPARSE_OK": "TRUE", "compress": "deflate"}
    with rasterio.open(path, "w", **told):
        pass
    return path


def vrt_raster(path: Path, url: str) -> Path:
    """Write a virtual raster whose only source is an address."""
    path.write_text(
        '<VRTDataset rasterXSize="10" rasterYSize="10"><SRS>EPSG:4326</SRS>'
        "<GeoTransform>36,0.1,0,32,0,-0.1</GeoTransform>"
        '<VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        f'<SourceFilename relativeToVRT="0">/vsicurl/{url}/people.tif</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )
    return path


def vrt_vector(path: Path, url: str) -> Path:
    """Write a virtual layer whose only source is an address."""
    path.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="zones"><SrcDataSource>/vsicurl/{url}/zones.geojson</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    return path


def package(path: Path, shapes: list[Any] | None = None, names: list[str] | None = None, **options: Any) -> Path:
    """Write a GeoPackage of zones with a name each."""
    shapes = shapes or [SQUARE]
    frame = gpd.GeoDataFrame(
        {"name": names or [f"zone {at}" for at in range(len(shapes))]}, geometry=shapes, crs=options.pop("crs", 4326)
    )
    pyogrio.write_dataframe(frame, path, layer="zones", driver="GPKG", **options)
    return path


def package_with_view(path: Path) -> Path:
    """Make the layer of a package a recursive query of 3 million rows."""
    package(path)
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000000) "
            "SELECT i AS fid, (SELECT geom FROM zones LIMIT 1) AS geom, 'x' AS name FROM n"
        )
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('endless', 'features', "
            "'endless', 4326)"
        )
        base.execute("INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POLYGON', 4326, 0, 0)")
        base.execute("DELETE FROM gpkg_contents WHERE table_name = 'zones'")
    base.close()
    return path


def package_with_trigger(path: Path, *, table: str = "zones") -> Path:
    """Give a package a trigger that would empty it; the spatial index brings more."""
    package(path)
    with sqlite3.connect(path) as base:
        base.execute(f"CREATE TRIGGER trap AFTER UPDATE ON {table} BEGIN DELETE FROM {table}; END")
    base.close()
    return path


def geojson(path: Path, features: list[dict[str, Any]], **more: Any) -> Path:
    """Write features as they are, NaN and Infinity included."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | more))
    return path


def feature(geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    """Return one GeoJSON feature."""
    return {"type": "Feature", "properties": {"name": "a"} | properties, "geometry": geometry}


def point(lon: float, lat: float) -> dict[str, Any]:
    """Return one GeoJSON point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def ring(*corners: tuple[float, float]) -> dict[str, Any]:
    """Return one GeoJSON polygon."""
    return {"type": "Polygon", "coordinates": [[*map(list, corners), list(corners[0])]]}


def packed(path: Path, members: dict[str, bytes], *, link: str = "") -> Path:
    """Write a zip with members under any name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name == link:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, data)
    return path


def shapefile_zip(path: Path, *, folder: str = "") -> Path:
    """Write a Shapefile packed in a zip."""
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[SQUARE], crs=4326)
        pyogrio.write_dataframe(frame, Path(scratch) / "zones.shp", driver="ESRI Shapefile")
        return packed(path, {folder + file.name: file.read_bytes() for file in Path(scratch).iterdir()})


def varint(number: int) -> bytes:
    """Return a number as protocol buffers write it."""
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def field(number: int, content: bytes) -> bytes:
    """Return a field of bytes of a protocol buffer."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def blob(kind: str, content: bytes, *, header: bytes = b"") -> bytes:
    """Return one packed blob of a PBF extract; `header` stands before the length in its header."""
    packed_ = zlib.compress(content, 9)
    body = b"\x10" + varint(len(content)) + field(3, packed_)
    told = field(1, kind.encode()) + header + b"\x18" + varint(len(body))
    return struct.pack(">I", len(told)) + told + body


def pbf_bomb(path: Path, *, blobs: int, nodes: int = 10_000_000, header: bytes = b"") -> Path:
    """Write an extract of some 30 kB a blob, each of which unpacks to millions of points at one place."""
    dense = field(1, b"\x02" * nodes) + field(8, bytes(nodes)) + field(9, bytes(nodes))
    one = blob("OSMData", field(1, field(1, b"")) + field(2, field(2, dense)), header=header)
    path.write_bytes(blob("OSMHeader", b"\x22\x0eOsmSchema-V0.6\x22\x0aDenseNodes") + one * blobs)
    return path

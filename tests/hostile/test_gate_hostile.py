"""Files that mean harm or are broken: each gets a named error in seconds, with bounded memory."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import shapely

from foundation.errors import InvalidInput, MarkazError, Unsupported
from geodata.gate import Limits, check_file, limits, parent, read_through_gate
from geodata.gate.geopackage import layers_of
from tests.hostile import makers
from tests.hostile.canary import Canary

VECTORS = ("geopackage", "geojson", "zip")


def read_zones(path: Path, **options: object):
    told = {"fields": {"name": ["name"]}, "family": "polygon"} | options
    return read_through_gate(
        "geodata.gate.vector:features", path, kinds=VECTORS, library="vector", options=told, limits=Limits(1500, 20, 40)
    )


def read_points(path: Path, **options: object):
    return read_zones(path, family="point", **options)


def read_raster(path: Path, **options: object):
    return read_through_gate(
        "geodata.gate.raster:facts",
        path,
        kinds=("geotiff",),
        library="raster",
        options=options,
        limits=Limits(1500, 20, 40),
    )


def test_canary_sings_when_asked(canary: Canary, tmp_path: Path):
    """The controls: the server counts, and a GDAL without the gate does ask it."""
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(canary.url + "/control")
    told.value.close()
    assert canary.hits == ["/control"]
    path = makers.vrt_raster(tmp_path / "people.vrt", canary.url)
    subprocess.run(
        [sys.executable, "-c", f"import rasterio; rasterio.open({str(path)!r}).read()"],
        check=False,
        capture_output=True,
    )
    assert len(canary.hits) > 1


@pytest.mark.parametrize("blind", [False, True])
def test_virtual_files_never_call(canary: Canary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blind: bool):
    """A VRT under another name is refused by its first bytes; without that look, by the missing driver."""
    if blind:
        monkeypatch.setattr(parent, "check_file", lambda path, *, kinds: (Path(path).resolve(), kinds[0]))
    with pytest.raises(InvalidInput, match=r"people\.tif"):
        read_raster(makers.vrt_raster(tmp_path / "people.tif", canary.url))
    with pytest.raises(InvalidInput, match=r"zones\.geojson"):
        read_zones(makers.vrt_vector(tmp_path / "zones.geojson", canary.url))
    assert canary.hits == []


def test_geojson_that_names_an_address_never_calls(canary: Canary, tmp_path: Path):
    path = tmp_path / "zones.geojson"
    makers.geojson(path, [], crs={"type": "link", "properties": {"href": canary.url}})
    with pytest.raises(InvalidInput):
        read_zones(path)
    assert canary.hits == []


@pytest.mark.parametrize(
    "name",
    [
        "/vsicurl/http://127.0.0.1/a.tif",
        "/vsizip/a.zip/b.tif",
        "http://127.0.0.1/a.tif",
        "s3://a/b.tif",
        "//host/a.tif",
        "GTIFF_DIR:1:a.tif",
    ],
)
def test_addresses_and_virtual_paths(name: str):
    with pytest.raises(Unsupported, match="Give a file on this computer"):
        read_raster(Path(name) if "://" not in name and ":" not in name else name)  # type: ignore[arg-type]


def test_the_child_has_only_the_drivers_offered_and_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_OF_THE_USER", "1")
    good = makers.raster(tmp_path / "a.tif", np.ones((4, 4), dtype="float32"))
    for library, wanted in (("raster", {"GTiff", "MEM"}), ("vector", {"GPKG", "GeoJSON", "ESRI Shapefile", "MEM"})):
        answer = read_through_gate("tests.hostile.readers:look", good, kinds=("geotiff",), library=library)
        assert set(answer.facts["drivers"]) == wanted
        assert answer.facts["socket"] == "refused"
        assert answer.facts["secret"] == ""
        if sys.platform.startswith("linux"):
            assert {name: answer.held[name] for name in ("memory", "cpu", "file_size")} == dict.fromkeys(
                ("memory", "cpu", "file_size"), True
            )


def test_a_driver_of_a_newer_gdal_is_sent_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where our list misses a driver, the child says so and a second one starts without it."""
    whole = parent.skipped
    monkeypatch.setattr(
        parent,
        "skipped",
        lambda library, *, further=(): (
            whole(library, further=further) if further else whole(library).replace(",VRT,", ",")
        ),
    )
    parent._learnt.clear()
    good = makers.raster(tmp_path / "a.tif", np.ones((4, 4), dtype="float32"))
    answer = read_through_gate("tests.hostile.readers:look", good, kinds=("geotiff",), library="raster")
    assert set(answer.facts["drivers"]) == {"GTiff", "MEM"}
    assert parent._learnt == {"raster": ("VRT",)}
    parent._learnt.clear()


def test_claim_of_160_gb(tmp_path: Path):
    path = makers.claims_160_gb(tmp_path / "people.tif")
    assert path.stat().st_size < 40_000
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(InvalidInput, match="claims 40000000000 cells"):
        read_raster(path)
    assert time.monotonic() - began < 10
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 400_000)


def test_package_with_an_endless_view(tmp_path: Path):
    path = makers.package_with_view(tmp_path / "zones.gpkg")
    began = time.monotonic()
    with pytest.raises(InvalidInput, match="'endless' is a view"):
        read_zones(path)
    assert time.monotonic() - began < 10


def test_package_with_triggers_is_read_and_unchanged(tmp_path: Path):
    path = makers.package_with_trigger(tmp_path / "zones.gpkg")
    before = path.read_bytes()
    answer = read_zones(path)
    assert answer.facts["rows"] == 1
    assert shapely.from_wkb(answer.arrays["wkb"])[0].equals(makers.SQUARE)
    assert list(answer.arrays["field:name"]) == ["zone 0"]
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["temporary", "zones.gpkg"]


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("CREATE VIRTUAL TABLE f USING fts5(a)", "virtual table"),
        ("CREATE VIEW gpkg_spare AS SELECT 1", "is a view"),
        (
            "ALTER TABLE zones ADD COLUMN g TEXT GENERATED ALWAYS AS (printf('%.*c', 100000000, 'x'))",
            "generated column",
        ),
    ],
)
def test_packages_that_run_code(tmp_path: Path, sql: str, problem: str):
    import sqlite3

    path = makers.package(tmp_path / "zones.gpkg")
    with sqlite3.connect(path) as base:
        base.execute(sql)
    base.close()
    with pytest.raises(InvalidInput, match=problem):
        read_zones(path)


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("x", "CREATE  VIRTUAL  TABLE x USING dbstat /* using rtree */"),
        ("x", "CREATE/**/VIRTUAL TABLE x USING dbstat"),
        ("x", "CREATE -- so\n VIRTUAL TABLE x USING dbstat -- using rtree("),
        ("x using rtree(", 'CREATE VIRTUAL TABLE "x using rtree(" USING dbstat'),
        ("x/*", 'CREATE VIRTUAL TABLE "x/*" USING dbstat--*/" USING rtree('),
        ("x", "CREATE VIRTUAL TABLE x USING rtree_i32(id, a, b)"),
    ],
)
def test_a_virtual_table_in_disguise(tmp_path: Path, name: str, sql: str):
    import sqlite3

    path = makers.package(tmp_path / "zones.gpkg")
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA writable_schema=ON")
        base.execute("INSERT INTO sqlite_master VALUES ('table', ?, ?, 0, ?)", (name, name, sql))
    base.close()
    with pytest.raises(InvalidInput, match=re.escape(f"'{name}' is a virtual table")):
        layers_of(path, most_rows=10)


def test_damaged_package(tmp_path: Path):
    path = makers.package(tmp_path / "zones.gpkg")
    data = bytearray(path.read_bytes())
    data[200:9000] = b"\xff" * 8800
    path.write_bytes(bytes(data))
    with pytest.raises(InvalidInput, match=r"zones\.gpkg"):
        read_zones(path)


@pytest.mark.parametrize(
    ("lon", "lat", "problem"),
    [
        (float("nan"), 31.5, "feature 1"),
        (float("inf"), 31.5, "feature 1"),
        (36.5, -float("inf"), "feature 1"),
        (1e308, 31.5, "no degrees"),
        (36.5, 3150000.0, "no degrees"),
    ],
)
def test_coordinates_off_the_globe(tmp_path: Path, lon: float, lat: float, problem: str):
    path = makers.geojson(tmp_path / "p.geojson", [makers.feature(makers.point(lon, lat))])
    with pytest.raises(InvalidInput, match=problem):
        read_points(path)


def test_crossing_polygon(tmp_path: Path):
    bow = makers.ring((36, 31), (37, 32), (37, 31), (36, 32))
    with pytest.raises(InvalidInput, match=r"feature 1: .*its line crosses itself at 36.5, 31.5"):
        read_zones(makers.geojson(tmp_path / "z.geojson", [makers.feature(bow)]))


def test_outline_with_a_spike_is_mended_and_said(tmp_path: Path):
    spike = makers.ring((36, 31), (37, 31), (37, 32), (37, 32.5), (37, 32), (36, 32))
    answer = read_zones(makers.geojson(tmp_path / "z.geojson", [makers.feature(spike)]))
    assert answer.facts["repaired"] == [{"row": 1, "why": "outline mended"}]
    assert shapely.from_wkb(answer.arrays["wkb"])[0].area == pytest.approx(1.0)


@pytest.mark.parametrize("geometry", [makers.point(36.5, 31.5), None, {"type": "GeometryCollection", "geometries": []}])
def test_mixed_geometry(tmp_path: Path, geometry: dict | None):
    good = makers.feature(makers.ring((36, 31), (37, 31), (37, 32), (36, 32)))
    with pytest.raises(InvalidInput, match="feature 2"):
        read_zones(makers.geojson(tmp_path / "z.geojson", [good, makers.feature(geometry)]))


def test_missing_and_contradicted_crs(tmp_path: Path):
    with pytest.raises(InvalidInput, match="does not say its coordinate system"):
        read_raster(makers.raster(tmp_path / "a.tif", np.ones((4, 4), dtype="float32"), crs=None))
    plain = makers.raster(tmp_path / "b.tif", np.ones((4, 4), dtype="float32"), crs=None)
    assert read_raster(plain, crs="EPSG:4326").facts["width"] == 4
    with pytest.raises(InvalidInput, match=r"country\.yaml says EPSG:32636"):
        read_zones(makers.package(tmp_path / "z.gpkg"), crs="EPSG:32636")


def test_degrees_that_are_metres(tmp_path: Path):
    path = makers.raster(tmp_path / "a.tif", np.ones((4, 4), dtype="float32"), west=700000, north=3500000, cell=100)
    with pytest.raises(InvalidInput, match="says its coordinates are degrees"):
        read_raster(path)


def test_truncated_tiff(tmp_path: Path):
    path = makers.raster(tmp_path / "a.tif", np.random.default_rng(1).random((400, 400), dtype="float32"))
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(InvalidInput, match=r"a\.tif"):
        read_raster(path)


@pytest.mark.parametrize(
    "members",
    [
        {"../zones.shp": b"x"},
        {"a/../../zones.shp": b"x"},
        {"/etc/zones.shp": b"x"},
        {"C:\\zones.shp": b"x"},
        {"a/zones.shp": b"x", "b/ZONES.shp": b"x"},
        {"zones\u202eshp.exe": b"x"},
        {"bomb.shp": b"\x00" * 60_000_000},
    ],
)
def test_zip_members(tmp_path: Path, members: dict[str, bytes]):
    with pytest.raises(InvalidInput, match="the packed file"):
        read_zones(makers.packed(tmp_path / "z.zip", members))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["temporary", "z.zip"]


def test_zip_link_and_good_zip(tmp_path: Path):
    with pytest.raises(InvalidInput, match="a link"):
        read_zones(makers.packed(tmp_path / "z.zip", {"zones.shp": b"/etc/passwd"}, link="zones.shp"))
    assert read_zones(makers.shapefile_zip(tmp_path / "good.zip", folder="deep/er/")).facts["rows"] == 1


@pytest.mark.parametrize(
    ("name", "data", "kinds"),
    [
        ("a.tif", b"PK\x03\x04", ("geotiff",)),
        ("a.gpkg", b"II*\x00" + b"\x00" * 100, ("geopackage",)),
        ("a.geojson", b"[1]", ("geojson",)),
        ("a.osm.pbf", b"\x00\x00\x00\x0e\x0a\x09OSM", ("pbf",)),
        ("a.graphml", b"{}", ("graphml",)),
        ("a.csv", b"a,b\x00", ("csv",)),
        ("a.xlsx", b"a,b", ("xlsx",)),
    ],
)
def test_first_bytes(tmp_path: Path, name: str, data: bytes, kinds: tuple[str, ...]):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InvalidInput, match="does not begin like one"):
        read_through_gate("geodata.gate.raster:facts", tmp_path / name, kinds=kinds)


@pytest.mark.parametrize(("name", "kind"), [("a.tif", "geotiff"), ("a.csv", "csv"), ("a.osm.pbf", "pbf")])
def test_an_empty_file_is_called_empty(tmp_path: Path, name: str, kind: str):
    (tmp_path / name).touch()
    with pytest.raises(InvalidInput, match=f"{name} is empty"):
        check_file(tmp_path / name, kinds=(kind,))


@pytest.mark.parametrize(
    ("reader", "problem"),
    [
        ("hog", "asks for more memory"),
        ("spin", "was not read within"),
        ("sleep", "was not read within"),
        ("crash", "it broke the reader"),
        ("fill", r"cannot be read|asks for more"),
    ],
)
def test_a_reader_out_of_bounds(tmp_path: Path, reader: str, problem: str):
    good = makers.raster(tmp_path / "a.tif", np.ones((4, 4), dtype="float32"))
    began = time.monotonic()
    with pytest.raises(MarkazError, match=problem):
        read_through_gate(
            f"tests.hostile.readers:{reader}",
            good,
            kinds=("geotiff",),
            limits=Limits(memory_mib=900, cpu_seconds=2, wall_seconds=5, answer_mib=1),
        )
    assert time.monotonic() - began < 12


def test_a_killed_parent_leaves_nothing_for_long(tmp_path: Path):
    """A process that is killed while its child reads cannot clean up; the child dies with it, the next one cleans."""
    good = makers.raster(tmp_path / "a.tif", np.ones((4, 4), dtype="float32"))
    words = (
        "import tempfile; from geodata.gate import read_through_gate; "
        f"tempfile.tempdir = {str(tmp_path / 'temporary')!r}; "
        f"read_through_gate('tests.hostile.readers:sleep', {str(good)!r}, kinds=('geotiff',))"
    )
    with subprocess.Popen([sys.executable, "-c", words]) as process:
        until = time.monotonic() + 20
        while not list((tmp_path / "temporary").glob("*/task.json")) and time.monotonic() < until:
            time.sleep(0.05)
        process.kill()
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    read_raster(good)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_folders_fifos_and_missing_files(tmp_path: Path):
    import os

    with pytest.raises(MarkazError, match="There is no file"):
        read_raster(tmp_path / "none.tif")
    (tmp_path / "folder.tif").mkdir()
    os.mkfifo(tmp_path / "pipe.tif")
    for name in ("folder.tif", "pipe.tif"):
        with pytest.raises(Unsupported, match="no regular file"):
            read_raster(tmp_path / name)


@pytest.mark.parametrize(
    ("reader", "problem"),
    [
        ("tell", "more than 16777216 bytes would have to be said about it"),
        ("alloc", "asks for more memory than the 900 MB"),
        ("chatter", "asks for more memory than the 900 MB"),
    ],
)
def test_a_reader_that_says_too_much_or_gets_no_memory(tmp_path: Path, reader: str, problem: str):
    import tracemalloc

    good = makers.raster(tmp_path / "a.tif", np.ones((4, 4), dtype="float32"))
    tracemalloc.start()
    with pytest.raises(InvalidInput, match=problem):
        read_through_gate(
            f"tests.hostile.readers:{reader}", good, kinds=("geotiff",), limits=Limits(900, 20, 40, answer_mib=64)
        )
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


def test_no_reading_may_take_more_than_a_share_of_the_machine(monkeypatch: pytest.MonkeyPatch):
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 8 * 1024 * 256}  # 8 GiB
    monkeypatch.setattr(limits.os, "sysconf", pages.__getitem__)
    assert limits.on_this_machine(Limits(memory_mib=3000)).memory_mib == 3000
    assert limits.on_this_machine(Limits(memory_mib=9000, cpu_seconds=7)) == Limits(memory_mib=4096, cpu_seconds=7)
    pages["SC_PHYS_PAGES"] //= 8
    assert limits.on_this_machine(Limits()).memory_mib == limits.LEAST_MIB


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_package_that_is_being_edited_is_refused_and_left_as_it_is(tmp_path, ending):
    path = makers.package(tmp_path / "zones.gpkg")
    side = tmp_path / f"zones.gpkg{ending}"
    side.write_bytes(b"what a program has not written back yet")
    before = path.read_bytes()
    with pytest.raises(InvalidInput, match=rf"zones\.gpkg is being edited: .* zones\.gpkg{ending}"):
        read_zones(path)
    assert (path.read_bytes(), side.read_bytes()[:4]) == (before, b"what")
    side.write_bytes(b"")  # an empty one, as some programs leave
    assert read_zones(path).facts["rows"] > 0

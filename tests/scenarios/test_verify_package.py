"""A GeoPackage is compared as a database too: indexes, triggers, registers and keys are part of what a map reads."""

import contextlib
import sqlite3

import pytest

import scenarios.verify
from maps.styles import write_styles
from scenarios import verify_run
from scenarios.verifying.package import package_faults
from tests.scenarios.forging import LAYERS, PAGES, forge

FORGERIES = {
    "an index without a centre": (("DELETE FROM rtree_centres_geom WHERE id = 1",), "rtree_centres_geom"),
    "a trigger that deletes": (
        ("CREATE TRIGGER evil AFTER UPDATE ON centres BEGIN DELETE FROM demand; END",),
        "evil",
    ),
    "a trigger replaced": (
        (
            "DROP TRIGGER rtree_centres_geom_delete",
            "CREATE TRIGGER rtree_centres_geom_delete AFTER DELETE ON centres BEGIN DELETE FROM demand; END",
        ),
        "rtree_centres_geom_delete",
    ),
    "another name in the register": (
        ("UPDATE gpkg_contents SET identifier = 'evil', description = 'evil' WHERE table_name = 'centres'",),
        "gpkg_contents",
    ),
    "another extent": (("UPDATE gpkg_contents SET min_x = 0 WHERE table_name = 'centres'",), "gpkg_contents"),
    "no time of writing": (
        ("UPDATE gpkg_contents SET last_change = '<b>' WHERE table_name = 'bands'",),
        "gpkg_contents",
    ),
    "other keys": (("UPDATE centres SET fid = fid + 100",), "centres"),
    "another earth": (
        ("UPDATE gpkg_spatial_ref_sys SET definition = replace(definition, '6378137', '6378000')",),
        "gpkg_spatial_ref_sys",
    ),
    "a hidden index": (("CREATE INDEX hidden ON demand (people)",), "hidden"),
    "another mark of the file": (("PRAGMA user_version = 10300",), "user_version"),
}


def _spoil(run, *queries):
    with contextlib.closing(sqlite3.connect(run.path / "plan.gpkg")) as package, package:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            package.create_function(name, 1, lambda _shape: 0)
        for query in queries:
            package.execute(query)
    return forge(run)


@pytest.mark.parametrize("name", FORGERIES)
def test_what_a_map_reads_beside_the_values_is_compared(copy, run, name):
    queries, place = FORGERIES[name]
    pair = copy.path / "plan.gpkg", run.path / "plan.gpkg"
    assert package_faults(*pair, exact=True) == (set(), False)
    _spoil(copy, *queries)
    faults, left = package_faults(*pair, exact=True)
    assert place in faults
    assert not left


def test_a_trigger_fails_the_run(copy):
    queries, place = FORGERIES["a trigger that deletes"]
    (wrong,) = [check for check in verify_run(_spoil(copy, *queries)) if not check.ok]
    assert str(wrong.name) == LAYERS
    assert place in str(wrong.detail)


def test_the_time_of_writing_alone_is_no_difference(copy, run):
    _spoil(copy, "UPDATE gpkg_contents SET last_change = '2001-02-03T04:05:06.789Z'")
    assert package_faults(copy.path / "plan.gpkg", run.path / "plan.gpkg", exact=True) == (set(), False)


def test_what_other_versions_word_otherwise_is_not_proven_to_be_the_same(copy, monkeypatch):
    spoilt = _spoil(copy, "UPDATE gpkg_spatial_ref_sys SET description = 'worded otherwise'")
    monkeypatch.setattr(scenarios.verify, "versions", lambda: {"pyogrio": "0.0"})
    told = {str(check.name): check for check in verify_run(spoilt)}[LAYERS]
    assert (told.ok, told.proven) == (True, False)
    spoilt = _spoil(spoilt, "UPDATE gpkg_contents SET identifier = 'evil' WHERE table_name = 'centres'")
    assert not {str(check.name): check for check in verify_run(spoilt)}[LAYERS].ok


@pytest.mark.parametrize(
    "query",
    [
        "CREATE TRIGGER evil AFTER INSERT ON layer_styles BEGIN DELETE FROM demand; END",
        "UPDATE gpkg_contents SET description = 'evil' WHERE table_name = 'layer_styles'",
    ],
)
def test_what_hangs_on_the_styles_is_compared_with_styles_drawn_again(copy, query):
    write_styles(copy)
    assert [str(check.name) for check in verify_run(forge(copy), [write_styles]) if not check.ok] == []
    failed = [check for check in verify_run(_spoil(copy, query), [write_styles]) if not check.ok]
    assert [str(check.name) for check in failed] == [PAGES]

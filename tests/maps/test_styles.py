import itertools
import re
import shutil
import sqlite3
from xml.etree import ElementTree

import geopandas as gpd
import pyogrio
import pytest

from maps import palette
from maps.styles import read_styles, write_styles
from scenarios.run import Run

LAYERS = {"governorates", "demand", "assignment", "bands", "centres", "candidates", "unreachable"}


@pytest.fixture(params=["run", "toy"])
def styled(request) -> Run:
    return request.getfixturevalue(request.param)


def _layers(run: Run) -> set[str]:
    """Every run has the first seven; one that was planned also its worst-served places, equity and rule prices."""
    return LAYERS | ({"worst_places", "equity", "rule_prices"} if "equity" in run.info else set())


def _columns(run: Run, layer: str) -> set[str]:
    return set(pyogrio.read_info(run.path / "plan.gpkg", layer=layer)["fields"])


def test_every_layer_has_a_well_formed_style(styled):
    styles = read_styles(styled.path / "plan.gpkg")
    assert set(styles) == _layers(styled)
    for qml in styles.values():
        root = ElementTree.fromstring(qml)
        assert root.tag == "qgis"
        assert root.find("renderer-v2") is not None


def test_styles_name_only_columns_their_layer_has(styled):
    for layer, qml in read_styles(styled.path / "plan.gpkg").items():
        root = ElementTree.fromstring(qml)
        named = {node.get("attr") for node in root.iter("renderer-v2")} - {None}
        named |= {node.get("fieldName") for node in root.iter("text-style")}
        for rule in root.iter("rule"):
            named |= set(re.findall(r'"(\w+)"', rule.get("filter", "")))
        assert named <= _columns(styled, layer), layer


def test_every_class_has_its_symbol(styled):
    for qml in read_styles(styled.path / "plan.gpkg").values():
        root = ElementTree.fromstring(qml)
        symbols = {node.get("name") for node in root.iter("symbol")}
        used = {node.get("symbol") for tag in ("category", "range", "rule") for node in root.iter(tag)} - {None}
        assert used <= symbols
        assert symbols


def test_categories_meet_the_values_in_the_layer(styled):
    final = max(styled.info["years"])
    root = ElementTree.fromstring(read_styles(styled.path / "plan.gpkg")["demand"])
    values = {node.get("value") for node in root.iter("category")}
    assert values == set(palette.BANDS)
    assert set(styled.layer("demand")[f"band_{final}"]) <= values


def test_ranges_of_shares_leave_no_hole(run):
    root = ElementTree.fromstring(read_styles(run.path / "plan.gpkg")["governorates"])
    ranges = [(float(node.get("lower")), float(node.get("upper"))) for node in root.iter("range")]
    assert ranges[0][0] == 0.0
    assert ranges[-1][1] == 1.0
    assert all(high == low for (_, high), (low, _) in itertools.pairwise(ranges))


def test_the_table_is_what_qgis_asks_for(styled):
    with sqlite3.connect(styled.path / "plan.gpkg") as package:
        rows = package.execute(
            "SELECT f_table_name, f_geometry_column, styleName, useAsDefault, update_time FROM layer_styles "
            "WHERE f_table_catalog = '' AND f_table_schema = ''"
        ).fetchall()
        geometry = dict(package.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall())
        kind = package.execute("SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'").fetchall()
        assert package.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    package.close()
    assert kind == [("attributes",)]
    assert {name: column for name, column, *_ in rows} == geometry
    assert all(len(name) <= 30 and default == 1 for _, _, name, default, _ in rows)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", when) for *_, when in rows)


def test_the_geopackage_still_reads_whole(styled):
    package = styled.path / "plan.gpkg"
    listed = {str(name) for name in pyogrio.list_layers(package)[:, 0]}
    assert listed == _layers(styled) | {"layer_styles"}
    for layer in _layers(styled):
        frame = styled.layer(layer)
        assert frame.crs.to_epsg() == 4326
    assert len(gpd.read_file(package, layer="layer_styles")) == len(_layers(styled))
    assert not list(styled.path.glob("plan.gpkg-*"))


def test_writing_twice_leaves_one_style_a_layer(run, tmp_path):
    shutil.copy(run.path / "plan.gpkg", tmp_path)
    copy = Run(tmp_path, run.info, run.results)
    before = read_styles(tmp_path / "plan.gpkg")
    write_styles(copy)
    assert read_styles(tmp_path / "plan.gpkg") == before
    with sqlite3.connect(tmp_path / "plan.gpkg") as package:
        assert package.execute("SELECT COUNT(*) FROM gpkg_contents WHERE table_name='layer_styles'").fetchone() == (1,)
    package.close()

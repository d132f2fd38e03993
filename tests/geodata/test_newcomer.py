"""
As docs/country-folder.md tells a newcomer: raw files in other systems and with other names, on to a proven plan.

A raster and a table of sites in UTM, outlines with odd columns, roads as GeoJSON with a class column of another
name, sites in Excel, offices with services, heights.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pytest
import rasterio
from affine import Affine

from geodata.folder.cache import compiled
from planning.programme import Programme, Tranche, ZoneQuota
from planning.siting import Request, site_programme
from tests.geodata.folders import PLANE, TOWNS, at, town_points, write_country, write_roads

SITES = {"id": "Numero", "name_en": "Nom", "name_ar": "Nom arabe", "lon": "X", "lat": "Y", "step_free": "Acces"}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARKAZ_CACHE", str(tmp_path_factory.mktemp("cache")))
        folder = tmp_path_factory.mktemp("raw") / "pays"
        folder.mkdir()
        _raster(folder / "pop.tif", people=True)
        _raster(folder / "mnt.tif", people=False)
        roads = gpd.read_file(write_roads(folder / "vias.gpkg")).to_crs(4326).rename(columns={"highway": "TYPE_ROUTE"})
        roads["TYPE_ROUTE"] = roads["TYPE_ROUTE"].replace("unclassified", "track")
        pyogrio.write_dataframe(roads, folder / "routes.geojson", driver="GeoJSON")
        book = openpyxl.Workbook()
        book.active.append(list(SITES.values()))
        for number, (name, east, north, _) in enumerate(TOWNS, start=1):
            book.active.append([f"S{number}", name, "", *at(east, north), "yes" if number % 2 else ""])
        book.save(folder / "sites proposés.xlsx")
        where = town_points().to_crs(4326)
        rows = [f"{town[0]},post,Colis; Mandats,{p.x:.6f},{p.y:.6f}" for town, p in zip(TOWNS, where, strict=True)]
        (folder / "bureaux.csv").write_text("\n".join(["nom,genre,prestations,lon,lat", *rows]), encoding="utf-8")
        write_country(
            folder,
            population="pop.tif",
            roads={"file": "routes.geojson", "columns": {"class": "TYPE_ROUTE"}},
            candidates={"file": "sites proposés.xlsx", "crs": PLANE, "columns": SITES},
            offices={"file": "bureaux.csv", "columns": {"name_en": "nom", "kind": "genre", "services": "prestations"}},
            elevation="mnt.tif",
            places=None,
        )
        yield compiled(folder)


def _raster(path: Path, *, people: bool) -> None:
    cell, (west, south) = 500.0, at(-5, -5)
    row, column = np.mgrid[:230, :280] + 0.5
    x, y = west + column * cell, south + (230 - row) * cell
    values = 300.0 + 150.0 * np.sin(x / 4000.0) * np.cos(y / 4000.0)
    if people:
        apart = [np.hypot(x - at(e, n)[0], y - at(e, n)[1]) / 1500.0 for _, e, n, _ in TOWNS]
        values = sum(size / (18 * np.pi) * np.exp(-(far**2) / 2) for far, (*_, size) in zip(apart, TOWNS, strict=True))
    told = {"driver": "GTiff", "height": 230, "width": 280, "count": 1, "dtype": "float32", "crs": PLANE}
    with rasterio.open(path, "w", transform=Affine(cell, 0, west, 0, -cell, south + 230 * cell), **told) as data:
        data.write(values.astype("float32"), 1)


def test_each_file_played_its_part(found):
    country, report = found
    assert report.ok
    assert abs(int(country.people["people"].sum()) - sum(town[3] for town in TOWNS)) < 100
    assert country.candidates["site_id"].tolist() == [f"S{number}" for number in range(1, 7)]
    assert country.candidates["step_free"].isna().tolist() == [False, True] * 3
    apart = country.candidates.geometry.to_crs(PLANE).distance(town_points(), align=False)
    assert apart.max() < 1.0
    assert set(country.roads.road_class) == {"primary", "secondary", "track"}
    assert set(country.offices["services"]) == {"Colis; Mandats"}
    said = report.lines("en")
    assert any("slopes slow" in line and "the rough tracks" in line for line in said)
    assert "bureaux.csv: read: the service Mandats is given at 6 of the offices" in said


def test_a_proven_plan_comes_of_it(found):
    country, _ = found
    programme = Programme(
        years=(2026,),
        tranches=(Tranche("a", "First", "أول", 4, 2025, 2026),),
        zone_quotas=(ZoneQuota(1, 2026),),
        fixed=(),
        private=None,
    )
    plan = site_programme(Request(country=country, programme=programme))
    assert plan.certificate.status == "proven_optimal"
    final = plan.results.query("scope == 'nation' and group == 'all'").set_index("measure")["value"]
    people = int(country.people["people"].sum())
    assert final["covered"] + final["out_of_standard"] + final["unreachable"] == people
    assert final["covered"] > 0.5 * people

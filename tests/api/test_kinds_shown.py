"""Kinds of place, rounds and closings show in the tables, the map and both reports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import maps
import reports
from scenarios.run import Run
from tests.toy_pack import toy_run

BASE = "TO-A-00"  # also the site of a comprehensive centre


def tranche(name: str, count: int, year: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": {"en": name, "ar": name}, "count": count, "begun": year - 1, "operating": year} | more


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return toy_run(
        tmp_path_factory.mktemp("kinds"),
        publishers=[maps.publish, reports.publish],
        years=[2024, 2025],
        programme={
            "fixed": [
                {"site": BASE, "begun": 2022, "operating": 2022},
                {"site": "TO-B-05", "begun": 2022, "operating": 2023},
            ],
            "tranches": [tranche("two", 2, 2025), tranche("units", 1, 2025, kind="unit")],
            "rules": {"close": [{"site": "TO-B-05", "not_before": 2025, "move_to": ["TO-B-04"]}]},
        },
        kinds=[
            {
                "id": "unit",
                "title": {"en": "Service bus", "ar": "حافلة الخدمات"},
                "form": "mobile",
                "standard": {"urban_minutes": 15.0, "rural_minutes": 20.0},
                "services": ["id-card"],
                "round": {
                    "days_per_week": 2,
                    "daily_range_km": 60.0,
                    "routes": [{"base": BASE, "stops": [BASE, "TO-A-01"]}],
                },
            }
        ],
        objectives={"order": [{"maximise": "covered"}]},
        compare=[],
    )


def text_of(path: Path) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", path.read_text("utf-8")))


def test_the_map_tells_kinds_and_closings_apart(run):
    page = (run.path / "map.html").read_text("utf-8")
    for title in ("Service bus", "حافلة الخدمات"):
        assert title in page
    assert '"sign":"mobile"' in page.replace(" ", "")
    assert '"closes":2025' in page.replace(" ", "")


def test_the_reports_tell_kinds_stops_and_closings(run):
    english, arabic = text_of(run.path / "report.en.html"), text_of(run.path / "report.ar.html")
    assert "Service bus" in english
    assert "حافلة الخدمات" in arabic
    assert "closed from 2025" in english
    assert "Closed in this plan:" in english
    assert "once operating stays open" not in english
    assert "Where mobile units stop" in english
    assert "أماكن توقف الوحدات المتنقلة" in arabic

"""
Everything the page draws and says, as one JSON value.

Texts that hold aggregated figures are written here, in both languages, by the one
number formatter; the page itself formats only the figures of single demand points.
Columns, not rows: thousands of points stay small.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely.ops import polylabel

from foundation.basis import Basis
from foundation.language import CODES, Language, language
from foundation.plain_text import harmless
from maps import palette, words, words_of_places
from maps.figures import Figures, figures_of
from maps.kinds_of_places import sign_of, signs_shown
from maps.texts import PAGE_TEXTS
from maps.words_of_answers import candidate_answers

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from scenarios.run import Run

_FIGURES: Final = 4  # decimals of a coordinate: about 10 m
_MANY_VERTICES: Final = 20_000
_TOLERANCE: Final = 0.002  # degrees, about 200 m; only for outlines of many vertices


def payload(run: Run) -> dict[str, Any]:
    """Return all that ``map.html`` needs, ready for `embedded`."""
    figures = figures_of(run)
    zones = run.layer("governorates")
    demand = run.layer("demand")
    candidates = run.layer("candidates")
    spare = candidates[~candidates["chosen"].astype(bool)]
    bands = list(palette.BANDS)
    return {
        "years": list(figures.years),
        "proven": words.is_proven(figures.info["certificate"]),
        "quiet": quiet_side(zones),
        "boundaries": _one_basis(zones),
        "bands": [{"key": key, "colour": palette.BANDS[key]} for key in bands],
        "shares": [{"low": low, "colour": colour} for low, colour in palette.SHARES],
        "zones": _zones(figures, zones),
        "worst": [_worst(figures, zones, year) for year in figures.years],
        "sites": _sites(figures, zones),
        "demand": _demand(figures, demand, bands),
        "candidates": {"lat": _column(spare.geometry.y), "lon": _column(spare.geometry.x)},
        "languages": {code: _said(language(code), figures, zones, demand, spare) for code in CODES},
    }


def embedded(value: Mapping[str, Any]) -> str:
    """
    Write `value` as JSON that is safe inside a ``<script type="application/json">``.

    No ``<``, ``>`` or ``&`` is left (so that no name can end the element or open a
    comment), nor the two line separators that are not allowed in older scripts.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def zone_names(zones: pd.DataFrame, spoken: Language) -> dict[str, str]:
    """Return zone_id to name in a language."""
    return {str(row["zone_id"]): spoken.name(row) for row in zones.to_dict("records")}


def quiet_side(zones: gpd.GeoDataFrame) -> str:
    """
    Say which lower corner of the map is emptier, "right" or "left": room for a legend.

    `zones` in any CRS. Compares the lower half of the two outer thirds; "right" at a tie.
    """
    west, south, east, north = zones.total_bounds
    third, half = (east - west) / 3, (south + north) / 2
    left = shapely.box(west, south, west + third, half)
    right = shapely.box(east - third, south, east, half)
    land = zones.geometry.array
    taken = [float(shapely.area(shapely.intersection(land, corner)).sum()) for corner in (left, right)]
    return "left" if taken[0] < taken[1] else "right"


def _one_basis(zones: pd.DataFrame) -> str:
    """Return the basis of the boundaries where all have the same; "" where they differ or do not say."""
    said = set(_filled(zones["boundary_basis"])) if "boundary_basis" in zones else set()
    return said.pop() if len(said) == 1 and said <= {basis.value for basis in Basis} else ""


def _zones(figures: Figures, zones: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    shapes = np.asarray(zones.geometry.array)
    if shapely.get_num_coordinates(shapes).sum() > _MANY_VERTICES:
        shapes = shapely.coverage_simplify(shapes, _TOLERANCE)
    rows = []
    for zone_id, shape in zip(zones["zone_id"].astype(str), shapes, strict=True):
        spot = label_spot(shape)
        shares = [figures.value(year, "covered_share", zone_id) for year in figures.years]
        rows.append(
            {
                "id": zone_id,
                "outline": _outline(shape),
                "label": [round(spot.y, _FIGURES), round(spot.x, _FIGURES)],
                "size": round(float(shape.area), 3),
                "classes": [palette.share_class(share) for share in shares],
                "shares": [None if math.isnan(share) else round(share, 4) for share in shares],
            }
        )
    return rows


def _worst(figures: Figures, zones: pd.DataFrame, year: int) -> list[int]:
    """Return the position of the governorate with the smallest covered share; [] where several share it."""
    worst, _ = figures.worst_off(year)
    return [k for k, zone_id in enumerate(zones["zone_id"].astype(str)) if [zone_id] == worst]


def label_spot(shape: BaseGeometry) -> shapely.Point:
    """Return the place inside the largest part of a polygon that is farthest from its edge."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if not parts:
        return shape.representative_point()
    largest = max(parts, key=lambda part: part.area)
    return polylabel(largest, tolerance=math.sqrt(largest.area) / 50)


def _outline(shape: BaseGeometry) -> list[list[list[list[float]]]]:
    polygons = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        rings = [part.exterior, *part.interiors]
        polygons.append([[[round(y, _FIGURES), round(x, _FIGURES)] for x, y, *_ in ring.coords[:-1]] for ring in rings])
    return polygons


def _sites(figures: Figures, zones: pd.DataFrame) -> list[dict[str, Any]]:
    position = {str(zone_id): k for k, zone_id in enumerate(zones["zone_id"])}
    return [
        {
            "lat": round(float(site["lat"]), 5),
            "lon": round(float(site["lon"]), 5),
            "zone": position.get(str(site["governorate"]), -1),
            "kind": sign_of(site),
            "operator": "private" if site["operator"] == "private" else "government",
            "begun": int(site["begun_year"]) if site.get("begun_year") else int(site["operating_year"]),
            "opens": int(site["operating_year"]),
            "closes": int(site["closing_year"]) if site.get("closing_year") else None,
        }
        for site in figures.sites
    ]


def _demand(figures: Figures, demand: gpd.GeoDataFrame, bands: list[str]) -> dict[str, Any]:
    band_of = {key: str(k) for k, key in enumerate(bands)}
    site_of = {str(site["id"]): k for k, site in enumerate(figures.sites)}
    return {
        "lat": _column(demand.geometry.y),
        "lon": _column(demand.geometry.x),
        "people": [int(people) for people in demand["people"]],
        "place": _places(demand)[0],
        "urban": "".join("1" if kind == "urban" else "0" for kind in demand["settlement"]),
        "limit": [float(limit) for limit in demand["limit_minutes"]],
        "band": ["".join(band_of[str(band)] for band in demand[f"band_{year}"]) for year in figures.years],
        "outside": ["".join("1" if out else "0" for out in outside(demand, year)) for year in figures.years],
        "minutes": [_column(demand[f"minutes_{year}"], 1) for year in figures.years],
        "km": [_column(demand[f"km_{year}"], 1) for year in figures.years],
        "site": [[site_of.get(str(site), -1) for site in demand[f"site_{year}"]] for year in figures.years],
    }


def outside(demand: pd.DataFrame, year: int) -> NDArray[np.bool_]:
    """
    Say of each demand point whether its journey in `year` is longer than its standard.

    False at the limit itself, and where there is no route in the data.
    """
    minutes = demand[f"minutes_{year}"].to_numpy(dtype=float)
    limits = demand["limit_minutes"].to_numpy(dtype=float)
    return np.asarray(np.isfinite(minutes) & (minutes > limits), dtype=np.bool_)


def _places(demand: pd.DataFrame) -> tuple[list[int], list[tuple[str, str]]]:
    """Number the distinct pairs of names of the demand points, in order of appearance."""
    known: dict[tuple[str, str], int] = {}
    pairs = zip(_filled(demand["place_en"]), _filled(demand["place_ar"]), strict=True)
    numbers = [known.setdefault(pair, len(known)) for pair in pairs]
    return numbers, list(known)


def _said(
    spoken: Language, figures: Figures, zones: gpd.GeoDataFrame, demand: pd.DataFrame, spare: pd.DataFrame
) -> dict[str, Any]:
    names = zone_names(zones, spoken)
    records = zones.drop(columns="geometry").to_dict("records")
    second = 1 if spoken.code == "ar" else 0
    return {
        "code": spoken.code,
        "dir": spoken.dir,
        "texts": {text: spoken.text(text) for text in PAGE_TEXTS},
        "kinds": [{"sign": sign, "title": title} for sign, title in signs_shown(spoken, figures)],
        "title": page_title(spoken, figures),
        "scenario": words.scenario_title(spoken, figures.info),
        "proof": words.proof_line(spoken, figures.info["certificate"]),
        "proof_note": words.proof_note(spoken, figures.info["certificate"]),
        "load_note": words.load_note(spoken, figures.info.get("load") or {}),
        "population_note": words.population_note(spoken, figures),
        "bands": {key: spoken.text(text) for key, text in words.BANDS.items()},
        "shares": _share_labels(spoken),
        "shareTicks": [spoken.percent(low, 0) for low, _ in palette.SHARES],
        "sources": words.sources(spoken, figures),
        "years": [_year(spoken, figures, year, names) for year in figures.years],
        "zones": [
            {
                "name": names[str(zone["zone_id"])],
                "years": [_zone_year(spoken, figures, year, zone) for year in figures.years],
            }
            for zone in records
        ],
        "sites": [
            {
                "name": spoken.name(site),
                "opens": spoken.year(int(site["operating_year"])),
                "closes": spoken.year(int(site["closing_year"])) if site.get("closing_year") else "",
                "rows": [asdict(row) for row in words_of_places.site_rows(spoken, figures, site)],
            }
            for site in figures.sites
        ],
        "candidates": [
            {
                "name": spoken.name(row),
                "rows": [asdict(one) for one in candidate_answers(spoken, figures, str(row["site_id"]))],
            }
            for row in spare.drop(columns="geometry").to_dict("records")
        ],
        "places": [harmless(pair[second] or pair[1 - second]) for pair in _places(demand)[1]],
    }


def page_title(spoken: Language, figures: Figures) -> str:
    """Return the title of a map: what it shows, and where."""
    return spoken.text(
        "Comprehensive government service centres · {country}", country=spoken.name(figures.info["country"])
    )


def _year(spoken: Language, figures: Figures, year: int, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "label": spoken.year(year),
        "headline": words.headline(spoken, figures, year),
        "numbers": [asdict(number) for number in words.five_numbers(spoken, figures, year, names)],
        "centres": spoken.plural("{n} centre", "{n} centres", figures.total(year, "centres")),
        "outside": spoken.number(figures.total(year, "out_of_standard")),
        "bands": {key: "" if math.isnan(n) else spoken.number(n) for key, n in figures.bands(year).items()},
    }


def _zone_year(spoken: Language, figures: Figures, year: int, zone: Mapping[str, Any]) -> dict[str, Any]:
    zone_id = str(zone["zone_id"])
    operating = sum(site["governorate"] == zone_id and int(site["operating_year"]) <= year for site in figures.sites)
    return {
        "share": spoken.percent(figures.value(year, "covered_share", zone_id)),
        "centres": spoken.plural("{n} centre", "{n} centres", operating),
        "rows": [asdict(row) for row in words_of_places.zone_rows(spoken, figures, year, zone)],
    }


def _share_labels(spoken: Language) -> list[str]:
    lows = [low for low, _ in palette.SHARES]
    first = spoken.text("under {share}", share=spoken.percent(lows[1], 0))
    between = [
        spoken.text("{low} to {high}", low=spoken.percent(low, 0), high=spoken.percent(high, 0))
        for low, high in itertools.pairwise(lows[1:])
    ]
    return [first, *between, spoken.text("{share} and over", share=spoken.percent(lows[-1], 0))]


def _column(values: Iterable[Any], decimals: int = _FIGURES) -> list[float | None]:
    return [None if value is None or not math.isfinite(value) else round(float(value), decimals) for value in values]


def _filled(values: pd.Series[Any]) -> list[str]:
    return [value if isinstance(value, str) else "" for value in values]

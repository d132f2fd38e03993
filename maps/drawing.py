"""
The map of the final year as a picture: for reports, for the README, and for a page without scripts.

Drawn by matplotlib, which shapes Arabic itself (3.11 and later), in the country's own
metric projection, so that the scale bar is true (law 5). No name is ever read as
mathematics: ``$`` in a name is a dollar sign.
"""

from __future__ import annotations

import io
import logging
import math
import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from matplotlib import patheffects
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Sheet
from matplotlib.transforms import Bbox
from PIL import Image

from foundation.language import Language, language
from maps import palette
from maps.drawing_parts import centre_mark, font, register_fonts
from maps.drawing_side import draw_side
from maps.figures import Figures, figures_of
from maps.kinds_of_places import sign_of
from maps.payload import label_spot, outside, quiet_side, zone_names

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

    from scenarios.run import Run

# Where a name may be moved to, in points, nearest first.
_SHIFTS: Final = tuple(
    sorted(((x, y) for x in range(-45, 46, 5) for y in range(-28, 29, 4)), key=lambda shift: math.hypot(*shift))
)
_TRIALS: Final = 20_000  # of places for the names, before the best found so far is taken
_SIZE: Final = (11.69, 8.27)  # inches: A4, landscape
_DPI: Final = 150
_COLOURS: Final = 256  # of the written PNG; keeps it small enough to sit inside a page


def picture(run: Run, language_code: str, *, plain: bool = False) -> bytes:
    """
    Draw the map of the final year, in the language ``ar`` or ``en``.

    `plain` leaves out the headline, the proof line and the sources, for a page that says
    them in its own words around the picture.

    Returns
    -------
    png
        1753 x 1240 pixels, A4 landscape: headline, map, legend, scale, proof line and sources.
    """
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # a fallback without a semibold is fine
    register_fonts()
    with warnings.catch_warnings():
        # A letter of a name that no font has is drawn as a box, and is no reason to fail.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        return _smaller(_drawn(run, language(language_code), plain=plain))


def _drawn(run: Run, spoken: Language, *, plain: bool) -> io.BytesIO:
    figures = figures_of(run)
    sheet = Sheet(figsize=_SIZE, dpi=_DPI, facecolor=palette.PAPER)
    canvas = FigureCanvasAgg(sheet)
    bottom, height = (0.02, 0.96) if plain else (0.105, 0.755)
    axes = sheet.add_axes((0.025 if spoken.dir == "rtl" else 0.295, bottom, 0.68, height))
    _draw_map(axes, run, figures, spoken, canvas)
    zones = run.layer("governorates")
    draw_side(sheet, axes, figures, spoken, names=zone_names(zones, spoken), quiet=quiet_side(zones), plain=plain)
    held = io.BytesIO()
    sheet.savefig(held, format="png", dpi=_DPI, metadata={"Software": "markaz"})
    return held


def _smaller(held: io.BytesIO) -> bytes:
    held.seek(0)
    with Image.open(held) as drawn:
        # Of Pillow's methods the one that keeps small areas of a rare colour (a far travel band).
        method = Image.Quantize.FASTOCTREE
        reduced = drawn.convert("RGB").quantize(colors=_COLOURS, method=method, dither=Image.Dither.NONE)
    reduced.putpalette(_with_our_colours(reduced.getpalette() or []))
    out = io.BytesIO()
    reduced.save(out, format="PNG", optimize=True)
    return out.getvalue()


def _with_our_colours(shades: list[int]) -> list[int]:
    """Put our own colours, white above all, exactly where the reduction came nearest to them."""
    entries = np.array(shades).reshape(-1, 3)
    ours = [*(colour for _, colour in palette.SHARES), *palette.BANDS.values(), palette.ACCENT, palette.PAPER]
    for colour in ours:
        wanted = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)])
        entries[np.abs(entries - wanted).sum(axis=1).argmin()] = wanted
    return [int(channel) for channel in entries.ravel()]


def _draw_map(axes: Axes, run: Run, figures: Figures, spoken: Language, canvas: FigureCanvasAgg) -> None:
    crs = figures.info["country"]["metric_crs"]
    zones = run.layer("governorates").to_crs(crs)
    colours = [
        palette.SHARES[palette.share_class(figures.value(figures.final, "covered_share", str(zone)))][1]
        for zone in zones["zone_id"]
    ]
    zones.plot(ax=axes, color=colours, edgecolor=palette.LINE, linewidth=0.7, zorder=1, aspect=None)
    worst, _ = figures.worst_off(figures.final)
    zones[[[zone] == worst for zone in zones["zone_id"].astype(str)]].boundary.plot(
        ax=axes, color=palette.INK, linewidth=1.8, zorder=5, aspect=None
    )
    _draw_people(axes, run.layer("demand").to_crs(crs), figures.final)
    centres = run.layer("centres").to_crs(crs)
    centres = centres[~(centres["closing_year"].astype("Float64") <= figures.final).fillna(value=False).astype(bool)]
    _draw_centres(axes, centres)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.margins(0.015)
    _draw_names(axes, zones, centres, spoken, canvas)


def _draw_people(axes: Axes, demand: gpd.GeoDataFrame, year: int) -> None:
    demand = demand.sort_values("people", ascending=False, kind="stable")
    # Square points; at least 1.2, so that a grid of 1 km closes into an area at this size of sheet.
    size = np.clip(demand["people"].to_numpy(dtype=float) / 512, 1.2, 18.0)
    bands = demand[f"band_{year}"].to_numpy(dtype=object)
    out = outside(demand, year)
    # One line around neighbours outside the standard: all dark discs, all white ones, the points again.
    own = np.array([palette.BANDS[str(band)] for band in bands[out]], dtype=object)
    for more, colour, order in ((3.2, palette.INK, 3.2), (1.8, palette.PAPER, 3.3), (0.0, own, 3.4)):
        axes.scatter(
            demand.geometry.x[out], demand.geometry.y[out], s=(np.sqrt(size[out]) + more) ** 2,
            facecolor=colour, edgecolor="none", linewidth=0, zorder=order,
        )  # fmt: skip
    for key, colour in palette.BANDS.items():
        here = bands == key
        lost = key == "unreachable"
        axes.scatter(
            demand.geometry.x[here],
            demand.geometry.y[here],
            s=np.maximum(size[here], 9) if lost else size[here],
            facecolor="white" if lost else colour,
            edgecolor=colour if lost else "none",
            linewidth=0.9 if lost else 0,
            zorder=4 if lost else 3,
        )


def _draw_centres(axes: Axes, centres: gpd.GeoDataFrame) -> None:
    signs = np.array([sign_of(site) for site in centres.to_dict("records")], dtype=object)
    private = (centres["operator"] == "private").to_numpy()
    for sign in ("mobile", "agency", "partial", "comprehensive"):
        for operator in ("government", "private"):
            drawn = centres[(signs == sign) & (private == (operator == "private"))]
            axes.scatter(drawn.geometry.x, drawn.geometry.y, zorder=6, **centre_mark(operator, sign))


def _draw_names(
    axes: Axes, zones: gpd.GeoDataFrame, centres: gpd.GeoDataFrame, spoken: Language, canvas: FigureCanvasAgg
) -> None:
    """
    Write the names off the centres, small governorates first: they have the least room.

    One that would lie on another, or nearer to another governorate than its own, is left out where no place is found.
    """
    axes.apply_aspect()
    spots = axes.transData.transform(np.column_stack([centres.geometry.x, centres.geometry.y]))
    signs = [Bbox.from_extents(x - 8, y - 8, x + 8, y + 8) for x, y in spots]
    order = np.argsort(zones.geometry.area.to_numpy(), kind="stable").tolist()
    names = {zone: _name(axes, zones.iloc[zone], spoken) for zone in order}
    found = _without_overlap({zone: _places_of(axes, zones, zone, names[zone], signs, canvas) for zone in order})
    for zone, text in names.items():
        if zone in found:
            text.set_position(found[zone])
        else:
            text.remove()


def _name(axes: Axes, zone: Any, spoken: Language) -> Annotation:
    """Write the name of a governorate where it is widest."""
    spot = label_spot(zone["geometry"])
    return axes.annotate(
        spoken.name(zone), (spot.x, spot.y), xytext=(0, 0), textcoords="offset points", ha="center", va="center",
        zorder=7, path_effects=[patheffects.withStroke(linewidth=2.4, foreground="white")], color=palette.INK,
        annotation_clip=False, **font(8.5, 600),
    )  # fmt: skip


def _places_of(
    axes: Axes, zones: gpd.GeoDataFrame, zone: int, text: Annotation, signs: list[Bbox], canvas: FigureCanvasAgg
) -> list[tuple[tuple[int, int], Bbox]]:
    """Return the shifts that leave a name nearest to its own governorate, those off the centres first."""
    home = text.get_window_extent(canvas.get_renderer())  # type: ignore[no-untyped-call]
    boxes = [home.translated(*(np.array(shift) * canvas.figure.dpi / 72)) for shift in _SHIFTS]
    middles = axes.transData.inverted().transform([((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) for box in boxes])
    away = shapely.distance(zones.geometry.to_numpy()[:, None], np.asarray(shapely.points(middles))[None, :])
    own = away.argmin(axis=0) == zone
    tries = [(any(box.overlaps(sign) for sign in signs), k) for k, box in enumerate(boxes) if own[k]]
    return [(_SHIFTS[k], boxes[k]) for _, k in sorted(tries)]


def _without_overlap(places: dict[int, list[tuple[tuple[int, int], Bbox]]]) -> dict[int, tuple[int, int]]:
    """
    Choose places that do not overlap, by trying them in turn and stepping back where a name finds none.

    The first choice that shows every name is taken; after `_TRIALS` boxes the one that shows most.
    """
    order = list(places)
    chosen: list[tuple[tuple[int, int], Bbox] | None] = []
    best: list[tuple[tuple[int, int], Bbox] | None] = []
    trials = 0

    def seek(lost: int) -> bool:
        nonlocal best, trials
        trials += 1
        if len(chosen) == len(order):
            if not best or lost < best.count(None):
                best = list(chosen)
            return lost == 0
        if trials > _TRIALS and best:
            return True
        for place in places[order[len(chosen)]]:
            if not any(place[1].overlaps(other[1]) for other in chosen if other is not None):
                chosen.append(place)
                if seek(lost):
                    return True
                chosen.pop()
        if best and lost + 1 >= best.count(None):
            return False
        chosen.append(None)
        done = seek(lost + 1)
        chosen.pop()
        return done

    seek(0)
    return {zone: place[0] for zone, place in zip(order, best, strict=True) if place is not None}

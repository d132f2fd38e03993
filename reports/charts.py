"""
Two charts: coverage by governorate, and coverage by year. PNG, in the reader's language.

matplotlib (3.11 and later) shapes Arabic itself. In Arabic a bar starts at the right,
as the text does. Names are drawn as they are, never read as mathematical notation.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Picture
from matplotlib.text import Text

from maps import palette
from maps.fonts import ARABIC_FAMILY, font_file, latin_font_file
from reports.material import Material
from reports.writing import Writer, plain

WIDTH_INCHES, DPI = 4.9, 220
LONGEST_NAME = 24
BAR = "#5d8f87"
TRACK = palette.ACCENT_SOFT
FAMILIES = (ARABIC_FAMILY, "IBM Plex Sans", "DejaVu Sans")


def coverage_chart(writer: Writer, material: Material) -> tuple[bytes, str]:
    """Return the bars of the share within the standard by governorate, sorted, and the alt text."""
    found = []
    for zone in material.zones:
        share = material.figures.get("covered_share", scope="governorate", scope_id=str(zone["zone_id"])).value
        if share == share:  # noqa: PLR0124 - not computed is not drawn as zero
            found.append((share, writer.name(zone).text))
    found.sort()
    nation = material.figures.get("covered_share").value
    picture, axes = _axes(height=0.29 * len(found) + 0.7)
    values = [share for share, _ in found]
    colours = [palette.ACCENT if share < nation else BAR for share in values]
    axes.barh(range(len(found)), [1.0] * len(found), color=TRACK, height=0.68)
    axes.barh(range(len(found)), values, color=colours, height=0.68)
    axes.vlines(nation, -0.5, len(found) - 0.45, color=palette.INK, linewidth=1, linestyle=(0, (4, 3)))
    whole = plain(writer.say("The country: {share}", share=writer.said_share(nation)))
    axes.text(nation, len(found) - 0.35, whole, ha="center", va="bottom", color=palette.INK)
    axes.set_yticks(range(len(found)), [_short(name) for _, name in found])
    for position, share in enumerate(values):
        _label_bar(writer, axes, position, share)
    axes.set_xlim(0, 1.21)
    axes.set_ylim(-0.6, len(found) + 0.25)
    axes.xaxis.set_visible(False)
    _mirror(writer, axes)
    if not found:
        return _png(picture), ""
    alt = writer.say(
        "Bar chart: share of residents within the standard by governorate, from {least} in {worst} to {most} in "
        "{best}. The table below gives every value.",
        least=writer.said_share(values[0]),
        worst=found[0][1],
        most=writer.said_share(values[-1]),
        best=found[-1][1],
    )
    return _png(picture), plain(alt)


def years_chart(writer: Writer, material: Material) -> tuple[bytes, str]:
    """Return the share within the standard by year, with the centres operating, and the alt text."""
    years = material.figures.years()
    shares = [material.figures.get("covered_share", year=year).value for year in years]
    centres = [material.figures.get("centres", year=year).value for year in years]
    picture, axes = _axes(height=2.6)
    axes.bar(range(len(years)), shares, color=BAR, width=0.56)
    for position, (share, count) in enumerate(zip(shares, centres, strict=True)):
        if share == share:  # noqa: PLR0124
            said = plain(writer.said_share(share))
            axes.text(position, share + 0.02, said, ha="center", va="bottom", fontproperties=_semibold())
        if count == count:  # noqa: PLR0124
            below = plain(writer.count("{n} centre", "{n} centres", int(count)))
            axes.text(position, -0.13, below, ha="center", va="top", color=palette.MUTED)
    axes.set_xticks(range(len(years)), [str(year) for year in years])
    axes.set_ylim(0, 1.12)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(True)
    if writer.language.code == "ar":
        axes.invert_xaxis()
    alt = writer.say(
        "Bar chart: share of residents within the standard at the end of each year, from {first} in {start} to "
        "{last} in {end}. The table below gives every value.",
        first=writer.said_share(shares[0]),
        start=writer.year(years[0]),
        last=writer.said_share(shares[-1]),
        end=writer.year(years[-1]),
    )
    return _png(picture), plain(alt)


def _axes(*, height: float) -> tuple[Picture, Axes]:
    _register_fonts()
    picture = Picture(figsize=(WIDTH_INCHES, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(picture)
    axes = picture.subplots()
    for spine in axes.spines.values():
        spine.set_visible(False)
        spine.set_color(palette.LINE)
    axes.tick_params(length=0)
    return picture, axes


def _label_bar(writer: Writer, axes: Axes, position: int, share: float) -> None:
    """Write the share beyond the end of the scale, where no bar and no line can cross it."""
    said = plain(writer.said_share(share))
    axes.text(1.2, position, said, va="center", ha=_end(writer), fontproperties=_semibold())


def _end(writer: Writer) -> str:
    return "left" if writer.language.code == "ar" else "right"


def _mirror(writer: Writer, axes: Axes) -> None:
    """In Arabic the bars start at the right, and so do the names."""
    if writer.language.code == "ar":
        axes.invert_xaxis()
        axes.yaxis.tick_right()


def _png(picture: Picture) -> bytes:
    for text in picture.findobj(Text):
        assert isinstance(text, Text)
        text.set_parse_math(False)
        if text.get_fontproperties().get_file() is None:
            text.set_fontfamily(list(FAMILIES))
        text.set_fontsize(10)
    held = io.BytesIO()
    with warnings.catch_warnings():
        # A name in a third script shows an empty box; the table beside the chart holds it whole.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        picture.savefig(held, format="png", facecolor="white", metadata={"Software": None})
    return held.getvalue()


def _semibold() -> font_manager.FontProperties:
    """The face of figures; by its file, since the fallback families have no such weight."""
    return font_manager.FontProperties(fname=str(font_file(600)))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _register_fonts() -> None:
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    files: Sequence[str] = [str(font_file(400)), str(font_file(600)), str(latin_font_file())]
    for file in files:
        if file not in known:
            font_manager.fontManager.addfont(file)

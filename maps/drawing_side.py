"""The words around the picture: headline above, numbers and legend beside, proof and sources below."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any, Final

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from maps import palette, words
from maps.drawing_parts import centre_mark, font, legend_cased, legend_dot, legend_frame, scale_length
from maps.kinds_of_places import sign_of, signs_shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

    from foundation.language import Language
    from maps.figures import Figures

_EDGE: Final = 0.028  # margin of the sheet, as a part of its width
_SOURCE_CHARS: Final = 225  # of one line of sources
_COLUMN: Final = 0.25  # width of the column of words


class _Column:
    """A pen that writes down one column of the sheet, from the side where reading starts."""

    def __init__(self, sheet: Sheet, spoken: Language, *, top: float) -> None:
        self.sheet, self.y = sheet, top
        self.rtl = spoken.dir == "rtl"
        self.start = 1 - _EDGE if self.rtl else _EDGE
        self.toward = -1 if self.rtl else 1

    def write(
        self, text: str, size: float, *, weight: int = 400, colour: str = palette.INK, chars: int = 0, indent: float = 0
    ) -> None:
        """Write lines of at most `chars` characters (0: one line) and move down."""
        for line in textwrap.wrap(text, chars) if chars else [text]:
            self.sheet.text(
                self.start + self.toward * indent, self.y, line, ha="right" if self.rtl else "left", va="top",
                color=colour, **font(size, weight),
            )  # fmt: skip
            self.y -= size * 1.62 / 72 / self.sheet.get_figheight()

    def sign(self, line: Line2D) -> None:
        """Put a sign on the line that is about to be written."""
        x = self.start + self.toward * 0.008
        line.set_data([x], [self.y - 0.0125])
        line.set_transform(self.sheet.transFigure)
        self.sheet.add_artist(line)

    def gap(self, height: float) -> None:
        """Leave room."""
        self.y -= height


def draw_side(
    sheet: Sheet, axes: Axes, figures: Figures, spoken: Language, *, names: dict[str, str], quiet: str, plain: bool
) -> None:
    """Write everything that is not the map onto the sheet."""
    column = _Column(sheet, spoken, top=0.965)
    if not plain:
        column.write(words.headline(spoken, figures, figures.final), 16, weight=600, chars=92)
        column.y = min(column.y, 0.875) - 0.005
    top = column.y
    for figure in words.five_numbers(spoken, figures, figures.final, names):
        column.write(figure.label, 8.5, colour=palette.MUTED)
        column.write(figure.value, 14, weight=600, colour=palette.ACCENT if column.y > top - 0.04 else palette.INK)
        if figure.note:
            column.gap(-0.004)
            column.write(figure.note, 8, colour=palette.MUTED)
        column.gap(0.004)
    column.gap(0.006)
    _legend(column, figures, spoken)
    if not plain:
        _foot(sheet, figures, spoken)
    _scale(axes, spoken, quiet)


def _legend(column: _Column, figures: Figures, spoken: Language) -> None:
    column.write(spoken.text("Map legend"), 10, weight=600)
    column.gap(0.002)
    centres = [site for site in figures.sites if sign_of(site) == "comprehensive"]
    shown = [
        (operator, "comprehensive", spoken.text(words.OPERATORS[operator]))
        for operator in words.OPERATORS
        if any((site["operator"] == "private") == (operator == "private") for site in centres)
    ]
    shown += [("government", sign, title) for sign, title in signs_shown(spoken, figures)]
    for operator, sign, label in shown:
        mark = centre_mark(operator, sign)
        column.sign(
            Line2D(
                [],
                [],
                linestyle="",
                marker=mark["marker"],
                markersize=math.sqrt(mark["s"]) * 0.95,
                markerfacecolor=mark["facecolor"],
                markeredgecolor="white",
            )
        )
        column.write(label, 8.5, indent=0.022)
    column.gap(0.006)
    column.write(spoken.text("Where people live, by travel time"), 8.5, weight=600)
    for key, colour in palette.BANDS.items():
        column.sign(legend_dot(colour, hollow=key == "unreachable"))
        column.write(spoken.text(words.BANDS[key]), 8.5, indent=0.022)
    column.sign(legend_cased(palette.BANDS["within_90"]))
    column.write(spoken.text("Outside the standard"), 8.5, indent=0.022)
    column.gap(0.006)
    column.write(f"{spoken.text('Governorates')}: {spoken.text('Share of people covered')}", 8.5, weight=600)
    if figures.worst_off(figures.final)[0]:
        column.sign(legend_frame())
        column.write(spoken.text("Worst-covered governorate"), 8.5, indent=0.022)
        column.gap(0.004)
    _ramp(column, spoken)


def _ramp(column: _Column, spoken: Language) -> None:
    width = _COLUMN / len(palette.SHARES)
    for k, (low, colour) in enumerate(palette.SHARES):
        left = column.start - (k + 1) * width if column.rtl else column.start + k * width
        column.sheet.add_artist(
            Rectangle(
                (left, column.y - 0.016),
                width,
                0.014,
                facecolor=colour,
                edgecolor=palette.LINE,
                linewidth=0.6,
                transform=column.sheet.transFigure,
            )
        )
        column.sheet.text(
            left + (width if column.rtl else 0), column.y - 0.02, spoken.percent(low, 0),
            ha="right" if column.rtl else "left", va="top", color=palette.MUTED, **font(7.5),
        )  # fmt: skip
    column.gap(0.05)


def _foot(sheet: Sheet, figures: Figures, spoken: Language) -> None:
    sources = words.sources(spoken, figures)
    proof = words.proof_line(spoken, figures.info["certificate"])
    column = _Column(sheet, spoken, top=0.102)
    column.write(proof + ".", 9.5, weight=600, colour=palette.ACCENT)
    if load := words.load_note(spoken, figures.info.get("load") or {}):
        column.write(load, 8.5)
    column.write(words.population_note(spoken, figures), 6.5, colour=palette.MUTED)
    if sources:
        column.write(_whole(spoken, sources), 6.5, colour=palette.MUTED, chars=_SOURCE_CHARS)


def _whole(spoken: Language, sources: list[str]) -> str:
    """Join as many whole sentences of the sources as two lines hold, and say where the others are."""
    head, rest = f"{spoken.text('Sources')}: ", spoken.text("all sources stand in the report and beside the map")
    for kept in range(len(sources), -1, -1):
        said = head + " · ".join(sources[:kept] + ([rest] if kept < len(sources) else []))
        if len(textwrap.wrap(said, _SOURCE_CHARS)) <= 2:
            break
    return said


def _scale(axes: Axes, spoken: Language, quiet: str) -> None:
    """Draw the scale bar in the map's own metres, in the emptier lower corner."""
    left, right = sorted(axes.get_xlim())
    bottom, top = sorted(axes.get_ylim())
    km = scale_length(right - left)
    edge = 0.02 * (right - left)
    x = left + edge if quiet == "left" else right - edge - km * 1000
    y = bottom + 0.03 * (top - bottom)
    tick = 0.008 * (top - bottom)
    paint: dict[str, Any] = {"color": palette.INK, "linewidth": 1.4, "zorder": 8, "solid_capstyle": "butt"}
    axes.plot([x, x, x + km * 1000, x + km * 1000], [y + tick, y, y, y + tick], **paint)
    label = spoken.text("{km} km", km=spoken.number(km, 0 if km >= 1 else 1))
    axes.text(x + km * 500, y + 1.3 * tick, label, ha="center", va="bottom", color=palette.INK, zorder=8, **font(8.5))

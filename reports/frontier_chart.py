"""The frontier as a picture: people within the standard against what is spent or promised for them."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.ticker import FuncFormatter, MaxNLocator

from maps import palette
from reports.charts import _axes, _png
from reports.document import Inline
from reports.writing import Writer, plain


def frontier_chart(
    writer: Writer, points: Sequence[tuple[float, float]], *, label: Inline, shares: bool, now: float | None
) -> tuple[bytes, str]:
    """
    Draw proven points; the line between them is only to lead the eye.

    Parameters
    ----------
    points
        (value, people), ascending.
    shares
        Whether the values are shares from 0 to 1.
    now
        Value of the plan itself, marked; None marks nothing.
    """
    picture, axes = _axes(height=3.0)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    axes.plot(xs, ys, color=palette.LINE, linewidth=1.0, zorder=1)
    colours = [palette.ACCENT if now is not None and abs(x - now) < 1e-9 else palette.MUTED for x in xs]
    axes.scatter(xs, ys, color=colours, s=34, zorder=2)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=not shares))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: plain(writer.said_share(float(x), 0) if shares else writer.said(float(x))))
    )
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: plain(writer.said(float(y)))))
    axes.set_xlabel(plain(label))
    axes.set_ylabel(plain(writer.say("People within the standard")))
    for side in ("left", "bottom", "right"):
        axes.spines[side].set_visible(side == "bottom" or (side == "right") == (writer.language.code == "ar"))
    if writer.language.code == "ar":
        axes.invert_xaxis()
        axes.yaxis.tick_right()
        axes.yaxis.set_label_position("right")
    alt = writer.say(
        "People within the standard, from {low} to {high}; the table gives each point.",
        low=writer.said(min(ys)),
        high=writer.said(max(ys)),
    )
    return _png(picture), plain(alt)

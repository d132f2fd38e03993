"""The Lorenz curve as a picture: what share of all travel the least-travelling share of people does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import FuncFormatter

from maps import palette
from reports.charts import BAR, _axes, _png
from reports.document import Inline
from reports.writing import Writer, plain

STYLES = {
    "nation": {"color": palette.ACCENT, "linewidth": 2.2},
    "urban": {"color": BAR, "linewidth": 1.3, "linestyle": (0, (5, 2))},
    "rural": {"color": palette.MUTED, "linewidth": 1.3, "linestyle": (0, (1.5, 1.5))},
    "other": {"color": palette.MUTED, "linewidth": 1.0},
}


def lorenz_chart(
    writer: Writer, curves: Sequence[tuple[str, Inline, Sequence[Sequence[float]]]], alt: Inline
) -> tuple[bytes, str]:
    """
    Draw Lorenz curves over the line of equality.

    Parameters
    ----------
    curves
        (key, name, points): "nation" or a settlement type, its name in the reader's language, and
        (people, travel) shares from 0 to 1.
    alt
        What stands in for the picture.
    """
    picture, axes = _axes(height=3.6)
    label = plain(writer.say("Everyone travels as long"))
    axes.plot([0, 1], [0, 1], color=palette.INK, linewidth=0.9, linestyle=(0, (4, 3)), label=label)
    for key, name, points in curves:
        xy = np.array(points, dtype=np.float64).reshape(-1, 2)
        style: Mapping[str, Any] = STYLES.get(key, STYLES["other"])
        axes.plot(xy[:, 0], xy[:, 1], label=plain(name), **style)
        if key == "nation":
            axes.fill_between(xy[:, 0], xy[:, 1], xy[:, 0], color=palette.ACCENT_SOFT, linewidth=0)
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    said = FuncFormatter(lambda share, _: plain((*writer.said_share(float(share), 0),)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(ticks)
        axis.set_major_formatter(said)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel(plain(writer.say("Share of residents, from the shortest journey to the longest")))
    axes.set_ylabel(plain(writer.say("Share of all travel time")))
    for side in ("left", "bottom", "right"):
        axes.spines[side].set_visible(True)
    if writer.language.code == "ar":
        axes.invert_xaxis()
        axes.yaxis.tick_right()
        axes.yaxis.set_label_position("right")
    axes.legend(loc="upper right" if writer.language.code == "ar" else "upper left", frameon=False)
    return _png(picture), plain(alt)

"""How QGIS draws each layer: the same colours and signs as the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from foundation.language import language
from maps import palette, words
from maps.qml import Column, Sign, both, categorised, document, fill, graduated, line, marker, ruled, single


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """A style ready for ``layer_styles``: a name of at most 30 characters, the QML, a sentence."""

    name: str
    qml: str
    description: str


TITLES: Final[dict[str, str]] = {
    "governorates": "Coverage by governorate",
    "demand": "Where people live, by travel time",
    "bands": "Travel bands",
    "assignment": "Nearest centre",
    "centres": "Centres",
    "candidates": "Candidate sites",
    "unreachable": "No route in the data",
}
LABELS: Final[dict[str, str]] = {"governorates": "name_ar", "centres": "name_ar"}


def _governorates(_final: int) -> Element:
    lows = [low for low, _ in palette.SHARES]
    highs = [*lows[1:], 1.0]
    spoken = language("ar")
    classes = [
        (low, high, fill(colour), f"{spoken.percent(low, 0)} – {spoken.percent(high, 0)}")
        for (low, colour), high in zip(palette.SHARES, highs, strict=True)
    ]
    return graduated("covered_share", classes)


def _point(key: str) -> Sign:
    if key == "unreachable":
        return marker("circle", "#ffffff", size=1.8, outline=palette.BANDS[key], width=0.4)
    return marker("circle", palette.BANDS[key], size=1.2)


def _demand(final: int) -> Element:
    return categorised(f"band_{final}", [(key, _point(key), both(text)) for key, text in words.BANDS.items()])


def _bands(_final: int) -> Element:
    return categorised(
        "band", [(key, fill(palette.BANDS[key], width=0.0), both(text)) for key, text in words.BANDS.items()]
    )


def _assignment(_final: int) -> Element:
    return single(line(palette.MUTED, width=0.1, alpha=110))


def _centres(_final: int) -> Element:
    def sign(shape: str, size: float) -> Sign:
        return marker(shape, palette.ACCENT, size=size, width=0.5)

    return ruled(
        [
            (
                "\"kind\" <> 'partial' AND \"operator\" <> 'private'",
                sign("circle", 3.6),
                both("Government-run"),
            ),
            ("\"kind\" <> 'partial' AND \"operator\" = 'private'", sign("diamond", 4.4), both("Privately operated")),
            ("\"kind\" = 'partial'", sign("circle", 2.4), both("Partial services")),
        ]
    )


def _candidates(_final: int) -> Element:
    hollow = marker("square", "#ffffff", size=1.8, outline=palette.INK, width=0.3)
    chosen = marker("square", palette.ACCENT, size=1.8, outline=palette.ACCENT, width=0.3)
    return ruled(
        [('"chosen"', chosen, both("Chosen site")), ('NOT "chosen"', hollow, both("Candidate sites not chosen"))]
    )


def _unreachable(_final: int) -> Element:
    return single(_point("unreachable"))


RENDERERS: Final[dict[str, Callable[[int], Element]]] = {
    "governorates": _governorates,
    "demand": _demand,
    "bands": _bands,
    "assignment": _assignment,
    "centres": _centres,
    "candidates": _candidates,
    "unreachable": _unreachable,
}


def layer_style(layer: str, *, columns: Sequence[Column], final: int) -> LayerStyle | None:
    """
    Return the style of a layer of ``plan.gpkg``; None for a layer that is not known here.

    `columns` are those the layer has (a label that is not among them is left out),
    `final` is the last year of the programme.
    """
    if layer not in RENDERERS:
        return None
    label = LABELS.get(layer)
    qml = document(RENDERERS[layer](final), label=label if label in columns else None, beside=layer == "centres")
    return LayerStyle(language("ar").text(TITLES[layer])[:30], qml, both(TITLES[layer]))

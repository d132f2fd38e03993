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
    "visits": "Visits by place",
    "worst_places": "The worst-served people",
    "capacity": "Load of the centres",
    "capacity_siting": "Siting under limits of capacity",
    "stops": "Stops of mobile units",
    "why_not": "What forcing a site costs",
    "lots": "Lots for a tender",
    "equity": "How evenly travel is shared",
    "journeys_saved": "Journeys saved, by governorate",
    "rule_prices": "Sites without a rule",
    "alternatives": "Plans about as good",
}
LABELS: Final[dict[str, str]] = {
    "governorates": "name_ar",
    "centres": "name_ar",
    "worst_places": "place_ar",
    "lots": "lot",
    "equity": "name_ar",
    "journeys_saved": "name_ar",
    "rule_prices": "name_ar",
    "alternatives": "name_ar",
}
BESIDE: Final = {"centres", "worst_places", "lots", "rule_prices", "alternatives"}


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


def _centres(final: int) -> Element:
    def sign(shape: str, size: float) -> Sign:
        return marker(shape, palette.ACCENT, size=size, width=0.5)

    closed = f'("closing_year" IS NOT NULL AND "closing_year" <= {final})'
    full = "\"kind\" <> 'partial' AND \"form\" <> 'agency' AND \"form\" <> 'mobile'"
    signs = [
        (f"{full} AND \"operator\" <> 'private'", sign("circle", 3.6), both("Government-run")),
        (f"{full} AND \"operator\" = 'private'", sign("diamond", 4.4), both("Privately operated")),
        ("\"kind\" = 'partial'", sign("circle", 2.4), both("Partial services")),
        ("\"form\" = 'agency'", sign("square", 2.6), both("Agency point")),
        ("\"form\" = 'mobile'", sign("triangle", 3.2), both("Mobile unit")),
    ]
    gone = marker("cross2", palette.MUTED, size=3.0, outline=palette.MUTED, width=0.5)
    open_ = [(f"NOT {closed} AND {rule}", one, text) for rule, one, text in signs]
    return ruled([*open_, (closed, gone, both("Closed centre"))])


def _candidates(_final: int) -> Element:
    hollow = marker("square", "#ffffff", size=1.8, outline=palette.INK, width=0.3)
    chosen = marker("square", palette.ACCENT, size=1.8, outline=palette.ACCENT, width=0.3)
    return ruled(
        [('"chosen"', chosen, both("Chosen site")), ('NOT "chosen"', hollow, both("Candidate sites not chosen"))]
    )


def _unreachable(_final: int) -> Element:
    return single(_point("unreachable"))


def _visits(final: int) -> Element:
    lows = (0.0, 100.0, 500.0, 2000.0)
    return _by_amount(f"visits_{final}", lows, lambda colour, at: marker("circle", colour, size=1.0 + 0.5 * at))


def _worst_places(_final: int) -> Element:
    return single(marker("triangle", palette.BANDS["beyond_90"], size=3.0, width=0.3))


def _capacity(_final: int) -> Element:
    full = marker("circle", palette.BANDS["within_90"], size=4.0, width=0.4)
    fits = marker("circle", palette.ACCENT, size=3.2, width=0.4)
    return ruled([('"over_capacity" > 0', full, both("Over capacity")), ("ELSE", fits, both("Within capacity"))])


def _capacity_siting(_final: int) -> Element:
    return single(marker("square", palette.ACCENT, size=3.0, width=0.4))


def _stops(_final: int) -> Element:
    return single(marker("circle", "#ffffff", size=2.0, outline=palette.ACCENT, width=0.4))


def _why_not(_final: int) -> Element:
    costly = marker("square", palette.BANDS["within_90"], size=2.4, width=0.3)
    unknown = marker("square", "#ffffff", size=1.8, outline=palette.MUTED, width=0.3)
    return ruled(
        [
            ('"chosen"', marker("circle", palette.ACCENT, size=3.0, width=0.4), both("Chosen site")),
            ('"at_least" > 0 OR "loss" > 0', costly, both("Forcing it in costs people")),
            ("ELSE", unknown, both("No loss is proven")),
        ]
    )


def _lots(_final: int) -> Element:
    return single(marker("diamond", palette.BANDS["within_60"], size=4.4, width=0.5))


def _change(**shown: str) -> Element:
    """Draw sites by how an answer differs from the plan; the values of `change`, and what to call them."""
    colours = dict(zip(shown, (palette.ACCENT, palette.MUTED, palette.BANDS["within_60"]), strict=False))
    return categorised(
        "change",
        [(value, marker("circle", colours[value], size=3.0, width=0.4), both(title)) for value, title in shown.items()],
    )


def _rule_prices(_final: int) -> Element:
    return _change(opened="Opens without the rule", closed="Stays out without the rule")


def _alternatives(_final: int) -> Element:
    return _change(added="Only in the other plan", left_out="Only in this plan", moved="In both, in another year")


def _filled(colour: str, _at: int) -> Sign:
    return fill(colour)


def _by_amount(column: str, lows: Sequence[float], sign: Callable[[str, int], Sign] = _filled) -> Element:
    """Draw features by a figure, darker for more; `sign` makes one of a colour and the number of its class."""
    colours = [colour for _, colour in palette.SHARES][-len(lows) :]
    spoken = language("ar")
    classes = []
    for at, (low, colour) in enumerate(zip(lows, colours, strict=True)):
        high = lows[at + 1] if at + 1 < len(lows) else 1e9
        said = f"{spoken.number(low)} – {spoken.number(high)}" if high < 1e9 else f"{spoken.number(low)} +"
        classes.append((low, high, sign(colour, at), said))
    return graduated(column, classes)


def _equity(_final: int) -> Element:
    return _by_amount("ede_minutes", (0.0, 20.0, 30.0, 45.0))


def _journeys_saved(_final: int) -> Element:
    return _by_amount("journeys", (0.0, 5_000.0, 20_000.0, 50_000.0))


RENDERERS: Final[dict[str, Callable[[int], Element]]] = {
    "governorates": _governorates,
    "demand": _demand,
    "bands": _bands,
    "assignment": _assignment,
    "centres": _centres,
    "candidates": _candidates,
    "unreachable": _unreachable,
    "visits": _visits,
    "worst_places": _worst_places,
    "capacity": _capacity,
    "capacity_siting": _capacity_siting,
    "stops": _stops,
    "why_not": _why_not,
    "lots": _lots,
    "equity": _equity,
    "journeys_saved": _journeys_saved,
    "rule_prices": _rule_prices,
    "alternatives": _alternatives,
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
    qml = document(RENDERERS[layer](final), label=label if label in columns else None, beside=layer in BESIDE)
    return LayerStyle(language("ar").text(TITLES[layer])[:30], qml, both(TITLES[layer]))

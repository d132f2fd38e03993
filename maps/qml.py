"""
QGIS layer styles (QML) as XML.

The building blocks of a style, made with ElementTree, so that no name can break the XML;
`maps.qml_layers` says which layer gets what. Names are Arabic with English beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from foundation.language import language
from maps import palette

Column = str
_VERSION: Final = "3.34.0-Prizren"


@dataclass(frozen=True, slots=True)
class Sign:
    """A drawn symbol: kind "fill", "line" or "marker", and the QGIS properties of its one layer."""

    kind: str
    properties: dict[str, str]


def both(sentence: str) -> str:
    """Say a fixed sentence in Arabic with English beside it."""
    return f"{language('ar').text(sentence)} · {sentence}"


def fill(colour: str, *, outline: str = palette.LINE, width: float = 0.26) -> Sign:
    """Return a polygon filled with `colour`; `outline` of `width` millimetres (0: none)."""
    return Sign(
        "fill",
        {
            "color": _rgba(colour),
            "outline_color": _rgba(outline),
            "outline_width": str(width),
            "outline_style": "solid" if width else "no",
            "style": "solid",
        },
    )


def line(colour: str, *, width: float, alpha: int = 255) -> Sign:
    """Return a line of `width` millimetres."""
    return Sign("line", {"line_color": _rgba(colour, alpha), "line_width": str(width), "line_style": "solid"})


def marker(shape: str, colour: str, *, size: float, outline: str = "#ffffff", width: float = 0.0) -> Sign:
    """Return a point sign of QGIS's simple marker: `shape` "circle", "diamond", "square", "cross2"."""
    return Sign(
        "marker",
        {
            "name": shape,
            "color": _rgba(colour),
            "outline_color": _rgba(outline),
            "outline_width": str(width),
            "outline_style": "solid" if width else "no",
            "size": str(size),
            "size_unit": "MM",
        },
    )


def document(renderer: Element, *, label: Column | None, beside: bool = False) -> str:
    """Return a QML file: a renderer, and labels of the column `label`, if any: `beside` a symbol, or upon an area."""
    root = Element("qgis", version=_VERSION, styleCategories="Symbology|Labeling", labelsEnabled="1" if label else "0")
    root.append(renderer)
    if label:
        root.append(_labels(label, beside=beside))
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(root, encoding="unicode")


def single(sign: Sign) -> Element:
    """Draw every feature the same."""
    renderer = Element("renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0", forceraster="0")
    _symbols(renderer, [sign])
    return renderer


def categorised(column: Column, classes: Sequence[tuple[str, Sign, str]]) -> Element:
    """Draw by the value of a column: (value, sign, label), in legend order."""
    renderer = Element(
        "renderer-v2", type="categorizedSymbol", attr=column, symbollevels="0", enableorderby="0", forceraster="0"
    )
    categories = SubElement(renderer, "categories")
    for k, (value, _, label) in enumerate(classes):
        SubElement(categories, "category", symbol=str(k), value=value, type="string", label=label, render="true")
    _symbols(renderer, [sign for _, sign, _ in classes])
    return renderer


def graduated(column: Column, classes: Sequence[tuple[float, float, Sign, str]]) -> Element:
    """Draw by ranges of a number: (low, high, sign, label)."""
    renderer = Element(
        "renderer-v2", type="graduatedSymbol", attr=column, graduatedMethod="GraduatedColor", symbollevels="0",
        enableorderby="0", forceraster="0",
    )  # fmt: skip
    ranges = SubElement(renderer, "ranges")
    for k, (low, high, _, label) in enumerate(classes):
        SubElement(ranges, "range", symbol=str(k), lower=f"{low:.6f}", upper=f"{high:.6f}", label=label, render="true")
    _symbols(renderer, [sign for *_, sign, _ in classes])
    return renderer


def ruled(rules: Sequence[tuple[str, Sign, str]]) -> Element:
    """Draw by rules: (QGIS expression, sign, label)."""
    renderer = Element("renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0")
    root = SubElement(renderer, "rules", key="{root}")
    for k, (expression, _, label) in enumerate(rules):
        SubElement(root, "rule", key=f"{{rule-{k}}}", symbol=str(k), filter=expression, label=label)
    _symbols(renderer, [sign for _, sign, _ in rules])
    return renderer


def _symbols(renderer: Element, signs: Sequence[Sign]) -> None:
    symbols = SubElement(renderer, "symbols")
    kinds = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}
    for k, sign in enumerate(signs):
        symbol = SubElement(
            symbols, "symbol", name=str(k), type=sign.kind, alpha="1", clip_to_extent="1", force_rhr="0"
        )
        layer = SubElement(symbol, "layer", {"class": kinds[sign.kind], "enabled": "1", "locked": "0", "pass": "0"})
        options = SubElement(layer, "Option", type="Map")
        for name, value in sign.properties.items():
            SubElement(options, "Option", name=name, type="QString", value=value)


def _labels(column: Column, *, beside: bool) -> Element:
    labeling = Element("labeling", type="simple")
    settings = SubElement(labeling, "settings", calloutType="simple")
    style = SubElement(
        settings, "text-style", fieldName=column, isExpression="0", fontFamily="IBM Plex Sans Arabic", fontSize="9",
        fontSizeUnit="Point", fontWeight="63", namedStyle="SemiBold", textColor=_rgba(palette.INK), textOpacity="1",
    )  # fmt: skip
    SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM", bufferColor=_rgba("#ffffff"),
        bufferOpacity="1",
    )  # fmt: skip
    SubElement(settings, "text-format", multilineAlign="3", useMaxLineLengthForAutoWrap="1")
    where = {"placement": "1", "priority": "5", "centroidInside": "1", "centroidWhole": "0"}
    if beside:  # QGIS tries these places in turn, measured from the symbol's edge
        where |= {"placement": "6", "predefinedPositionOrder": "R,L,TR,TL,BR,BL,TSR,BSR", "offsetType": "1"}
        where |= {"dist": "0.6", "distUnits": "MM", "priority": "8"}
    SubElement(settings, "placement", where)
    SubElement(settings, "rendering", drawLabels="1", obstacle="1", scaleVisibility="0", upsidedownLabels="0")
    return labeling


def _rgba(colour: str, alpha: int = 255) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"

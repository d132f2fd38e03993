"""
The HTML renderer: one file, no script, nothing loaded from anywhere.

Every text goes through Jinja's autoescape; the page's content security policy
forbids scripts and every address but ``data:``. Fonts and pictures are inside.
"""

from __future__ import annotations

import base64
import functools

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from maps.fonts import font_faces
from reports.document import Document, Section, Table
from reports.writing import plain

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)

LONGEST_UNBROKEN = 18  # rows of a table that print keeps on one page; a longer one repeats its head


def render(document: Document) -> str:
    """Return the report as one HTML page."""
    template = _environment().get_template("report.html.j2")
    return template.render(
        doc=document,
        language=document.language,
        policy=POLICY,
        title=plain(document.title),
        fonts=Markup(font_faces()),  # noqa: S704 - our own fonts, no data of a run
        style=Markup(_style()),  # noqa: S704 - our own style sheet
    )


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["data_uri"] = _data_uri
    environment.tests["block"] = lambda block, name: type(block).__name__ == name
    environment.tests["landscape"] = _is_landscape
    environment.globals["repr_number"] = repr_number
    environment.globals["longest_unbroken"] = LONGEST_UNBROKEN
    return environment


@functools.cache
def _style() -> str:
    source = _environment().loader
    assert source is not None
    return source.get_source(_environment(), "report.css")[0]


def repr_number(value: float) -> str:
    """Write a figure so that it reads back exactly; NaN (not computed) is empty."""
    if value != value:  # noqa: PLR0124
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _is_landscape(section: Section) -> bool:
    return any(isinstance(block, Table) and block.wide for block in section.blocks)


def _data_uri(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")

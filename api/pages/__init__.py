"""
The pages of the service, rendered on the server: the list of runs, one run, an error.

Arabic first, English by a switch; no script, nothing from elsewhere. Everything that a
run says is escaped.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.plain import plainly
from api.summary import PROOF_WORDS, country, headline, outputs, proof_line, status_words, title
from foundation.language import Code, Language, language
from maps.words import proof_status

if TYPE_CHECKING:
    from scenarios import Run

_FONTS = Path(str(resources.files("fontpkg_ibm_plex_sans_arabic"))) / "files"
ASSETS: Mapping[str, Path] = {
    "style.css": Path(__file__).parent / "assets" / "style.css",
    "plex-regular.ttf": _FONTS / "IBMPlexSansArabic-Regular.ttf",
    "plex-bold.ttf": _FONTS / "IBMPlexSansArabic-Bold.ttf",
}


def list_page(runs: Sequence[Run], said: Language) -> str:
    """Return the page that lists `runs` in their order."""
    return _render("list.html.j2", said, here="/", entries=[_entry(run, said) for run in runs])


def run_page(run: Run, files: Sequence[str], said: Language) -> str:
    """Return the page of one run; `files` are the names its manifest lists."""
    return _render(
        "run.html.j2",
        said,
        here=run_address(run),
        entry=_entry(run, said),
        outputs=[(what, f"{run_address(run)}/{quote(name)}") for what, name in outputs(frozenset(files), said)],
        map=f"{run_address(run)}/map.html#lang={said.code}" if "map.html" in files else None,
        layers=[(name, address) for name, address in links(run).items() if name.startswith("layer_")],
        files=[(name, f"{run_address(run)}/{quote(name)}") for name in files],
    )


def error_page(status: int, sentence: str, said: Language) -> str:
    """Return the page that says what went wrong."""
    return _render("error.html.j2", said, here="", status=status, sentence=sentence)


def run_address(run: Run) -> str:
    """Return the path of a run's page on this service."""
    return f"/runs/{quote(run.path.name, safe='')}"


def links(run: Run) -> dict[str, str]:
    """Return the paths of a run's page, map, reports, run.json and layers on this service."""
    base = run_address(run)
    named = {
        "page": base,
        "map": f"{base}/map.html",
        "report_ar": f"{base}/report.ar.html",
        "report_en": f"{base}/report.en.html",
        "run_json": f"{base}/run.json",
        "manifest": f"{base}/manifest.json",
    }
    from api.http.layers import names_of

    return named | {f"layer_{name}": f"{base}/layers/{name}.geojson" for name in names_of(run)}


def _entry(run: Run, said: Language) -> dict[str, Any]:
    info = run.info
    return {
        "id": run.path.name,
        "address": run_address(run),
        "title": title(info, said),
        "country": country(info, said),
        "date": _day(str(info["created"]), said),
        "status": proof_status(info["certificate"]),
        "status_words": status_words(info, said),
        "proof": proof_line(info, said),
        "figures": headline(info, said),
    }


def _day(created: str, said: Language) -> str:
    try:
        return said.date(datetime.datetime.fromisoformat(created).date())
    except ValueError:
        return created


def _render(template: str, said: Language, **values: Any) -> str:
    other = "en" if said.code == "ar" else "ar"
    return _environment(said.code).get_template(template).render(said=said, other=other, **values)


@functools.cache
def _environment(code: Code) -> Environment:
    said = language(code)

    def shown(value: object) -> object:
        """Make what a run says harmless; what the templates say themselves is markup."""
        return plainly(said, value) if isinstance(value, str) and not hasattr(value, "__html__") else value

    return Environment(
        loader=PackageLoader("api.pages"),
        finalize=shown,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


__all__ = ["ASSETS", "PROOF_WORDS", "error_page", "links", "list_page", "run_address", "run_page", "title"]

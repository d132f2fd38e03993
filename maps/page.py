"""
``map.html``: one file that needs nothing else, in Arabic and English.

A Jinja2 page (autoescaped) around Leaflet, rather than folium: folium loads from four
networks and writes names into markup, and most of it would have had to be overridden.
The content security policy allows exactly the scripts and the style that are in the
file, by their hashes, and no connection at all: even markup that slipped through a name
could not run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from foundation.language import CODES
from maps import palette
from maps.drawing import picture
from maps.fonts import font_faces
from maps.payload import embedded, payload
from maps.still import still

if TYPE_CHECKING:
    from scenarios.run import Run

_SCRIPTS: Final = ("base.js", "draw.js", "names.js", "page.js")
_FIRST_SCRIPT: Final = 'document.documentElement.classList.add("js")'


def page(run: Run) -> str:
    """Return the whole of ``map.html`` for a run."""
    style = f"{font_faces()}\n{_leaflet('leaflet.css')}\n{_own_style()}"
    script = f'{_leaflet("leaflet.js")}\n(function () {{\n"use strict";\n{_own_script()}\n}})();'
    stills = [{**still(run, code), "picture": _base64(picture(run, code, plain=True))} for code in CODES]
    template = _templates().get_template("map.html.j2")
    return template.render(
        policy=_policy(scripts=(_FIRST_SCRIPT, script), style=style),
        style=style,
        first_script=_FIRST_SCRIPT,
        script=script,
        stills=stills,
        data=embedded(payload(run)),
    )


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("maps", "assets"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def _policy(*, scripts: tuple[str, ...], style: str) -> str:
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{_base64(hashlib.sha256(text.encode('utf-8')).digest())}'"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _own_style() -> str:
    colours: dict[str, Any] = {
        "ink": palette.INK,
        "muted": palette.MUTED,
        "accent": palette.ACCENT,
        "soft": palette.ACCENT_SOFT,
        "ground": palette.GROUND,
        "line": palette.LINE,
    }
    return _templates().get_template("map.css").render(colours)


def _own_script() -> str:
    folder = resources.files("maps") / "assets"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in _SCRIPTS)


def _leaflet(name: str) -> str:
    """Return a file of Leaflet, without the source map and the pictures it would ask for."""
    file = resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet" / name
    text = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    text = re.sub(r"//# sourceMappingURL=\S*", "", text)
    return re.sub(r"url\([^)]*\)", "none", text) if name.endswith(".css") else text

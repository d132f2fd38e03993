"""Writing the two reports of a run into its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import maps
from foundation.files import write_text
from foundation.language import CODES, language
from reports.content import build
from reports.html import render
from reports.material import gather

if TYPE_CHECKING:
    from scenarios.run import Run


def publish(run: Run) -> None:
    """Write ``report.ar.html`` and ``report.en.html`` into ``run.path``."""
    material = gather(run)
    for code in CODES:
        spoken = language(code)
        document = build(material, spoken, map_png=maps.picture(run, code))
        write_text(run.path / f"report.{code}.html", render(document))

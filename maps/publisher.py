"""The publisher that `scenarios.write_run` is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foundation.files import write_text
from maps.page import page
from maps.styles import write_styles

if TYPE_CHECKING:
    from scenarios.run import Run


def publish(run: Run) -> None:
    """
    Write ``map.html`` into `run.path`, and a ``layer_styles`` table into its ``plan.gpkg``.

    The run must still lie aside: a run folder, once renamed, does not change (law 9).
    """
    write_styles(run)
    write_text(run.path / "map.html", page(run))

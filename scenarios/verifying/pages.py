"""The pages of a run, drawn again: bytes where the versions are the same, else what they say."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from foundation.errors import Phrase
from scenarios.run import Run, open_run
from scenarios.verifying.check import Check, differing
from scenarios.verifying.folder import MANIFEST
from scenarios.verifying.package import STYLES, styles_of
from scenarios.write import Publisher

_SILENT = {"script", "style"}


def pages_check(run: Run, publishers: Sequence[Publisher], *, exact: bool) -> Check:
    """
    Draw the map and write the reports again from the run's own (checked) files, and compare.

    Byte for byte where `exact`. Otherwise, drawn with other versions, the words and the data inside are
    compared: a page that says the same is said to be so, and not proven to be the same page.
    """
    name = Phrase("The map and the reports are drawn from these files")
    if not publishers:
        open_ = bool(run.pages)
        told = "not looked at: nobody was given who draws them" if open_ else "there are none"
        return Check(name, True, Phrase(told), proven=not open_)
    with tempfile.TemporaryDirectory() as folder:
        copy = _without_pages(run, Path(folder) / run.path.name)
        for publish in publishers:
            publish(copy)
        here, there = set(run.pages), set(copy.pages)
        both = here & there
        wrong = here ^ there
        unequal = {page for page in both if (copy.path / page).read_bytes() != (run.path / page).read_bytes()}
        if styles_of(copy.path / "plan.gpkg") != styles_of(run.path / "plan.gpkg"):
            wrong.add(f"plan.gpkg: {STYLES}")
        if unequal and not exact:
            wrong |= {page for page in unequal if payload(copy.path / page) != payload(run.path / page)}
            if not wrong:
                told = "drawn with other versions than are installed here; they say the same, their bytes differ"
                return Check(name, True, Phrase(told), proven=False)
        else:
            wrong |= unequal
    return differing(name, wrong, Phrase("{n} pages, byte for byte", {"n": len(here)}))


def payload(page: Path) -> tuple[str, list[Any]]:
    """Return what a page of HTML says: its words without markup, and the JSON embedded in it."""
    reader = _Reader()
    reader.feed(page.read_text("utf-8"))
    reader.close()
    return " ".join(" ".join(reader.words).split()), [json.loads(text) for text in reader.data]


class _Reader(HTMLParser):
    """Collects words and embedded JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.data: list[str] = []
        self._inside = ""
        self._json = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag whose text is no text to read; alternatives to pictures are words too."""
        self.words += [value for name, value in attrs if name in {"alt", "title", "aria-label"} and value]
        if tag in _SILENT:
            self._inside = tag
            self._json = ("type", "application/json") in attrs
            if self._json:
                self.data.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave such a tag."""
        if tag == self._inside:
            self._inside, self._json = "", False

    def handle_data(self, data: str) -> None:
        """Keep words and JSON, leave out scripts and styles."""
        if self._json:
            self.data[-1] += data
        elif not self._inside:
            self.words.append(data)


def _without_pages(run: Run, again: Path) -> Run:
    """Copy what publishers read; the map's writer adds its own styles to plan.gpkg."""
    again.mkdir()
    for path in run.path.iterdir():
        if path.is_file() and path.name not in {*run.pages, MANIFEST}:
            shutil.copyfile(path, again / path.name)
    with contextlib.closing(sqlite3.connect(again / "plan.gpkg")) as package, package:
        package.execute(f"DROP TABLE IF EXISTS {STYLES}")
        package.execute("DELETE FROM gpkg_contents WHERE table_name = ?", (STYLES,))
    return open_run(again)

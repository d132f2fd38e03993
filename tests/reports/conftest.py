"""A toy run, planned once for the room, and both its reports."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

import reports
from foundation.language import CODES, language
from reports.content import build
from reports.document import Document
from reports.html import render
from reports.material import Material, gather
from scenarios.run import Run, open_run
from tests import toy_pack
from tests.reports.foreign import foreign_run
from tests.reports.reading import Page, read_page

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f0005000"
    "1ff89993d1d0000000049454e44ae426082"
)


@dataclass(frozen=True)
class Written:
    """One report in both forms."""

    document: Document
    html: str
    page: Page


@pytest.fixture(scope="session")
def toy_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The toy country, really planned."""
    return toy_pack.toy_run(tmp_path_factory.mktemp("reports-toy"))


@pytest.fixture(scope="session")
def material(toy_run: Run) -> Material:
    return gather(toy_run)


@pytest.fixture(scope="session")
def written(material: Material) -> dict[str, Written]:
    """Both reports, with one pixel for the map."""
    return {code: write(material, code) for code in CODES}


def write(material: Material, code: str) -> Written:
    document = build(material, language(code), map_png=PIXEL)
    html = render(document)
    return Written(document, html, read_page(html))


@pytest.fixture(scope="session")
def published(toy_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the toy run's folder with its two reports, real map picture included."""
    folder = tmp_path_factory.mktemp("reports-published") / toy_run.path.name
    shutil.copytree(toy_run.path, folder)
    reports.publish(open_run(folder))
    return folder


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A country of plain files, planned and published."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARKAZ_CACHE", str(tmp_path_factory.mktemp("cache")))
        return foreign_run(tmp_path_factory.mktemp("foreign"))

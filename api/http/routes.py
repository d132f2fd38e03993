"""
The routes. Each finds the run on the shelf, reads it, and hands it on; none computes a figure.

Handlers are plain functions: the server runs them in threads, so that a slow read holds up nobody.
"""

from __future__ import annotations

import itertools
from importlib.metadata import version
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from pydantic import BaseModel

from api import pages
from api.http.files import FOR_GOOD, expect_as_written, file_response, manifest_of, matches
from api.http.guard import ONE_FILE
from api.http.layers import NAMES, geojson, names_of
from api.http.shelf import Shelf
from api.plain import bare
from foundation.errors import NotFound
from foundation.language import Language, language


class ErrorBody(BaseModel):
    """What went wrong: a stable code, and one sentence in each language."""

    code: str
    message: str
    message_ar: str


class Error(BaseModel):
    """Every error of this service."""

    error: ErrorBody


class Health(BaseModel):
    """The service is up."""

    status: Literal["ok"] = "ok"
    version: str
    runs: int


class RunEntry(BaseModel):
    """One run of the list; `totals` are persons of the final year, disjoint and summing."""

    id: str
    title_en: str
    title_ar: str
    created: str
    status: str
    totals: dict[str, Any]
    links: dict[str, str]


router = APIRouter(
    responses={
        404: {"model": Error, "description": "Not found"},
        422: {"model": Error, "description": "The request is wrong, or the run's file is damaged"},
    }
)


def shelf_of(request: Request) -> Shelf:
    """Return the shelf of the app that a request came to."""
    shelf: Shelf = request.app.state.shelf
    return shelf


def spoken(lang: Annotated[Literal["ar", "en"], Query(description="The page's language.")] = "ar") -> Language:
    """Return the language a page was asked in; Arabic unless said."""
    return language(lang)


OnShelf = Annotated[Shelf, Depends(shelf_of)]
Spoken = Annotated[Language, Depends(spoken)]


@router.get("/health", tags=["service"], summary="Is the service up, and how many runs does it show?")
def health(shelf: OnShelf) -> Health:
    """Answer with status, version and number of runs."""
    return Health(version=version("markaz"), runs=len(shelf.runs()))


@router.get("/", tags=["pages"], response_class=HTMLResponse, summary="The list of runs, as a page")
def index(shelf: OnShelf, said: Spoken) -> HTMLResponse:
    """Answer with the page of all runs, newest first."""
    return HTMLResponse(pages.list_page(shelf.runs(), said))


@router.get("/runs", tags=["runs"], summary="The list of runs")
def runs(shelf: OnShelf) -> list[RunEntry]:
    """Answer with all runs, newest first."""
    return [
        RunEntry(
            id=run.path.name,
            title_en=pages.title(run.info, language("en")),
            title_ar=pages.title(run.info, language("ar")),
            created=bare(str(run.info["created"])),
            status=str(run.info["certificate"]["status"]),
            totals=run.info["totals"],
            links=pages.links(run),
        )
        for run in shelf.runs()
    ]


@router.get("/runs/{run_id}", tags=["pages"], response_class=HTMLResponse, summary="One run, as a page")
def run_page(run_id: str, shelf: OnShelf, said: Spoken) -> HTMLResponse:
    """Answer with a run's page: the proof line, the five numbers, the map, the reports, the files."""
    run = shelf.run(run_id)
    return HTMLResponse(pages.run_page(run, tuple(sorted(manifest_of(run))), said))


@router.get("/runs/{run_id}/layers/{layer}.geojson", tags=["runs"], summary="One map layer as GeoJSON (RFC 7946)")
def layer(run_id: str, layer: str, shelf: OnShelf, request: Request) -> Response:
    """Answer with a layer of plan.gpkg in EPSG:4326; the run's links name those it has."""
    run = shelf.run(run_id)
    digest = manifest_of(run).get("plan.gpkg")
    if layer not in NAMES or digest is None:
        raise NotFound("A run has these layers: {names}.", names=", ".join(names_of(run)))
    etag = f'"{digest}-{layer}-{version("markaz")}"'
    headers = {"ETag": etag, "Cache-Control": FOR_GOOD}
    if matches(request, etag):
        return Response(status_code=304, headers=headers)
    expect_as_written(run, "plan.gpkg", digest)
    pieces = geojson(run.layer(layer), name=layer)
    first = next(pieces)  # what is wrong with the layer shows now, while an error can still be answered
    return StreamingResponse(itertools.chain([first], pieces), media_type="application/geo+json", headers=headers)


@router.get(
    "/runs/{run_id}/{name:path}",
    tags=["runs"],
    response_class=FileResponse,
    summary="One file of a run: run.json, map.html, report.ar.html, report.en.html, plan.gpkg, sites.csv ...",
)
def file(run_id: str, name: str, shelf: OnShelf, request: Request) -> Response:
    """Answer with a file that the run's manifest lists; nothing else can be asked for."""
    answer = file_response(shelf.run(run_id), name, request)
    if name.endswith(".html"):
        answer.headers["Content-Security-Policy"] = ONE_FILE
    return answer


@router.get("/assets/{name}", include_in_schema=False)
def asset(name: str) -> Response:
    """Answer with a style sheet or a font of the pages."""
    path = pages.ASSETS.get(name)
    if path is None:
        raise NotFound("There is nothing at this address. The list of runs is at /.")
    return FileResponse(path, headers={"Cache-Control": "public, max-age=86400"})

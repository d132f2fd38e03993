"""Errors over HTTP: one JSON shape, from the one table; a page instead where a browser asks for one."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from api.errors import row_for
from api.plain import bare, plain
from foundation.errors import InvalidInput, MarkazError, NotFound, Phrase
from foundation.fields import wanted
from foundation.language import language

_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 416: "range_not_satisfiable"}


def problem(status: int, code: str, sentence: str, /, **values: object) -> JSONResponse:
    """Return the error JSON: a stable code, and the sentence in both languages."""
    body = {
        "code": code,
        "message": bare(language("en").text(sentence, **values)),
        "message_ar": plain(language("ar").text(sentence, **values)),
    }
    return JSONResponse({"error": body}, status_code=status)


def install(app: FastAPI) -> None:
    """Make `app` answer every error from the one table."""

    @app.exception_handler(MarkazError)
    def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, MarkazError)
        row = row_for(error)
        return refusal(request, row.http_status, row.code, error.template, **error.values)

    @app.exception_handler(RequestValidationError)
    def wrong_query(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return known(
            request, InvalidInput("The request is wrong at {where}: {problem}.", where=where, problem=wanted(first))
        )

    @app.exception_handler(HTTPException)
    def routing(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return known(request, NotFound("There is nothing at this address. The list of runs is at /."))
        code = _CODES.get(error.status_code, "error")
        sentence = "The request was refused: {reason}."
        reason = Phrase(HTTPStatus(error.status_code).phrase)
        return refusal(request, error.status_code, code, sentence, reason=reason)


def refusal(request: Request, status: int, code: str, sentence: str, /, **values: object) -> Response:
    """Return the error JSON of `problem`, or the same sentence as a page where a browser asks for one."""
    if "text/html" in request.headers.get("accept", ""):
        from api.pages import error_page

        said = language("en" if request.query_params.get("lang") == "en" else "ar")
        return HTMLResponse(error_page(status, said.text(sentence, **values), said), status_code=status)
    return problem(status, code, sentence, **values)

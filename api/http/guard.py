"""
What every request passes first: known hosts, reading only, headers that keep a browser safe.

Pure ASGI, outermost, so that an error page, a file and a failure carry the same headers.
"""

from __future__ import annotations

import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import problem

_LOG = logging.getLogger("markaz.api")
METHODS = ("GET", "HEAD")

OWN_PAGES = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# A map or a report is one file with all it needs inside; it may call nothing, this service included, and
# runs as a stranger to the page that frames it: a run may come from somebody else's machine.
ONE_FILE = (
    "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals; "
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
DOCS = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


class Guard:
    """
    Wrap an app; `hosts` are the names it answers to, in lower case.

    A Host header that gives a port must give the one that is listened on, or stand among
    `hosts` with its port: a tunnel or a proxy that changes the port has to be named.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", DOCS if scope["path"] == "/docs" else OWN_PAGES)
                headers.setdefault("Cache-Control", "no-cache")
                message = {**message, "headers": headers.raw}
            await send(message)

        if not self._is_known(scope):
            answer = problem(
                400,
                "wrong_host",
                "This service does not answer to that host name and port. "
                "Name them in MARKAZ_ALLOWED_HOSTS if they are meant.",
            )
            await answer(scope, receive, send_guarded)
            return
        if scope["method"] not in METHODS:
            answer = problem(405, "method_not_allowed", "This service only reads; use GET.")
            answer.headers["Allow"] = ", ".join(METHODS)
            await answer(scope, receive, send_guarded)
            return
        try:
            if scope["method"] == "HEAD":
                await self._app({**scope, "method": "GET"}, receive, _without_body(send_guarded))
            else:
                await self._app(scope, receive, send_guarded)
        except Exception:
            _LOG.exception("GET %s failed", ascii(scope.get("path", "")))
            if started:
                raise
            answer = problem(500, "unexpected", "The service failed on this request; its log has the trace.")
            await answer(scope, receive, send_guarded)

    def _is_known(self, scope: Scope) -> bool:
        named = Headers(scope=scope).getlist("host")
        found = _HOST.fullmatch(named[0].strip().lower()) if len(named) == 1 else None
        if found is None:
            return False
        name, port = found["six"] or found["name"], found["port"]
        if port is not None and f"{found['six'] or name}:{port}" in self._hosts:
            return True
        return name in self._hosts and (port is None or port == str((scope.get("server") or (None, None))[1]))


# RFC 9110, 7.2: a name or an address, the sixth version's in brackets, and perhaps a port
_HOST = re.compile(r"(?:\[(?P<six>[0-9a-f:.%]+)\]|(?P<name>[^\[\]:@/\s]+))(?::(?P<port>[0-9]{1,5}))?")


def _without_body(send: Send) -> Send:
    """Send the headers of a GET and drop its body, which is what HEAD asks for."""

    async def send_headers(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_headers

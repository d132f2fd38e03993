"""
Parts of a file that cannot be given, refused in the one shape of errors.

The library that sends files answers a Range it cannot read (400) or cannot satisfy (416)
with plain text of its own. Pure ASGI, inside the guard.
"""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import refusal

_WORDS = {
    400: ("bad_range", "The header Range cannot be read. Write it as: Range: bytes=0-1023."),
    416: ("range_not_satisfiable", "The file ends before the part that Range asks for."),
}


class Ranges:
    """Wrap an app that sends files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on; say again, in the one shape, that its Range was refused."""
        if scope["type"] != "http" or "range" not in Headers(scope=scope):
            await self._app(scope, receive, send)
            return
        refused: Message | None = None

        async def send_unless_refused(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and _is_plain_refusal(message):
                refused = message
            if refused is None:
                await send(message)

        await self._app(scope, receive, send_unless_refused)
        if refused is not None:
            answer = refusal(Request(scope), refused["status"], *_WORDS[refused["status"]])
            size = Headers(raw=refused["headers"]).get("content-range")
            if size:
                answer.headers["Content-Range"] = size
            await answer(scope, receive, send)


def _is_plain_refusal(message: Message) -> bool:
    kind = Headers(raw=message["headers"]).get("content-type", "text/plain")
    return message["status"] in _WORDS and kind.startswith("text/plain")

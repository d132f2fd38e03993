"""
A browser without a network: one request at a time, straight into the app.

It tidies nothing: ``..`` and doubled slashes arrive as they were written, decoded as
uvicorn decodes them.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote

import httpx
from fastapi import FastAPI


class Client:
    def __init__(self, app: FastAPI, *, host: str = "localhost", port: int = 80) -> None:
        self.app = app
        self.host = host
        self.port = port

    def request(self, method: str, path: str, **headers: str) -> httpx.Response:
        sent = {"host": self.host} | {name.replace("_", "-"): value for name, value in headers.items()}
        raw, _, query = path.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(raw),
            "raw_path": raw.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", self.port),
            "state": {},
        }
        messages: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        # In a thread of its own: a browser that is open in this one has a loop running.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(lambda: asyncio.run(self.app(scope, receive, send))).result()  # type: ignore[arg-type]
        start, *parts = messages
        return httpx.Response(
            start["status"], headers=start["headers"], content=b"".join(part.get("body", b"") for part in parts)
        )

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.request("GET", path, **headers)

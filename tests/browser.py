"""
A real headless Chromium with the network off, for whoever tests a page.

`browser` is imported by the outermost conftest. Missing Chromium is a loud skip on a planner's machine
and a failure where the environment variable CI is set.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Opened:
    """A page and everything it did that a quiet page does not do."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        reason = "SKIPPED: no Chromium on this machine, so no page was looked at. Install Debian's chromium."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield started
        started.close()


@contextlib.contextmanager
def opened(
    browser: Browser, path: Path, *, width: int = 1400, height: int = 900, fragment: str = "", scripts: bool = True
) -> Iterator[Opened]:
    """Open a file with the network off; anything but that file and ``data:`` is refused and remembered."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, offline=True, java_script_enabled=scripts, reduced_motion="reduce"
    )
    try:
        page = context.new_page()
        seen = Opened(page)
        address = path.resolve().as_uri()

        def answer(route: Route) -> None:
            if route.request.url.split("#")[0] == address:
                route.continue_()
            else:
                seen.requests.append(route.request.url)
                route.abort()

        page.route(lambda url: not url.startswith("data:"), answer)
        page.on("console", lambda message: seen.errors.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))

        def dismissed(dialog: object) -> None:
            seen.dialogs.append(str(dialog))
            dialog.dismiss()  # type: ignore[attr-defined]

        page.on("dialog", dismissed)
        page.goto(address + fragment)
        yield seen
    finally:
        context.close()

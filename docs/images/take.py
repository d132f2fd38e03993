"""Take the pictures of the READMEs, with Chromium: python docs/images/take.py runs/jordan-..."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SHOTS = (("map-ar.png", "", 1400, 900), ("map-en.png", "#lang=en", 1400, 900), ("map-ar-phone.png", "", 390, 844))


def main(run: Path) -> None:
    """Open the run's map with the network off, and keep what is seen of it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for name, fragment, width, height in SHOTS:
            context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
            page = context.new_page()
            page.goto((run / "map.html").resolve().as_uri() + fragment)
            page.wait_for_timeout(2000)
            with Image.open(io.BytesIO(page.screenshot())) as seen:
                seen.convert("RGB").save(HERE / name, optimize=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Debian's Chromium, started so that it talks to nobody: `apt-get install chromium`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Where Chromium is; None if it is not installed."""
    return shutil.which("chromium")


@contextmanager
def browser() -> Iterator["Browser"]:
    """A headless browser with an empty profile, for the length of a block."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        try:
            yield started
        finally:
            started.close()

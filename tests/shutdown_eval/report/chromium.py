"""The browser of the tests: a Chromium on this machine, driven by playwright."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser_problem() -> str | None:
    """Why there is no browser to test with, or None."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    if _program() is None:
        return f"none of {', '.join(NAMES)} is on PATH"
    return None


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser. As root it has no sandbox of its own, which Chromium refuses there."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def _program() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)

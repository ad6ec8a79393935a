"""A headless Chromium and a server on a free port, for tests that need real layout."""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait
from werkzeug.serving import make_server

VENDOR = Path(__file__).resolve().parent / "vendor"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1",
)  # fmt: skip


def _programs() -> tuple[str, str]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium and driver:
        return chromium, driver
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER=1, but chromium and chromedriver are not both there")
    pytest.skip("chromium and chromedriver are not both there")


@contextmanager
def browser() -> Iterator[Chrome]:
    """A browser with an empty profile; skips where there is none, fails where REQUIRE_BROWSER=1 demands it."""
    chromium, driver = _programs()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ChromeOptions()
        options.binary_location = chromium
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        session = Chrome(options=options, service=Service(driver))
        try:
            yield session
        finally:
            session.quit()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of ``app``, served by threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def follow(session: Chrome, selector: str, *typed: str) -> None:
    """Clicks what ``selector`` finds, or types into it, and waits until another page has taken the place of this one."""
    left = session.find_element(By.TAG_NAME, "html")
    element = session.find_element(By.CSS_SELECTOR, selector)
    if typed:
        element.send_keys(*typed)
    else:
        element.click()
    # Chromium may complain of a node that is just going: asked again, it is gone.
    WebDriverWait(session, 20, ignored_exceptions=(WebDriverException,)).until(staleness_of(left))


def resize(session: Chrome, width: int, height: int) -> None:
    """The window as the page sees it, in CSS pixels, also narrower than the browser's own windows can be."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    session.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def prefer_dark(session: Chrome, dark: bool) -> None:
    """What the system says of light and dark."""
    feature = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    session.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def log(session: Chrome, kind: str) -> list[dict[str, Any]]:
    """What the browser has noted since it was last asked: "browser" (the console) or "performance" (requests)."""
    noted: list[dict[str, Any]] = session.get_log(kind)  # type: ignore[no-untyped-call]  # selenium has not typed it
    return noted

"""What several of the journeys need."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from api.app import create_app
from tests.browser.desk_window import NOTED, Desk, Line, people
from tests.browser.reading_room import open_room
from tests.browser.session import browser, resize, serving
from union_catalog.clock import SteppingClock
from union_catalog.storage.database import Database


@pytest.fixture(scope="module")
def desk_browser() -> Iterator[Chrome]:
    with browser() as opened:
        opened.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": NOTED})
        yield opened


@pytest.fixture
def desk(tmp_path: Path, desk_browser: Chrome, _sqlite_template: Path) -> Iterator[Desk]:
    """Signed in, at 1280 × 900."""
    shutil.copy(_sqlite_template, tmp_path / "catalogue.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}", 10)
    settings, catalogue = open_room(database, tmp_path)
    clock = SteppingClock(datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
    people(database, clock)
    app = create_app(settings, catalogue=catalogue, clock=clock)
    app.wsgi_app = line = Line(app.wsgi_app)  # type: ignore[method-assign]  # as WSGI middleware is put in
    resize(desk_browser, 1280, 900)
    desk_browser.execute_cdp_cmd("Network.enable", {})
    with serving(app) as base:
        at = Desk(base, line, database, desk_browser)
        at.open()
        yield at
        desk_browser.get("about:blank")
    catalogue.engine.close()
    database.close()

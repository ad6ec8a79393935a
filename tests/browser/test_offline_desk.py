"""A desk that loses its line in a real browser: it scans on, is closed and opened again without a line, and hands everything in once."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from werkzeug.serving import BaseWSGIServer, make_server

from api.app import create_app
from tests.browser.desk_window import GOOD, LATE, Desk, Line, people
from tests.browser.reading_room import open_room
from tests.browser.session import browser, follow, log, resize
from tests.browser.test_accessibility import violations
from union_catalog.clock import SteppingClock
from union_catalog.storage.database import Database
from union_catalog.storage.tables import desk_action, loan, offline_line

pytestmark = pytest.mark.browser
NOTHING_LEFT = "window.offlineDesk && offlineDesk.ready() && !offlineDesk.lost() && offlineDesk.pending() === 0"
KEPT = """
const done = arguments[arguments.length - 1];
const asked = indexedDB.open("offline-desk", 1);
asked.onsuccess = () => {
  const all = asked.result.transaction("lines").objectStore("lines").getAll();
  all.onsuccess = () => { asked.result.close(); done(JSON.stringify(all.result)); };
};
"""


@dataclass
class Server:
    """Comes and goes at one address."""

    app: Flask
    port: int = 0
    running: BaseWSGIServer | None = None
    thread: threading.Thread | None = None

    def start(self) -> str:
        self.running = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self.running.server_port
        self.thread = threading.Thread(target=self.running.serve_forever, daemon=True)
        self.thread.start()
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        if self.running is not None and self.thread is not None:
            self.running.shutdown()
            self.thread.join()
            self.running.server_close()
            self.running = None


@dataclass
class Branch(Desk):
    """A desk whose server can go away."""

    server: Server

    def bar(self) -> str:
        return self.text("#offline b")

    def kept(self) -> str:
        """What is in the store of the device, as JSON."""
        told: str = self.session.execute_async_script(KEPT)
        return told

    def wait_for_page(self) -> None:
        """Until the worker has the page and all of its files."""
        script = "return caches.open('desk-1').then(c => c.keys()).then(all => all.map(one => new URL(one.url).pathname).includes('/desk'))"
        WebDriverWait(self.session, 20).until(lambda at: at.execute_script(script))


@pytest.fixture(scope="module")
def session() -> Iterator[Chrome]:
    with browser() as opened:
        yield opened


@pytest.fixture
def branch(tmp_path: Path, session: Chrome, _sqlite_template: Path) -> Iterator[Branch]:
    shutil.copy(_sqlite_template, tmp_path / "catalogue.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}", 10)
    settings, catalogue = open_room(database, tmp_path)
    people(database, SteppingClock(datetime(2026, 11, 1, tzinfo=UTC)))
    app = create_app(settings, catalogue=catalogue)
    server = Server(app)
    resize(session, 1280, 900)
    at = Branch(server.start(), Line(app.wsgi_app), database, session, server)
    at.open()
    at.until("window.offlineDesk.ready()")
    at.wait_for_page()
    yield at
    server.stop()
    session.get("about:blank")
    catalogue.engine.close()
    database.close()


def test_a_desk_goes_on_without_a_line_and_hands_in_everything_once(branch: Branch) -> None:
    branch.scan(GOOD, "l1")
    branch.settled()
    assert branch.count(loan, state="open") == 1
    branch.server.stop()
    branch.scan("l2")  # for the reader who was served when the line broke
    branch.until("offlineDesk.pending() === 1")
    branch.scan("9156000000000000", GOOD, "l3", "l3")
    branch.until("offlineDesk.pending() === 2")
    assert branch.bar() == "断线，照常扫，恢复后补传（2条待传）"
    assert branch.text("#outcome .do") == "已记借出，待补传"
    kept = branch.kept()
    assert not any(secret in kept for secret in (GOOD, '"l2"', '"l3"', "check_out"))
    branch.server.start()
    branch.until(NOTHING_LEFT)
    assert (branch.count(loan, state="open"), branch.count(offline_line, verdict="recorded")) == (3, 2)
    assert branch.bar() == "已补传"
    assert [said for said, barcode in branch.lines() if barcode in ("l2", "l3")] == ["已补记借出"] * 3
    branch.scan("a6")  # whoever was served without a line is served on
    branch.settled()
    assert branch.count(loan, state="open") == 4


@pytest.mark.parametrize("misread", [GOOD[:-1] + str((int(GOOD[-1]) + 1) % 10), GOOD[:-1]])
def test_a_misread_card_lets_go_of_the_reader_before_and_nothing_is_done_until_one_is_read(branch: Branch, misread: str) -> None:
    branch.server.stop()
    branch.scan(LATE, "l1", misread, "l2")
    branch.until("document.querySelector('#outcome .do').textContent === '没有办，先扫卡'")
    assert [said for said, _ in branch.lines()][-2:] == ["卡号扫错了，再扫一次", "没有办，先扫卡"]
    assert branch.text("#reader h2") == "先扫卡"
    assert branch.session.execute_script("return offlineDesk.pending()") == 1
    branch.scan(GOOD, "l3")
    branch.until("offlineDesk.pending() === 2")
    branch.server.start()
    branch.until(NOTHING_LEFT)
    assert (branch.count(loan), branch.count(loan, patron_id="good")) == (2, 1)
    assert branch.count(desk_action, action="check_in") == 0


def test_without_a_line_the_desk_says_so_and_who_is_served(branch: Branch) -> None:
    assert branch.text("#line") == "已连线"
    branch.server.stop()
    branch.scan(GOOD, "l1")
    branch.until("offlineDesk.pending() === 1")
    branch.until("document.querySelector('#reader .meter').textContent.trim() === '1条待传'")
    assert (branch.text("#line"), GOOD[-4:] in branch.text("#reader h2")) == ("断线", True)
    branch.server.start()
    branch.until(NOTHING_LEFT)
    branch.until("document.querySelector('#reader').textContent.includes('已借1册')")
    assert branch.text("#line") == "已连线"


def test_the_page_comes_up_without_a_line_and_remembers_what_waits(branch: Branch) -> None:
    branch.server.stop()
    branch.scan(GOOD, "l1")
    branch.until("offlineDesk.pending() === 1")
    branch.session.get("about:blank")
    branch.session.get(f"{branch.base}/desk")
    branch.until("window.offlineDesk && offlineDesk.ready() && offlineDesk.lost() && offlineDesk.pending() === 1")
    assert branch.bar() == "断线，照常扫，恢复后补传（1条待传）"
    branch.scan("l2", GOOD, "a6")  # nobody is served by the new page: l2 is a return
    branch.until("offlineDesk.pending() === 3")
    branch.server.start()
    branch.until(NOTHING_LEFT)
    assert (branch.count(loan, state="open"), branch.count(desk_action), branch.count(desk_action, action="check_in")) == (2, 3, 1)
    assert branch.kept() == "[]"


def test_a_card_of_a_member_library_is_announced_and_an_unknown_one_is_looked_into(branch: Branch) -> None:
    branch.server.stop()
    branch.scan("l3")  # the line is found to be gone
    branch.until("offlineDesk.pending() === 1")
    branch.keys(Keys.F6)
    branch.scan("OLD-77", "l1")
    branch.until("offlineDesk.pending() === 2")
    branch.server.start()
    branch.until(NOTHING_LEFT)
    assert (branch.bar(), branch.count(offline_line, verdict="unknown_card", card="OLD-77")) == ("已补传（1条要查）", 1)
    branch.session.get(f"{branch.base}/desk/offline")
    follow(branch.session, "main table a")
    assert "卡号OLD-77" in branch.text("main")
    branch.find("input[name=card]").send_keys(GOOD)
    follow(branch.session, "td.act button")
    assert ("CO-6" in branch.text("main"), branch.count(loan, state="open")) == (True, 1)


def test_whoever_has_been_signed_out_signs_in_and_nothing_was_lost(branch: Branch) -> None:
    branch.server.stop()
    branch.scan(GOOD, "l1")
    branch.until("offlineDesk.pending() === 1")
    branch.session.delete_all_cookies()
    branch.server.start()
    branch.until("!offlineDesk.lost()")
    assert branch.bar() == "连上了，登录后补传（1条待传）"
    branch.open()
    branch.until(NOTHING_LEFT)
    assert branch.count(loan, state="open") == 1


def test_the_pages_break_no_rule_of_accessibility_and_run_nothing_inline(branch: Branch) -> None:
    log(branch.session, "browser")
    branch.server.stop()
    branch.scan(GOOD, "l1")
    branch.until("offlineDesk.pending() === 1")
    assert violations(branch.session) == []
    branch.server.start()
    branch.until(NOTHING_LEFT)
    branch.session.get(f"{branch.base}/desk/offline")
    assert violations(branch.session) == []
    follow(branch.session, "main table a")
    assert violations(branch.session) == []
    assert not [one for one in log(branch.session, "browser") if "Content Security Policy" in one["message"]]

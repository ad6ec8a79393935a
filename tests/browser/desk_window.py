"""A desk in a browser: what is typed at it, what it shows, and the way from it to the server."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from sqlalchemy import func, insert, select

from tests.browser.session import follow
from tests.browser.test_accessibility import wish
from union_catalog.clock import SteppingClock
from union_catalog.context import command_line
from union_catalog.patrons.cards import card_number
from union_catalog.services import staff
from union_catalog.services.staff import NewMember
from union_catalog.storage.database import Database
from union_catalog.storage.tables import credential, patron

PASSWORD = "晨昏忧乐每相亲 42"
SINCE = "2026-01-01T00:00:00.000000Z"
GOOD, LATE, NOBODYS = card_number(1), card_number(2), card_number(3)
# What the page would print and let sound is written down instead.
NOTED = """
window.tones = [];
window.print = () => { window.printed = document.querySelector("#receipt").textContent; };
window.AudioContext = class {
  currentTime = 0;
  destination = {};
  createOscillator() { return { frequency: { set value(hertz) { tones.push(hertz); } }, connect: (to) => to, start() {}, stop() {} }; }
  createGain() { return { gain: { setValueAtTime() {}, setTargetAtTime() {} }, connect: (to) => to }; }
};
"""


@dataclass
class Line:
    """The way to the server: slow, or losing answers of what was done, or broken by what is asked (500)."""

    through: Callable[..., Iterable[bytes]]
    delay: float = 0.0
    lose: int = 0
    instead: str = "502 Bad Gateway"
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or environ["PATH_INFO"] != "/desk":
            return self.through(environ, start_response)
        time.sleep(self.delay)
        with self.lock:
            lost, self.lose = self.lose > 0, max(self.lose - 1, 0)
        if not lost:
            return self.through(environ, start_response)
        if self.instead.startswith("502"):
            list(self.through(environ, lambda *_: None))
        start_response(self.instead, [("Content-Type", "text/plain")])
        return [b"lost"]


@dataclass
class Desk:
    """The desk of JD's main library, two readers and their cards."""

    base: str
    line: Line
    database: Database
    session: Chrome

    def open(self, who: str = "desk", branch: str = "JD-ZG") -> None:
        """Signed in by the form, with an empty profile."""
        wish(self.session, self.base, lang="zh")
        self.session.get(f"{self.base}/desk")
        self.find("#who").send_keys(who)
        self.find("#secret").send_keys(PASSWORD)
        follow(self.session, "main form .btn")
        if self.session.find_elements(By.ID, "branch"):
            self.find(f"option[value='{branch}']").click()
            follow(self.session, "main form .btn")

    def find(self, selector: str) -> WebElement:
        return self.session.find_element(By.CSS_SELECTOR, selector)

    def keys(self, *typed: str) -> None:
        """To whatever has the focus."""
        self.session.switch_to.active_element.send_keys(*typed)

    def scan(self, *codes: str) -> None:
        """As a scanner types: without waiting for anything."""
        self.keys("".join(f"{code}\n" for code in codes))

    def settled(self) -> "Desk":
        """When every scan has been answered."""
        WebDriverWait(self.session, 30).until(lambda at: not at.find_elements(By.CSS_SELECTOR, "#log [data-pending]"))
        return self

    def until(self, script: str) -> None:
        WebDriverWait(self.session, 30).until(lambda at: at.execute_script(f"return {script}"))

    def text(self, selector: str) -> str:
        """Without what is hidden, blanks folded."""
        return " ".join(self.find(selector).text.split())

    def lines(self) -> list[tuple[str, str]]:
        """Outcome and barcode of each line of the log, the first first."""
        told: list[list[str]] = self.session.execute_script(
            "return [...document.querySelectorAll('#log tr')].map(row => [...row.cells].map(cell => cell.innerText.trim()))"
        )
        return [(cells[1], cells[3]) for cells in reversed(told)]

    def tones(self) -> list[int]:
        heard: list[int] = self.session.execute_script("return tones.splice(0)")
        return heard

    def count(self, table: Any, **columns: object) -> int:
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(table).filter_by(**columns)).scalar_one())


def people(database: Database, clock: SteppingClock) -> None:
    """A member of staff, a manager, a reader in good standing and one who is not."""
    hashed = staff.hashed(PASSWORD)
    with database.write() as connection:
        for name, roles, branches in (("desk", ("circulation",), ("JD-ZG",)), ("head", ("manager",), ())):
            new = NewMember(username=name, library="JD", branches=branches, roles=roles)
            staff.add(connection, clock, command_line(clock), new, hashed)
        for name, number, expires in (("good", GOOD, "2030-01-31"), ("late", LATE, "2026-01-31")):
            row = {"library": "JX", "home_branch": "JX-ZG", "category": "adult", "state": "active", "created_at": SINCE}
            connection.execute(insert(patron).values(id=name, credit=100, expires_on=expires, **row))
            card = {"issuer": "", "number": number, "kind": "card", "state": "valid", "issued_at": SINCE}
            connection.execute(insert(credential).values(patron_id=name, **card))

"""WCAG 2.2 AA by axe-core on every page: Chinese and English, phone and desktop, light and dark, large type, the filter sheet open."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from tests.api.example_catalogue import example_app
from tests.browser.pages import PAGES, address
from tests.browser.session import VENDOR, browser, prefer_dark, resize, serving

pytestmark = pytest.mark.browser
AXE = (VENDOR / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
const done = arguments[arguments.length - 1];
axe.run(arguments[1], {runOnly: arguments[0], resultTypes: ["violations"]})
  .then(found => done(found.violations.map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 160) + " " + n.failureSummary).join(" | "))))
  .catch(error => done([String(error)]));
"""
# axe takes a bar that sticks over a scrolled list for a covered target, so the window is as tall as the page.
TALL = 5000


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving(example_app()) as served:
        yield served


@pytest.fixture(scope="module")
def session() -> Iterator[Chrome]:
    with browser() as opened:
        yield opened


def violations(session: Chrome, within: str = "html") -> list[str]:
    session.execute_script(AXE)
    found: list[str] = session.execute_async_script(RUN, RULES, within)
    return found


def wish(session: Chrome, base: str, **cookies: str) -> None:
    session.get(f"{base}/static/mark.svg")
    session.delete_all_cookies()
    for name, value in cookies.items():
        session.add_cookie({"name": name, "value": value})


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_violation_on_any_page(session: Chrome, base: str, width: int, dark: bool, language: str) -> None:
    wish(session, base, lang=language)
    prefer_dark(session, dark)
    resize(session, width, TALL)
    found = {}
    for name, path in PAGES.items():
        session.get(address(base, path))
        found[name] = violations(session)
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_no_violation_in_large_type_and_the_chosen_theme(session: Chrome, base: str, width: int) -> None:
    wish(session, base, lang="zh", type="large", theme="dark")
    prefer_dark(session, False)
    resize(session, width, TALL)
    found = {}
    for name in ("home", "results, narrowed", "record", "libraries", "display"):
        session.get(address(base, PAGES[name]))
        found[name] = violations(session)
    assert {name: told for name, told in found.items() if told} == {}


def test_no_violation_with_everything_opened(session: Chrome, base: str) -> None:
    wish(session, base, lang="zh")
    resize(session, 390, TALL)
    session.get(address(base, "/search?q=红楼梦") + "#filters")
    sheet = violations(session)
    resize(session, 1280, TALL)
    opened = []
    for name in ("results", "record", "record of many"):
        session.get(address(base, PAGES[name]))
        session.execute_script("for (const one of document.querySelectorAll('details:not(.sort)')) one.open = true")
        opened += violations(session)
    session.get(address(base, PAGES["results"]))
    session.execute_script("document.querySelector('.sort').open = true")
    opened += violations(session, ".sort")  # it covers what is below it, as a menu does
    assert sheet + opened == []

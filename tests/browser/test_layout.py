"""What only a browser can tell: widths, targets, keys, what is asked of whom, and use without script."""

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import url_contains
from selenium.webdriver.support.ui import WebDriverWait

from tests.api.example_catalogue import EDITIONS, example_app
from tests.browser.pages import PAGES, address
from tests.browser.session import browser, follow, log, resize, serving

pytestmark = pytest.mark.browser
FOCUSED = "const e = document.activeElement; return (e.getAttribute('name') || e.getAttribute('href') || e.tagName)"
# Links inside running text are excepted by WCAG 2.5.8, and so are they here.
# The dots of a map are as near each other as the places are; the table beside it has the same links at full size (WCAG 2.5.8, equivalent).
SMALL_TARGETS = """
const small = [];
for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")) {
  const inText = element.closest(".title .by, .hint, dd, .prose p, .lead, .quiet:not(.foot *)") && element.tagName === "A";
  if (inText || element.closest("[aria-hidden=true]") || element.closest(".hist, .map") || element.matches(".skip")) continue;
  const box = (element.closest("label") || element).getBoundingClientRect();
  if (box.width === 0 && box.height === 0) continue;
  if (box.height < 43.9 || box.width < 24) small.push(element.outerHTML.slice(0, 120) + " " + box.width + "x" + box.height);
}
return small;
"""
WIDER = """
const wide = document.documentElement.clientWidth;
return [...document.querySelectorAll("body *")]
  .filter(e => !e.closest(".shelf, .vh, .leaf") && e.getBoundingClientRect().right > wide + 1).map(e => e.outerHTML.slice(0, 100));
"""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving(example_app()) as served:
        yield served


@pytest.fixture
def session(base: str, shared_browser: Chrome) -> Chrome:
    shared_browser.get(f"{base}/static/mark.svg")
    shared_browser.delete_all_cookies()
    shared_browser.add_cookie({"name": "lang", "value": "zh"})
    resize(shared_browser, 1280, 900)
    return shared_browser


@pytest.fixture(scope="module")
def shared_browser() -> Iterator[Chrome]:
    with browser() as opened:
        yield opened


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", ["normal", "large"])
def test_nothing_runs_out_of_the_page(session: Chrome, base: str, language: str, size: str) -> None:
    for name, value in (("lang", language), ("type", size)):
        session.add_cookie({"name": name, "value": value})
    found = {}
    for name, path in PAGES.items():
        session.get(address(base, path))
        for width in (320, 390, 768, 1024, 1280):
            resize(session, width, 900)
            scrolls = session.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth")
            if scrolls:
                found[name, width] = session.execute_script(WIDER)[-3:]
    assert found == {}


def test_a_long_publisher_wraps_and_a_short_one_stays_whole(session: Chrome) -> None:
    long = "北方联合出版传媒（集团）股份有限公司万卷出版公司"
    editions = (replace(EDITIONS[0], publisher=long), EDITIONS[1])
    script = "return [...document.querySelectorAll('li.row span.nb')].map(s => [s.firstElementChild.innerText, s.offsetHeight])"
    with serving(example_app(editions)) as base:
        session.get(f"{base}/search?q=曹雪芹")
        for width in (320, 390):
            resize(session, width, 900)
            assert not session.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth")
            heights = dict(session.execute_script(script))
            assert heights[long] >= 2 * heights["2册"]
            assert heights["北京师范大学出版社"] == heights["2册"]


def test_text_spacing_of_the_reader_breaks_nothing(session: Chrome, base: str) -> None:
    """WCAG 1.4.12."""
    style = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    for name in ("home", "results, narrowed", "record", "branches"):
        session.get(address(base, PAGES[name]))
        resize(session, 320, 900)
        session.execute_script("const s = new CSSStyleSheet(); s.replaceSync(arguments[0]); document.adoptedStyleSheets = [s]", style)
        assert not session.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth"), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_targets_on_the_phone_are_large_enough(session: Chrome, base: str, language: str) -> None:
    session.add_cookie({"name": "lang", "value": language})
    resize(session, 390, 844)
    found = {}
    for name, path in PAGES.items():
        session.get(address(base, path))
        found[name] = session.execute_script(SMALL_TARGETS)
    session.get(address(base, "/search?q=红楼梦") + "#filters")
    found["sheet"] = session.execute_script(SMALL_TARGETS)
    assert {name: small for name, small in found.items() if small} == {}


def test_the_keyboard_goes_in_the_order_of_the_page(session: Chrome, base: str) -> None:
    session.get(address(base, "/search?q=红楼梦&clc=I"))
    order = []
    for _ in range(16):
        ActionChains(session).send_keys(Keys.TAB).perform()
        order.append(unquote(str(session.execute_script(FOCUSED))))
        assert session.execute_script("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert order[:8] == ["#main", "/", "q", "BUTTON", "/", "/libraries", "type", "/search?q=红楼梦&clc=I&lang=en"]
    assert order[8:10] == ["available", "library"]


def test_the_slash_goes_to_the_box_but_not_while_typing(session: Chrome, base: str) -> None:
    session.get(address(base, "/search?q=红楼梦"))
    ActionChains(session).send_keys("/").perform()
    assert session.execute_script(FOCUSED) == "q"
    ActionChains(session).send_keys("a/b").perform()
    assert session.find_element(By.ID, "q").get_attribute("value") == "a/b"


def test_the_filter_sheet_of_the_phone(session: Chrome, base: str) -> None:
    resize(session, 390, 844)
    session.get(address(base, "/search?q=红楼梦"))
    filters, results = session.find_element(By.ID, "filters"), session.find_element(By.ID, "list")
    assert (filters.is_displayed(), results.is_displayed()) == (False, True)
    session.find_element(By.CSS_SELECTOR, ".to-filters").click()
    assert (filters.is_displayed(), results.is_displayed()) == (True, False)
    for value in ("JX", "large-print"):
        session.find_element(By.CSS_SELECTOR, f"input[value={value}]").click()
        WebDriverWait(session, 20).until(url_contains(f"={value}"))
        WebDriverWait(session, 20).until(lambda _: not session.find_elements(By.CSS_SELECTOR, "#results[aria-busy]"))
    session.find_element(By.CSS_SELECTOR, ".apply button").click()
    assert [row.text for row in session.find_elements(By.CSS_SELECTOR, "li.row h2")] == ["红楼梦：大字本"]
    assert session.find_element(By.CSS_SELECTOR, ".to-filters").text == "筛选·已选2"
    assert "year" not in session.current_url


# Where the first columns begin, in hundredths of the table's width: a region without a map has a wider one.
COLUMNS = """
const share = (cell) => Math.round(100 * cell.offsetLeft / cell.closest("table").offsetWidth);
return [...document.querySelectorAll(".place-table thead tr")].map((row) => [...row.cells].slice(0, 3).map(share));
"""
OVERFULL_CELLS = """
const cells = [...document.querySelectorAll(".place-table td")];
return cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent);
"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_tables_of_places_have_the_same_columns_in_every_region(session: Chrome, base: str, language: str) -> None:
    session.add_cookie({"name": "lang", "value": language})
    session.get(address(base, "/branches"))
    tables = session.execute_script(COLUMNS)
    assert len(tables) > 1
    assert all(table == tables[0] for table in tables)
    assert session.execute_script(OVERFULL_CELLS) == []


# Names that stand on a map all the time and cover another one or somebody else's dot, as the browser draws them.
COVERED_NAMES = """
const boxes = [...document.querySelectorAll(".map text.always")].map((e) => [e, e.getBoundingClientRect()]);
const cross = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top + 3 < b.bottom - 3 && b.top + 3 < a.bottom - 3;
const dots = [...document.querySelectorAll(".map .dot")].map((e) => e.getBoundingClientRect());
const middles = dots.map((box) => [box.left + box.width / 2, box.top + box.height / 2]);
const holds = (a, [x, y]) => a.left < x && x < a.right && a.top < y && y < a.bottom;
return boxes.filter(([e, box]) => boxes.some(([f, other]) => f !== e && cross(box, other)) || middles.some((dot) => holds(box, dot)))
  .map(([e]) => e.textContent);
"""


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_name_on_a_map_covers_another(session: Chrome, base: str, language: str, width: int) -> None:
    resize(session, width, 900)
    session.add_cookie({"name": "lang", "value": language})
    for path in ("/branches", "/branches/JD-ZG"):
        session.get(address(base, path))
        assert session.find_elements(By.CSS_SELECTOR, ".map text.always")
        assert session.execute_script(COVERED_NAMES) == []


def test_a_search_from_the_first_page_to_the_copies_without_script(session: Chrome, base: str) -> None:
    session.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        session.get(base)
        follow(session, "#q", "红楼梦", Keys.ENTER)
        follow(session, "li.row .act a")
        assert session.current_url.endswith("/records/hlm2008#holdings")
        follow(session, ".tools button")
        assert session.find_element(By.TAG_NAME, "html").get_attribute("data-type") == "large"
        assert session.find_element(By.TAG_NAME, "h1").text == "红楼梦"
        follow(session, ".tools a")
        assert session.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    finally:
        session.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_nothing_is_asked_of_other_sites_and_the_policy_is_kept(session: Chrome, base: str) -> None:
    log(session, "performance")
    log(session, "browser")
    for name in ("home", "results", "record", "display"):
        session.get(address(base, PAGES[name]))
    events = [json.loads(entry["message"])["message"] for entry in log(session, "performance")]
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    assert any("/covers/" in url for url in asked)
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
    assert [entry["message"] for entry in log(session, "browser")] == []


def test_covers_are_drawn_in_the_page(session: Chrome, base: str) -> None:
    session.get(address(base, "/search?q=红楼梦"))
    widths = session.execute_async_script(
        "const done = arguments[0]; const all = [...document.querySelectorAll('img.cover')].slice(0, 2);"
        "Promise.all(all.map(i => i.decode())).then(() => done(all.map(i => i.naturalWidth)))"
    )
    assert widths == [120, 120]


def test_paper_shows_the_record_and_its_copies(session: Chrome, base: str) -> None:
    session.get(address(base, "/records/hlm2008"))
    session.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = {name: session.find_element(By.CSS_SELECTOR, name).is_displayed() for name in (".top", ".foot", "h1", "table.holdings")}
    finally:
        session.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown == {".top": False, ".foot": False, "h1": True, "table.holdings": True}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", ["normal", "large"])
def test_the_reasons_of_a_record_fit_when_all_is_opened(session: Chrome, base: str, language: str, size: str) -> None:
    for name, value in (("lang", language), ("type", size)):
        session.add_cookie({"name": name, "value": value})
    found: dict[tuple[str, object], list[str]] = {}
    for name in ("reasons", "reasons of many", "reasons of one"):
        session.get(address(base, PAGES[name]))
        session.execute_script("for (const one of document.querySelectorAll('.why details')) one.open = true")
        for width in (320, 390, 768, 1024, 1280):
            resize(session, width, 900)
            if session.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found[name, width] = session.execute_script(WIDER)[-3:]
            small = session.execute_script(SMALL_TARGETS) if (width, size) == (390, "normal") else []
            if small:
                found[name, "targets"] = small[:3]
    assert found == {}


def test_the_reasons_come_by_keyboard_into_their_place_and_without_script_on_their_page(session: Chrome, base: str) -> None:
    session.get(address(base, PAGES["record"]))
    assert not session.find_elements(By.CSS_SELECTOR, ".why table")
    session.execute_script("document.querySelector('.why a').focus()")
    ActionChains(session).send_keys(Keys.ENTER).perform()
    table = WebDriverWait(session, 20).until(lambda _: session.find_element(By.CSS_SELECTOR, "article.record > .why table"))
    assert table.is_displayed()
    assert session.current_url.endswith(PAGES["record"])
    assert len(session.find_elements(By.CSS_SELECTOR, "h1, .why")) == 2
    assert session.execute_script("return document.activeElement.matches('.why .lead')")
    session.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        session.get(address(base, PAGES["record"]))
        session.find_element(By.CSS_SELECTOR, ".why a").click()
        WebDriverWait(session, 20).until(lambda _: session.current_url.endswith(PAGES["reasons"]))
        assert session.find_element(By.CSS_SELECTOR, ".why table").is_displayed()
        session.find_element(By.CSS_SELECTOR, ".why summary").click()
        assert not session.find_element(By.CSS_SELECTOR, ".why table").is_displayed()
    finally:
        session.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

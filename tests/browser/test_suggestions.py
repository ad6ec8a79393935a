"""The search box as a combobox: keys, composition by an input method, what is spoken, and answers that come late."""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from api.app import create_app
from tests.api.collection import fill
from tests.browser.session import browser, follow, log, resize, serving
from tests.browser.test_accessibility import violations
from tests.contracts.search_engines import edition
from union_catalog.settings import Settings
from union_catalog.storage.database import Database

pytestmark = pytest.mark.browser
MORE = (edition("b1", "红楼梦研究", "俞平伯"), edition("b2", "红楼梦魇", "张爱玲"), edition("b3", "红岩", series="红色经典"))


class Line:
    """The way between browser and server: it notes what is asked, and may be slow."""

    def __init__(self, served: Callable[..., Iterable[bytes]]) -> None:
        self._served = served
        self.asked: list[str] = []
        self.seconds: dict[str, float] = {}
        self.broken = False

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/api/v1/suggestions":
            typed = parse_qs(environ["QUERY_STRING"])["q"][0]
            self.asked.append(typed)
            time.sleep(self.seconds.get(typed, 0))
            if self.broken:
                start("503 Service Unavailable", [("Content-Type", "application/problem+json")])
                return [b"{}"]
        return self._served(environ, start)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[tuple[str, Line]]:
    home = tmp_path_factory.mktemp("home")
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(home), "UNION_CATALOG_LOG_LEVEL": "error"})
    shutil.copy(_sqlite_template, home / "catalogue.sqlite3")
    database = Database(settings.database, 5)
    catalogue = fill(database, settings.index_folder)
    catalogue.engine.apply(MORE, ())
    app = create_app(settings, catalogue=catalogue)
    line = Line(app.wsgi_app)
    app.wsgi_app = line  # type: ignore[assignment]  # as Flask's documentation says it is wrapped
    with serving(app) as base:
        yield base, line
    catalogue.engine.close()
    database.close()


@pytest.fixture(scope="module")
def shared_browser() -> Iterator[Chrome]:
    with browser() as opened:
        yield opened


@pytest.fixture
def line(served: tuple[str, Line]) -> Line:
    line = served[1]
    line.asked, line.seconds, line.broken = [], {}, False
    return line


@pytest.fixture
def session(served: tuple[str, Line], shared_browser: Chrome, line: Line) -> Chrome:
    """At the first page in Chinese, nothing kept from before."""
    shared_browser.execute_cdp_cmd("Network.clearBrowserCache", {})
    shared_browser.get(f"{served[0]}/static/mark.svg")
    shared_browser.delete_all_cookies()
    shared_browser.add_cookie({"name": "lang", "value": "zh"})
    resize(shared_browser, 1280, 900)
    shared_browser.get(served[0])
    return shared_browser


def press(session: Chrome, *keys: str) -> None:
    ActionChains(session).send_keys(*keys).perform()


def begin(session: Chrome, *keys: str) -> None:
    """Types into the box."""
    session.find_element(By.ID, "q").send_keys(*keys)


def options(session: Chrome) -> list[str]:
    """The texts that are shown."""
    script = "return [...document.querySelectorAll('[role=listbox]:not([hidden]) bdi')].map(name => name.textContent)"
    found: list[str] = session.execute_script(script)
    return found


def shown(session: Chrome) -> list[str]:
    """The same, once there are any."""
    return WebDriverWait(session, 10).until(lambda _: options(session))


def quiet(session: Chrome) -> None:
    """Longer than any answer takes."""
    time.sleep(0.4)


def box(session: Chrome, name: str) -> str | None:
    """An attribute of the box, or what is typed in it."""
    element = session.find_element(By.ID, "q")
    return element.get_property("value") if name == "value" else element.get_dom_attribute(name)  # type: ignore[return-value]  # a text


def active(session: Chrome) -> str:
    """The text of the option that the box names as active."""
    named = box(session, "aria-activedescendant")
    return session.find_element(By.ID, named).find_element(By.TAG_NAME, "bdi").text if named else ""


def spoken(session: Chrome) -> str:
    return str(session.execute_script("return document.querySelector('form.search [role=status]').textContent"))


def test_roles_and_states_are_those_of_a_combobox(session: Chrome) -> None:
    assert [box(session, name) for name in ("role", "aria-autocomplete", "aria-expanded")] == ["combobox", "list", "false"]
    begin(session, "hong")
    texts = shown(session)
    assert set(texts) == {"红楼梦", "红楼梦研究", "红楼梦魇", "红岩", "红色经典"}
    listbox = session.find_element(By.ID, box(session, "aria-controls") or "")
    assert (listbox.get_dom_attribute("role"), listbox.get_dom_attribute("aria-label")) == ("listbox", "联想")
    assert box(session, "aria-expanded") == "true"
    assert box(session, "aria-activedescendant") is None
    kinds = [one.text for one in listbox.find_elements(By.TAG_NAME, "span")]
    assert sorted(set(kinds)) == ["丛编", "书名"]
    assert spoken(session) == "有5条联想，可用上下键选择"
    press(session, Keys.ARROW_DOWN)
    selected = [one.get_dom_attribute("aria-selected") for one in listbox.find_elements(By.CSS_SELECTOR, "[role=option]")]
    assert selected == ["true", "false", "false", "false", "false"]


def test_arrows_go_round_by_way_of_the_typing(session: Chrome) -> None:
    begin(session, "hong")
    texts = shown(session)
    for expected in (*texts, "", texts[0]):
        press(session, Keys.ARROW_DOWN)
        assert active(session) == expected
        assert box(session, "value") == "hong"
    for expected in ("", texts[-1], texts[-2]):
        press(session, Keys.ARROW_UP)
        assert active(session) == expected


def test_enter_takes_what_is_active_and_else_what_was_typed(session: Chrome) -> None:
    begin(session, "曹")
    assert shown(session) == ["曹雪芹"]
    press(session, Keys.ARROW_DOWN)
    follow(session, "#q", Keys.ENTER)
    assert box(session, "value") == "作者：曹雪芹"
    assert len(session.find_elements(By.CSS_SELECTOR, "li.row")) == 2
    session.find_element(By.ID, "q").clear()
    begin(session, "weich")
    assert shown(session) == ["围城"]
    follow(session, "#q", Keys.ENTER)
    assert "q=weich" in session.current_url


def test_escape_closes_and_keeps_the_typing(session: Chrome) -> None:
    begin(session, "hong")
    shown(session)
    press(session, Keys.ARROW_DOWN, Keys.ESCAPE)
    assert (options(session), box(session, "value"), box(session, "aria-expanded")) == ([], "hong", "false")
    assert box(session, "aria-activedescendant") is None
    assert spoken(session) == ""
    press(session, Keys.ARROW_DOWN)
    assert len(shown(session)) == 5


def test_escape_also_stops_what_is_on_its_way(session: Chrome, line: Line) -> None:
    line.seconds["hong"] = 0.5
    begin(session, "hong")
    WebDriverWait(session, 10).until(lambda _: line.asked)
    session.execute_script("document.getElementById('q').blur()")
    time.sleep(0.8)
    assert options(session) == []


def test_tab_leaves(session: Chrome) -> None:
    begin(session, "hong")
    shown(session)
    press(session, Keys.ARROW_DOWN, Keys.TAB)
    assert options(session) == []
    assert session.execute_script("return document.activeElement.tagName") == "BUTTON"
    assert box(session, "value") == "hong"


def test_a_click_takes(session: Chrome) -> None:
    begin(session, "红岩")
    assert shown(session) == ["红岩"]
    follow(session, "[role=option]")
    assert box(session, "value") == "红岩"


def test_nothing_is_asked_while_an_input_method_composes(session: Chrome, line: Line) -> None:
    session.find_element(By.ID, "q").click()
    for text in ("h", "ho", "hon", "hong"):
        session.execute_cdp_cmd("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    quiet(session)
    assert (box(session, "value"), line.asked, options(session)) == ("hong", [], [])
    session.execute_cdp_cmd("Input.insertText", {"text": "红"})
    assert "红楼梦" in shown(session)
    assert line.asked == ["红"]


def test_composition_closes_what_was_open(session: Chrome, line: Line) -> None:
    begin(session, "红")
    shown(session)
    session.execute_cdp_cmd("Input.imeSetComposition", {"text": "lou", "selectionStart": 3, "selectionEnd": 3})
    quiet(session)
    assert (options(session), line.asked) == ([], ["红"])


def test_it_is_asked_only_after_a_pause(session: Chrome, line: Line) -> None:
    """Typed by the page itself, a letter in every frame or so: the way of keys through the driver may take longer than the pause."""
    letter_by_letter = """
      const box = document.querySelector("#q");
      const letters = [..."hongloumeng"];
      box.focus();
      (function type() {
        box.value += letters.shift();
        box.dispatchEvent(new InputEvent("input", {bubbles: true, inputType: "insertText"}));
        if (letters.length) setTimeout(type, 15);
      })();
    """
    session.execute_script(letter_by_letter)
    WebDriverWait(session, 10).until(lambda _: line.asked[-1:] == ["hongloumeng"])
    assert len(line.asked) < 5
    assert "红楼梦" in shown(session)


def test_a_late_answer_does_not_take_the_place_of_a_newer_one(session: Chrome, line: Line) -> None:
    line.seconds["h"] = 1.0
    begin(session, "h")
    WebDriverWait(session, 10).until(lambda _: line.asked == ["h"])
    session.find_element(By.ID, "q").send_keys(Keys.BACKSPACE, "曹")
    assert shown(session) == ["曹雪芹"]
    time.sleep(1.2)
    assert options(session) == ["曹雪芹"]


def test_an_emptied_box_shows_nothing(session: Chrome, line: Line) -> None:
    begin(session, "h")
    shown(session)
    begin(session, Keys.BACKSPACE)
    quiet(session)
    assert (options(session), line.asked) == ([], ["h"])


def test_nothing_found_is_spoken_and_nothing_shown(session: Chrome) -> None:
    begin(session, "qzqz")
    WebDriverWait(session, 10).until(lambda _: spoken(session) == "没有联想")
    assert (options(session), box(session, "aria-expanded")) == ([], "false")


def test_where_suggestions_cannot_be_had_the_form_still_works(session: Chrome, line: Line) -> None:
    line.broken = True
    begin(session, "红楼梦")
    WebDriverWait(session, 10).until(lambda _: line.asked)
    quiet(session)
    assert (options(session), spoken(session)) == ([], ""), "nobody knows whether there are any"
    follow(session, "#q", Keys.ENTER)
    assert len(session.find_elements(By.CSS_SELECTOR, "li.row")) == 2


def test_it_speaks_english_and_stands_on_every_page_with_the_box(session: Chrome, served: tuple[str, Line]) -> None:
    session.add_cookie({"name": "lang", "value": "en"})
    for path in ("/", "/search?q=围城", "/libraries", "/about"):
        session.get(served[0] + path)
        session.find_element(By.ID, "q").clear()
        begin(session, "曹")
        assert shown(session) == ["曹雪芹"], path
        assert spoken(session) == "1 suggestion; choose with the arrow keys"
        assert session.find_element(By.CSS_SELECTOR, "[role=option] span").text == "Author"


@pytest.mark.parametrize("width", [390, 1280])
def test_no_violation_and_nothing_out_of_the_page_with_the_list_open(session: Chrome, width: int) -> None:
    resize(session, width, 3000)
    begin(session, "hong")
    shown(session)
    press(session, Keys.ARROW_DOWN)
    assert violations(session, "form.search") == []
    assert not session.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth")
    heights = session.execute_script("return [...document.querySelectorAll('[role=option]')].map(o => o.getBoundingClientRect().height)")
    assert min(heights) >= 44


def test_the_policy_of_the_page_is_kept(session: Chrome) -> None:
    log(session, "browser")
    begin(session, "hong")
    shown(session)
    assert [entry["message"] for entry in log(session, "browser")] == []

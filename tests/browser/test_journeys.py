"""Journeys of readers through the whole application in a real browser: typing, narrowing, nearness, nothing found, the index gone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from api.app import create_app
from tests.browser.pages import address
from tests.browser.reading_room import JUYUAN, open_room
from tests.browser.session import browser, follow, log, resize, serving
from tests.browser.test_accessibility import violations
from union_catalog.storage.database import Database

pytestmark = pytest.mark.browser
DESKTOP, PHONE = (1280, 900), (390, 844)
TICKED = "return [...document.querySelectorAll('.facets input:checked:not([value=\"\"])')].map(box => box.value)"


@dataclass(frozen=True)
class Room:
    """Where the application is served, and the folder of its index."""

    base: str
    index: Path


@pytest.fixture(scope="module")
def room(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    home = tmp_path_factory.mktemp("room")
    shutil.copy(_sqlite_template, home / "catalogue.sqlite3")
    database = Database(f"sqlite:///{home / 'catalogue.sqlite3'}", 5)
    settings, catalogue = open_room(database, home)
    with serving(create_app(settings, catalogue=catalogue)) as base:
        yield Room(base, settings.index_folder)
    catalogue.engine.close()
    database.close()


@pytest.fixture(scope="module")
def shared_browser() -> Iterator[Chrome]:
    with browser() as opened:
        yield opened


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    chosen: tuple[int, int] = request.param
    return chosen


@pytest.fixture(params=["zh", "en"])
def reader(request: pytest.FixtureRequest, room: Room, shared_browser: Chrome, size: tuple[int, int]) -> Iterator[Chrome]:
    """A browser with nothing but the choice of a language; at the end nothing may have been complained of."""
    shared_browser.get(f"{room.base}/about")
    shared_browser.delete_all_cookies()
    shared_browser.add_cookie({"name": "lang", "value": request.param})
    resize(shared_browser, *size)
    log(shared_browser, "browser")
    yield shared_browser
    told = [entry["message"] for entry in log(shared_browser, "browser")]
    assert [message for message in told if "status of 503" not in message] == []


def heading(session: Chrome) -> str:
    return session.find_element(By.TAG_NAME, "h1").text


def titles(session: Chrome) -> list[str]:
    return [row.text for row in session.find_elements(By.CSS_SELECTOR, "li.row h2")]


def asked(session: Chrome) -> dict[str, list[str]]:
    return parse_qs(urlsplit(session.current_url).query)


def in_english(session: Chrome) -> bool:
    return session.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"


def search(session: Chrome, room: Room, words: str) -> None:
    session.get(room.base)
    follow(session, "#q", words, Keys.ENTER)


def narrow(session: Chrome, selector: str) -> None:
    """Presses a control of the filters and waits until the list it narrows has come."""
    before = session.current_url
    control = session.find_element(By.CSS_SELECTOR, selector)
    session.execute_script(
        "for (let up = arguments[0].closest('details'); up; up = up.parentElement.closest('details')) up.open = true", control
    )
    control.click()
    waiting = WebDriverWait(session, 20, ignored_exceptions=(WebDriverException,))
    waiting.until(lambda _: session.current_url != before)
    waiting.until(lambda _: not session.find_elements(By.CSS_SELECTOR, "#results[aria-busy]"))


def sound(session: Chrome, size: tuple[int, int]) -> None:
    """Nothing that axe complains of, and no sideways scrolling down to 320 px."""
    resize(session, size[0], 5000)
    assert violations(session) == []
    resize(session, 320, 900)
    assert not session.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth")
    resize(session, *size)


def test_a_wrong_homophone_is_forgiven_and_what_was_typed_can_be_had(reader: Chrome, room: Room, size: tuple[int, int]) -> None:
    search(reader, room, "红喽梦")
    assert "红楼梦" in titles(reader)
    assert "红楼梦" in heading(reader)
    notice = reader.find_element(By.CSS_SELECTOR, "#results > .notice")
    assert "红喽梦" in notice.text
    assert "红楼梦" in notice.text
    sound(reader, size)
    follow(reader, "#results > .notice a")
    assert asked(reader)["exact"] == ["true"]
    assert titles(reader) == []


def test_initials_find_the_title(reader: Chrome, room: Room) -> None:
    search(reader, room, "hlm")
    assert titles(reader)[0] in ("红楼梦", "紅樓夢")
    assert "hlm" in heading(reader)


def test_phrase_and_exclusion_in_the_other_script(reader: Chrome, room: Room, size: tuple[int, int]) -> None:
    search(reader, room, '"時間簡史" -插图')
    assert titles(reader) == ["时间简史"]
    assert not reader.find_elements(By.CSS_SELECTOR, "#results > .notice")
    sound(reader, size)


@pytest.mark.parametrize("size", [DESKTOP], indirect=True, ids=["desktop"])
def test_three_facets_are_chosen_and_one_is_taken_back(reader: Chrome, room: Room, size: tuple[int, int]) -> None:
    search(reader, room, "红楼梦")
    everything = len(titles(reader))
    for box in ("input[name=library][value=JD]", "input[name=format][value=book]", "input[name=clc][value='I2']"):
        narrow(reader, box)
        assert reader.execute_script("return document.activeElement.matches(arguments[0])", box)
        assert reader.find_element(By.CSS_SELECTOR, box).is_selected()
    assert {"library": ["JD"], "format": ["book"], "clc": ["I2"]}.items() <= asked(reader).items()
    assert len(reader.find_elements(By.CSS_SELECTOR, "a.chip.on")) == 3
    assert len(titles(reader)) == 2
    assert reader.find_element(By.ID, "asking").get_attribute("textContent") == heading(reader)
    assert reader.execute_script("return document.querySelector('#f-clc-I').indeterminate")
    sound(reader, size)
    narrow(reader, "input[name=library][value=JD]")
    assert "library" not in asked(reader)
    assert reader.execute_script(TICKED) == ["book", "I2"]
    assert len(titles(reader)) == everything - 1
    reader.back()
    WebDriverWait(reader, 20).until(lambda _: "JD" in reader.execute_script(TICKED))
    assert len(titles(reader)) == 2


@pytest.mark.parametrize("size", [DESKTOP], indirect=True, ids=["desktop"])
def test_a_reader_who_has_scrolled_stays_where_they_are_when_the_list_is_replaced(reader: Chrome, room: Room) -> None:
    """Browsers hold on to what stands at the top of the view, and follow it when it moves: here it is the old list, on its way out."""
    search(reader, room, "鲁迅全集")
    ActionChains(reader).scroll_by_amount(0, 150).perform()
    WebDriverWait(reader, 20).until(lambda _: reader.execute_script("return scrollY") == 150)
    narrow(reader, "input[name=format][value=book]")
    reader.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    assert len(titles(reader)) == 20
    assert reader.execute_script("return scrollY") == 150


@pytest.mark.parametrize("size", [DESKTOP], indirect=True, ids=["desktop"])
def test_a_branch_half_ticks_its_library_and_the_switch_of_language_keeps_it(reader: Chrome, room: Room) -> None:
    search(reader, room, "红楼梦")
    narrow(reader, "input[name=branch][value='JD-JY']")
    assert reader.execute_script("return document.querySelector('#f-library-JD').indeterminate")
    assert titles(reader) == ["红楼梦"]
    language = reader.find_element(By.TAG_NAME, "html").get_attribute("lang")
    follow(reader, "#tools a")
    assert reader.find_element(By.TAG_NAME, "html").get_attribute("lang") != language
    assert asked(reader)["branch"] == ["JD-JY"]


@pytest.mark.parametrize("size", [DESKTOP], indirect=True, ids=["desktop"])
def test_years_are_dragged_by_keyboard(reader: Chrome, room: Room) -> None:
    search(reader, room, "红楼梦")
    before = reader.current_url
    reader.execute_script("document.getElementById('thumb-from').focus()")
    ActionChains(reader).send_keys(*[Keys.ARROW_RIGHT] * 15).perform()
    WebDriverWait(reader, 20).until(lambda _: reader.current_url != before)
    WebDriverWait(reader, 20).until(lambda _: not reader.find_elements(By.CSS_SELECTOR, "#results[aria-busy]"))
    assert asked(reader)["year_from"] == [reader.find_element(By.ID, "year_from").get_attribute("value")] == ["1965"]
    assert reader.execute_script("return document.activeElement.id") == "thumb-from"
    assert "紅樓夢" not in titles(reader)
    assert "year_to" not in asked(reader)


@pytest.mark.parametrize("size", [PHONE], indirect=True, ids=["phone"])
def test_the_sheet_stays_open_and_its_counts_follow_every_tick(reader: Chrome, room: Room) -> None:
    search(reader, room, "红楼梦")
    before = len(titles(reader))
    reader.find_element(By.CSS_SELECTOR, ".to-filters").click()
    button = (By.CSS_SELECTOR, ".apply button")
    count = "Show {} titles" if in_english(reader) else "看这{}种"
    assert reader.find_element(*button).text == count.format(before)
    for box in ("input[name=library][value=JD]", "input[name=format][value=book]"):
        narrow(reader, box)
        assert reader.find_element(By.CSS_SELECTOR, box).is_selected()
        assert reader.find_element(By.ID, "filters").is_displayed()
        assert not reader.find_element(By.ID, "list").is_displayed()
        assert reader.current_url.endswith("#filters")
    assert reader.find_element(*button).text == count.format(2)
    reader.find_element(*button).click()
    assert len(titles(reader)) == 2
    assert reader.execute_script("return scrollY") == 0
    assert not reader.find_element(By.ID, "filters").is_displayed()
    assert {"library": ["JD"], "format": ["book"]}.items() <= asked(reader).items()
    reader.find_element(By.CSS_SELECTOR, ".to-filters").click()
    assert reader.find_element(By.ID, "filters").is_displayed()
    reader.find_element(By.CSS_SELECTOR, ".facets .close").click()
    assert len(titles(reader)) == 2


@pytest.mark.parametrize("size", [PHONE], indirect=True, ids=["phone"])
def test_a_tap_on_the_bar_of_a_year_leaves_the_sheet_open(reader: Chrome, room: Room) -> None:
    search(reader, room, "红楼梦")
    reader.find_element(By.CSS_SELECTOR, ".to-filters").click()
    narrow(reader, ".hist a")
    assert reader.find_element(By.ID, "filters").is_displayed()
    assert asked(reader)["year_from"] == [reader.find_element(By.ID, "year_from").get_attribute("value")] == ["1950"]
    assert asked(reader)["year_to"] == [reader.find_element(By.ID, "year_to").get_attribute("value")] == ["1959"]


@pytest.mark.parametrize("size", [PHONE], indirect=True, ids=["phone"])
def test_the_head_of_a_page_takes_two_rows_on_a_phone(reader: Chrome, room: Room) -> None:
    """The name with the tools beside it, and the search box below."""
    for width in (360, 390, 412):
        resize(reader, width, 844)
        reader.get(f"{room.base}/libraries")
        rows = reader.execute_script("return new Set([...document.querySelectorAll('.top > *')].filter(e => e.offsetHeight)"
            ".map(e => { const box = e.getBoundingClientRect(); return Math.round((box.top + box.bottom) / 20) })).size")  # fmt: skip
        assert rows == 2, width


@pytest.mark.parametrize("size", [PHONE], indirect=True, ids=["phone"])
def test_ticks_made_while_the_list_is_on_its_way_are_not_lost(reader: Chrome, room: Room) -> None:
    search(reader, room, "红楼梦")
    reader.find_element(By.CSS_SELECTOR, ".to-filters").click()
    boxes = ["input[name=library][value=JD]", "input[name=format][value=book]", "input[name=available]"]
    reader.execute_script("for (const box of arguments[0]) document.querySelector(box).click()", boxes)
    wanted = {"library": ["JD"], "format": ["book"], "available": ["true"]}
    waiting = WebDriverWait(reader, 20, ignored_exceptions=(WebDriverException,))
    waiting.until(lambda _: wanted.items() <= asked(reader).items())
    waiting.until(lambda _: not reader.find_elements(By.CSS_SELECTOR, "#results[aria-busy]"))
    assert all(reader.find_element(By.CSS_SELECTOR, box).is_selected() for box in boxes)
    assert reader.find_element(By.ID, "filters").is_displayed()


@pytest.mark.parametrize("size", [PHONE], indirect=True, ids=["phone"])
def test_back_takes_a_tick_back_and_then_the_sheet_away(reader: Chrome, room: Room) -> None:
    search(reader, room, "红楼梦")
    everything = titles(reader)
    reader.find_element(By.CSS_SELECTOR, ".to-filters").click()
    narrow(reader, "input[name=format][value=book]")
    waiting = WebDriverWait(reader, 20, ignored_exceptions=(WebDriverException,))
    reader.back()
    waiting.until(lambda _: "format" not in asked(reader))
    waiting.until(lambda _: not reader.find_element(By.CSS_SELECTOR, "input[name=format][value=book]").is_selected())
    assert reader.find_element(By.ID, "filters").is_displayed()
    reader.back()
    waiting.until(lambda _: titles(reader) == everything)
    assert not reader.find_element(By.ID, "filters").is_displayed()


def test_near_me_asks_the_browser_and_orders_by_distance(reader: Chrome, room: Room, size: tuple[int, int]) -> None:
    lat, lng = JUYUAN
    reader.execute_cdp_cmd("Browser.setPermission", {"permission": {"name": "geolocation"}, "setting": "granted", "origin": room.base})
    reader.execute_cdp_cmd("Emulation.setGeolocationOverride", {"latitude": lat, "longitude": lng, "accuracy": 20})
    search(reader, room, "红楼梦")
    follow(reader, ".locate")
    assert asked(reader)["sort"] == ["distance"]
    assert "31." not in reader.current_url
    cookie = reader.get_cookie("near")
    assert cookie
    assert "31.395" in cookie["value"]
    assert "31.3951" not in cookie["value"]
    nearest = reader.find_element(By.CSS_SELECTOR, "li.row .av").text
    assert ("Juyuan Wojia Study" if in_english(reader) else "菊园我嘉书房") in nearest
    assert ("0.1 km" if in_english(reader) else "0.1公里") in nearest
    sound(reader, size)
    follow(reader, ".origin button")
    assert "sort" not in asked(reader)
    assert reader.get_cookie("near") is None


def test_who_keeps_the_place_to_themselves_chooses_a_branch(reader: Chrome, room: Room, size: tuple[int, int]) -> None:
    reader.execute_cdp_cmd("Browser.setPermission", {"permission": {"name": "geolocation"}, "setting": "denied", "origin": room.base})
    search(reader, room, "红楼梦")
    reader.find_element(By.CSS_SELECTOR, ".locate").click()
    WebDriverWait(reader, 20).until(lambda _: reader.find_element(By.ID, "near-said").text)
    follow(reader, "#near-said a")
    sound(reader, size)
    Select(reader.find_element(By.ID, "near-branch")).select_by_value("JD-ZG")
    follow(reader, "form:has(select) button")
    assert asked(reader)["sort"] == ["distance"]
    assert ("Main Library" if in_english(reader) else "总馆") in reader.find_element(By.CSS_SELECTOR, ".origin").text


def test_why_a_result_is_there_comes_in_its_place(reader: Chrome, room: Room) -> None:
    search(reader, room, "红楼梦")
    reader.find_element(By.CSS_SELECTOR, "a[data-why]").click()
    WebDriverWait(reader, 20).until(lambda _: reader.find_elements(By.CSS_SELECTOR, "details.reasons[open] li"))
    assert "红楼梦" in reader.find_element(By.CSS_SELECTOR, "details.reasons li").text
    assert len(reader.find_elements(By.CSS_SELECTOR, "details.reasons")) == 1
    assert "explain" not in reader.current_url
    assert reader.execute_script("return document.activeElement.tagName") == "SUMMARY"


def test_nothing_found_leads_on(reader: Chrome, room: Room, size: tuple[int, int]) -> None:
    reader.get(address(room.base, "/search?q=围城&library=JX&format=book"))
    assert titles(reader) == []
    ways = reader.find_elements(By.CSS_SELECTOR, ".panel a")
    assert len(ways) == 2
    sound(reader, size)
    follow(reader, ".panel a")
    assert titles(reader) == ["围城"]


def test_without_script_the_form_narrows_by_its_button(reader: Chrome, room: Room) -> None:
    reader.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        reader.get(address(room.base, "/search?q=红楼梦") + "#filters")
        reader.find_element(By.CSS_SELECTOR, "input[name=library][value=JX]").click()
        follow(reader, ".apply button")
        assert asked(reader)["library"] == ["JX"]
        follow(reader, "li.row .reasons a")
        assert reader.find_elements(By.CSS_SELECTOR, "details.reasons[open]")
        reader.find_element(By.CSS_SELECTOR, ".sort summary").click()
        follow(reader, ".sort a[href^='/near']")
        assert not reader.find_element(By.CSS_SELECTOR, "[data-locate]").is_displayed()
    finally:
        reader.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_while_the_index_is_gone_records_are_read_and_the_search_comes_back(reader: Chrome, room: Room, size: tuple[int, int]) -> None:
    search(reader, room, "围城")
    record = reader.find_element(By.CSS_SELECTOR, "li.row h2 a").get_attribute("href")
    away = room.index.with_name("away")
    room.index.rename(away)
    try:
        reader.refresh()
        assert titles(reader) == []
        assert len(reader.find_elements(By.CSS_SELECTOR, ".doors li")) == 3
        assert reader.find_element(By.ID, "q").get_attribute("value") == "围城"
        sound(reader, size)
        reader.get(str(record))
        assert heading(reader) == "围城"
        reader.back()
    finally:
        away.rename(room.index)
    follow(reader, ".message .btn")
    assert titles(reader) == ["围城"]

"""My card in a browser: journeys with script and without, both languages, phone and desktop, large type, and what axe says."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.api.my_library import after, give_back, lend, take_on
from tests.api.signing_in import PIN, Library, open_library
from tests.browser.session import browser, follow, log, prefer_dark, resize, serving
from tests.browser.test_accessibility import TALL, violations
from tests.browser.test_layout import SMALL_TARGETS, WIDER
from union_catalog.context import command_line
from union_catalog.services import blocks, credit, sessions
from union_catalog.services.blocks import Asked
from union_catalog.services.credit import Change
from union_catalog.services.patrons.enrol import Enrolled, Guardian
from union_catalog.settings import Settings

pytestmark = pytest.mark.browser
SECRET = "us_in_the_browser"
OWN = ("", "/account", "/credit", "/objections", "/messages", "/history", "/details", "/pin", "/consents", "/lost", "/data", "/erase")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("library")
    shutil.copy(_sqlite_template, home / "catalogue.sqlite3")
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(home), "UNION_CATALOG_LOG_LEVEL": "error"})
    opened = open_library(settings, home)
    yield opened
    opened.catalogue.engine.close()
    opened.database.close()


@pytest.fixture(scope="module")
def base(library: Library) -> Iterator[str]:
    with serving(library.app) as served:
        yield served


@pytest.fixture(scope="module")
def reader(library: Library) -> Enrolled:
    """Who has a book overdue and one that is not, a past, a child, a block and a log."""
    made = take_on(library, birth_date=date(1985, 3, 4))
    take_on(library, "陈小雨", birth_date=date(2018, 3, 4), guardian=Guardian(patron=made.patron.id))
    lend(library, made.card, "b3")
    give_back(library, "b3")
    lend(library, made.card, "b1")
    after(library, 40)
    with library.database.write() as connection:
        context = command_line(library.clock)
        asked = Asked(reason="借书未消磁", library="JD", until=date(2027, 2, 1))
        blocks.enter(connection, library.clock, context, ZoneInfo("Asia/Shanghai"), made.patron.id, asked)
        credit.enter_deed(connection, library.clock, context, made.patron.id, Change(points=-5, cause="conduct", reason="书上乱画"))
        sessions.begin(connection, library.clock, SECRET, "patron", made.patron.id)
    return made


@pytest.fixture(scope="module")
def shared_browser() -> Iterator[Chrome]:
    with browser() as opened:
        yield opened


@pytest.fixture
def session(base: str, shared_browser: Chrome) -> Iterator[Chrome]:
    """Nobody has signed in, in Chinese, on a phone."""
    wishes(shared_browser, base, lang="zh")
    resize(shared_browser, 390, 844)
    prefer_dark(shared_browser, False)
    yield shared_browser
    shared_browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def wishes(session: Chrome, base: str, /, **cookies: str) -> None:
    session.get(f"{base}/static/mark.svg")
    session.delete_all_cookies()
    for name, value in cookies.items():
        session.add_cookie({"name": name, "value": value})


def sign_in(session: Chrome, base: str, card: str) -> None:
    session.get(f"{base}/me")
    session.find_element(By.ID, "who").send_keys(card)
    session.find_element(By.ID, "secret").send_keys(PIN)
    follow(session, "main form .btn")


def said(session: Chrome, selector: str) -> str:
    return session.find_element(By.CSS_SELECTOR, selector).text


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_reader_signs_in_renews_and_freezes_a_lost_card(session: Chrome, base: str, library: Library, scripted: bool, width: int) -> None:
    card = take_on(library, f"王立{width}{scripted}").card
    lend(library, card, "b3")
    resize(session, width, 900)
    session.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripted})
    sign_in(session, base, card)
    assert session.current_url == f"{base}/me"
    assert "围城" in said(session, "li.due")
    follow(session, ".due form .btn")
    assert "没有续成：现在续借，日期不会更晚" in said(session, "li.due")
    follow(session, "a[href='/me/lost']")
    follow(session, "main form .btn")
    assert said(session, "h1") == "卡已冻结"
    give_back(library, "b3")


def test_another_code_comes_without_loading_the_page_and_with_it_where_there_is_no_script(
    session: Chrome, base: str, library: Library, reader: Enrolled
) -> None:
    wishes(session, base, lang="zh", session=SECRET)
    drawing = "return document.querySelector('#code path').getAttribute('d')"
    session.get(f"{base}/me")
    session.execute_script("window.stayed = true")
    before = session.execute_script(drawing)
    session.find_element(By.CSS_SELECTOR, "[data-new-code]").click()
    WebDriverWait(session, 10).until(lambda found: found.execute_script(drawing) != before)
    assert session.execute_script("return window.stayed")
    assert [entry for entry in log(session, "browser") if "Content Security Policy" in entry["message"]] == []
    session.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    session.get(f"{base}/me")
    shown = session.find_element(By.CSS_SELECTOR, "#code path").get_attribute("d")
    follow(session, "[data-new-code]")
    assert session.find_element(By.CSS_SELECTOR, "#code path").get_attribute("d") != shown


def test_the_code_is_large_and_on_white_in_every_theme(session: Chrome, base: str, reader: Enrolled) -> None:
    for theme in ("light", "dark"):
        wishes(session, base, lang="zh", session=SECRET, theme=theme)
        session.get(f"{base}/me")
        assert session.execute_script("return document.querySelector('#code svg').getBoundingClientRect().width") >= 148
        ground = session.find_element(By.CSS_SELECTOR, "#code > div").value_of_css_property("background-color")
        assert ground == "rgba(255, 255, 255, 1)"


def test_a_new_reader_fills_in_the_form_is_corrected_and_comes_in(session: Chrome, base: str) -> None:
    session.get(f"{base}/join")
    for name, told in (("name", "周明"), ("phone", "13812345678"), ("pin", "12ab"), ("again", "12ab")):
        session.find_element(By.ID, name).send_keys(told)
    session.find_element(By.CSS_SELECTOR, "#home_branch option[value='JD-1']").click()
    session.find_element(By.ID, "consent").send_keys(Keys.SPACE)
    follow(session, "#again", Keys.ENTER)
    assert "位数字" in said(session, "#pin-error")
    assert session.find_element(By.ID, "name").get_attribute("value") == "周明"
    assert session.find_element(By.ID, "consent").is_selected()
    assert "出生日期" in said(session, "#birth_date-error")
    for name, told in (("document", "11010519491231002X"), ("pin", "204060"), ("again", "204060")):  # the example of GB 11643
        session.find_element(By.ID, name).send_keys(told)
    follow(session, "#again", Keys.ENTER)
    assert session.current_url == f"{base}/me"
    assert "网上办的证还没有到馆核对。" in said(session, ".notice.stop")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_violation_on_any_page(session: Chrome, base: str, reader: Enrolled, width: int, language: str) -> None:
    resize(session, width, TALL)
    found = {}
    for theme in ("light", "dark"):
        wishes(session, base, lang=language, session=SECRET, theme=theme)
        for page in OWN:
            session.get(f"{base}/me{page}")
            session.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
            found[theme, page] = violations(session)
    wishes(session, base, lang=language)
    for page in ("/join", "/join/notice", "/sign-in"):
        session.get(base + page)
        found["light", page] = violations(session)
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(("width", "letters"), [(390, "normal"), (320, "normal"), (390, "large"), (1280, "large"), (1280, "normal")])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_wider_than_the_page_and_no_target_is_small(
    session: Chrome, base: str, reader: Enrolled, width: int, letters: str, language: str
) -> None:
    wishes(session, base, lang=language, session=SECRET, type=letters)
    resize(session, width, 900)
    told = {}
    for page in OWN:
        session.get(f"{base}/me{page}")
        told[page] = too_wide_or_small(session, with_a_mouse=width == 1280 and letters == "normal")
    wishes(session, base, lang=language, type=letters)
    session.get(f"{base}/join")
    told["join"] = too_wide_or_small(session, with_a_mouse=width == 1280 and letters == "normal")
    assert {page: found for page, found in told.items() if found} == {}


def too_wide_or_small(session: Chrome, *, with_a_mouse: bool) -> list[str]:
    """Everything opened. Where there is room for a mouse, boxes and links in tables are smaller."""
    session.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    wide: list[str] = session.execute_script(WIDER)
    small: list[str] = [] if with_a_mouse else session.execute_script(SMALL_TARGETS)
    return wide + small

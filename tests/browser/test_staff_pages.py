"""A day of staff away from the desk, in a real browser: journeys, and WCAG 2.2 AA by axe-core in both languages."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from api.auth import SESSION_COOKIE
from tests.api.staff_room import StaffRoom, open_staff_room
from tests.browser.session import browser, follow, prefer_dark, resize, serving
from tests.browser.test_accessibility import violations
from union_catalog.services import blocks, objections
from union_catalog.storage.circulation import strays
from union_catalog.storage.database import Database

pytestmark = pytest.mark.browser
TALL = 9000
WIDER = "return document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[StaffRoom]:
    home = tmp_path_factory.mktemp("staff")
    shutil.copy(_sqlite_template, home / "catalogue.sqlite3")
    database = Database(f"sqlite:///{home / 'catalogue.sqlite3'}", 5)
    opened = open_staff_room(database, home)
    yield opened
    opened.catalogue.engine.close()
    database.close()


@pytest.fixture(scope="module")
def base(room: StaffRoom) -> Iterator[str]:
    with serving(room.app) as served:
        yield served


@pytest.fixture(scope="module")
def session() -> Iterator[Chrome]:
    with browser() as opened:
        yield opened


def sign_in(session: Chrome, base: str, secret: str, language: str = "zh") -> None:
    session.get(f"{base}/static/mark.svg")
    session.delete_all_cookies()
    for name, value in ((SESSION_COOKIE, secret), ("lang", language)):
        session.add_cookie({"name": name, "value": value})


def words(session: Chrome, selector: str) -> str:
    return session.find_element(By.CSS_SELECTOR, selector).text


def open_act(session: Chrome, form: str) -> None:
    session.find_element(By.CSS_SELECTOR, f"#act-{form} > summary").click()


def write(session: Chrome, selector: str, text: str) -> None:
    session.find_element(By.CSS_SELECTOR, selector).send_keys(text)


def choose(session: Chrome, selector: str, value: str) -> None:
    Select(session.find_element(By.CSS_SELECTOR, selector)).select_by_value(value)


def agree(session: Chrome) -> None:
    """In the middle of the window, where no bar sticks over it."""
    box = session.find_element(By.NAME, "agreed")
    session.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
    box.click()


def test_a_reader_is_enrolled_found_by_card_and_given_a_receipt(session: Chrome, base: str, room: StaffRoom) -> None:
    resize(session, 1280, 900)
    sign_in(session, base, room.secret("circulation", branches=("JD-JY",)))
    session.get(f"{base}/staff")
    follow(session, 'a[href="/staff/enrol"]')
    for name, value in {"name": "林小满", "phone": "13800000002", "pin": "314159"}.items():
        write(session, f"#enrol-{name}", value)
    session.execute_script("document.querySelector('#enrol-birth_date').value = '1990-05-01'")
    agree(session)
    follow(session, "form.one-column .btn")
    assert "证已办好" in words(session, '[role="status"]')
    card = words(session, "aside .panel li.place .mono")
    session.get(f"{base}/staff/patrons")
    follow(session, "#find-card", card, "\n")
    assert words(session, "h1") == "林小满"
    open_act(session, "pay")
    write(session, "#pay-amount", "100")
    follow(session, "#act-pay .btn")
    assert card[-4:] in words(session, ".receipt")
    assert session.find_element(By.CSS_SELECTOR, "[data-print]").is_displayed()


def test_a_duplicate_is_seen_before_anything_is_saved(session: Chrome, base: str, room: StaffRoom) -> None:
    room.enrol("陈知秋", phone="13800000003", birth_date=date(1985, 3, 4))
    resize(session, 390, 844)
    sign_in(session, base, room.secret("circulation", branches=("JD-JY",)))
    session.get(f"{base}/staff/enrol")
    for name, value in {"name": "陈知秋", "phone": "13800000003", "pin": "314159"}.items():
        write(session, f"#enrol-{name}", value)
    session.execute_script("document.querySelector('#enrol-birth_date').value = '1985-03-04'")
    agree(session)
    follow(session, "form.one-column .btn")
    assert words(session, "#h-alike") == "可能是同一人"
    follow(session, "#h-alike ~ ul a")
    assert words(session, "h1") == "陈知秋"


def test_an_item_is_said_to_be_missing_and_that_is_taken_back(session: Chrome, base: str, room: StaffRoom) -> None:
    resize(session, 1280, 900)
    sign_in(session, base, room.secret("circulation", branches=("JD-ZG",)))
    session.get(f"{base}/staff/items")
    follow(session, "#barcode", "a4\n")
    open_act(session, "say")
    choose(session, "#say-what", "missing")
    follow(session, "#act-say .btn")
    assert words(session, ".found .st") == "暂时找不到"
    follow(session, ".told-large .btn")
    assert words(session, ".told-large .do") == "已撤销"
    assert words(session, ".found .st") == "在馆可借"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_fault_leads_to_its_line_and_what_was_checked_takes_effect(session: Chrome, base: str, room: StaffRoom, width: int) -> None:
    resize(session, width, 2500)
    sign_in(session, base, room.secret("network", ""))
    session.get(f"{base}/staff/policies")
    follow(session, 'a[href="/staff/policies/edit"]')
    days = 1000 + width
    change = "const field = document.querySelector('#policy-text'); field.value = field.value.replace(...arguments)"
    text = str(session.find_element(By.ID, "policy-text").get_attribute("value"))
    before = next(line for line in text.splitlines() if line.startswith("days = "))
    session.execute_script(change, f"\n{before}\n", f"\ndays = {days}\n")
    follow(session, "form.fields .btn")
    session.find_element(By.CSS_SELECTOR, ".faults a").click()
    chosen = "const field = document.activeElement; return field.value.slice(field.selectionStart, field.selectionEnd)"
    assert session.execute_script(chosen) == f"days = {days}"
    session.execute_script(change, f"days = {days}", f"days = {width // 20}")
    follow(session, "form.fields .btn")
    assert "没有错" in words(session, '[role="status"]')
    assert session.execute_script(WIDER) <= 0
    assert violations(session) == []
    follow(session, 'button[formaction="/staff/policies/put"]')
    assert "新的规则已生效" in words(session, '[role="status"]')


@pytest.fixture(scope="module")
def addresses(room: StaffRoom) -> list[str]:
    """Every page of staff, in the states that a day brings."""
    enrolled, other = room.enrol(email="wang@example.org"), room.enrol("李思远", library="JX", home_branch="JX-ZG")
    for card, barcode, branch in ((enrolled.card, "a8", "JD-JY"), (enrolled.card, "a7", "JX-ZG"), (other.card, "a6", "JD-ZG")):
        room.lend(card, barcode, branch)
    reader = enrolled.patron.id
    with room.database.write() as connection:
        asked = blocks.Asked(reason="书页被撕")
        made = blocks.enter(connection, room.clock, room.desk(), room.office.timezone, reader, asked)
        objections.make(connection, room.clock, room.desk(), reader, "block", made.block.id, "借来时就是这样")
        strays.take(connection, "31014-没人认得", "JD-JY", "staff:at-JD", room.clock.now())
    pending = room.enrol("赵一", at_desk=False)
    return [
        "/staff",
        "/staff/patrons",
        f"/staff/patrons/{reader}",
        f"/staff/patrons/{other.patron.id}",
        f"/staff/patrons/{pending.patron.id}?done=enrol",
        f"/staff/patrons/{reader}/erase",
        "/staff/enrol",
        "/staff/items",
        "/staff/items?barcode=nothing",
        "/staff/items/JD/a8",
        "/staff/items/new",
        "/staff/strays",
        "/staff/policies?branch=JD-JY&category=adult&library=JD&item_type=book",
        "/staff/policies/edit",
        "/staff/policies/compare",
        "/staff/objections",
        "/staff/people",
        f"/staff/people/{room.secret('circulation', branches=('JD-JY',)).removeprefix('us_')}",
        "/branches/JD-JY/cash-sheet",
    ]


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_violation_on_any_page(
    session: Chrome, base: str, room: StaffRoom, addresses: list[str], width: int, dark: bool, language: str
) -> None:
    sign_in(session, base, room.secret("manager"), language)
    prefer_dark(session, dark)
    resize(session, width, TALL)
    found = {}
    for address in addresses:
        session.get(base + address)
        session.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
        found[address] = violations(session)
        wide = session.execute_script(WIDER)
        found[address] += [f"{wide} px wider than the window"] if wide > 0 else []
    assert {address: told for address, told in found.items() if told} == {}

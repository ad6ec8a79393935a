"""What a desk asks back, in a real browser: what goes on behind a question, and what waits until it is answered."""

import re

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from sqlalchemy import insert, update

from tests.browser.desk_window import GOOD, LATE, SINCE, Desk
from tests.browser.session import follow
from union_catalog.storage.tables import credential, desk_action, item, loan, patron, stray_item

pytestmark = pytest.mark.browser


def test_a_number_that_is_both_is_asked_about(desk: Desk) -> None:
    with desk.database.write() as connection:
        connection.execute(update(item).where(item.c.barcode == "a8").values(barcode="2417"))
        card = {"issuer": "JX", "number": "2417", "kind": "member_card", "state": "valid", "issued_at": SINCE}
        connection.execute(insert(credential).values(patron_id="good", **card))
    desk.scan("2417")
    desk.settled()
    assert (desk.text("#outcome .do"), desk.tones()) == ("问：是卡还是书", [520, 520, 520])
    desk.find("#outcome form:first-child .btn").click()
    desk.until("document.querySelector('#reader').textContent.includes('持卡人')")
    assert desk.count(desk_action) == 0


def twice_there(desk: Desk) -> None:
    """The barcode a6 is of two libraries, and both readers may borrow."""
    with desk.database.write() as connection:
        connection.execute(update(item).where(item.c.barcode == "l9").values(barcode="a6"))
        connection.execute(update(patron).where(patron.c.id == "late").values(expires_on="2030-01-31"))


def test_whose_book_it_is_holds_up_nothing_that_is_scanned_behind(desk: Desk) -> None:
    """The reader who is served stays the same, whatever the answer will be."""
    twice_there(desk)
    desk.line.delay = 0.3
    desk.scan(GOOD, "a6", "l1", "l2")
    desk.settled()
    asked = [barcode for outcome, barcode in desk.lines() if "借出" not in outcome][1:]
    assert (asked, desk.count(loan, state="open", patron_id="good")) == (["a6"], 2)


def test_a_question_waits_until_it_is_answered_for_the_reader_of_whom_it_was_asked(desk: Desk) -> None:
    twice_there(desk)
    desk.scan(GOOD, "a6", "l1", LATE)
    desk.settled()
    assert ("问：是哪家馆的书" in desk.text("#asked"), desk.text("#outcome .do")) == (True, "可以借，扫书")
    assert f"尾号{GOOD[-4:]}" in desk.text("#asked")
    served = desk.text("#reader h2")
    desk.find("#asked form .btn").click()
    desk.until("document.querySelector('#asked').hidden")
    desk.settled()
    assert (desk.text("#outcome .do"), desk.text("#reader h2")) == ("借出，12月31日前还", served)
    assert f"尾号{GOOD[-4:]}" in desk.text("#outcome .note")
    assert f"尾号{GOOD[-4:]}" in desk.lines()[-1][0]
    desk.scan("l2")
    desk.settled()
    assert [desk.count(loan, patron_id=whose) for whose in ("good", "late")] == [2, 1]
    desk.scan("a6", "a6", "a8")
    desk.settled()
    assert len(desk.session.find_elements(By.CSS_SELECTOR, "#asked [data-asks]")) == 1
    desk.find("#asked [data-give-up]").click()
    assert (desk.find("#asked").is_displayed(), desk.count(loan)) == (False, 4)


def test_an_answer_that_the_next_card_overtakes_is_for_the_reader_before_too(desk: Desk) -> None:
    twice_there(desk)
    desk.scan(GOOD, "a6")
    desk.settled()
    desk.line.delay = 0.5
    desk.scan(LATE)
    desk.find("#outcome form .btn").click()
    desk.scan("l2")
    desk.settled()
    assert [desk.count(loan, patron_id=whose) for whose in ("good", "late")] == [1, 1]
    assert LATE[-4:] in desk.text("#reader h2")


def test_a_number_that_was_both_is_settled_later_and_whoever_is_served_stays(desk: Desk) -> None:
    with desk.database.write() as connection:
        connection.execute(update(item).where(item.c.barcode == "a8").values(barcode="2417"))
        connection.execute(update(patron).where(patron.c.id == "late").values(expires_on="2030-01-31"))
        card = {"issuer": "JX", "number": "2417", "kind": "member_card", "state": "valid", "issued_at": SINCE}
        connection.execute(insert(credential).values(patron_id="good", **card))
    desk.scan(GOOD, "2417", LATE)
    desk.settled()
    desk.find("#asked form:nth-child(2) .btn").click()
    desk.until("document.querySelector('#asked').hidden")
    desk.scan("l1")
    desk.settled()
    assert [desk.count(loan, patron_id=whose) for whose in ("good", "late")] == [1, 1]


def test_the_reader_of_a_number_that_was_a_book_is_served_again(desk: Desk) -> None:
    with desk.database.write() as connection:
        connection.execute(update(item).where(item.c.barcode == "a8").values(barcode="2417"))
        card = {"issuer": "JX", "number": "2417", "kind": "member_card", "state": "valid", "issued_at": SINCE}
        connection.execute(insert(credential).values(patron_id="late", **card))
    desk.scan(GOOD, "2417")
    desk.settled()
    desk.scan("l1")
    desk.settled()
    assert desk.text("#outcome .do") == "没有办，先扫卡"
    desk.find("#asked form:nth-child(2) .btn").click()
    desk.until("document.querySelector('#asked').hidden")
    desk.scan("l1")
    desk.settled()
    assert (desk.count(loan, patron_id="good"), GOOD[-4:] in desk.text("#reader h2")) == (2, True)


def test_a_card_that_looks_like_none_is_announced_and_never_taken_for_a_book(desk: Desk) -> None:
    for other in (Keys.ESCAPE, Keys.F3, Keys.F6):
        desk.keys(Keys.F6)
        assert desk.find("#next-card").get_attribute("aria-pressed") == "true"
        desk.keys(other)
        assert desk.find("#next-card").get_attribute("aria-pressed") == "false"
    desk.keys(Keys.F2)
    desk.keys(Keys.F6)
    desk.scan("OLD-77", "l1")
    desk.settled()
    assert (desk.text("#outcome .do"), desk.count(desk_action), desk.count(stray_item)) == ("不认识这张卡", 0, 0)
    assert [outcome for outcome, _ in desk.lines()] == ["读者卡·不认识这张卡", "没有办·先扫卡再扫这册"]
    assert desk.find("#next-card").get_attribute("aria-pressed") == "false"
    desk.keys(Keys.ESCAPE)
    desk.scan("OLD-77")
    desk.settled()
    assert desk.count(stray_item) == 1


def stand_at(desk: Desk, branch: str) -> None:
    """In another window."""
    first = desk.session.current_window_handle
    desk.session.switch_to.new_window("tab")
    desk.session.get(f"{desk.base}/desk?choose")
    desk.find(f"option[value='{branch}']").click()
    follow(desk.session, "main form .btn")
    desk.session.close()
    desk.session.switch_to.window(first)


def test_a_page_of_another_desk_does_nothing_until_somebody_has_changed_back(desk: Desk) -> None:
    desk.open("head")
    stand_at(desk, "JD-JY")
    desk.scan("a6", GOOD)
    desk.until("!document.querySelector('#trouble').hidden")
    assert re.fullmatch(r"这一页是.*总馆的借还台，现在登录在.*菊园.*。没有办。", desk.text("#trouble b"))
    assert desk.count(desk_action) == 0
    stand_at(desk, "JD-ZG")
    desk.find("#trouble .moved button").click()
    desk.settled()
    assert (desk.count(desk_action, branch="JD-ZG"), desk.text("#outcome .do")) == (1, "可以借，扫书")
    assert not desk.find("#trouble").is_displayed()

"""A day at the desk in a real browser: scans faster than answers, the keyboard alone, lines that break, refusals, receipts, every width."""

import base64
import re

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import number_of_windows_to_be
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.desk_window import GOOD, LATE, NOBODYS, PASSWORD, Desk
from tests.browser.session import follow, log, resize
from tests.browser.test_accessibility import TALL, violations
from union_catalog.storage.tables import desk_action, loan

pytestmark = pytest.mark.browser


def offline(session: Chrome, *, broken: bool) -> None:
    conditions = {"offline": broken, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    session.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)


def test_books_are_lent_as_fast_as_they_are_scanned(desk: Desk) -> None:
    desk.line.delay = 0.3
    desk.scan(GOOD, "l1", "l2", "a6", "a8")
    assert desk.find("#code").get_property("value") == ""
    assert [barcode for _, barcode in desk.lines()][1:] == ["l1", "l2", "a6", "a8"]
    desk.settled()
    assert [outcome for outcome, _ in desk.lines()] == ["可以借，扫书", *["借出，12月31日前还"] * 4]
    assert (desk.tones(), desk.text("#outcome .do")) == ([880] * 5, "借出，12月31日前还")
    assert ("已借4册" in desk.text("#reader"), "尾号" + GOOD[-4:] in desk.text("#reader h2")) == (True, True)
    assert float(desk.find("#outcome .do").value_of_css_property("font-size").removesuffix("px")) >= 46
    assert desk.session.switch_to.active_element.get_attribute("id") == "code"
    assert desk.count(loan, state="open") == 4


def test_what_comes_back_is_told_where_it_goes_and_a_second_scan_says_so(desk: Desk) -> None:
    desk.scan("a6", "l1", "a8", "a8", "4711")
    desk.settled()
    assert [outcome for outcome, _ in desk.lines()] == [
        "还书·没有借出，上架",
        "还书·没有借出，送嘉兴市图书馆 总馆",
        "还书·没有借出，送菊园我嘉书房",
        "还书·没有借出，送菊园我嘉书房",
        "还书·收下，放待查架",
    ]
    assert desk.tones() == [880, 660, 660, 660, 660, 1400, 520, 520, 520]
    assert desk.count(desk_action, action="check_in") == 4


def test_everything_by_keyboard(desk: Desk) -> None:
    desk.scan(GOOD, "l1")
    desk.settled()
    desk.find("main").click()
    desk.session.execute_script("document.activeElement.blur()")
    desk.scan("l2")
    desk.settled()
    assert desk.count(loan, state="open") == 2
    desk.keys(Keys.F8)
    desk.settled()
    assert (desk.text("#outcome .do"), desk.text("#outcome .mono"), desk.count(loan)) == ("已撤销", "UN-1", 1)
    desk.keys(Keys.F9)
    desk.until("window.printed")
    printed = "".join(str(desk.session.execute_script("return printed")).split())
    assert all(word in printed for word in ("鲁迅全集第1卷", "应还12月31日周四", "共1册", "卡尾号" + GOOD[-4:]))
    desk.keys(Keys.F4)
    desk.scan("l1")
    desk.settled()
    assert desk.text("#outcome .mono") == "RN-23"
    desk.keys(Keys.F2)
    desk.keys(Keys.ESCAPE)
    desk.until("document.querySelector('#reader').textContent.includes('还没有读者')")
    desk.keys(Keys.F3)
    desk.scan(GOOD, "l1")
    desk.settled()
    assert ([outcome for outcome, _ in desk.lines()][-2:], desk.count(loan, state="open")) == (
        ["这是卡，不是书", "还书·装箱，送嘉兴市图书馆 总馆"],
        0,
    )
    desk.keys(Keys.F2)
    desk.scan(GOOD)
    desk.settled()
    follow(desk.session, "#code", Keys.F7)
    assert desk.session.current_url == f"{desk.base}/staff/patrons/good"
    desk.session.back()
    assert "持卡人" in desk.text("#reader h2")


def test_a_refusal_stays_until_it_is_read_and_who_may_goes_past_it(desk: Desk) -> None:
    desk.open("head")
    desk.scan(LATE, "l1")
    desk.settled()
    assert (desk.tones(), desk.text("#outcome .do")) == ([220, 220], "不能借，先办续证")
    assert "读者证已过期" in desk.text("#outcome .blocks")
    assert "嘉兴市图书馆记录。解除：到服务台续证" in desk.text("#reader .blocks")
    desk.find("#reason").click()
    desk.keys("馆际活动", "\n")
    desk.settled()
    assert (desk.text("#outcome .mono"), desk.count(loan, patron_id="late")) == ("CO-5", 1)
    desk.open("desk")
    desk.scan(LATE, "l2")
    desk.settled()
    assert (desk.session.find_elements(By.ID, "reason"), "请主管来办" in desk.text("#outcome")) == ([], True)


def test_nothing_is_lost_while_the_line_is_broken(desk: Desk) -> None:
    desk.scan(GOOD)
    desk.settled()
    offline(desk.session, broken=True)
    try:
        desk.scan("l1", "l2", "l3")
        desk.until("offlineDesk.pending() === 3")
        assert desk.text("#offline b") == "断线，照常扫，恢复后补传（3条待传）"
        assert [barcode for _, barcode in desk.lines()][1:] == ["l1", "l2", "l3"]
    finally:
        offline(desk.session, broken=False)
    desk.until("!offlineDesk.lost() && offlineDesk.pending() === 0")
    assert (desk.find("#trouble").is_displayed(), desk.count(loan, state="open")) == (False, 3)
    assert [barcode for _, barcode in desk.lines()][1:] == ["l1", "l2", "l3"]


def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_done_twice(desk: Desk) -> None:
    desk.line.lose = 2
    desk.scan("a6")
    desk.settled()
    assert (desk.lines(), desk.count(desk_action)) == ([("还书·没有借出，上架", "a6")], 1)


def test_what_breaks_the_server_does_not_keep_the_desk_waiting(desk: Desk) -> None:
    desk.scan(GOOD)
    desk.settled()
    desk.line.lose, desk.line.instead = 3, "500 Internal Server Error"
    desk.scan("l1", "a6")
    desk.settled()
    assert [outcome for outcome, _ in desk.lines()][1:] == ["没有办成，再扫一次", "没有办·先扫卡再扫这册"]
    assert (desk.text("#outcome .do"), desk.tones()[-1]) == ("没有办成，再扫一次", 220)
    desk.keys(Keys.ESCAPE)
    desk.scan("a6")
    desk.settled()
    assert (desk.lines()[-1], desk.count(desk_action)) == (("还书·没有借出，上架", "a6"), 1)


def test_after_a_card_that_is_not_taken_nothing_is_done_for_the_reader_before(desk: Desk) -> None:
    desk.scan(GOOD)
    desk.settled()
    desk.line.delay = 0.5
    desk.scan(NOBODYS, "l1", "l2", GOOD, "l3")
    desk.settled()
    assert [outcome for outcome, _ in desk.lines()][1:] == [
        "读者卡·不认识这张卡",
        "没有办·先扫卡再扫这册",
        "没有办·先扫卡再扫这册",
        "可以借，扫书",
        "借出，12月31日前还",
    ]
    assert (desk.count(desk_action), desk.count(loan)) == (1, 1)


def test_behind_a_misread_card_no_book_passes_for_a_return_however_late_it_is_scanned(desk: Desk) -> None:
    desk.scan(GOOD)
    desk.settled()
    desk.scan(GOOD[:-1] + str((int(GOOD[-1]) + 1) % 10))
    desk.settled()
    desk.scan("l1")
    desk.settled()
    assert (desk.text("#outcome .do"), desk.text("#reader h2"), desk.count(desk_action)) == ("没有办，先扫卡", "先扫卡", 0)
    desk.keys("\n")  # of a scanner that ends its lines twice
    desk.scan("l2")
    desk.settled()
    assert (desk.text("#outcome .do"), desk.count(desk_action)) == ("没有办，先扫卡", 0)
    desk.keys(Keys.ESCAPE)
    desk.scan("a6")
    desk.settled()
    assert desk.text("#outcome .do") == "没有借出，上架"
    desk.scan(NOBODYS, GOOD, "l1")
    desk.settled()
    assert desk.count(loan, patron_id="good") == 1


def test_what_is_undone_stands_in_no_line_nor_does_its_second_scan(desk: Desk) -> None:
    desk.scan("a8", "a8", GOOD, "l1", "l1")
    desk.settled()
    desk.keys(Keys.F8)
    desk.settled()
    assert [barcode for _, barcode in desk.lines()] == ["a8", "a8", "", "l1"]  # the card's line has no number
    desk.keys(Keys.F8)
    desk.settled()
    assert ([outcome for outcome, _ in desk.lines()], desk.count(loan)) == (["可以借，扫书", "已撤销", "已撤销"], 0)


def test_what_was_done_last_is_undone_however_much_was_scanned_since(desk: Desk) -> None:
    desk.scan(GOOD, "l1", *(["l1"] * 24))
    desk.settled()
    assert desk.count(loan, state="open") == 1
    desk.keys(Keys.F8)
    desk.settled()
    assert (desk.text("#outcome .do"), desk.count(loan)) == ("已撤销", 0)


def test_who_is_signed_out_meanwhile_goes_on_where_it_was(desk: Desk) -> None:
    with desk.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM session")
    desk.scan("a6", "l1")
    desk.until("!document.querySelector('#trouble').hidden")
    assert "登录过期了" in desk.text("#trouble")
    first = desk.session.current_window_handle
    desk.find("#trouble a").click()
    WebDriverWait(desk.session, 20).until(number_of_windows_to_be(2))
    second = next(handle for handle in desk.session.window_handles if handle != first)
    desk.session.switch_to.window(second)
    desk.find("#who").send_keys("desk")
    desk.find("#secret").send_keys(PASSWORD)
    follow(desk.session, "main form .btn")
    desk.session.close()
    desk.session.switch_to.window(first)
    desk.find("#trouble .sign-in button").click()
    desk.settled()
    assert ([barcode for _, barcode in desk.lines()], desk.count(desk_action)) == (["a6", "l1"], 2)


def test_sound_is_kept_for_the_desk(desk: Desk) -> None:
    assert desk.text("#sound") == "声音开"
    desk.find("#sound").click()
    desk.find("#sound").click()
    assert desk.text("#sound") == "声音关"
    desk.session.refresh()
    assert desk.text("#sound") == "声音关"
    desk.scan("a6")
    desk.settled()
    assert desk.tones() == []
    desk.find("#sound").click()


def test_a_desk_without_script_does_the_same(desk: Desk) -> None:
    desk.session.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        desk.session.get(f"{desk.base}/desk")
        for code in (GOOD, "l1"):
            desk.find("#code").send_keys(code)
            follow(desk.session, "#scan .btn")
        assert (desk.text("#outcome .do"), desk.find("#sound").is_displayed()) == ("借出，12月31日前还", False)
        follow(desk.session, "#undo button")
        assert desk.text("#outcome .do") == "已撤销"
    finally:
        desk.session.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_receipt_is_as_wide_as_its_roll_and_alone_on_it(desk: Desk) -> None:
    desk.scan(GOOD, "l1", "l2")
    desk.settled()
    desk.keys(Keys.F9)
    desk.until("window.printed")
    settings = {"preferCSSPageSize": True}
    pdf = base64.b64decode(desk.session.execute_cdp_cmd("Page.printToPDF", settings)["data"])
    boxes = [tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)]
    assert [round(width / 72 * 25.4) for width, _ in boxes] == [72]
    desk.session.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = desk.session.execute_script("return document.body.innerText")
    finally:
        desk.session.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert ("鲁迅全集" in shown, "本台刚才" in shown, "借还台" in shown) == (True, False, False)


STATES: dict[str, tuple[str, ...]] = {
    "lent": (GOOD, "l1"),
    "sent on": ("l2", "l2"),
    "refused": (LATE, "l3"),
    "unknown": ("4711",),
    "not a card": (NOBODYS,),
}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_state_is_accessible(desk: Desk, width: int, language: str) -> None:
    desk.open("head", "JD-ZG")
    resize(desk.session, width, TALL)
    found = {}
    for name, codes in STATES.items():
        desk.session.get(f"{desk.base}/desk?lang={language}")
        desk.scan(*codes)
        desk.settled()
        found[name] = violations(desk.session)
    desk.session.get(f"{desk.base}/desk?choose=")
    found["choice"] = violations(desk.session)
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(("width", "type_wish"), [(320, "normal"), (390, "normal"), (390, "large"), (768, "normal"), (1280, "large")])
def test_on_narrow_screens_the_outcome_comes_first_and_nothing_runs_over(desk: Desk, width: int, type_wish: str) -> None:
    desk.session.add_cookie({"name": "type", "value": type_wish})
    desk.session.refresh()
    resize(desk.session, width, 844)
    desk.scan(LATE, "l1")
    desk.settled()
    assert desk.session.execute_script("return document.documentElement.scrollWidth") <= width
    top = {name: desk.find(name).rect["y"] for name in ("#scan", "#outcome", "#reader", ".log")}
    assert sorted(top, key=lambda name: top[name]) == list(top)
    small = desk.session.execute_script(
        "return [...document.querySelectorAll('main :is(a, button, label.chip, input:not([type=radio]))')]"
        ".filter(one => one.offsetHeight && one.offsetHeight < 44).map(one => one.outerHTML)"
    )
    assert small == []


def test_the_console_is_silent(desk: Desk) -> None:
    log(desk.session, "browser")
    desk.scan(GOOD, "l1")
    desk.settled()
    assert [noted["message"] for noted in log(desk.session, "browser")] == []

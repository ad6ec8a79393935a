"""The desk without its script: every button is a form, one scan a request, and the same form sent twice acts once."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from api.resources.operation import OFFICE
from tests.api.signing_in import CARD, Library
from tests.api.test_pages import Page, parsed, text
from union_catalog.context import command_line
from union_catalog.patrons.cards import card_number
from union_catalog.services import sessions, staff
from union_catalog.services.patrons.codes import new_code
from union_catalog.services.staff import NewMember
from union_catalog.storage.tables import branch, credential, desk_action, hold, item, loan, patron, stray_item

AT_HOME = {"Sec-Fetch-Site": "same-origin"}
SINCE = "2026-01-01T00:00:00.000000Z"
OURS = card_number(42)


@pytest.fixture
def library(library: Library) -> Library:
    """With two members of staff, a second branch, and the reader signed in."""
    with library.database.write() as connection:
        shown = {"issuer": "", "kind": "card", "patron_id": "reader", "state": "valid", "issued_at": SINCE}
        connection.execute(insert(credential).values(number=OURS, **shown))
        connection.execute(insert(branch).values(code="JD-2", library="JD", name="总馆", name_en="Main", kind="main"))
        for name, roles in (("desk", ("circulation",)), ("head", ("manager",))):
            new = NewMember(username=name, library="JD", branches=(), roles=roles)
            member = staff.add(connection, library.clock, command_line(library.clock), new)
            sessions.begin(connection, library.clock, f"us_{name}", "staff", member.id, "JD-1")
        sessions.begin(connection, library.clock, "us_reader", "patron", "reader")
    return library


@dataclass
class Desk:
    """A window at the desk: what is typed goes into the form of the page that was shown last."""

    app: Flask
    who: str = "desk"
    client: FlaskClient = field(init=False)
    shown: Page = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.client.set_cookie("session", f"us_{self.who}")
        self.open()

    def open(self, address: str = "/desk") -> TestResponse:
        answer = self.client.get(address)
        self.shown = parsed(answer.text)
        return answer

    def send(self, selector: str, **typed: str) -> TestResponse:
        form = self.shown.cssselect(selector)[0]
        kept = [(str(name), str(value)) for name, value in form.form_values() if name not in typed]
        return self.post(MultiDict([*kept, *typed.items()]))

    def post(self, data: MultiDict[str, str] | dict[str, str]) -> TestResponse:
        answer = self.client.post("/desk", data=data, headers=AT_HOME)
        self.shown = parsed(answer.text)
        return answer

    def scan(self, code: str, **typed: str) -> str:
        """The instruction that the panel then shows."""
        self.send("#scan", code=code, **typed)
        return self.instruction

    @property
    def instruction(self) -> str:
        return text(self.shown.cssselect("#outcome .do")[0])

    @property
    def case(self) -> str:
        return text(self.shown.cssselect("#outcome .kind .mono")[0])

    @property
    def tone(self) -> str:
        return str(self.shown.cssselect("#outcome .outcome")[0].get("class")).split()[-1]

    def part(self, selector: str) -> str:
        return " ".join(text(found) for found in self.shown.cssselect(selector))

    def lines(self) -> list[str]:
        return [text(row) for row in self.shown.cssselect("#log tr")]


@pytest.fixture
def desk(library: Library) -> Desk:
    return Desk(library.app)


def sign_in_again(library: Library, secret: str, branch_code: str) -> None:
    """The member of staff "desk", by another session."""
    with library.database.write() as connection:
        member = staff.require(connection, "desk")
        sessions.begin(connection, library.clock, f"us_{secret}", "staff", member.id, branch_code)


def count(library: Library, table: object, **columns: object) -> int:
    with library.database.read() as connection:
        statement = select(func.count()).select_from(table)  # type: ignore[arg-type]  # any of the tables
        return int(connection.execute(statement.filter_by(**columns)).scalar_one())


def test_a_reader_borrows_two_books_and_takes_a_receipt(library: Library, desk: Desk) -> None:
    assert desk.scan(OURS) == "可以借，扫书"
    assert (desk.tone, f"尾号{OURS[-4:]}" in desk.part("#reader h2"), "还可借" in desk.part("#reader")) == ("ok", True, True)
    assert desk.shown.cssselect("#code")[0].get("value") is None
    first = desk.scan("b3")
    assert (first.startswith("借出"), desk.case, "围城" in desk.part("#outcome .what")) == (True, "CO-1", True)
    assert "已借1册" in desk.part("#reader")
    desk.scan("b2")
    assert desk.lines() == [f"09:00:00借出，12月31日前还{book}" for book in ("红楼梦b2", "围城b3")]
    receipt = parsed(desk.client.get(str(desk.shown.cssselect("[data-receipt]")[0].get("href"))).text)
    said = text(receipt.cssselect(".receipt")[0])
    for word in ("围城", "红楼梦", "应还 12月31日周四", "共2册", f"卡尾号{OURS[-4:]}", "任一馆都可以还"):
        assert word in said
    assert OURS not in desk.shown.text_content()
    assert count(library, loan, state="open") == 2


def test_what_was_done_on_another_day_is_told_with_its_day(library: Library, desk: Desk) -> None:
    desk.scan("b3")
    assert desk.lines()[0].startswith("09:00:00")
    library.clock.advance(timedelta(days=1))
    sign_in_again(library, "desk_tomorrow", "JD-1")
    assert Desk(library.app, "desk_tomorrow").lines()[0].startswith("12月1日周二 09:00")


def test_a_return_needs_no_reader_and_a_second_scan_is_told_the_first(library: Library, desk: Desk) -> None:
    desk.scan(OURS)
    desk.scan("b3")
    desk.send("#reader form:has([value=end])")
    assert "还没有读者" in desk.part("#reader")
    assert (desk.scan("b3"), desk.case, desk.tone) == ("上架", "CI-1", "ok")
    assert (desk.scan("b3"), desk.case, desk.tone) == ("上架", "CI-19", "still")
    assert "不重复记" in desk.part("#outcome")
    assert count(library, desk_action, action="check_in") == 1


def test_the_same_form_sent_twice_acts_once(library: Library, desk: Desk) -> None:
    form = desk.shown.cssselect("#scan")[0]
    data = {**{str(name): str(value) for name, value in form.form_values()}, "code": "b3"}
    desk.post(data)
    first = desk.part("#outcome .outcome")
    library.clock.advance(timedelta(minutes=5))  # long after it would pass for a second scan
    desk.post(data)
    assert desk.part("#outcome .outcome") == first
    assert count(library, desk_action) == 1
    desk.post({**data, "code": "b2"})  # another scan from the page before is a scan of its own
    assert count(library, desk_action) == 2


def test_what_a_desk_did_it_takes_back(library: Library, desk: Desk) -> None:
    desk.scan(OURS)
    desk.scan("b3")
    desk.scan("b2")
    desk.send("#undo")
    assert (desk.instruction, desk.case) == ("已撤销", "UN-1")
    desk.send("#undo")
    assert count(library, loan) == 0
    assert "已借0册" in desk.part("#reader")
    desk.send("#undo")
    assert desk.instruction == "没有可撤销的"


def block_reader(library: Library) -> None:
    with library.database.write() as connection:
        connection.execute(update(patron).values(expires_on="2026-01-31", credit=10))


def test_a_refusal_lists_everything_and_who_may_goes_past_it(library: Library) -> None:
    block_reader(library)
    desk = Desk(library.app)
    assert (desk.scan(OURS), desk.tone) == ("有限制，先看原因", "stop")
    assert "读者证已过期" in desk.part("#reader .blocks")
    assert "还可借" not in desk.part("#reader")
    assert (desk.scan("b3"), desk.tone, desk.case) == ("不能借，先办续证", "stop", "CO-13")
    told = desk.part("#outcome .blocks")
    for word in ("读者证已过期", "信用分10，低于20", "需要押金", "解除：", "嘉定区图书馆"):
        assert word in told
    assert (desk.shown.cssselect(".override"), "请主管来办" in desk.part("#outcome")) == ([], True)
    head = Desk(library.app, "head")
    head.scan(OURS)
    head.scan("b3")
    head.send(".override", reason="")
    assert count(library, loan) == 0
    head.send(".override", reason="学校集体借书")
    assert (head.case, head.tone) == ("CO-5", "ok")
    assert count(library, loan, state="open") == 1


def test_a_number_of_a_card_and_of_an_item_is_asked_about(library: Library, desk: Desk) -> None:
    with library.database.write() as connection:
        connection.execute(update(item).where(item.c.barcode == "b3").values(barcode=CARD))
    desk.scan(OURS)
    assert (desk.scan(CARD), desk.tone) == ("问：是卡还是书", "wait")
    assert count(library, desk_action) == 0
    desk.send("#outcome form:has([value=item])")
    assert desk.case == "CO-1"
    desk.open()
    desk.scan(CARD)
    desk.send("#outcome form:has([value=card])")
    assert "持卡人" in desk.part("#reader h2")
    desk.open()
    assert (desk.scan(CARD, mode="return"), desk.case) == ("上架", "CI-1")


@pytest.mark.parametrize(
    ("code", "said"),
    [(f"{OURS[:-1]}{(int(OURS[-1]) + 1) % 10}", "末位不符，再扫一次"), (card_number(43), "不认识这张卡"), ("UC1-X", "不是本网的码")],
)
def test_a_card_that_is_not_taken_lets_go_of_the_reader_before(library: Library, desk: Desk, code: str, said: str) -> None:
    desk.scan(OURS)
    assert desk.scan(code) == said
    panel = desk.shown.cssselect("#outcome .outcome")[0]
    assert (panel.get("data-session"), panel.get("data-holds-up")) == ("", "")
    assert "先扫卡" in desk.part("#reader")
    assert count(library, stray_item) == 0
    for book in ("b3", "4711"):
        assert desk.scan(book) == "没有办，先扫卡"
    assert (count(library, desk_action), count(library, stray_item)) == (0, 0)
    desk.send("#reader form:has([value=end])")
    assert (desk.scan("b3"), desk.case) == ("没有借出，上架", "CI-11")


@pytest.mark.parametrize("code", [OURS, CARD])
def test_where_items_alone_are_taken_no_card_gets_among_them(library: Library, desk: Desk, code: str) -> None:
    assert desk.scan(code, mode="return") == "这是卡，不是书"
    assert (count(library, stray_item), count(library, desk_action)) == (0, 0)
    assert (desk.scan("4711", mode="return"), desk.tone) == ("收下，放待查架", "wait")
    assert count(library, stray_item) == 1


def test_a_barcode_of_two_libraries_is_asked_about(desk: Desk) -> None:
    assert desk.scan("b1") == "问：是哪家馆的书"
    assert [text(button) for button in desk.shown.cssselect("#outcome button")] == ["嘉定区图书馆", "嘉兴市图书馆"]
    desk.send("#outcome form:has([value=JD])")
    assert desk.case == "CI-11"


def test_a_page_of_another_desk_does_nothing_and_says_where_whoever_signed_in_stands(library: Library, desk: Desk) -> None:
    assert desk.shown.cssselect("#scan [name=at]")[0].get("value") == "JD-1"
    answer = desk.send("#scan", code="b3", at="JX-1")
    assert (answer.status_code, desk.instruction) == (409, "没有办，馆点换了")
    assert count(library, desk_action) == 0
    assert (desk.scan("b3"), count(library, desk_action)) == ("没有借出，上架", 1)


def test_a_phone_is_read_once_and_read_twice_it_is_the_same_reader(library: Library, desk: Desk) -> None:
    code, _ = new_code(library.app.extensions[OFFICE], "reader")  # type: ignore[arg-type]  # an id
    assert desk.scan(code) == "可以借，扫书"
    session = desk.shown.cssselect("#scan [name=session]")[0].get("value")
    desk.scan(code)
    assert desk.shown.cssselect("#scan [name=session]")[0].get("value") == session != ""
    desk.open()
    assert desk.scan(code) == "码用过了，请换一张"


def test_a_reader_who_has_stood_there_too_long_is_asked_again(library: Library, desk: Desk) -> None:
    desk.scan(OURS)
    library.clock.advance(timedelta(minutes=16))
    assert desk.scan("b3") == "时间过了，再扫卡"
    assert desk.shown.cssselect("#outcome [data-holds-up]")
    assert count(library, loan) == 0


def test_a_reader_whose_quota_is_full_is_told_when_the_card_is_read(library: Library, desk: Desk) -> None:
    desk.scan(OURS)
    desk.scan("b3")
    with library.database.write() as connection:  # nine more of the same
        lent = dict(connection.execute(select(loan)).mappings().one())
        book = dict(connection.execute(select(item).where(item.c.id == lent["item_id"])).mappings().one())
        for number in range(9):
            connection.execute(insert(item).values(book | {"id": f"more-{number}", "barcode": f"more-{number}"}))
            connection.execute(insert(loan).values(lent | {"id": f"more-{number}", "item_id": f"more-{number}"}))
    desk.open()
    assert (desk.scan(OURS), desk.tone) == ("已借满，先还再借", "stop")


def test_renewing_one_and_all(library: Library, desk: Desk) -> None:
    desk.scan(OURS)
    desk.scan("b3")
    desk.scan("b2")
    library.clock.advance(timedelta(days=20))
    sign_in_again(library, "later", "JD-1")
    desk = Desk(library.app, "later")
    assert (desk.scan("b3", mode="renew")[:4], desk.case) == ("已续借到", "RN-1")
    assert desk.shown.cssselect("[name=mode][value=renew][checked]")
    assert (desk.scan("b1", mode="renew"), desk.tone) == ("问：是哪家馆的书", "wait")
    desk.scan(OURS, mode="auto")
    desk.send("#reader form:has([value=renew_all])")
    assert desk.instruction == "续了1册"
    assert "b3：不能续借" in desk.part("#outcome .note")


def test_what_waits_on_the_shelf_is_said_at_once(library: Library, desk: Desk) -> None:
    with library.database.write() as connection:
        item_id = connection.execute(select(item.c.id).where(item.c.barcode == "b3")).scalar_one()
        row = {"id": "hold1", "sequence": 1, "patron_id": "reader", "union_id": "u", "item_id": item_id, "pickup_branch": "JD-1"}
        connection.execute(insert(hold).values(**row, state="on_shelf", placed_at=SINCE, shelf_until="2026-12-05"))
    assert (desk.scan(OURS), desk.tone) == ("预约架有1册", "held")
    assert "围城，留到12月5日" in desk.part("#reader .held")


def test_whoever_may_stand_at_several_branches_says_at_which(library: Library) -> None:
    sign_in_again(library, "nowhere", "")
    desk = Desk(library.app, "nowhere")
    assert [choice.get("value") for choice in desk.shown.cssselect("option")] == ["JD-1", "JD-2"]
    form = dict(desk.shown.cssselect("main form")[0].form_values())
    refused = desk.client.post("/desk/branch", data={**form, "branch": "JX:ZG"}, headers=AT_HOME)
    assert refused.status_code in (403, 404)
    assert desk.client.post("/desk/branch", data={**form, "branch": "JD-2"}, headers=AT_HOME).location == "/desk"
    desk.open()
    assert "嘉定区图书馆 总馆" in desk.part(".place-bar")
    assert desk.scan("b3") == "没有借出，送菊园我嘉书房"
    assert "送往嘉定区图书馆 菊园我嘉书房。" in desk.part("#outcome")


def test_who_may_see_a_desk(library: Library) -> None:
    assert library.app.test_client().get("/desk").location == "/sign-in?back=/desk"
    reader = library.app.test_client()
    reader.set_cookie("session", "us_reader")
    assert reader.get("/desk").status_code == 403
    other = Desk(library.app)
    other.scan(OURS)
    session = str(other.shown.cssselect("#scan [name=session]")[0].get("value"))
    with library.database.write() as connection:
        new = NewMember(username="far", library="JX", branches=(), roles=("circulation",))
        member = staff.add(connection, library.clock, command_line(library.clock), new)
        sessions.begin(connection, library.clock, "us_far", "staff", member.id)
    far = library.app.test_client()
    far.set_cookie("session", "us_far")
    assert far.get(f"/desk/receipt?session={session}").status_code == 403
    assert "持卡人" not in far.get(f"/desk?session={session}").text


def test_a_form_from_elsewhere_does_nothing(library: Library, desk: Desk) -> None:
    data = dict(desk.shown.cssselect("#scan")[0].form_values())
    assert desk.client.post("/desk", data={**data, "code": "b3"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert desk.client.post("/desk", data={**data, "code": "b3", "csrf_token": "x"}, headers=AT_HOME).status_code == 403
    assert count(library, desk_action) == 0


def test_the_script_is_sent_the_parts_alone(desk: Desk) -> None:
    data = {**dict(desk.shown.cssselect("#scan")[0].form_values()), "code": "b3"}
    answer = desk.client.post("/desk", data=data, headers={**AT_HOME, "X-Desk": "1"})
    assert (answer.status_code, answer.headers["X-Desk"], "<html" in answer.text) == (200, "answered", False)
    parts = parsed(answer.text)
    assert {part.get("data-part") for part in parts.cssselect("[data-part]")} == {"outcome", "reader", "line"}
    assert parts.cssselect("tr[data-event]")[0].get("data-event")


def test_a_desk_speaks_english(desk: Desk) -> None:
    desk.open("/desk?lang=en")
    assert desk.scan(OURS) == "May borrow; scan items"
    assert desk.scan("b3").startswith("Lend; due")
    assert "Fortress" not in desk.part("#outcome")
    page = desk.part("main")
    assert not any("一" <= sign <= "鿿" for sign in page.replace("围城", "").replace("菊园我嘉书房", "").replace("嘉定区图书馆", ""))

"""What staff do with readers on pages, without script: who sees what, who may do what, and that a form sent twice acts once."""

from datetime import date, timedelta

import pytest

from api.auth import SESSION_COOKIE
from tests.api.staff_room import Staff, StaffRoom, charged, filled, page_of, rows
from tests.api.test_pages import parsed, text
from union_catalog.services import blocks, objections
from union_catalog.services.patrons import lookup
from union_catalog.services.patrons.office import require
from union_catalog.storage.tables import account_entry, block

RESIDENT = "11010519491231002X"  # the example of GB 11643
PIN = "314159"


@pytest.fixture
def desk(room: StaffRoom) -> Staff:
    return room.client("circulation")


@pytest.fixture
def manager(room: StaffRoom) -> Staff:
    return room.client("manager")


@pytest.fixture
def elsewhere(room: StaffRoom) -> Staff:
    return room.client("circulation", "JX")


class TestFinding:
    """There is no list of readers."""

    def test_a_card_leads_to_its_reader_and_stands_in_no_address(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol()
        answer = desk.send("/staff/patrons", "/staff/patrons", card=f" {reader.card[:4]} {reader.card[4:]} ")
        assert (answer.status_code, answer.location) == (303, page_of(reader.patron.id))

    def test_a_number_that_was_misread_is_said_beside_the_field(self, room: StaffRoom, desk: Staff) -> None:
        card = room.enrol().card
        wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
        answer = desk.send("/staff/patrons", "/staff/patrons", card=wrong)
        page = parsed(answer.text)
        assert answer.status_code == 422
        assert page.get_element_by_id("find-card").get("value") == wrong
        assert page.get_element_by_id("find-card").get("aria-invalid") == "true"

    def test_namesakes_of_one_day_are_listed_masked_where_they_are_another_library_s(self, room: StaffRoom, desk: Staff) -> None:
        room.enrol()
        room.enrol(library="JX", home_branch="JX-ZG")
        form = {**desk.form("/staff/patrons", "/staff/patrons"), "name": "王小明", "birth_date": "1990-05-01"}
        form.pop("card")
        page = parsed(desk.post("/staff/patrons", form).text)
        assert sorted(text(name) for name in page.cssselect(".name a")) == ["王**", "王小明"]

    def test_nobody_is_said_to_be_nobody(self, desk: Staff) -> None:
        answer = desk.send("/staff/patrons", "/staff/patrons", card="没有这张卡")
        assert answer.status_code == 404
        assert desk.client.get(page_of("nobody")).status_code == 404


class TestSeeing:
    """The home library's staff see everything; others what stands in the way, and their own items."""

    @pytest.fixture
    def reader(self, room: StaffRoom) -> str:
        enrolled = room.enrol(email="wang@example.org", document=room.document(RESIDENT))
        room.lend(enrolled.card, "a8", "JD-JY")
        room.lend(enrolled.card, "a7", "JX-ZG")
        return enrolled.patron.id

    def test_at_home(self, desk: Staff, reader: str) -> None:
        page = desk.page(page_of(reader))
        told = text(page)
        assert text(page.cssselect("h1")[0]) == "王小明"
        assert {"围城", "时间简史 插图本", "wang@example.org", "信用分 100"} <= {word for word in WORDS if word in told}
        assert "没有限制，可以借书" in told

    def test_elsewhere(self, elsewhere: Staff, reader: str) -> None:
        page = elsewhere.page(page_of(reader))
        told = text(page)
        assert text(page.cssselect("h1")[0]) == "王**"
        assert "这是别馆的读者" in told
        assert {word for word in WORDS if word in told} == {"时间简史 插图本"}
        assert "另有1册是别馆的书" in told
        for action in ("credit", "erase", "export"):
            assert action not in "".join(element.get("action") or element.get("href") or "" for element in page.cssselect("form, a"))

    def test_no_answer_is_kept_anywhere(self, desk: Staff, reader: str) -> None:
        for address in (page_of(reader), "/staff/patrons", "/staff/enrol", "/staff/items", "/staff"):
            assert desk.client.get(address).headers["Cache-Control"] == "no-store"

    def test_who_has_not_signed_in_is_sent_to_sign_in_and_readers_are_not_let_in(self, room: StaffRoom, reader: str) -> None:
        client = room.app.test_client()
        answer = client.get(page_of(reader))
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
        client.set_cookie(SESSION_COOKIE, room.secret("cataloguing"))
        assert client.get(page_of(reader)).status_code == 403
        assert client.get("/staff").status_code == 200


WORDS = ("围城", "时间简史 插图本", "wang@example.org", "信用分 100")


class TestActing:
    """Each form takes effect once, and says what was wrong beside it."""

    def test_a_block_that_is_sent_twice_is_set_once(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol().patron.id
        form = desk.form(page_of(reader), f"{page_of(reader)}/blocks", reason="书页被撕")
        answers = [desk.post(f"{page_of(reader)}/blocks", form) for _ in range(2)]
        assert {(answer.status_code, answer.location) for answer in answers} == {(303, f"{page_of(reader)}?done=block")}
        assert rows(room, block) == 1
        page = desk.page(f"{page_of(reader)}?done=block")
        assert "限制已设" in text(page.cssselect('[role="status"]')[0])
        assert "书页被撕" in text(page)

    def test_the_same_form_filled_in_otherwise_is_another_command(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol().patron.id
        form = desk.form(page_of(reader), f"{page_of(reader)}/blocks", reason="一")
        for reason in ("一", "二"):
            desk.post(f"{page_of(reader)}/blocks", {**form, "reason": reason})
        assert rows(room, block) == 2

    def test_a_form_without_its_key_does_nothing(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol().patron.id
        form = desk.form(page_of(reader), f"{page_of(reader)}/blocks", reason="一")
        answer = desk.post(f"{page_of(reader)}/blocks", {**form, "key": ""})
        assert (answer.status_code, rows(room, block)) == (400, 0)

    def test_what_is_refused_keeps_what_was_typed_and_can_be_sent_again(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol().patron.id
        yesterday = (room.clock.now().date() - timedelta(days=1)).isoformat()
        answer = desk.send(page_of(reader), f"{page_of(reader)}/blocks", reason="书页被撕", until=yesterday)
        page = parsed(answer.text)
        assert answer.status_code == 422
        assert page.get_element_by_id("act-block").get("open") is not None
        assert page.get_element_by_id("block-until").get("aria-invalid") == "true"
        form = filled(page, f"{page_of(reader)}/blocks", until="")
        assert form["reason"] == "书页被撕"
        assert desk.post(f"{page_of(reader)}/blocks", form).status_code == 303

    def test_the_address_of_a_form_leads_back_to_its_page(self, room: StaffRoom, desk: Staff, manager: Staff) -> None:
        reader = room.enrol().patron.id
        assert desk.client.get(f"{page_of(reader)}/blocks").location == page_of(reader)
        assert desk.client.get(f"{page_of(reader)}/blocks/x/lift").location == page_of(reader)
        assert desk.client.get("/staff/items/JD/a8/say").location == "/staff/items/JD/a8"
        assert manager.client.get("/staff/objections/x").location == "/staff/objections#o-x"

    def test_a_block_is_lifted_by_the_library_that_set_it(self, room: StaffRoom, desk: Staff, elsewhere: Staff) -> None:
        reader = room.enrol().patron.id
        with room.database.write() as connection:
            asked = blocks.Asked(reason="r")
            made = blocks.enter(connection, room.clock, room.desk(), room.office.timezone, reader, asked)
        lifting = f"{page_of(reader)}/blocks/{made.block.id}/lift"
        assert lifting not in [form.get("action") for form in elsewhere.page(page_of(reader)).cssselect("form")]
        page = desk.done(page_of(reader), lifting, reason="已修补")
        assert "没有限制，可以借书" in text(page)

    def test_renewals_are_told_loan_by_loan(self, room: StaffRoom) -> None:
        enrolled = room.enrol()
        room.lend(enrolled.card, "a8", "JD-JY")
        room.lend(enrolled.card, "a6", "JD-ZG")
        room.clock.advance(timedelta(days=10))
        desk = room.client("circulation")
        page = desk.done(page_of(enrolled.patron.id), f"{page_of(enrolled.patron.id)}/renewals")
        assert text(page).count("已续借") == 2
        again = desk.done(page_of(enrolled.patron.id), f"{page_of(enrolled.patron.id)}/renewals")
        assert "没有续：" in text(again)

    def test_a_lost_card_is_replaced_and_frozen(self, room: StaffRoom, desk: Staff) -> None:
        enrolled = room.enrol()
        page = desk.done(page_of(enrolled.patron.id), f"{page_of(enrolled.patron.id)}/cards", reason="lost")
        cards = [text(line) for line in page.cssselect("aside .panel li.place")]
        assert [("已挂失" in card, "有效" in card) for card in cards] == [(False, True), (True, False)]
        with room.database.read() as connection:
            assert lookup.by_card(connection, room.office, enrolled.card).state == "lost"

    def test_a_pin_is_set_by_six_digits(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol().patron.id
        assert desk.send(page_of(reader), f"{page_of(reader)}/pin", pin="12345").status_code == 422
        assert "密码已重设" in text(desk.done(page_of(reader), f"{page_of(reader)}/pin", pin=PIN))

    def test_a_card_is_renewed_and_a_record_changed(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol().patron.id
        form = next(
            filled_form
            for filled_form in desk.page(page_of(reader)).cssselect("form")
            if filled_form.get("action") == page_of(reader) and "expires_on" in dict(filled_form.form_values())
        )
        assert desk.post(page_of(reader), dict(form.form_values())).status_code == 303
        with room.database.read() as connection:
            assert require(connection, reader).expires_on == date(2031, 11, 23)

    def test_who_enrolled_online_is_confirmed(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol(at_desk=False).patron.id
        assert "还没有核实" in text(desk.page(page_of(reader)))
        assert "已核实，可以借书" in text(desk.done(page_of(reader), f"{page_of(reader)}/confirm"))

    def test_points_are_entered_with_a_reason(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol().patron.id
        page = desk.done(page_of(reader), f"{page_of(reader)}/credit", cause="conduct", points="15", reason="在书上写字")
        assert text(page.get_element_by_id("h-credit")) == "信用分 85"
        assert "-15 行为不当 · 在书上写字" in text(page)


class TestMoney:
    """Taken once, with a receipt that names nobody."""

    def test_a_deposit_leads_to_its_receipt(self, room: StaffRoom, desk: Staff) -> None:
        enrolled = room.enrol()
        form = desk.form(
            page_of(enrolled.patron.id), f"{page_of(enrolled.patron.id)}/payments", kind="deposit", amount="100", branch="JD-JY"
        )
        for _ in range(2):
            answer = desk.post(f"{page_of(enrolled.patron.id)}/payments", form)
        assert answer.location.startswith("/branches/JD-JY/receipts/JD-JY-20261123-0001?")
        page = desk.page(answer.location)
        told = text(page.cssselect(".receipt")[0])
        told_of = ("收押金", "100.00元", f"卡尾号{enrolled.card[-4:]}", "JD-JY-20261123-0001")
        assert [word for word in (*told_of, "王小明") if word not in told] == ["王小明"]
        assert rows(room, account_entry) == 1

    @pytest.mark.parametrize("amount", ["", "abc", "-5", "1.234", "99999999", "0"])
    def test_what_is_no_amount_is_not_taken(self, room: StaffRoom, desk: Staff, amount: str) -> None:
        reader = room.enrol().patron.id
        answer = desk.send(page_of(reader), f"{page_of(reader)}/payments", kind="deposit", amount=amount, branch="JD-JY")
        assert (answer.status_code, rows(room, account_entry)) == (422, 0)
        assert parsed(answer.text).get_element_by_id("pay-amount").get("value") == amount

    def test_only_managers_are_offered_a_waiver(self, room: StaffRoom, desk: Staff, manager: Staff) -> None:
        enrolled = room.enrol()
        room.lend(enrolled.card, "a8", "JD-JY")
        reader = enrolled.patron.id
        charged(room, reader, 500)
        kinds = [option.get("value") for option in desk.page(page_of(reader)).cssselect("#pay-kind option")]
        assert "waiver" not in kinds
        forged = {**desk.form(page_of(reader), f"{page_of(reader)}/payments", amount="5", branch="JD-JY"), "kind": "waiver", "reason": "r"}
        assert desk.post(f"{page_of(reader)}/payments", forged).status_code == 403
        told = {"kind": "waiver", "amount": "5.00", "branch": "JD-JY", "reason": "初犯"}
        assert "免收" in text(manager.done(page_of(reader), f"{page_of(reader)}/payments", **told))
        assert "欠款0.00元" in text(manager.page(page_of(reader)))

    def test_another_library_s_receipt_is_not_shown(self, room: StaffRoom, desk: Staff, elsewhere: Staff) -> None:
        reader = room.enrol().patron.id
        answer = desk.send(page_of(reader), f"{page_of(reader)}/payments", kind="deposit", amount="1", branch="JD-JY")
        assert elsewhere.client.get(answer.location).status_code == 403
        assert desk.client.get("/branches/JD-JY/receipts/none").status_code == 404


def test_an_objection_is_decided_by_a_manager_who_did_not_set_the_block(room: StaffRoom, manager: Staff, desk: Staff) -> None:
    reader = room.enrol().patron.id
    with room.database.write() as connection:
        asked = blocks.Asked(reason="书页被撕")
        made = blocks.enter(connection, room.clock, room.desk(), room.office.timezone, reader, asked)
        said = objections.make(connection, room.clock, room.desk(), reader, "block", made.block.id, "借来时就是这样")
    assert desk.client.get("/staff/objections").status_code == 403
    waiting = manager.page("/staff/objections")
    assert "借来时就是这样" in text(waiting)
    assert "书页被撕" in text(waiting)
    form = filled(waiting, f"/staff/objections/{said.id}", answer="照片证明属实")
    page = parsed(manager.post(f"/staff/objections/{said.id}", {**form, "decision": "upheld", "answer": " "}).text)
    assert page.cssselect('[role="alert"]')
    assert manager.post(f"/staff/objections/{said.id}", {**form, "decision": "upheld"}).location == "/staff/objections?done=decide"
    told = text(manager.page(page_of(reader)))
    assert "没有限制，可以借书" in told
    assert "照片证明属实" in told

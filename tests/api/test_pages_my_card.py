"""My card without script: the code, loans and renewals, what stands in the way, choices, leaving; and getting a card."""

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from tests.api.my_library import Reader, after, give_back, lend, office_of, submit, take_on
from tests.api.signing_in import PASSWORD, PIN, Library
from tests.api.test_pages import parsed, text
from union_catalog.context import command_line
from union_catalog.errors import NotAuthenticated
from union_catalog.ids import BranchCode, LibraryCode
from union_catalog.patrons.accounts import Payment
from union_catalog.services import accounts, blocks, credit
from union_catalog.services.accounts import Till
from union_catalog.services.blocks import Asked as BlockAsked
from union_catalog.services.credit import Change
from union_catalog.services.patrons import pins
from union_catalog.storage.tables import loan, objection, patron, person

ZONE = ZoneInfo("Asia/Shanghai")


def again(library: Library, reader: Reader) -> Reader:
    """Signed in anew: a session does not outlast a day."""
    client = library.app.test_client()
    page = parsed(client.get("/sign-in").text)
    assert submit(client, page, "/sign-in", {"who": reader.card, "secret": PIN}).status_code == 303
    return Reader(client, reader.card, reader.id)


class TestCard:
    def test_the_code_is_one_that_desks_take_for_a_minute(self, library: Library, reader: Reader) -> None:
        answer = reader.client.get("/me")
        assert answer.headers["Cache-Control"] == "no-store"
        page = parsed(answer.text)
        assert page.cssselect("#code svg path")
        assert page.get_element_by_id("code").get("data-lasts") == "60"
        assert "有效到09:01:00" in text(page.get_element_by_id("code"))
        assert text(page.cssselect(".library-card .no")[0]).replace(" ", "") == reader.card
        drawing = page.cssselect("#code svg path")[0].get("d")
        other = parsed(reader.client.get("/me").text).cssselect("#code svg path")[0].get("d")
        assert drawing != other

    def test_the_page_takes_a_new_code_alone(self, reader: Reader) -> None:
        answer = reader.client.get("/me/code")
        assert answer.headers["Cache-Control"] == "no-store"
        assert parsed(answer.text).get("id") == "code"

    def test_nothing_on_loan_leads_to_the_search(self, reader: Reader) -> None:
        page = reader.page("/me")
        assert text(page.cssselect(".empty")[0]) == "手头没有书。去找一本？"
        assert page.cssselect(".empty a")[0].get("href") == "/"

    def test_loans_say_when_they_are_due_and_what_is_left(self, library: Library, reader: Reader) -> None:
        lend(library, reader.card)
        line = reader.page("/me").cssselect("li.due")[0]
        assert text(line.cssselect("h3")[0]) == "红楼梦"
        assert line.cssselect("h3 a")[0].get("href").startswith("/records/")
        assert line.cssselect(".st")[0].get("class") == "st still"
        assert text(line.cssselect(".st")[0]).startswith("应还12月")
        assert "嘉定区图书馆 菊园我嘉书房" in text(line)

    @pytest.mark.parametrize(
        ("before_due", "tone", "said"), [(4, "still", "应还"), (3, "wait", "应还"), (0, "wait", "今天应还"), (-1, "stop", "已过期")]
    )
    def test_the_colour_of_a_due_date(self, library: Library, reader: Reader, before_due: int, tone: str, said: str) -> None:
        loan_id = lend(library, reader.card)
        with library.database.read() as connection:
            due = date.fromisoformat(connection.execute(select(loan.c.due_date).where(loan.c.id == loan_id)).scalar_one())
        after(library, (due - date(2026, 12, 1)).days - before_due)
        look = again(library, reader).page("/me").cssselect("li.due .st")[0]
        assert look.get("class") == f"st {tone}"
        assert said in text(look)

    def test_a_stranger_is_asked_who_and_staff_have_no_card(self, library: Library) -> None:
        client = library.app.test_client()
        asked = client.get("/me")
        assert asked.location == "/sign-in?back=/me"
        page = parsed(client.get(asked.location).text)
        submit(client, page, "/sign-in", {"who": "zhang", "secret": PASSWORD})
        assert client.get("/me").status_code == 403
        assert not parsed(client.get("/").text).cssselect('a[href="/me"]')

    def test_the_home_page_says_what_is_due(self, library: Library, reader: Reader) -> None:
        lend(library, reader.card)
        doors = [text(door) for door in reader.page("/").cssselect(".doors a")]
        assert doors[0] == "我的卡1册在手"
        assert doors[1].startswith("续借最近一册：应还12月")
        assert reader.client.get("/").headers["Cache-Control"] == "private, no-cache"
        stranger = library.app.test_client().get("/")
        assert "册在手" not in stranger.text
        assert parsed(stranger.text).cssselect('.doors a[href="/join"]')


class TestRenewing:
    def test_one_loan_is_renewed_once_however_often_it_is_sent(self, library: Library, reader: Reader) -> None:
        lend(library, reader.card)
        after(library, 10)
        reader = again(library, reader)
        page = reader.page("/me")
        sent = [submit(reader.client, page, "/me/renewals") for _ in range(3)]
        assert len({answer.location for answer in sent}) == 1
        shown = reader.page(sent[0].location.partition("#")[0])
        assert text(shown.cssselect("[role=status] b")[0]) == "续好了1册。"
        assert text(shown.cssselect("li.due .st.ok")[0]).startswith("已续借，应还")
        with library.database.read() as connection:
            assert connection.execute(select(loan.c.renewals)).scalar_one() == 1

    def test_all_are_answered_one_by_one_with_reasons(self, library: Library, reader: Reader) -> None:
        lend(library, reader.card, "b1")
        after(library, 10)
        lend(library, reader.card, "b3")
        reader = again(library, reader)
        address = submit(reader.client, reader.page("/me"), "/me/renewals").location
        shown = reader.page(address.partition("#")[0])
        assert text(shown.cssselect("[role=status] b")[0]) == "2册里续好了1册，没续成的写着原因。"
        assert [text(line) for line in shown.cssselect("li.due .early")] == ["没有续成：现在续借，日期不会更晚"]
        assert len(shown.cssselect("li.due .st.ok")) == 1

    def test_what_an_address_says_of_others_loans_is_not_shown(self, reader: Reader) -> None:
        page = reader.page("/me?r=nobody:ok&r=x:no_such_code&r=&r=%3A")
        assert not page.cssselect("[role=status] b")

    def test_another_readers_loan_is_not_renewed(self, library: Library, reader: Reader) -> None:
        lend(library, reader.card, "b1")
        mine = submit(reader.client, reader.page("/me"), "/me/renewals")
        assert mine.status_code == 303
        other = take_on(library, "王立", birth_date=date(1980, 1, 1))
        loan_id = lend(library, other.card, "b3")
        refused = submit(reader.client, reader.page("/me"), "/me/renewals", {"loan": loan_id})
        assert refused.status_code == 403


class TestWhatStandsInTheWay:
    def test_a_block_says_who_why_since_and_how_and_can_be_objected_to(self, library: Library, reader: Reader) -> None:
        with library.database.write() as connection:
            asked = BlockAsked(reason="借书未消磁", library="JD", until=date(2026, 12, 24))
            blocks.enter(connection, library.clock, command_line(library.clock), ZONE, reader.id, asked)
        page = reader.page("/me")
        told = text(page.cssselect(".notice.stop")[0])
        for said in (
            "嘉定区图书馆暂停了你的证",
            "谁设的嘉定区图书馆",
            "为什么借书未消磁",
            "从何时12月1日",
            "到何时12月24日",
            "怎样解除由设限的馆解除",
        ):
            assert said in told.replace(" ", ""), said
        assert "暂不能借" in text(page.cssselect(".facts-on")[0])
        form = page.cssselect('.notice a[href*="objections/new"]')[0].get("href")
        empty = reader.send(form, "/me/objections", {"text": "  "})
        assert (empty.status_code, "还没有写明" in empty.text or "text-error" in empty.text) == (422, True)
        for _ in range(2):
            made = submit(reader.client, parsed(empty.text), "/me/objections", {"text": "消过磁的"})
            assert made.location == "/me/objections?made=1"
        assert "消过磁的" in text(reader.page("/me/objections"))
        assert "你提过异议：等待答复" in text(reader.page("/me"))
        with library.database.read() as connection:
            assert connection.execute(select(func.count()).select_from(objection)).scalar_one() == 1
        twice = reader.send(form, "/me/objections", {"text": "又一次"})
        assert (twice.status_code, "又一次" in twice.text) == (409, True)

    def test_nobody_objects_to_what_is_another_readers(self, library: Library, reader: Reader) -> None:
        other = take_on(library, "王立", birth_date=date(1980, 1, 1))
        with library.database.write() as connection:
            made = blocks.enter(
                connection, library.clock, command_line(library.clock), ZONE, other.patron.id, BlockAsked(reason="r", library="JD")
            )
        assert reader.client.get(f"/me/objections/new?about=block&id={made.block.id}").status_code == 404
        assert reader.client.get("/me/objections/new?about=credit&id=none").status_code == 404
        assert reader.client.get("/me/objections/new?about=account&id=none").status_code == 404

    def test_points_and_their_log_in_plain_words(self, library: Library, reader: Reader) -> None:
        with library.database.write() as connection:
            context = command_line(library.clock)
            credit.enter_deed(connection, library.clock, context, reader.id, Change(points=-10, cause="conduct", reason="书上乱画"))
        page = reader.page("/me/credit")
        assert text(page.cssselect(".lead strong")[0]) == "90"
        rows = [text(row) for row in page.cssselect("tbody tr")]
        assert any("行为不当" in row and "−10" in row and "书上乱画" in row for row in rows)
        address = page.cssselect('tbody a[href*="objections/new"]')[0].get("href")
        assert reader.send(address, "/me/objections", {"text": "不是我"}).status_code == 303
        assert "异议：等待答复" in text(reader.page("/me/credit"))

    def test_money_owed_deposited_and_every_receipt(self, library: Library, reader: Reader) -> None:
        with library.database.write() as connection:
            till = Till(BranchCode("JD-1"), LibraryCode("JD"), ZONE)
            context = command_line(library.clock)
            accounts.pay(connection, library.clock, context, ("manager",), till, reader.id, Payment(kind="deposit", amount_fen=10000))
        told = text(reader.page("/me/account"))
        assert "没有欠款。" in told
        assert "押金100.00元" in told
        assert "收据JD-1-20261201-0001" in told


class TestChoices:
    def test_the_history_is_a_choice_with_its_consequence(self, library: Library, reader: Reader) -> None:
        lend(library, reader.card)
        give_back(library)
        page = reader.page("/me/history")
        assert "红楼梦" in text(page)
        assert page.cssselect('input[value="true"]')[0].get("checked") is not None
        answer = submit(reader.client, page, "/me/history", {"keeps": "false"})
        shown = reader.page(answer.location)
        assert "不再保留，已还的书都抹去了与你的关联。" in text(shown)
        assert "红楼梦" not in text(shown)
        assert shown.cssselect('input[value="false"]')[0].get("checked") is not None
        assert "不保留：还书当天就抹去与你的关联" in text(reader.page("/me"))

    def test_contact_and_language_are_changed_and_nothing_typed_is_lost(self, library: Library, reader: Reader) -> None:
        wrong = reader.send("/me/details", "/me/details", {"phone": "139 1234 5678", "email": "no address"})
        page = parsed(wrong.text)
        assert wrong.status_code == 422
        assert page.get_element_by_id("phone").get("value") == "139 1234 5678"
        assert page.get_element_by_id("email").get("aria-describedby") == "email-error"
        assert page.get_element_by_id("email-error") is not None
        done = submit(reader.client, page, "/me/details", {"email": "chen@example.org", "language": "en"})
        assert done.location == "/me/details?changed=1"
        with library.database.read() as connection:
            kept = connection.execute(select(person.c.phone, person.c.email).where(person.c.patron_id == reader.id)).one()
            assert tuple(kept) == ("13912345678", "chen@example.org")
            assert connection.execute(select(patron.c.language).where(patron.c.id == reader.id)).scalar_one() == "en"

    def test_the_pin_is_changed_and_only_this_browser_stays(self, library: Library, reader: Reader) -> None:
        elsewhere = again(library, reader)
        wrong = reader.send("/me/pin", "/me/pin", {"pin": "000000", "new_pin": "12345", "again": "54321"})
        errors = {error.get("id") for error in parsed(wrong.text).cssselect(".err")}
        assert (wrong.status_code, errors) == (422, {"new_pin-error", "again-error"})
        assert "12345" not in wrong.text
        not_mine = reader.send("/me/pin", "/me/pin", {"pin": "000000", "new_pin": "246801", "again": "246801"})
        assert [error.get("id") for error in parsed(not_mine.text).cssselect(".err")] == ["pin-error"]
        done = reader.send("/me/pin", "/me/pin", {"pin": PIN, "new_pin": "246801", "again": "246801"})
        assert done.location == "/me/pin?changed=1"
        assert reader.client.get("/me").status_code == 200
        assert elsewhere.client.get("/me").status_code == 303
        context = command_line(library.clock)
        with pytest.raises(NotAuthenticated):
            pins.check(library.database, office_of(library), context, reader.card, PIN)
        assert pins.check(library.database, office_of(library), context, reader.card, "246801") == reader.id

    def test_consents_are_given_and_taken_back(self, library: Library, reader: Reader) -> None:
        page = reader.page("/me/consents")
        assert "办理和使用读者证" in text(page)
        assert not page.cssselect('form[action$="/withdraw"]')
        submit(reader.client, page, "/me/consents", {"library": "JX"})
        page = reader.page("/me/consents")
        assert "嘉兴市图书馆" in text(page.cssselect(".lines")[0])
        assert submit(reader.client, page, "/withdraw").status_code == 303
        assert "12月1日 周二撤回" in text(reader.page("/me/consents"))


class TestLostAndGone:
    def test_a_lost_card_is_frozen_by_one_button_and_loans_stay(self, library: Library, reader: Reader) -> None:
        lend(library, reader.card)
        page = reader.page("/me/lost")
        assert [text(button) for button in page.cssselect("main button")] == ["立即冻结"]
        assert submit(reader.client, page, "/me/lost").location == "/me/lost"
        assert "卡已冻结" in text(reader.page("/me/lost"))
        card = reader.page("/me")
        assert "你的卡已冻结" in text(card)
        assert len(card.cssselect("li.due")) == 1

    def test_own_data_can_be_taken_along(self, reader: Reader) -> None:
        link = reader.page("/me/data").cssselect("a[download]")[0].get("href")
        answer = reader.client.get(link)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "陈晓雨" in json.dumps(answer.get_json(), ensure_ascii=False)

    def test_erasing_says_what_stands_in_the_way_and_wants_the_pin(self, library: Library, reader: Reader) -> None:
        lend(library, reader.card)
        assert "还有1册没有还。" in text(reader.page("/me/erase"))
        give_back(library)
        wrong = reader.send("/me/erase", "/me/erase", {"pin": "000000"})
        assert wrong.status_code == 422
        done = reader.send("/me/erase", "/me/erase", {"pin": PIN})
        assert (done.status_code, "你的资料都抹去了" in done.text) == (200, True)
        assert reader.client.get_cookie("session") is None
        with library.database.read() as connection:
            assert not connection.execute(select(person).where(person.c.patron_id == reader.id)).all()

    def test_a_loan_made_meanwhile_still_stops_it(self, library: Library, reader: Reader) -> None:
        page = reader.page("/me/erase")
        lend(library, reader.card)
        refused = submit(reader.client, page, "/me/erase", {"pin": PIN})
        assert (refused.status_code, "现在不能注销" in refused.text) == (409, True)


OWN = ("account", "credit", "objections", "messages", "history", "details", "pin", "consents", "lost", "data", "erase")


@pytest.mark.parametrize("address", ["/me", *(f"/me/{page}" for page in OWN)])
def test_every_page_speaks_english_and_is_kept_by_nobody(library: Library, reader: Reader, address: str) -> None:
    lend(library, reader.card)
    answer = reader.client.get(f"{address}?lang=en")
    page = parsed(answer.text)
    assert page.get("lang") == "en"
    chinese = [
        said
        for part in page.cssselect("main :not(script)")
        if not part.get("lang") and part.getparent().get("lang") is None
        for said in (part.text or "",)
        if any("一" <= char <= "鿿" for char in said)
    ]
    assert chinese == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_form_of_another_site_does_nothing(library: Library, reader: Reader) -> None:
    page = reader.page("/me/lost")
    form = dict(page.cssselect('main form[action$="/me/lost"]')[0].form_values())
    assert reader.client.post("/me/lost", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert reader.client.post("/me/lost", data={}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 403
    assert "立即冻结" in text(reader.page("/me/lost"))


def test_a_session_that_ended_leads_to_the_sign_in_and_back(library: Library, reader: Reader) -> None:
    library.clock.advance(timedelta(hours=3))
    assert reader.client.get("/me/credit").location == "/sign-in?back=/me/credit"

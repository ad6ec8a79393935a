"""The rules of lending on pages: read, asked for the row that wins, changed, compared."""

from collections.abc import Mapping

import pytest
from werkzeug.test import TestResponse

from tests.api.staff_room import Staff, StaffRoom, errors, filled
from tests.api.test_pages import Page, parsed, text
from union_catalog.circulation.policy import PolicyTable
from union_catalog.services import policies

EDIT, PUT = "/staff/policies/edit", "/staff/policies/put"
SHORTER = ("\ndays = 30\n", "\ndays = 21\n")


@pytest.fixture
def desk(room: StaffRoom) -> Staff:
    return room.client("circulation")


@pytest.fixture
def network(room: StaffRoom) -> Staff:
    return room.client("network", library="")


def in_force(room: StaffRoom) -> PolicyTable:
    with room.database.read() as connection:
        return policies.table(connection)


def draft(who: Staff, old: str, new: str) -> dict[str, str]:
    """The form of the editor with one thing changed in its text."""
    form = who.form(EDIT, EDIT)
    assert old in form["text"]
    return {**form, "text": form["text"].replace(old, new)}


def checked(who: Staff, form: Mapping[str, str]) -> Page:
    answer = who.post(EDIT, form)
    assert answer.status_code == 200, errors(answer)
    return parsed(answer.text)


def put(who: Staff, page: Page, **typed: str) -> TestResponse:
    """Presses the second button of a page on which a text was checked."""
    assert page.cssselect(f'button[formaction="{PUT}"]')
    return who.post(PUT, filled(page, EDIT, **typed))


class TestReading:
    """The table in force, and which row wins."""

    def test_the_table_in_force_is_told_in_words(self, desk: Staff) -> None:
        page = desk.page("/staff/policies")
        assert "第1版" in text(page.cssselect("h1")[0])
        assert page.cssselect("table.fold tbody tr")
        assert not page.cssselect(f'a[href="{EDIT}"]')

    def test_the_row_that_wins_is_named_with_its_reason(self, desk: Staff) -> None:
        page = desk.done("/staff/policies", "/staff/policies/explain", branch="JD-JY", category="adult", library="JD", item_type="book")
        assert len(page.cssselect("tr.won")) == 1
        assert "按规则" in text(page.cssselect('[role="status"]')[0])
        by_item = desk.done("/staff/policies", "/staff/policies/explain", branch="JD-JY", category="adult", barcode="a8")
        assert by_item.cssselect("tr.won")

    def test_it_is_told_of_the_reader_of_a_card_whose_number_stands_in_no_address(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol(category="senior")
        answer = desk.send("/staff/policies", "/staff/policies/explain", branch="JD-JY", category="adult", barcode="a8", card=reader.card)
        assert (f"patron={reader.patron.id}" in answer.location, reader.card in answer.location) == (True, False)
        page = desk.page(answer.location)
        assert "同时最多借12册" in text(page.cssselect('[role="status"]')[0])
        assert page.cssselect(f'[role="status"] a[href="/staff/patrons/{reader.patron.id}"]')

    def test_what_cannot_be_answered_is_said_and_a_version_that_never_was_is_not_found(self, desk: Staff) -> None:
        assert desk.client.get("/staff/policies?branch=JD-JY&category=adult&barcode=nothing").status_code == 404
        assert desk.client.get("/staff/policies?version=99").status_code == 404
        unknown = desk.send("/staff/policies", "/staff/policies/explain", branch="JD-JY", category="senior", card="nobody")
        assert (unknown.status_code, len(errors(unknown))) == (404, 1)
        assert parsed(unknown.text).cssselect("#explain-category option[selected]")[0].get("value") == "senior"


class TestChanging:
    """First checked, then in force."""

    def test_a_check_says_what_open_loans_would_get_and_changes_nothing(self, room: StaffRoom, network: Staff) -> None:
        room.lend(room.enrol().card, "a8", "JD-JY")
        page = checked(network, draft(network, *SHORTER))
        said = text(page.cssselect('[role="status"]')[0])
        assert "查过了，没有错" in said
        assert "1册在借图书的借期会变短" in said
        assert "30 → 21" in said
        assert in_force(room).version == 1

    def test_what_was_checked_takes_effect_once_with_who_and_why(self, room: StaffRoom, network: Staff) -> None:
        page = checked(network, {**draft(network, *SHORTER), "note": "暑期"})
        form = filled(page, EDIT)
        answers = [network.post(PUT, form) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert (in_force(room).version, in_force(room).rule("everything").terms.days) == (2, 21)
        shown = network.page(answers[0].location)
        assert "新的规则已生效" in text(shown.cssselect('[role="status"]')[0])
        latest = text(shown.cssselect("section[aria-labelledby=h-versions] li")[0])
        assert all(said in latest for said in ("第2版", "11月23日 10:00", "张晓", "暑期"))
        with room.database.read() as connection:
            assert "\r" not in policies.in_force(connection).text

    def test_nothing_takes_effect_that_was_not_checked(self, room: StaffRoom, network: Staff) -> None:
        page = checked(network, draft(network, *SHORTER))
        other = filled(page, EDIT)["text"].replace("days = 21", "days = 7")
        answer = put(network, page, text=other)
        assert (answer.status_code, errors(answer)[0]) == (409, "查过以后又改了，所以还没有生效。已经重新查过，请看过再生效。")
        assert in_force(room).version == 1
        assert put(network, parsed(answer.text)).status_code == 303
        assert in_force(room).rule("everything").terms.days == 7

    def test_a_change_made_from_an_older_version_is_compared_with_what_is_in_force_now(self, room: StaffRoom, network: Staff) -> None:
        mine, other = draft(network, *SHORTER), draft(network, "quota = 10", "quota = 9")
        ready = checked(network, mine)
        put(network, checked(network, other))
        late = put(network, ready)
        assert (late.status_code, in_force(room).version) == (409, 2)
        page = parsed(late.text)
        warned = page.cssselect(".notice.wait")[0]
        assert "现在已是第2版" in text(warned)
        assert warned.cssselect("a")[0].get("href") == "/staff/policies/compare?before=1&after=2"
        assert put(network, page).status_code == 303

    def test_faults_are_named_by_their_lines_and_the_text_is_kept(self, room: StaffRoom, network: Staff) -> None:
        form = draft(network, "\ndays = 30\n", "\ndays = 3000\n")
        second = form["text"].count("\n") + 2
        form["text"] += '\n[[rules]]\nid = "again"\ndays = 5\nrenewals = 0\nquota = 1\n'
        answer = network.post(EDIT, form)
        assert answer.status_code == 422
        page = parsed(answer.text)
        faults = [text(one) for one in page.cssselect(".faults li")]
        assert len(faults) == 2
        first = next(number for number, line in enumerate(form["text"].splitlines(), 1) if "days = 3000" in line)
        assert f"第{first}行 days = 3000" in next(one for one in faults if "超出范围" in one)
        assert f"第{second}行 [[rules]]" in next(one for one in faults if "条件完全相同" in one)
        assert page.get_element_by_id("policy-text").text.lstrip("\n") == form["text"]
        assert not page.cssselect(f'button[formaction="{PUT}"]')

    def test_what_is_no_file_at_all_is_told_with_its_line(self, network: Staff) -> None:
        answer = network.post(EDIT, draft(network, "debt_fen = 2000", "debt_fen 2000"))
        assert answer.status_code == 422
        [fault] = parsed(answer.text).cssselect(".faults li")
        assert "debt_fen 2000" in text(fault.cssselect("code")[0])

    def test_a_manager_checks_and_hands_it_on(self, room: StaffRoom) -> None:
        manager = room.client("manager")
        page = checked(manager, draft(manager, *SHORTER))
        assert "全网管理员" in text(page.cssselect('[role="status"]')[0])
        assert not page.cssselect(f'button[formaction="{PUT}"]')
        assert manager.post(PUT, filled(page, EDIT)).status_code == 403
        assert in_force(room).version == 1

    def test_the_same_text_has_nothing_to_take_effect(self, network: Staff) -> None:
        page = checked(network, network.form(EDIT, EDIT))
        assert "一字不差" in text(page.cssselect('[role="status"]')[0])
        assert not page.cssselect(f'button[formaction="{PUT}"]')

    def test_a_desk_may_not(self, desk: Staff) -> None:
        assert desk.client.get(EDIT).status_code == 403


def test_two_versions_are_compared_in_words_and_line_by_line(network: Staff, desk: Staff) -> None:
    put(network, checked(network, draft(network, *SHORTER)))
    page = desk.page("/staff/policies/compare?before=1&after=2")
    assert "30 → 21" in text(page.cssselect("section .lines")[0])
    assert [text(one) for one in page.cssselect(".diff del, .diff ins")] == ["− 删：days = 30", "+ 加：days = 21"]
    assert desk.client.get("/staff/policies/compare?before=1&after=7").status_code == 404
    older = network.page(f"{EDIT}?version=1").get_element_by_id("policy-text")
    assert "days = 30" in older.text

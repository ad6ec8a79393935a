"""Enrolling, merging and erasing readers on pages, without script."""

import pytest

from tests.api.staff_room import Staff, StaffRoom, charged, errors, filled, page_of, rows
from tests.api.test_pages import parsed, text
from union_catalog.errors import NotFound
from union_catalog.services.patrons import merge
from union_catalog.services.patrons.office import require
from union_catalog.storage.tables import patron, person

RESIDENT = "11010519491231002X"  # the example of GB 11643
PIN = "314159"
TOLD = {"name": "李思远", "birth_date": "1990-05-01", "phone": "13800000001", "pin": PIN, "agreed": "true", "home_branch": "JD-JY"}


@pytest.fixture
def desk(room: StaffRoom) -> Staff:
    return room.client("circulation")


@pytest.fixture
def elsewhere(room: StaffRoom) -> Staff:
    return room.client("circulation", "JX")


class TestEnrolling:
    """Nobody is enrolled twice."""

    def test_a_reader_gets_a_card(self, room: StaffRoom, desk: Staff) -> None:
        page = desk.done("/staff/enrol", "/staff/enrol", **TOLD)
        assert text(page.cssselect("h1")[0]) == "李思远"
        assert "证已办好" in text(page)
        assert "办理和使用读者证" in text(page)

    def test_who_may_be_the_same_is_shown_before_anything_is_saved(self, room: StaffRoom, desk: Staff) -> None:
        room.enrol("李思远", phone="13800000001")
        before = rows(room, patron)
        answer = desk.send("/staff/enrol", "/staff/enrol", **TOLD)
        page = parsed(answer.text)
        assert (answer.status_code, rows(room, patron)) == (409, before)
        assert "可能是同一人" in text(page.get_element_by_id("h-alike"))
        form = filled(page, "/staff/enrol", confirmed_new="true")
        assert {name: form[name] for name in TOLD} == TOLD
        assert desk.post("/staff/enrol", form).status_code == 303
        assert rows(room, patron) == before + 1

    def test_the_same_document_is_the_same_reader_whatever_is_said(self, room: StaffRoom, desk: Staff) -> None:
        room.enrol(document=room.document(RESIDENT))
        answer = desk.send("/staff/enrol", "/staff/enrol", **{**TOLD, "birth_date": ""}, document=RESIDENT)
        page = parsed(answer.text)
        assert answer.status_code == 409
        assert page.cssselect("#h-alike ~ ul a")
        assert not page.cssselect('[name="confirmed_new"]')

    def test_a_document_is_of_the_same_kinds_wherever_it_is_told(self, room: StaffRoom, desk: Staff) -> None:
        pages = [parsed(room.app.test_client().get("/join").text), desk.page("/staff/enrol"), desk.page("/staff/patrons")]
        kinds = [[option.get("value") for option in page.cssselect('[name="document_type"] option')] for page in pages]
        assert kinds == [["resident_id", "passport", "travel_permit", "other"]] * 3

    def test_a_child_needs_a_guardian_who_consents(self, room: StaffRoom, desk: Staff) -> None:
        guardian = room.enrol("李长风")
        child = {**TOLD, "birth_date": "2020-05-01"}
        assert "监护人" in "".join(errors(desk.send("/staff/enrol", "/staff/enrol", **child)))
        page = desk.done("/staff/enrol", "/staff/enrol", **child, guardian_card=guardian.card)
        assert page.cssselect(f'a[href="{page_of(guardian.patron.id)}"]')

    @pytest.mark.parametrize(("name", "value"), [("birth_date", "31.12.1990"), ("document", "110105194912310021"), ("pin", "12")])
    def test_what_cannot_be_is_said_at_its_field(self, room: StaffRoom, desk: Staff, name: str, value: str) -> None:
        answer = desk.send("/staff/enrol", "/staff/enrol", **{**TOLD, name: value})
        field = parsed(answer.text).get_element_by_id(f"enrol-{name}")
        assert (answer.status_code, field.get("aria-invalid"), field.get("value")) == (422, "true", value)

    def test_without_consent_there_is_no_card(self, room: StaffRoom, desk: Staff) -> None:
        form = desk.form("/staff/enrol", "/staff/enrol", **TOLD)
        form.pop("agreed")
        assert (desk.post("/staff/enrol", form).status_code, rows(room, patron)) == (422, 0)


class TestMerging:
    """Looked at first, and undone again."""

    def test_a_merge_is_shown_then_done_then_undone(self, room: StaffRoom, desk: Staff) -> None:
        kept, gone = room.enrol(), room.enrol("王晓明")
        room.lend(gone.card, "a8", "JD-JY")
        address = page_of(kept.patron.id)
        answer = desk.send(address, f"{address}/merge", card=gone.card)
        preview = parsed(answer.text)
        assert (answer.status_code, "什么都还没有改" in text(preview)) == (200, True)
        assert "在借1册" in text(preview)
        with room.database.read() as connection:
            assert require(connection, gone.patron.id).state == "active"
        done = desk.post(f"{address}/merge", filled(preview, f"{address}/merge"))
        assert done.location == f"{address}?done=merge"
        assert "围城" in text(desk.page(address))
        assert "已经并入另一份" in text(desk.page(page_of(gone.patron.id)))
        assert "合并已撤回" in text(desk.done(address, f"{address}/unmerge"))
        assert "围城" in text(desk.page(page_of(gone.patron.id)))

    def test_what_must_not_be_merged_is_said_before(self, room: StaffRoom, desk: Staff) -> None:
        kept = room.enrol()
        address = page_of(kept.patron.id)
        answer = desk.send(address, f"{address}/merge", card=kept.card)
        assert answer.status_code == 409
        assert errors(answer)

    def test_two_readers_of_other_libraries_are_not_theirs_to_merge(self, room: StaffRoom, elsewhere: Staff) -> None:
        kept, gone = room.enrol(), room.enrol("王晓明")
        address = page_of(kept.patron.id)
        answer = elsewhere.send(address, f"{address}/merge", card=gone.card)
        assert answer.status_code == 403
        assert "两份档案都不是本馆的" in "".join(errors(answer))
        assert parsed(answer.text).get_element_by_id("merge-card").get("value") == gone.card

    def test_another_librarys_reader_cannot_be_merged_with_itself_either(self, room: StaffRoom, elsewhere: Staff) -> None:
        kept = room.enrol()
        address = page_of(kept.patron.id)
        answer = elsewhere.send(address, f"{address}/merge", card=kept.card)
        assert answer.status_code == 409
        assert "请扫另一份档案的卡" in "".join(errors(answer))

    @pytest.mark.parametrize("own", ["kept", "gone"])
    def test_whoever_may_merge_may_undo_it(self, room: StaffRoom, desk: Staff, elsewhere: Staff, own: str) -> None:
        here, away = room.enrol(), room.enrol("王晓明", library="JX", home_branch="JX-ZG")
        kept, gone = (here, away) if own == "kept" else (away, here)
        address = page_of(kept.patron.id)
        preview = parsed(desk.send(address, f"{address}/merge", card=gone.card).text)
        done = desk.post(f"{address}/merge", filled(preview, f"{address}/merge"))
        told = desk.page(done.location)
        assert text(told.cssselect('[role="status"] ~ form button')[0]) == "撤回合并"
        for page in (address, page_of(gone.patron.id)):
            assert filled(desk.page(page), f"{address}/unmerge")["other"] == gone.patron.id
        answer = desk.post(f"{address}/unmerge", filled(told, f"{address}/unmerge"))
        assert answer.location == f"{address}?done=part"
        with room.database.read() as connection:
            assert require(connection, gone.patron.id).state == "active"

    def test_whom_a_merge_does_not_concern_is_not_offered_to_undo_it(self, room: StaffRoom, desk: Staff, elsewhere: Staff) -> None:
        kept, gone = room.enrol(), room.enrol("王晓明")
        address = page_of(kept.patron.id)
        preview = parsed(desk.send(address, f"{address}/merge", card=gone.card).text)
        desk.post(f"{address}/merge", filled(preview, f"{address}/merge"))
        for page in (address, page_of(gone.patron.id)):
            assert not elsewhere.page(page).cssselect('form[action$="/unmerge"]')
            assert desk.page(page).cssselect('form[action$="/unmerge"]')

    def test_a_record_that_was_merged_tells_of_no_score_and_no_blocks(self, room: StaffRoom, desk: Staff) -> None:
        kept, gone = room.enrol(), room.enrol("王晓明")
        with room.database.write() as connection:
            merge.merge(connection, room.office, room.desk(), kept.patron.id, gone.patron.id)
        page = desk.page(page_of(gone.patron.id))
        assert not page.cssselect("#h-blocks, #h-credit")
        assert "都看合并后的那一份" in text(page)


class TestErasing:
    """For good, once nothing is open."""

    def test_what_is_open_is_listed(self, room: StaffRoom, desk: Staff) -> None:
        enrolled = room.enrol()
        room.lend(enrolled.card, "a8", "JD-JY")
        charged(room, enrolled.patron.id, 500)
        address = f"{page_of(enrolled.patron.id)}/erase"
        answer = desk.send(address, address)
        assert answer.status_code == 409
        assert [text(one) for one in parsed(answer.text).cssselect('[role="alert"] li')] == ["还有1册没有还", "账上还有5.00元没有结清"]

    def test_nothing_is_left_of_who_it_was(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol().patron.id
        page = desk.done(f"{page_of(reader)}/erase", f"{page_of(reader)}/erase")
        assert "已全部删除" in text(page)
        assert rows(room, person) == 0
        with room.database.read() as connection, pytest.raises(NotFound):
            require(connection, reader)

    def test_own_data_is_a_file(self, room: StaffRoom, desk: Staff) -> None:
        reader = room.enrol().patron.id
        [address] = {link.get("href") for link in desk.page(page_of(reader)).cssselect("aside a[download]")}
        answer = desk.client.get(address)
        assert (answer.status_code, answer.headers["Content-Disposition"].partition(";")[0]) == (200, "attachment")

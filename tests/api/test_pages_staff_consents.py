"""Consents and guardians, recorded and withdrawn at a desk on the reader's page."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.api.staff_room import Staff, StaffRoom, errors, filled, page_of
from tests.api.test_pages import Page, parsed, text
from union_catalog.services import blocks
from union_catalog.services.patrons.enrol import Enrolled, Guardian
from union_catalog.storage.tables import consent, patron


@pytest.fixture
def desk(room: StaffRoom) -> Staff:
    return room.client("circulation")


def panel(page: Page) -> str:
    return text(next(one for one in page.cssselect("aside .panel") if text(one.cssselect("h2")[0]) == "同意书"))


def given(room: StaffRoom, patron_id: str) -> list[tuple[str, str, str | None, str | None]]:
    """(purpose, notice, library, guardian) of each that holds, in the order in which they were recorded."""
    c = consent.c
    asked = select(c.purpose, c.notice, c.library, c.guardian_id).where(c.patron_id == patron_id, c.withdrawn_at.is_(None))
    with room.database.read() as connection:
        return [tuple(row) for row in connection.execute(asked.order_by(c.recorded_at, c.id))]


def child(room: StaffRoom, guardian: Guardian) -> Enrolled:
    return room.enrol("王小雨", birth_date=date(2018, 3, 4), guardian=guardian)


def sharing(page: Page, address: str, **typed: str) -> dict[str, str]:
    """The form for another library: the second with this address."""
    form = next(one for one in page.cssselect("#act-sharing form") if one.get("action") == address)
    return {**{str(name): str(value) for name, value in form.form_values()}, **typed}


def test_a_newer_notice_is_recorded_with_its_day_and_who_did_it(room: StaffRoom, desk: Staff) -> None:
    reader = room.enrol().patron.id
    address = f"{page_of(reader)}/consents"
    page = desk.done(page_of(reader), address, notice="2026-11", given_on="2026-11-20")
    assert "同意书已记下" in text(page.cssselect('[role="status"]')[0])
    assert "第2026-11版，2026-11-20 · 张晓记" in panel(page)
    assert given(room, reader) == [("card", "2026-1", None, None), ("card", "2026-11", None, None)]


def test_a_title_that_is_not_theirs_to_see_is_told_as_such_and_not_as_one_that_is_wanting(room: StaffRoom) -> None:
    reader = room.enrol()
    room.lend(reader.card, "a8", "JD-JY")
    told = text(room.client("network", library="").page(page_of(reader.patron.id)).cssselect("#loans")[0])
    assert ("书名不在这里显示" in told, "无题名" in told, "围城" in told) == (True, False, False)


@pytest.mark.parametrize("wrong", [{"given_on": "2026-12-31"}, {"given_on": ""}, {"notice": " "}, {"given_on": "yesterday"}])
def test_what_makes_no_consent_is_said_beside_the_form_and_kept(room: StaffRoom, desk: Staff, wrong: dict[str, str]) -> None:
    reader = room.enrol().patron.id
    address = f"{page_of(reader)}/consents"
    answer = desk.send(page_of(reader), address, **{"notice": "2027-1", **wrong})
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    again = filled(parsed(answer.text), address)
    assert {name: again[name] for name in wrong} == wrong
    assert len(given(room, reader)) == 1


def test_consent_for_another_library_is_given_and_withdrawn(room: StaffRoom, desk: Staff) -> None:
    reader = room.enrol()
    room.lend(reader.card, "a8", "JD-JY")
    address, elsewhere = page_of(reader.patron.id), room.client("circulation", "JX")
    assert "围城" not in text(elsewhere.page(address))
    form = sharing(desk.page(address), f"{address}/consents", library="JX")
    assert desk.post(f"{address}/consents", form).status_code == 303
    assert "围城" in text(elsewhere.page(address))
    page = desk.page(address)
    assert not page.cssselect("#act-sharing")
    [withdrawing] = [one.get("action") for one in page.cssselect("form") if str(one.get("action")).endswith("/withdraw")]
    assert "同意已撤回" in text(desk.done(address, withdrawing))
    assert "围城" not in text(elsewhere.page(address))
    assert given(room, reader.patron.id) == [("card", "2026-1", None, None)]


def test_the_consent_of_a_child_is_the_guardian_s_and_lifts_what_stood_in_the_way(room: StaffRoom, desk: Staff) -> None:
    parent = room.enrol("王建国", birth_date=date(1985, 3, 4))
    young = child(room, Guardian(patron=parent.patron.id))
    address = page_of(young.patron.id)
    desk.done(address, f"{address}/consents", notice="2026-11", given_on="2026-11-23")
    assert given(room, young.patron.id)[-1] == ("card", "2026-11", None, parent.patron.id)
    page = desk.page(address)
    assert "监护人代为同意" in panel(page)
    assert [text(one) for one in page.cssselect(f'dd a[href="{page_of(parent.patron.id)}"]')] == ["王建国"]
    assert [text(one) for one in desk.page(page_of(parent.patron.id)).cssselect(f'dd a[href="{address}"]')] == ["王小雨"]


def test_a_child_for_whom_nobody_stands_gets_a_guardian_who_agrees(room: StaffRoom, desk: Staff) -> None:
    parent = room.enrol("王建国", birth_date=date(1985, 3, 4))
    young = child(room, Guardian(patron=parent.patron.id)).patron.id
    with room.database.write() as connection:
        connection.execute(patron.update().where(patron.c.id == young).values(guardian_id=None))
        connection.execute(consent.delete().where(consent.c.patron_id == young))
    address = page_of(young)
    alone = desk.send(address, f"{address}/consents")
    assert (alone.status_code, "监护人不行" in errors(alone)[0]) == (422, True)
    page = desk.done(address, f"{address}/guardian", card=parent.card, agreed="true")
    assert "监护人已登记" in text(page.cssselect('[role="status"]')[0])
    assert given(room, young) == [("card", "2026-11", None, parent.patron.id)]
    with room.database.read() as connection:
        assert blocks.standing_of(connection, room.office, young) == ()


@pytest.mark.parametrize("born", [date(2012, 1, 1), date(2018, 1, 1)])
def test_nobody_under_age_stands_for_a_child(room: StaffRoom, desk: Staff, born: date) -> None:
    parent = room.enrol("王建国", birth_date=date(1985, 3, 4))
    young = child(room, Guardian(patron=parent.patron.id)).patron.id
    other = room.enrol("李小", birth_date=born, guardian=Guardian(patron=parent.patron.id))
    answer = desk.send(page_of(young), f"{page_of(young)}/guardian", card=other.card)
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert desk.send(page_of(young), f"{page_of(young)}/guardian", card="nobody").status_code == 404


def test_another_library_records_nothing(room: StaffRoom, desk: Staff) -> None:
    reader = room.enrol().patron.id
    form = desk.form(page_of(reader), f"{page_of(reader)}/consents")
    other = room.client("circulation", "JX")
    assert not other.page(page_of(reader)).cssselect("#act-consent")
    assert other.post(f"{page_of(reader)}/consents", form).status_code == 403

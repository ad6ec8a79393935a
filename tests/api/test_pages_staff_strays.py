"""The shelf of what was handed in under barcodes that nobody knew, without script."""

import pytest

from tests.api.staff_room import Staff, StaffRoom, errors
from tests.api.test_pages import parsed, text
from union_catalog.ids import BranchCode
from union_catalog.services.circulation.check_in import check_in
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.station import Station

SHELF = "/staff/strays"


@pytest.fixture
def desk(room: StaffRoom) -> Staff:
    return room.client("circulation", branches=("JD-JY",))


def hand_in(room: StaffRoom, barcode: str, at: str = "JD-JY") -> str:
    """The address of the form of what was handed in."""
    station = Station(office=room.office, context=room.desk(at[:2]), branch=BranchCode(at))
    with room.database.write() as connection:
        check_in(connection, station, ItemReference(barcode))
    page = room.client("circulation", at[:2]).page(SHELF)
    return next(
        str(form.get("action")) for form in page.cssselect("section form") if barcode in text(form.iterancestors("section").__next__())
    )


def test_what_lies_at_ones_own_desks_is_listed(room: StaffRoom, desk: Staff) -> None:
    assert "待查架是空的" in text(desk.page(SHELF))
    for barcode, at in (("X1", "JD-JY"), ("X2", "JD-ZG"), ("X3", "JX-ZG")):
        hand_in(room, barcode, at)
    assert [text(head) for head in desk.page(SHELF).cssselect("section h2")] == ["X1"]
    assert [text(head) for head in room.client("manager").page(SHELF).cssselect("section h2")] == ["X1", "X2"]
    assert room.client("cataloguing").client.get(SHELF).status_code == 403
    doors = {link.get("href"): text(link) for link in desk.page("/staff").cssselect(".doors a")}
    assert "1本待查" in doors[SHELF]


def test_the_item_that_it_is_was_returned_and_says_where_it_goes(room: StaffRoom, desk: Staff) -> None:
    room.lend(room.enrol().card, "a8", "JD-JY")
    address = hand_in(room, "TORN")
    page = desk.page(desk.post(address, {**desk.form(SHELF, address, how="item"), "barcode": "a8"}).location)
    assert page.cssselect('.told-large[role="status"] .do')
    assert text(page.cssselect(".found .st")[0]) == "在馆可借"
    assert "待查架是空的" in text(desk.page(SHELF))


def test_a_book_without_a_record_is_put_on_record(room: StaffRoom, desk: Staff) -> None:
    address = hand_in(room, "NEW1")
    page = desk.page(desk.post(address, {**desk.form(SHELF, address), "how": "catalogued", "title": "乡土中国"}).location)
    assert text(page.cssselect("h1")[0]) == "乡土中国"


def test_what_is_wrong_is_said_beside_the_form_that_was_sent(room: StaffRoom, desk: Staff) -> None:
    address = hand_in(room, "TORN")
    answer = desk.post(address, {**desk.form(SHELF, address), "how": "item", "barcode": "no-such"})
    assert answer.status_code == 404
    assert len(errors(answer)) == 1
    [opened] = parsed(answer.text).cssselect("details[open]")
    assert opened.cssselect("[name=barcode]")[0].get("value") == "no-such"
    assert desk.post(address, {**desk.form(SHELF, address), "how": "burnt"}).status_code == 422
    removed = desk.post(address, {**desk.form(SHELF, address), "how": "removed", "reason": "not_a_book"})
    assert "已移出待查架" in text(desk.page(removed.location))
    assert desk.client.get(address).location.startswith(SHELF + "#s-")


def test_sent_on_it_is_no_longer_this_desk_s(room: StaffRoom, desk: Staff) -> None:
    address = hand_in(room, "X1")
    gone = desk.post(address, {**desk.form(SHELF, address), "how": "sent_on", "to_branch": "JX-ZG"})
    assert "已转送" in text(desk.page(gone.location))
    assert (
        desk.post(address, {**desk.form("/staff/items/new", "/staff/items/new"), "how": "removed", "reason": "discarded"}).status_code
        == 409
    )

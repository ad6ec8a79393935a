"""Items, rules and the list of staff on pages, without script."""

from datetime import timedelta

import pytest

from tests.api.staff_room import AT_HOME, Staff, StaffRoom, errors, filled
from tests.api.test_pages import parsed, text
from union_catalog.services import sessions
from union_catalog.services import staff as staff_cases
from union_catalog.services.staff import NewMember
from union_catalog.storage import staff as staff_rows

ITEM = "/staff/items/JD/a8"


@pytest.fixture
def desk(room: StaffRoom) -> Staff:
    return room.client("circulation", branches=("JD-JY",))


@pytest.fixture
def elsewhere(room: StaffRoom) -> Staff:
    return room.client("circulation", "JX")


class TestItem:
    """Where it is, who has it as far as that may be told, and what was done with it."""

    def test_a_barcode_leads_to_its_item_and_an_unknown_one_is_said(self, desk: Staff) -> None:
        assert desk.client.get("/staff/items?barcode=a8").location == ITEM
        answer = desk.client.get("/staff/items?barcode=nothing")
        assert answer.status_code == 404
        assert parsed(answer.text).get_element_by_id("barcode").get("value") == "nothing"

    def test_who_has_it_is_told_to_its_library_masked_where_the_reader_is_another_s(
        self, room: StaffRoom, desk: Staff, elsewhere: Staff
    ) -> None:
        reader = room.enrol(library="JX", home_branch="JX-ZG")
        room.lend(reader.card, "a8", "JD-JY")
        assert "王**" in text(desk.page(ITEM))
        assert "王小明" in text(elsewhere.page(ITEM))
        own = room.enrol("李思远")
        room.lend(own.card, "a6", "JD-ZG")
        seen = text(elsewhere.page("/staff/items/JD/a6"))
        assert "别馆的读者，不在这里显示" in seen
        assert "李思远" not in seen

    def test_what_is_said_of_it_is_told_large_and_taken_back(self, desk: Staff) -> None:
        page = desk.done(ITEM, f"{ITEM}/say", what="missing")
        assert page.cssselect('.told-large[role="status"] .do')
        assert text(page.cssselect(".found .st")[0]) == "暂时找不到"
        event = dict(page.cssselect(f'form[action="{ITEM}/undo"]')[0].form_values())
        undone = desk.page(desk.post(f"{ITEM}/undo", event).location)
        assert "已撤销" in text(undone.cssselect(".told-large")[0])
        assert text(undone.cssselect(".found .st")[0]) == "在馆可借"
        assert not undone.cssselect(f'form[action="{ITEM}/undo"]')

    def test_the_same_form_twice_is_one_action(self, desk: Staff) -> None:
        form = desk.form(ITEM, f"{ITEM}/say", what="damaged")
        first, again = (desk.post(f"{ITEM}/say", form).location for _ in range(2))
        assert first == again
        assert len(desk.page(ITEM).cssselect("table.fold tbody tr")) == 1

    def test_what_does_not_hold_is_said_beside_the_form(self, desk: Staff) -> None:
        answer = desk.send(ITEM, f"{ITEM}/say", what="repaired")
        assert answer.status_code == 409
        assert errors(answer)

    def test_another_barcode_leads_on(self, desk: Staff) -> None:
        answer = desk.send(ITEM, f"{ITEM}/barcode", barcode="NEW8")
        assert answer.location.startswith("/staff/items/JD/NEW8?event=")
        assert desk.client.get("/staff/items?barcode=a8").location == "/staff/items/JD/NEW8"

    def test_other_libraries_may_neither_withdraw_nor_relabel_it(self, elsewhere: Staff) -> None:
        page = elsewhere.page(ITEM)
        assert "withdrawn" not in [option.get("value") for option in page.cssselect("#say-what option")]
        form = filled(page, f"{ITEM}/say")
        assert elsewhere.post(f"{ITEM}/say", {**form, "what": "withdrawn"}).status_code == 403
        assert elsewhere.post(f"{ITEM}/barcode", {**form, "barcode": "NEW8"}).status_code == 403

    def test_nobody_acts_at_a_desk_of_another_library(self, desk: Staff) -> None:
        form = desk.form(ITEM, f"{ITEM}/say", what="missing")
        assert desk.post(f"{ITEM}/say", {**form, "branch": "JX-ZG"}).status_code == 403

    def test_a_book_without_a_record_can_be_lent_at_once(self, room: StaffRoom, desk: Staff) -> None:
        page = desk.done("/staff/items/new", "/staff/items/new", barcode="N1", title="乡土中国", author="费孝通")
        assert text(page.cssselect("h1")[0]) == "乡土中国"
        room.lend(room.enrol().card, "N1", "JD-JY")
        again = desk.send("/staff/items/new", "/staff/items/new", barcode="N1", title="另一本")
        assert again.status_code == 409
        assert parsed(again.text).get_element_by_id("new-title").get("value") == "另一本"


class TestPeople:
    """Who works here: for managers."""

    def test_a_manager_unlocks_and_disables_and_sees_no_other_library(self, room: StaffRoom, desk: Staff) -> None:
        manager = room.client("manager")
        room.client("circulation", "JX")
        page = manager.page("/staff/people")
        assert "JX" not in text(page.cssselect("table")[0])
        name = text(page.cssselect("td.mono")[0])
        assert desk.client.get("/staff/people").status_code == 403
        with room.database.write() as connection:
            staff_rows.count(connection, staff_cases.require(connection, name).id, 5, room.clock.now() + timedelta(minutes=15))
        assert "已解锁" in text(manager.done("/staff/people", f"/staff/people/{name}/unlock"))
        disabled = manager.done("/staff/people", f"/staff/people/{name}/disable")
        assert "已停用" in text(disabled)
        assert desk.client.get("/staff").status_code == 303

    def test_a_manager_gives_somebody_other_roles_and_branches_but_none_that_are_not_theirs(self, room: StaffRoom, desk: Staff) -> None:
        with room.database.write() as connection:
            new = NewMember(username="li", name="李晓", library="JD", branches=("JD-JY",), roles=("circulation", "cataloguing"))
            sessions.begin(connection, room.clock, "us_li", "staff", staff_cases.add(connection, room.clock, room.desk(), new).id, "JD-JY")
        manager, address = room.client("manager"), "/staff/people/li"
        page = manager.page(address)
        assert [box.get("value") for box in page.cssselect("[name=role]")] == ["circulation", "manager"]
        assert [box.get("value") for box in page.cssselect("[name=branch]:checked, [name=branch][checked]")] == ["JD-JY"]
        assert "你没有这个角色" in text(page)
        assert desk.client.get(address).status_code == room.client("manager", "JX").client.get(address).status_code == 403
        done = manager.done(address, address, role="manager", branch="JD-ZG")
        assert "已改好" in text(done)
        with room.database.read() as connection:
            told = staff_cases.require(connection, "li")
        assert (set(told.roles), told.branches) == ({"manager", "cataloguing"}, ("JD-ZG",))
        forged = {**manager.form(address, address), "role": ["circulation", "network"]}
        assert manager.client.post(address, data=forged, headers=AT_HOME).status_code == 403

    def test_a_change_that_cannot_be_is_said_beside_the_form(self, room: StaffRoom) -> None:
        manager, address = room.client("manager"), f"/staff/people/{room.secret('circulation')[3:]}"
        form = {**manager.form(address, address), "role": [], "branch": "JD-ZG"}
        answer = manager.client.post(address, data=form, headers=AT_HOME)
        assert (answer.status_code, errors(answer)) == (422, ["至少要有一个角色。"])
        assert [box.get("value") for box in parsed(answer.text).cssselect("[name=branch][checked]")] == ["JD-ZG"]
        assert manager.client.get("/staff/people/nobody").status_code == 404

    def test_nobody_is_offered_to_disable_or_change_themself(self, room: StaffRoom) -> None:
        page = room.client("manager").page("/staff/people")
        assert not page.cssselect('form[action$="/disable"], main a[href^="/staff/people/"]')


def test_the_start_page_offers_what_a_role_may_do(room: StaffRoom, desk: Staff) -> None:
    def doors(who: Staff) -> set[str]:
        return {link.get("href") for link in who.page("/staff").cssselect(".doors a")}

    assert doors(room.client("cataloguing")) == {"/staff/items", "/staff/policies"}
    assert {"/desk", "/staff/patrons", "/staff/enrol", "/staff/items", "/desk/offline"} <= doors(desk)
    navigation = desk.page("/desk/offline").cssselect(".desk-nav a")
    assert [link.get("href") for link in navigation if link.get("aria-current") == "page"] == ["/desk/offline"]
    assert doors(room.client("manager")) - doors(desk) == {"/staff/objections", "/staff/people"}
    assert [text(link) for link in desk.page("/staff").cssselect(".tills a")] == ["菊园我嘉书房"]

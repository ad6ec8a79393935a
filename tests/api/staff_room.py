"""A small real catalogue with staff of two libraries, readers and loans: for what staff do on pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from api.app import create_app
from api.auth import SESSION_COOKIE
from api.resources.operation import OFFICE
from tests.api.test_pages import Page, parsed
from tests.browser.reading_room import open_room
from union_catalog.circulation.plan import Charge
from union_catalog.clock import SteppingClock
from union_catalog.context import Actor, CommandId, Context, command_line
from union_catalog.ids import BranchCode, LibraryCode, PatronId, new_id
from union_catalog.patrons.enrolment import Agreement
from union_catalog.patrons.keys import read_document
from union_catalog.services import accounts, sessions, staff
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.circulation.check_out import CheckOutAsked, check_out
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.station import Station
from union_catalog.services.patrons import enrol
from union_catalog.services.patrons.enrol import Asked, Enrolled
from union_catalog.services.patrons.office import Office
from union_catalog.services.staff import NewMember
from union_catalog.storage.database import Database
from union_catalog.storage.tables import loan

AT_HOME = {"Sec-Fetch-Site": "same-origin"}
NOTICE = "2026-1"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StaffRoom:
    """Branches JD-JY, JD-ZG and JX-ZG; staff of each role and library sign in as :meth:`client` says."""

    app: Flask
    catalogue: Catalogue
    clock: SteppingClock

    @property
    def database(self) -> Database:
        return self.catalogue.database

    @property
    def office(self) -> Office:
        """The application's."""
        office: Office = self.app.extensions[OFFICE]
        return office

    def secret(self, role: str, library: str = "JD", branches: tuple[str, ...] = ()) -> str:
        """The session of a new member of staff of this role."""
        name = f"{role}-{library.lower() or 'all'}-{new_id()[-6:]}"
        with self.database.write() as connection:
            new = NewMember(username=name, name="张晓", library=library, branches=branches, roles=(role,))
            member = staff.add(connection, self.clock, command_line(self.clock), new)
            sessions.begin(connection, self.clock, f"us_{name}", "staff", member.id)
        return f"us_{name}"

    def client(self, role: str, library: str = "JD", branches: tuple[str, ...] = ()) -> "Staff":
        """A new member of staff of this role, signed in."""
        client = self.app.test_client()
        client.set_cookie(SESSION_COOKIE, self.secret(role, library, branches))
        return Staff(client)

    def desk(self, library: str = "JD") -> Context:
        """Somebody at a desk of a library."""
        actor = Actor(kind="staff", id=f"at-{library}")
        return Context(actor=actor, occurred_at=self.clock.now(), command_id=CommandId(new_id()), library=library)

    def enrol(self, name: str = "王小明", *, library: str = "JD", at_desk: bool = True, **told: Any) -> Enrolled:
        """A new reader of JD-JY unless ``told`` says otherwise."""
        asked: dict[str, Any] = {
            "birth_date": date(1990, 5, 1),
            "home_branch": "JD-JY",
            "phone": f"138{int(new_id()[-6:], 36) % 10**8:08d}",
        }
        asked |= {"consent": Agreement(notice=NOTICE, given_on=date(2026, 11, 22)), **told}
        with self.database.write() as connection:
            return enrol.enrol(connection, self.office, self.desk(library), Asked(name=name, **asked), at_desk=at_desk)

    def lend(self, card: str, barcode: str, branch: str) -> None:
        """Lends an item at a branch."""
        library = branch.partition("-")[0]
        station = Station(office=self.office, context=self.desk(library), branch=BranchCode(branch), rights=frozenset({"circulation"}))
        with self.database.write() as connection:
            check_out(connection, station, CheckOutAsked(item=ItemReference(barcode), card=card))

    def document(self, number: str) -> Any:
        """A resident ID."""
        return read_document("resident_id", number)


@dataclass(frozen=True, slots=True)
class Staff:
    """A browser without script in which somebody has signed in."""

    client: FlaskClient

    def page(self, address: str, status: int = 200) -> Page:
        answer = self.client.get(address, headers={"Accept-Language": "zh-CN"})
        assert answer.status_code == status, (answer.status_code, answer.location, answer.text[:300])
        return parsed(answer.text)

    def form(self, address: str, action: str, **values: str) -> dict[str, str]:
        """What the form of a page would send whose action ends so, filled in."""
        return filled(self.page(address), action, **values)

    def post(self, action: str, data: Mapping[str, str]) -> TestResponse:
        return self.client.post(action, data=data, headers={**AT_HOME, "Accept-Language": "zh-CN"})

    def send(self, address: str, action: str, **values: str) -> TestResponse:
        """Fills in and sends the form of the page at ``address`` that goes to ``action``."""
        return self.post(action, self.form(address, action, **values))

    def done(self, address: str, action: str, **values: str) -> Page:
        """The same; the page to which it leads."""
        answer = self.send(address, action, **values)
        assert answer.status_code == 303, (answer.status_code, errors(answer))
        return self.page(answer.location.removeprefix("http://localhost"))


def filled(page: Page, action: str, **values: str) -> dict[str, str]:
    """What the first form with this action would send; a field that is not there is a mistake."""
    forms = [form for form in page.cssselect("form") if urlsplit(form.get("action") or "").path == action]
    assert forms, (action, [form.get("action") for form in page.cssselect("form")])
    names = {field.get("name") for field in forms[0].cssselect("input, select, textarea, button")}
    assert set(values) <= names, (set(values) - names, names)
    return {**{str(name): str(value) for name, value in forms[0].form_values()}, **values}


def errors(answer: TestResponse) -> list[str]:
    """What a page says went wrong."""
    page = parsed(answer.text)
    return [" ".join(one.text_content().split()) for one in page.cssselect('[role="alert"], .message .lead')]


def open_staff_room(database: Database, home: Path) -> StaffRoom:
    """Over an empty database."""
    settings, catalogue = open_room(database, home)
    clock = SteppingClock(NOW)
    return StaffRoom(create_app(settings, catalogue=catalogue, clock=clock), catalogue, clock)


def page_of(patron_id: str) -> str:
    return f"/staff/patrons/{patron_id}"


def rows(room: StaffRoom, table: object) -> int:
    with room.database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]  # a table


def charged(room: StaffRoom, reader: str, fen: int) -> None:
    with room.database.write() as connection:
        loan_id = connection.execute(select(loan.c.id)).scalars().first()
        asked = Charge(patron=PatronId(reader), library=LibraryCode("JD"), kind="fine", amount_fen=fen, loan=loan_id)
        accounts.charge(connection, room.clock, room.desk(), asked)

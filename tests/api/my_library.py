"""A library with readers who have cards, books and a past, and a browser without script to see their pages by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from lxml.html import HtmlElement
from werkzeug.test import TestResponse

from api.resources.operation import OFFICE
from tests.api.signing_in import PIN, Library
from tests.api.test_pages import parsed
from union_catalog.context import command_line
from union_catalog.ids import BranchCode, PatronId
from union_catalog.patrons.enrolment import Agreement
from union_catalog.services.circulation.check_in import check_in
from union_catalog.services.circulation.check_out import CheckOutAsked, check_out
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.station import Station
from union_catalog.services.patrons import enrol, pins
from union_catalog.services.patrons.enrol import Asked, Enrolled
from union_catalog.services.patrons.office import Office

AT_HOME = {"Sec-Fetch-Site": "same-origin"}


def office_of(library: Library) -> Office:
    found: Office = library.app.extensions[OFFICE]
    return found


def take_on(library: Library, name: str = "陈晓雨", **more: Any) -> Enrolled:
    """A reader, enrolled at a desk, with the PIN of all examples."""
    office = office_of(library)
    with library.database.write() as connection:
        agreed = Agreement(notice="2026-11", given_on=office.today())
        told: dict[str, Any] = {"category": "" if more.get("birth_date") else "adult", "phone": "13900000000", **more}
        asked = Asked(name=name, home_branch="JD-1", consent=agreed, pin_hash=pins.hashed(office, PIN), **told)
        return enrol.enrol(connection, office, command_line(library.clock), asked, at_desk=True)


def desk(library: Library) -> Station:
    return Station(office=office_of(library), context=command_line(library.clock), branch=BranchCode("JD-1"))


def lend(library: Library, card: str, barcode: str = "b1") -> str:
    """The loan's id."""
    with library.database.write() as connection:
        return check_out(connection, desk(library), CheckOutAsked(item=ItemReference(barcode, "JD"), card=card)).loan


def give_back(library: Library, barcode: str = "b1") -> None:
    with library.database.write() as connection:
        check_in(connection, desk(library), ItemReference(barcode, "JD"))


@dataclass(frozen=True, slots=True)
class Reader:
    """A browser without script, in which a reader has signed in."""

    client: FlaskClient
    card: str
    id: PatronId

    def page(self, address: str) -> HtmlElement:
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.text
        return parsed(answer.text)

    def send(self, address: str, form: str, typed: Mapping[str, str] | None = None) -> TestResponse:
        """The form of the page at ``address`` whose action ends in ``form``, filled in."""
        return submit(self.client, self.page(address), form, typed)


def submit(client: FlaskClient, page: HtmlElement, form: str, typed: Mapping[str, str] | None = None) -> TestResponse:
    found = page.cssselect(f'main form[action$="{form}"]')[0]
    data = {str(name): str(value) for name, value in found.form_values()}
    return client.post(found.get("action"), data={**data, **(typed or {})}, headers=AT_HOME)


def signed_in(library: Library, reader: Enrolled) -> Reader:
    client = library.app.test_client()
    page = parsed(client.get("/sign-in").text)
    answer = submit(client, page, "/sign-in", {"who": reader.card, "secret": PIN})
    assert answer.status_code == 303, answer.text
    return Reader(client, reader.card, reader.patron.id)


def after(library: Library, days: int) -> None:
    library.clock.advance(timedelta(days=days))

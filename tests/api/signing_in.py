"""An application with somebody to sign in: a member of JD's staff and a reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from api.app import create_app
from api.resources.operation import OFFICE
from tests.api.collection import fill
from union_catalog.clock import SteppingClock, instant_text
from union_catalog.context import command_line
from union_catalog.services import staff
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.patrons import pins
from union_catalog.services.staff import NewMember
from union_catalog.settings import Settings
from union_catalog.storage.database import Database
from union_catalog.storage.tables import credential, patron, pin

PASSWORD, PIN, CARD = "晨昏忧乐每相亲 42", "135790", "OLD0042"
STAFF: Mapping[str, str] = {"username": "zhang", "password": PASSWORD}
READER: Mapping[str, str] = {"card": CARD, "pin": PIN}


@dataclass(frozen=True, slots=True)
class Library:
    """``clock`` is the application's."""

    app: Flask
    catalogue: Catalogue
    clock: SteppingClock

    @property
    def database(self) -> Database:
        return self.catalogue.database


def open_library(settings: Settings, folder: Path) -> Library:
    """``folder`` holds the empty database ``catalogue.sqlite3``."""
    clock = SteppingClock(datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
    catalogue = fill(Database(f"sqlite:///{folder / 'catalogue.sqlite3'}", 5), folder / "index")
    app = create_app(settings, catalogue=catalogue, clock=clock)
    hashed = pins.hashed(app.extensions[OFFICE], PIN)
    with catalogue.database.write() as connection:
        new = NewMember(username="zhang", library="JD", branches=("JD-1",), roles=("circulation",))
        staff.add(connection, clock, command_line(clock), new, staff.hashed(PASSWORD))
        row = {
            "library": "JD",
            "home_branch": "JD-1",
            "category": "adult",
            "state": "active",
            "credit": 100,
            "created_at": instant_text(clock.now()),
        }
        connection.execute(patron.insert().values(id="reader", **row))
        card = {"issuer": "JD", "number": CARD, "kind": "member_card", "state": "valid", "issued_at": instant_text(clock.now())}
        connection.execute(credential.insert().values(patron_id="reader", **card))
        connection.execute(pin.insert().values(patron_id="reader", hash=hashed, set_at=instant_text(clock.now())))
    return Library(app, catalogue, clock)

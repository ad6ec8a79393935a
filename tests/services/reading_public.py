"""Readers for tests: a network of three branches, and people who enrol."""

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from union_catalog.clock import SteppingClock
from union_catalog.context import Actor, CommandId, Context
from union_catalog.ids import new_id
from union_catalog.patrons.enrolment import Agreement
from union_catalog.patrons.keys import PersonKeys
from union_catalog.patrons.model import Patron
from union_catalog.services.patrons import enrol, pins
from union_catalog.services.patrons.enrol import Asked, Enrolled
from union_catalog.services.patrons.office import Office
from union_catalog.storage.database import Database
from union_catalog.storage.tables import branch

SECRET = "the secret of all tests"
NOTICE = "2026-1"
PIN = "314159"
BRANCHES = (("JD-1", "JD"), ("JD-2", "JD"), ("JX-1", "JX"))


def somebody(**changes: object) -> Asked:
    """An adult of the branch JD-1, with what ``changes`` says otherwise; no two have the same telephone unless it is given."""
    told: dict[str, object] = {
        "name": "王小明",
        "birth_date": date(1990, 5, 1),
        "phone": f"138{int(new_id()[-7:], 36) % 10**8:08d}",
        "category": "adult",
        "home_branch": "JD-1",
        "consent": Agreement(notice=NOTICE, given_on=date(2026, 11, 22)),
    }
    return Asked(**(told | changes))  # type: ignore[arg-type]  # what a test changes


@dataclass
class ReadingPublic:
    """A database with branches, and desks that act in it."""

    database: Database
    office: Office
    clock: SteppingClock

    def __post_init__(self) -> None:
        with self.database.write() as connection:
            connection.execute(insert(branch), [{"code": code, "library": library, "name": code} for code, library in BRANCHES])

    def desk(self, library: str = "JD") -> Context:
        """Somebody at a desk of the library."""
        actor = Actor(kind="staff", id=f"staff-{library}")
        return Context(actor=actor, occurred_at=self.clock.now(), command_id=CommandId(new_id()), library=library)

    def reader(self, patron: Patron) -> Context:
        """The reader, signed in."""
        return replace(self.desk(""), actor=Actor(kind="patron", id=patron.id))

    def anybody(self) -> Context:
        """Somebody on the web."""
        return replace(self.desk(""), actor=Actor(kind="public"))

    def enrol(self, context: Context | None = None, /, **changes: object) -> Enrolled:
        """Enrols :func:`somebody`."""
        with self.database.write() as connection:
            acting = context or self.desk()
            return enrol.enrol(connection, self.office, acting, somebody(**changes), at_desk=acting.actor.kind == "staff")

    def enrol_with_pin(self, pin: str = PIN, **changes: object) -> Enrolled:
        """The same, with a PIN."""
        return self.enrol(None, **{"pin_hash": pins.hashed(self.office, pin), **changes})


def reading_public(database: Database, clock: SteppingClock) -> ReadingPublic:
    """Nobody is enrolled yet."""
    return ReadingPublic(database, Office(clock, PersonKeys.of(SECRET), ZoneInfo("Asia/Shanghai")), clock)

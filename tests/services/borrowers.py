"""A reader, a branch to stand at and a loan, put straight into the tables: for tests of what is held against readers."""

from dataclasses import dataclass
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from union_catalog.clock import SteppingClock
from union_catalog.context import Actor, CommandId, Context
from union_catalog.ids import LoanId, PatronId, new_id
from union_catalog.patrons.keys import PersonKeys
from union_catalog.services.patrons.office import Office
from union_catalog.storage.database import Database
from union_catalog.storage.tables import branch, feed, item, loan, patron, source_record

ZONE = ZoneInfo("Asia/Shanghai")
LENT = "2026-10-01T02:00:00.000000Z"
_NUMBERS = count(1)


def town(database: Database, clock: SteppingClock) -> "Town":
    """Over a catalogue whose libraries are there already."""
    with database.write() as connection:
        for library in ("JD", "JX"):
            connection.execute(insert(branch).values(code=f"{library}-1", library=library, name=library, kind="town"))
    return Town(database, clock)


@dataclass(frozen=True, slots=True)
class Town:
    """A database with the libraries JD and JX and a branch of each: "JD-1", "JX-1"."""

    database: Database
    clock: SteppingClock

    @property
    def office(self) -> Office:
        """What use cases on readers need."""
        return Office(self.clock, PersonKeys.of("the secret of all tests"), ZONE)

    def staff(self, library: str = "JD", who: str = "desk1") -> Context:
        """Somebody at a desk of a library; "" for the whole network."""
        actor = Actor(kind="staff", id=who)
        return Context(actor=actor, occurred_at=self.clock.now(), command_id=CommandId(new_id()), library=library)

    def reader(self, library: str = "JD", credit: int = 100) -> PatronId:
        """A new reader."""
        reader = PatronId(new_id())
        row = {"id": reader, "library": library, "home_branch": f"{library}-1", "category": "adult", "state": "active", "credit": credit}
        with self.database.write() as connection:
            connection.execute(insert(patron).values(**row, created_at=LENT))
        return reader

    def loan(self, reader: PatronId, state: str = "open", library: str = "JD") -> LoanId:
        """Of a new item of ``library``."""
        loan_id = LoanId(new_id())
        with self.database.write() as connection:
            item_id = self._item(connection, library)
            row = {
                "id": loan_id,
                "item_id": item_id,
                "patron_id": reader,
                "state": state,
                "item_library": library,
                "lending_branch": f"{library}-1",
                "lent_at": LENT,
                "due_date": "2026-10-31",
                "policy_version": 1,
                "policy_rule": "everything",
                "patron_library": library,
                "patron_category": "adult",
                "age_band": "adult",
                "ended_at": None if state in ("open", "claimed_returned") else LENT,
            }
            connection.execute(insert(loan).values(row))
        return loan_id

    def _item(self, connection: Connection, library: str) -> str:
        number = next(_NUMBERS)
        row = {"library": library, "record_id": f"R{number}", "feed_id": number, "digest": "", "version": "", "seen_load": ""}
        connection.execute(insert(feed).values(id=number, library=library, name=f"F{number}"))
        connection.execute(insert(source_record).values(id=number, received_at=LENT, **row))
        words = dict.fromkeys(("call_number", "reported_status", "status_word", "price", "volume", "url"), "")
        item_id = new_id()
        known = {"id": item_id, "library": library, "source_id": number, "branch": f"{library}-1", "barcode": f"B{number}"}
        connection.execute(insert(item).values(**known, **words, item_type="book", lending="loan", reported_at=LENT))
        return item_id

"""A small network with desks, items and readers put straight into the tables, for tests of what desks do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, select, update

from union_catalog.circulation.overriding import NO_OVERRIDE, Override
from union_catalog.clock import SteppingClock
from union_catalog.context import Actor, CommandId, Context
from union_catalog.ids import BranchCode, HoldId, ItemId, LoanId, PatronId, new_id
from union_catalog.patrons.keys import PersonKeys
from union_catalog.services.circulation.check_in import check_in
from union_catalog.services.circulation.check_out import CheckOutAsked, check_out
from union_catalog.services.circulation.deeds import Deed
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.items import Said, Saying, say
from union_catalog.services.circulation.renewals import Renewed, renew_one
from union_catalog.services.circulation.station import Station
from union_catalog.services.circulation.undoing import undo
from union_catalog.services.patrons.office import Office
from union_catalog.storage.database import Database
from union_catalog.storage.sources import feed_id
from union_catalog.storage.tables import (
    account_entry,
    block,
    branch,
    credential,
    credit_entry,
    hold,
    item,
    item_state,
    library,
    loan,
    patron,
    policy_version,
    source_record,
    transit,
    union_record,
)

ZONE = ZoneInfo("Asia/Shanghai")
BRANCHES = (("JD-1", "JD"), ("JD-2", "JD"), ("JX-1", "JX"), ("JX-2", "JX"))
LONG_AGO = "2026-01-01T00:00:00.000000Z"
POLICY = """
[network]
deposit_fen = 10000
deposit_free_from = 60
limited_below = 60
limited_quota = 2
blocked_below = 20
debt_fen = 2000
overdue_days = 0
history_days = 180

[network.quota]
other = 4
child = 2

[network.caps]
JX = 2

[[rules]]
id = "all"
days = 30
renewals = 1
renewal_days = 30
quota = 4
shelf_days = 5
overdue = { kind = "suspend", grace_days = 1, per_day = 2, most = 90 }

[[rules]]
id = "video"
item_type = "video"
days = 7
renewals = 0
renewal_days = 7
quota = 1
overdue = { kind = "fine", grace_days = 0, per_day = 50, most = 5000 }
"""


@dataclass
class Town:
    """Two libraries of two branches each. Every item has a record and a title of its own unless it is told which."""

    database: Database
    clock: SteppingClock
    numbers: Any

    def __post_init__(self) -> None:
        self.office = Office(self.clock, PersonKeys.of("the secret of all tests"), ZONE)
        with self.database.write() as connection:
            known = set(connection.execute(select(library.c.code)).scalars())
            for code in {"JD", "JX"} - known:
                connection.execute(insert(library).values(code=code, name=code))
            connection.execute(insert(branch), [{"code": code, "library": of, "name": code} for code, of in BRANCHES])
            self.feeds = {of: feed_id(connection, of, "files") for of in ("JD", "JX")}
            version = {"version": 7, "text": POLICY, "actor": "test", "in_force_from": LONG_AGO}
            connection.execute(insert(policy_version).values(version))

    def item(self, barcode: str = "", home: str | None = "JD-1", of: str = "", union_id: str = "", **columns: object) -> str:
        """A new item's barcode."""
        number = next(self.numbers)
        barcode, of = barcode or f"B{number}", of or (home or "JD").partition("-")[0]
        union_id = union_id or self.record()
        words = dict.fromkeys(("call_number", "status_word", "price", "volume", "url"), "")
        row = {"id": new_id(), "library": of, "source_id": number, "branch": home, "barcode": barcode, "item_type": "book"}
        row |= {"lending": "loan", "reported_status": "available", "reported_at": LONG_AGO, **words, **columns}
        source = {"id": number, "library": of, "record_id": f"R{number}", "feed_id": self.feeds[of], "received_at": LONG_AGO}
        source |= {"digest": "", "version": "", "seen_load": "", "union_id": union_id}
        with self.database.write() as connection:
            connection.execute(insert(source_record).values(source))
            connection.execute(insert(item).values(row))
        return barcode

    def record(self) -> str:
        """A union record without contents."""
        union_id = new_id()
        with self.database.write() as connection:
            row = {"id": union_id, "born": 1, "revision": 1, "state": "live", "updated_at": LONG_AGO}
            connection.execute(insert(union_record).values(row))
        return union_id

    def card(self, of: str = "JD", **columns: object) -> str:
        """The card of a new reader; who that is, :meth:`reader` tells."""
        number, patron_id = f"C{next(self.numbers)}", new_id()
        row = {"id": patron_id, "library": of, "home_branch": f"{of}-1", "category": "adult", "state": "active", "credit": 100}
        row |= {"created_at": LONG_AGO, **columns}
        with self.database.write() as connection:
            connection.execute(insert(patron).values(row))
            shown = {"issuer": of, "number": number, "kind": "member_card", "patron_id": patron_id, "state": "valid"}
            connection.execute(insert(credential).values(**shown, issued_at=LONG_AGO))
        return number

    def reader(self, card: str) -> PatronId:
        with self.database.read() as connection:
            return PatronId(connection.execute(select(credential.c.patron_id).where(credential.c.number == card)).scalar_one())

    def hold(self, card: str, union_id: str, pickup: str, state: str = "placed", item_id: str | None = None) -> HoldId:
        hold_id = HoldId(new_id())
        row = {"id": hold_id, "sequence": next(self.numbers), "patron_id": self.reader(card), "union_id": union_id, "item_id": item_id}
        row |= {"pickup_branch": pickup, "state": state, "placed_at": LONG_AGO}
        with self.database.write() as connection:
            connection.execute(insert(hold).values(row))
        return hold_id

    def station(self, at: str = "JD-1", *, who: str = "desk", rights: str = "circulation", **more: Any) -> Station:
        """A desk of a branch; who stands there belongs to its library."""
        context = Context(
            actor=Actor(kind="staff", id=who),
            occurred_at=self.clock.now(),
            command_id=CommandId(new_id()),
            library=at.partition("-")[0],
        )
        return Station(office=self.office, context=context, branch=BranchCode(at), rights=frozenset(rights.split()), **more)

    def lend(self, barcode: str, card: str, at: str = "JD-1", override: Override = NO_OVERRIDE, of: str = "", **more: Any) -> Deed:
        asked = CheckOutAsked(item=ItemReference(barcode, of), card=card, override=override)
        with self.database.write() as connection:
            return check_out(connection, self.station(at, **more), asked)

    def take(self, barcode: str, at: str = "JD-1", of: str = "", **more: Any) -> Deed:
        with self.database.write() as connection:
            return check_in(connection, self.station(at, **more), ItemReference(barcode, of))

    def renew(self, deed: Deed, at: str = "JD-1", override: Override = NO_OVERRIDE, **more: Any) -> Renewed:
        with self.database.write() as connection:
            return renew_one(connection, self.station(at, **more), LoanId(deed.loan), override)[0]

    def say(self, barcode: str, what: Said, at: str = "JD-1", percent: int = 0, **more: Any) -> Deed:
        with self.database.write() as connection:
            return say(connection, self.station(at, **more), ItemReference(barcode), Saying(what, percent))

    def undo(self, deed: Deed, at: str = "JD-1", **more: Any) -> Deed:
        with self.database.write() as connection:
            return undo(connection, self.office, self.station(at, **more).context, deed.event)

    def wait(self, **by: float) -> None:
        """Lets time pass: ``days=3``, ``minutes=1``."""
        self.clock.advance(timedelta(**by))

    def rows(self, table: Any, **columns: object) -> list[dict[str, Any]]:
        """Rows with these values, the oldest ids first."""
        conditions = [table.c[name] == value for name, value in columns.items()]
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(select(table).where(*conditions)).mappings()]

    def id_of(self, barcode: str) -> ItemId:
        with self.database.read() as connection:
            return ItemId(connection.execute(select(item.c.id).where(item.c.barcode == barcode)).scalar_one())

    def loan_state(self, deed: Deed) -> str:
        return str(self.rows(loan, id=deed.loan)[0]["state"])

    def condition(self, barcode: str) -> str:
        return str(self.rows(item_state, item_id=self.id_of(barcode))[0]["condition"])

    def transits(self, barcode: str) -> list[dict[str, Any]]:
        return self.rows(transit, item_id=self.id_of(barcode))

    def forgive_all(self) -> None:
        """Nobody is blocked, owes, or has lost points."""
        with self.database.write() as connection:
            connection.execute(update(block).values(ended_at=LONG_AGO, ended_by="test"))
            connection.execute(delete(account_entry))
            connection.execute(delete(credit_entry))
            connection.execute(update(patron).values(credit=100))

    def change(self, table: Any, values: dict[str, object], **columns: object) -> None:
        with self.database.write() as connection:
            connection.execute(update(table).where(*[table.c[name] == value for name, value in columns.items()]).values(values))


def town(database: Database, clock: SteppingClock) -> Town:
    """Empty but for its branches, its policy, and what was in the database before."""
    return Town(database, clock, count(10_001))


def later(clock: SteppingClock, **by: float) -> datetime:
    """An instant after the clock's, or before it."""
    return clock.now() + timedelta(**by)


def open_things(connection: Connection) -> tuple[int, int]:
    """How many loans and transits bind items now."""
    loans = select(func.count()).select_from(loan).where(loan.c.ended_at.is_(None))
    transits = select(func.count()).select_from(transit).where(transit.c.ended_at.is_(None))
    return int(connection.execute(loans).scalar_one()), int(connection.execute(transits).scalar_one())

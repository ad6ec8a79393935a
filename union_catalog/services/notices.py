"""Notices as use cases: put on their way by what happened, by the calendar, and cleared away."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from union_catalog.clock import Clock, business_date, instant_text
from union_catalog.ids import LoanId, PatronId, new_id
from union_catalog.notices.model import BLOCK_SET, CARD_EXPIRING, KINDS, Notice, Value
from union_catalog.notices.stages import Stage
from union_catalog.storage import notices as rows
from union_catalog.storage.database import Database
from union_catalog.storage.notices import DueLoan

BATCH = 500
FRESH = timedelta(days=3)


def enqueue(
    connection: Connection,
    clock: Clock,
    patron_id: PatronId,
    kind: str,
    about: str,
    data: Mapping[str, Value],
    not_before: datetime | None = None,
    loan: LoanId | None = None,
) -> bool:
    """Puts one on its way, in the transaction of its cause. False where the same was put there before: ``kind`` and ``about`` say which.

    ``data`` fills the words of the kind (api/templates/notices) and holds ids, codes, numbers and ISO dates, never what tells who or
    which book; ``loan`` names the loan that it is of, whose title is read when it is sent. Raises ValueError for a kind without words.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    now = clock.now()
    made = Notice(id=new_id(), patron=patron_id, kind=kind, about=about, created_at=now, loan=loan, data=data)
    return rows.add(connection, [made], instant_text(not_before or now)) == 1


def unsay(connection: Connection, kinds: Sequence[str], about: str) -> bool:
    """What was put on its way and has not gone is not told any more. Whether there was any."""
    return rows.drop_waiting(connection, kinds, about, "no_longer_true") > 0


def make_due(database: Database, today: date, now: datetime, timezone: ZoneInfo, told: Sequence[Stage]) -> int:
    """Puts what is due today on its way, for every open loan, in batches; again on the same day it makes nothing new.

    A loan that was made on the day of a stage before its due date or later is not told of it: its reader has just heard it at the desk.
    Answers how many notices were made.
    """
    return sum(_make_stage(database, today, now, timezone, stage) for stage in told)


def _make_stage(database: Database, today: date, now: datetime, timezone: ZoneInfo, stage: Stage) -> int:
    made, place = 0, None
    while True:
        with database.write() as connection:
            due = rows.loans_due(connection, stage.kind, stage.day, stage.due_dates(today), place, BATCH)
            fresh = [loan for loan in due if business_date(loan.lent_at, timezone) < loan.due_date + timedelta(days=min(stage.day, 0))]
            made += rows.add(connection, [_of_loan(loan, stage, now) for loan in fresh], instant_text(now))
        if len(due) < BATCH:
            return made
        place = (due[-1].due_date, due[-1].id)


def _of_loan(loan: DueLoan, stage: Stage, now: datetime) -> Notice:
    due = loan.due_date.isoformat()
    about = f"{loan.id}:{due}:{stage.day}"
    return Notice(
        id=new_id(), patron=loan.patron, kind=stage.kind, about=about, created_at=now, loan=loan.id, data={"due": due, "day": stage.day}
    )


def make_expiring(database: Database, today: date, now: datetime, days: int) -> int:
    """Tells every reader whose card runs out within so many days, once for a date. Answers how many notices were made."""
    made, after = 0, PatronId("")
    while True:
        with database.write() as connection:
            found = rows.cards_expiring(connection, today, today + timedelta(days=days), after, BATCH)
            made += rows.add(connection, [_of_card(patron, day, now) for patron, day in found], instant_text(now))
        if len(found) < BATCH:
            return made
        after = found[-1][0]


def _of_card(patron: PatronId, day: str, now: datetime) -> Notice:
    return Notice(id=new_id(), patron=patron, kind=CARD_EXPIRING, about=f"{patron}:{day}", created_at=now, data={"expires": day})


def make_blocked(database: Database, now: datetime) -> int:
    """Tells of blocks that rules have set, which are as much the reader's business as those that staff set and tells of at once.

    Those that are older than FRESH are left alone. Answers how many notices were made.
    """
    made, after = 0, ""
    while True:
        with database.write() as connection:
            found = rows.blocks_untold(connection, now - FRESH, after, BATCH)
            made += rows.add(connection, [_of_block(*one, now) for one in found], instant_text(now))
        if len(found) < BATCH:
            return made
        after = found[-1][0]


def _of_block(block_id: str, patron: PatronId, code: str, until: str | None, now: datetime) -> Notice:
    data: dict[str, Value] = {"code": code, **({"until": until} if until else {})}
    return Notice(id=new_id(), patron=patron, kind=BLOCK_SET, about=block_id, created_at=now, data=data)


def prune(database: Database, before: datetime) -> int:
    """Removes what was settled and made before an instant, in batches; answers how many."""
    removed = 0
    while True:
        with database.write() as connection:
            count = rows.prune(connection, before, BATCH)
        removed += count
        if count < BATCH:
            return removed

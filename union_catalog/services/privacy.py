"""What a library may see of a reader, and how a loan history loses its reader."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from union_catalog.ids import LibraryCode, LoanId, PatronId
from union_catalog.patrons.privacy import Sight
from union_catalog.services import policies
from union_catalog.services.circulation import undoing
from union_catalog.storage import consents
from union_catalog.storage import forgetting as rows
from union_catalog.storage.circulation import offline
from union_catalog.storage.database import Database

BATCH = 500
CARDS_KEPT = timedelta(days=60)  # of desks without a line, where nobody found out whose card it was


def sight(connection: Connection, viewer: str, patron: PatronId, patron_library: LibraryCode) -> Sight:
    """What a desk of ``viewer`` ("" for the network) is shown of this reader, by what the reader agreed to."""
    if viewer in {"", patron_library}:
        return Sight(viewer, patron_library)
    return Sight(viewer, patron_library, consents.shared_with(connection, patron))


def forget_due(database: Database, now: datetime, today: date) -> int:
    """Takes the reader out of every loan whose time is up: the policy's ``history_days`` after its end; where the reader keeps no history,
    as soon as no desk can take the return back. What is not settled yet waits. Answers how many loans that were."""
    return _forget_old(database, now, today) + _forget_unwanted(database, now, today)


def _forget_old(database: Database, now: datetime, today: date) -> int:
    gone, place = 0, ("", LoanId(""))
    while True:
        with database.write() as connection:
            cutoff = now - timedelta(days=policies.table(connection).network.history_days)
            old = rows.ended_before(connection, cutoff, today, place, BATCH)
            gone += rows.forget(connection, old)
            others = max(rows.forget_holds(connection, cutoff, BATCH), rows.forget_undone(connection, cutoff, BATCH))
        if len(old) < BATCH and others < BATCH:
            return gone
        place = (old[-1].ended_at, old[-1].id) if old else place


def _forget_unwanted(database: Database, now: datetime, today: date) -> int:
    gone, after = 0, PatronId("")
    while True:
        with database.write() as connection:
            readers = rows.keeping_nothing(connection, after, BATCH)
            gone += rows.forget(connection, rows.returned_of(connection, readers, now - undoing.WHILE, today))
            rows.forget_undone(connection, now, None, readers)
        if len(readers) < BATCH:
            return gone
        after = readers[-1]


def forget_cards(database: Database, now: datetime) -> int:
    """Takes the numbers of cards that nobody knew out of what desks without a line handed in more than CARDS_KEPT ago; the lines stay to
    be looked into. Answers how many numbers that were."""
    gone = 0
    while True:
        with database.write() as connection:
            forgotten = offline.forget_cards(connection, now - CARDS_KEPT, BATCH)
        gone += forgotten
        if forgotten < BATCH:
            return gone


def forget_now(connection: Connection, patron: PatronId, now: datetime, today: date) -> int:
    """What a reader has given back is forgotten at once: to be called where the reader chooses to keep no history. Answers how many."""
    rows.forget_undone(connection, now, None, [patron])
    return rows.forget(connection, rows.returned_of(connection, [patron], now, today))

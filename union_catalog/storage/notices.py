"""Rows of ``notice`` to and from values: put on their way, claimed, concluded.

A notice is claimed by state, under a lock on its reader: whoever sends at the same time passes over this reader, so that what belongs
together goes out together, and nothing goes out twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, delete, func, literal, select, text, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import LoanId, PatronId
from union_catalog.notices.model import BLOCK_SET, CARD_EXPIRING, Notice
from union_catalog.storage.tables import block, loan, patron
from union_catalog.storage.tables import notice as table
from union_catalog.storage.tables.notices import DEAD, UNDER_WAY, WAITING
from union_catalog.storage.values import one_of

_IS_OPEN = text("loan.state IN ('open', 'claimed_returned')")  # as the index over what is due says it
_SETTLED = ("sent", "dead", "dropped")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice that is ours to send. ``message``: with which it went out before; None: not yet. ``attempts`` counts this one."""

    notice: Notice
    message: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a notice, for whoever asks. ``message``: with which it went out; ``not_before``: while it waits."""

    notice: Notice
    state: str
    message: str | None
    channel: str | None
    reason: str | None
    not_before: datetime
    sent_at: datetime | None


def add(connection: Connection, notices: Sequence[Notice], not_before: str) -> int:
    """Puts them on their way, but for those of whose kind and ``about`` there is one already. Answers how many are new."""
    if not notices:
        return 0
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).on_conflict_do_nothing(index_elements=["kind", "about"]).returning(table.c.id)
    return len(connection.execute(statement.values([_row(notice, not_before) for notice in notices])).all())


def _row(notice: Notice, not_before: str) -> dict[str, object]:
    return {
        "id": notice.id,
        "patron_id": notice.patron,
        "kind": notice.kind,
        "about": notice.about,
        "loan_id": notice.loan,
        "data": dict(notice.data),
        "state": "pending",
        "not_before": not_before,
        "created_at": instant_text(notice.created_at),
    }


def _notice(row: RowMapping) -> Notice:
    return Notice(
        id=row["id"],
        patron=PatronId(row["patron_id"]),
        kind=row["kind"],
        about=row["about"],
        created_at=parse_instant(row["created_at"]),
        loan=LoanId(row["loan_id"]) if row["loan_id"] else None,
        data=row["data"],
    )


def claim(connection: Connection, now: datetime, until: datetime, readers: int) -> list[Claimed]:
    """Everything that is due for up to ``readers`` readers, the longest due first; ours until the lease ends at ``until``.

    Readers at whom somebody else is at work are passed over.
    """
    due = (table.c.state == "pending", table.c.not_before <= instant_text(now))
    waiting = select(table.c.patron_id).where(*due).order_by(table.c.not_before, table.c.id).limit(readers)
    ids = set(connection.execute(waiting).scalars())
    free = select(patron.c.id).where(one_of(patron.c.id, ids)).order_by(patron.c.id).with_for_update(skip_locked=True)
    mine = update(table).where(one_of(table.c.patron_id, list(connection.execute(free).scalars())), *due).returning(table)
    rows = connection.execute(mine.values(state="sending", lease_until=instant_text(until), attempts=table.c.attempts + 1)).mappings()
    claimed = [Claimed(_notice(row), row["message"], row["attempts"]) for row in rows.all()]
    return sorted(claimed, key=lambda one: one.notice.id)


def name_message(connection: Connection, notices: Collection[str], message: str, channel: str) -> None:
    """With what they go out, and how; told before they do, for whoever comes after a crash."""
    connection.execute(update(table).where(one_of(table.c.id, notices)).values(message=message, channel=channel))


def _end(connection: Connection, notices: Collection[str], values: Mapping[str, object]) -> None:
    statement = update(table).where(one_of(table.c.id, notices), table.c.state == "sending")
    connection.execute(statement.values(lease_until=None, **values))


def mark_sent(connection: Connection, notices: Collection[str], now: datetime) -> None:
    """They were handed over."""
    _end(connection, notices, {"state": "sent", "sent_at": instant_text(now), "reason": None})


def mark_dead(connection: Connection, notices: Collection[str], reason: str) -> None:
    """They will not be tried again."""
    _end(connection, notices, {"state": "dead", "reason": reason})


def mark_dropped(connection: Connection, notices: Collection[str], reason: str) -> None:
    """There is nothing to tell any more."""
    _end(connection, notices, {"state": "dropped", "reason": reason})


def drop_waiting(connection: Connection, kinds: Collection[str], about: str, reason: str) -> int:
    """There is nothing to tell any more of something of which nobody has been told yet. Answers how many notices that were."""
    waits = table.c.kind.in_(kinds), table.c.about == about, table.c.state == "pending", table.c.message.is_(None)
    return connection.execute(update(table).where(*waits).values(state="dropped", reason=reason)).rowcount


def mark_waiting(connection: Connection, notices: Collection[str], not_before: datetime) -> None:
    """They are tried again, under the same message, not before that instant."""
    _end(connection, notices, {"state": "pending", "not_before": instant_text(not_before)})


def release(connection: Connection, notices: Collection[str], now: datetime) -> None:
    """They were claimed and not tried: as if they had not been."""
    values = {"state": "pending", "not_before": instant_text(now), "attempts": table.c.attempts - 1}
    _end(connection, notices, values)


def abandoned(connection: Connection, now: datetime) -> list[tuple[str, str | None, int]]:
    """(id, channel, attempts) of notices whose sender did not come back in time."""
    over = (table.c.state == "sending", table.c.lease_until <= instant_text(now))
    statement = select(table.c.id, table.c.channel, table.c.attempts).where(*over).order_by(table.c.id)
    return [tuple(row) for row in connection.execute(statement.with_for_update(skip_locked=True)).all()]


def of_patron(connection: Connection, patron_id: PatronId, limit: int) -> list[Fate]:
    """The newest of a reader, with what became of them."""
    statement = select(table).where(table.c.patron_id == patron_id).order_by(table.c.created_at.desc(), table.c.id.desc()).limit(limit)
    return [_fate(row) for row in connection.execute(statement).mappings()]


def _fate(row: RowMapping) -> Fate:
    sent_at = parse_instant(row["sent_at"]) if row["sent_at"] else None
    not_before = parse_instant(row["not_before"])
    return Fate(_notice(row), row["state"], row["message"], row["channel"], row["reason"], not_before, sent_at)


@dataclass(frozen=True, slots=True)
class NoticeFigures:
    """``waiting`` are due and not on their way, ``oldest`` since when the first of them is; ``later`` are not due yet. ``dead``: reason →
    how many were given up, of those that are still kept."""

    waiting: int
    oldest: datetime | None
    later: int
    sending: int
    dead: Mapping[str, int]


def figures(connection: Connection, now: datetime) -> NoticeFigures:
    """How many there are of each, each by the index over its state."""
    due = table.c.not_before <= instant_text(now)
    waiting, oldest = connection.execute(select(func.count(), func.min(table.c.not_before)).where(text(WAITING), due)).one()
    later = connection.execute(select(func.count()).select_from(table).where(text(WAITING), ~due)).scalar_one()
    sending = connection.execute(select(func.count()).select_from(table).where(text(UNDER_WAY))).scalar_one()
    dead = connection.execute(select(table.c.reason, func.count()).where(text(DEAD)).group_by(table.c.reason).order_by(table.c.reason))
    return NoticeFigures(waiting, parse_instant(oldest) if oldest else None, later, sending, dict(dead.all()))


def of_ended_blocks(connection: Connection, notices: Collection[str]) -> set[str]:
    """Those of these notices whose block has ended."""
    ended = select(table.c.id).join(block, block.c.id == table.c.about).where(one_of(table.c.id, notices), block.c.ended_at.is_not(None))
    return set(connection.execute(ended).scalars()) if notices else set()


def prune(connection: Connection, before: datetime, limit: int) -> int:
    """Removes up to ``limit`` that were settled and made before an instant. Answers how many."""
    old = select(table.c.id).where(table.c.state.in_(_SETTLED), table.c.created_at < instant_text(before)).order_by(table.c.id).limit(limit)
    return connection.execute(delete(table).where(table.c.id.in_(old))).rowcount


@dataclass(frozen=True, slots=True)
class DueLoan:
    """An open loan and its reader."""

    id: LoanId
    patron: PatronId
    lent_at: datetime
    due_date: date


def loans_due(
    connection: Connection, kind: str, stage: int, due: tuple[date, date], after: tuple[date, LoanId] | None, limit: int
) -> list[DueLoan]:
    """Up to ``limit`` open loans due from the first to the last of two dates, after a place, by date and id; those of which this stage
    was told for this date are left out."""
    first, last = (day.isoformat() for day in due)
    about = loan.c.id + ":" + loan.c.due_date + f":{stage}"
    told = select(table.c.id).where(table.c.kind == kind, table.c.about == about).exists()
    statement = select(loan.c.id, loan.c.patron_id, loan.c.lent_at, loan.c.due_date)
    statement = statement.where(_IS_OPEN, loan.c.state == "open", loan.c.due_date.between(first, last), ~told)
    if after is not None:
        place = tuple_(literal(after[0].isoformat()), literal(after[1]))
        statement = statement.where(tuple_(loan.c.due_date, loan.c.id) > place)
    rows = connection.execute(statement.order_by(loan.c.due_date, loan.c.id).limit(limit))
    return [DueLoan(LoanId(i), PatronId(p), parse_instant(lent), date.fromisoformat(d)) for i, p, lent, d in rows]


def blocks_untold(connection: Connection, since: datetime, after: str, limit: int) -> list[tuple[str, PatronId, str, str | None]]:
    """Up to ``limit`` (id, reader, code, last day) of blocks in force that were set after an instant and of which nobody was told, after
    one, by id."""
    b = block.c
    told = select(table.c.id).where(table.c.kind == BLOCK_SET, table.c.about == b.id).exists()
    fresh = (b.ended_at.is_(None), b.since >= instant_text(since), b.id > after, ~told)
    statement = select(b.id, b.patron_id, b.code, b.until).where(*fresh).order_by(b.id).limit(limit)
    return [(row[0], PatronId(row[1]), row[2], row[3]) for row in connection.execute(statement)]


def cards_expiring(connection: Connection, first: date, last: date, after: PatronId, limit: int) -> list[tuple[PatronId, str]]:
    """Up to ``limit`` (reader, day) of active readers whose card runs out from the first to the last of two days and who were not told of
    that day, after a reader, by id."""
    p = patron.c
    told = select(table.c.id).where(table.c.kind == CARD_EXPIRING, table.c.about == p.id + ":" + p.expires_on).exists()
    soon = p.expires_on.between(first.isoformat(), last.isoformat())
    statement = select(p.id, p.expires_on).where(p.state == "active", soon, p.id > after, ~told).order_by(p.id).limit(limit)
    return [(PatronId(row[0]), row[1]) for row in connection.execute(statement)]

"""Sending notices: which messages are due, claimed so that nobody else sends them; and how each of them ended.

A message is claimed in one transaction, carried without any, and concluded in a second one. Who dies between the two leaves a lease that
runs out: then the message is tried again if its channel knows letters by their ids, and given up otherwise, for told twice is worse.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from union_catalog.ids import LoanId, PatronId
from union_catalog.notices.message import Channel, Delivery, Message, Told, channel_of, family, pause_after, together
from union_catalog.notices.model import BLOCK_SET, LOAN_KINDS, Notice, Recipient
from union_catalog.notices.quiet import QuietHours
from union_catalog.services.titles import titles_of
from union_catalog.storage import notices as rows
from union_catalog.storage import recipients
from union_catalog.storage.database import Database
from union_catalog.storage.notices import Claimed, Fate
from union_catalog.storage.recipients import LoanNow

LEASE = timedelta(minutes=5)
SHOWN = 100
_READERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How an installation sends. ``channels``: those for which there is a notifier, and of each whether a letter may be repeated."""

    channels: Mapping[Channel, bool]
    quiet: QuietHours | None
    timezone: ZoneInfo


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A message as its reader may look at it: what went out together, or would if it went now, and what became of it."""

    told: tuple[Told, ...]
    fate: Fate


def claim(database: Database, sending: Sending, now: datetime) -> list[Message]:
    """The messages of some readers that are due, ours to send within LEASE; none while it is quiet, or when nothing waits.

    Notices that have nobody to go to, or nothing to tell any more, are concluded here.
    """
    if sending.quiet is not None and sending.quiet.are_on(now, sending.timezone):
        return []
    with database.write() as connection:
        while claimed := rows.claim(connection, now, now + LEASE, _READERS):
            messages = _messages(connection, sending, claimed)
            if messages:
                return messages
    return []


def conclude(database: Database, message: Message, delivery: Delivery, now: datetime) -> str:
    """Writes down how it went and answers what becomes of it: "sent", "waiting" or "dead"."""
    ids = [told.notice.id for told in message.told]
    with database.write() as connection:
        if delivery.outcome == "sent":
            rows.mark_sent(connection, ids, now)
            return "sent"
        if delivery.outcome in {"refused", "unknown"}:
            rows.mark_dead(connection, ids, "refused" if delivery.outcome == "refused" else "interrupted")
            return "dead"
        return _again(connection, ids, message.attempts, now)


def release(database: Database, messages: Sequence[Message], now: datetime) -> None:
    """Gives back what was claimed and not tried; the attempt is not counted."""
    with database.write() as connection:
        rows.release(connection, [told.notice.id for message in messages for told in message.told], now)


def recover(database: Database, sending: Sending, now: datetime) -> int:
    """Looks after what was left behind by senders that died. Answers how many notices that were."""
    with database.write() as connection:
        left = rows.abandoned(connection, now)
        for (channel, attempts), group in groupby(sorted(left, key=lambda row: (row[1] or "", row[2])), key=lambda row: row[1:]):
            ids = [row[0] for row in group]
            # Without a channel nothing had been tried yet.
            if channel is None or any(channel == name and repeatable for name, repeatable in sending.channels.items()):
                _again(connection, ids, attempts, now)
            else:
                rows.mark_dead(connection, ids, "interrupted")
    return len(left)


def _again(connection: Connection, ids: Sequence[str], attempts: int, now: datetime) -> str:
    pause = pause_after(attempts)
    if pause is None:
        rows.mark_dead(connection, ids, "gave_up")
        return "dead"
    rows.mark_waiting(connection, ids, now + pause)
    return "waiting"


def _messages(connection: Connection, sending: Sending, claimed: Sequence[Claimed]) -> list[Message]:
    true = _still_true(connection, claimed)
    leads = recipients.survivors(connection, {one.notice.patron for one in true})
    known = recipients.recipients(connection, set(leads.values()))
    titles = _titles(connection, [one.notice for one in true])
    attempts = {one.notice.id: one.attempts for one in true}
    groups = together((one.notice, one.message) for one in true)
    made = []
    for message_id, notices in groups.items():
        ids = [notice.id for notice in notices]
        to = known.get(leads[notices[0].patron])
        channel = _channel(connection, sending, ids, to)
        if to is not None and channel is not None:
            rows.name_message(connection, ids, message_id, channel)
            told = tuple(_told(notice, titles) for notice in sorted(notices, key=_in_order))
            made.append(Message(id=message_id, channel=channel, recipient=to, told=told, attempts=attempts[ids[0]]))
    return made


def _channel(connection: Connection, sending: Sending, ids: Collection[str], to: Recipient | None) -> Channel | None:
    """How this message travels; None, and it is dead, where it cannot."""
    channel = channel_of(to, sending.channels) if to is not None else None
    if channel is None:
        rows.mark_dead(connection, ids, "no_channel" if to is not None and (to.email or to.phone) else "no_address")
    return channel


def _still_true(connection: Connection, claimed: Sequence[Claimed]) -> list[Claimed]:
    """Those that are still to be told: a book that came back, or whose date was moved, is no longer due; an ended block is none."""
    loans = {one.notice.loan for one in claimed if one.notice.kind in LOAN_KINDS and one.notice.loan}
    now = recipients.loans_now(connection, loans)
    stale = {one.notice.id for one in claimed if one.notice.kind in LOAN_KINDS and not _is_due(one.notice, now)}
    stale |= rows.of_ended_blocks(connection, {one.notice.id for one in claimed if one.notice.kind == BLOCK_SET})
    rows.mark_dropped(connection, stale, "no_longer_true")
    return [one for one in claimed if one.notice.id not in stale]


def _is_due(notice: Notice, loans: Mapping[LoanId, LoanNow]) -> bool:
    found = loans.get(notice.loan) if notice.loan else None
    return found is not None and found.state == "open" and found.due_date == notice.data["due"]


def _titles(connection: Connection, notices: Sequence[Notice]) -> dict[str, tuple[str, str]]:
    """Loan → (title, volume): a reader's own books, for the reader's own eyes."""
    loans = recipients.loans_now(connection, {one.loan for one in notices if one.loan})
    titles = titles_of(connection, {loan.item for loan in loans.values()})
    return {loan.id: (titles[loan.item].title or titles[loan.item].barcode, titles[loan.item].volume) for loan in loans.values()}


def _told(notice: Notice, titles: Mapping[str, tuple[str, str]]) -> Told:
    title, volume = titles.get(notice.loan or "", ("", ""))
    return Told(notice=notice, title=title, volume=volume)


def _in_order(notice: Notice) -> tuple[str, str]:
    """The longest due first."""
    return str(notice.data.get("due", "")), notice.id


def latest(connection: Connection, patron: PatronId) -> list[Fate]:
    """What became of the newest SHOWN notices of a reader, the newest first."""
    return rows.of_patron(connection, patron, SHOWN)


def undelivered(connection: Connection, patron: PatronId) -> list[Fate]:
    """What a reader should have been told lately and was not: somebody at a desk can tell it."""
    return [fate for fate in latest(connection, patron) if fate.state == "dead"]


def messages_of(connection: Connection, patron: PatronId) -> list[LookedAt]:
    """The newest SHOWN notices of a reader as the messages that they are or were, the newest first."""
    fates = {fate.notice.id: fate for fate in latest(connection, patron)}
    titles = _titles(connection, [fate.notice for fate in fates.values()])
    groups = together((fate.notice, _went_with(fate)) for fate in fates.values())
    return [
        LookedAt(tuple(_told(notice, titles) for notice in sorted(notices, key=_in_order)), fates[notices[0].id])
        for notices in groups.values()
    ]


def _went_with(fate: Fate) -> str | None:
    """What is one message: of a letter that is tried again, some books may have come back. None: it will join others."""
    if fate.message is None and fate.state == "pending":
        return None
    # What never became a letter would have been one with what was made in the same breath.
    return f"{fate.state} {fate.message or (family(fate.notice.kind), fate.notice.created_at)}"

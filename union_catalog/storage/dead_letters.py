"""Messages that a consumer will never be able to deal with: kept with the reason until they are revived or superseded.

There is at most one for each aggregate, the newest: a message says only *that* something changed, so an older one has no more to say.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from union_catalog.clock import instant_text
from union_catalog.storage.outbox import finish
from union_catalog.storage.tables import outbox, outbox_delivery
from union_catalog.storage.values import one_of


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """``id`` is the message's. ``created_at`` is when the message was written, ``died_at`` when the consumer gave up, both as text."""

    id: int
    aggregate: str
    revision: int
    reason: str
    attempts: int
    cause: str
    created_at: str
    died_at: str


def bury(connection: Connection, consumer: str, reasons: Mapping[int, str], now: datetime) -> None:
    """These messages are dead, each for its reason."""
    if not reasons:
        return
    d = outbox_delivery.c
    statement = update(outbox_delivery).where(d.consumer == consumer, d.message_id == bindparam("message"))
    dead = statement.values(state="dead", lease_holder=None, lease_until=None, done_at=instant_text(now), reason=bindparam("why"))
    connection.execute(dead, [{"message": message_id, "why": reason} for message_id, reason in reasons.items()])


def supersede(connection: Connection, consumer: str, dealt_with: Mapping[str, int], now: datetime) -> None:
    """Ends the dead letters of these aggregates whose revisions are not above those that have been dealt with now."""
    if not dealt_with or not count(connection, consumer):
        return
    d, o = outbox_delivery.c, outbox.c
    statement = select(o.id, o.aggregate, o.revision).join(outbox_delivery, d.message_id == o.id)
    found = connection.execute(statement.where(d.consumer == consumer, d.state == "dead", one_of(o.aggregate, dealt_with)))
    finish(connection, consumer, [id_ for id_, aggregate, revision in found if revision <= dealt_with[aggregate]], now)


def count(connection: Connection, consumer: str) -> int:
    d = outbox_delivery.c
    return int(connection.execute(select(func.count()).where(d.consumer == consumer, d.state == "dead")).scalar_one())


def listed(connection: Connection, consumer: str, after: int = 0, limit: int = 1000) -> Sequence[DeadLetter]:
    """Dead letters in the order of their ids, after one of them."""
    d, o = outbox_delivery.c, outbox.c
    columns = (o.id, o.aggregate, o.revision, func.coalesce(d.reason, ""), d.attempts, func.coalesce(o.cause, ""), o.created_at, d.done_at)
    statement = select(*columns).join(outbox_delivery, d.message_id == o.id).where(d.consumer == consumer, d.state == "dead")
    rows = connection.execute(statement.where(d.message_id > after).order_by(d.message_id).limit(limit))
    return [DeadLetter(*row) for row in rows]


def ids(connection: Connection, consumer: str) -> list[int]:
    """Of all dead letters."""
    d = outbox_delivery.c
    return list(connection.execute(select(d.message_id).where(d.consumer == consumer, d.state == "dead")).scalars())


def revive(connection: Connection, consumer: str, message_ids: Collection[int] | None) -> int:
    """These wait again, or all for None. Answers how many; those that are not dead are passed over."""
    d = outbox_delivery.c
    statement = update(outbox_delivery).where(d.consumer == consumer, d.state == "dead")
    if message_ids is not None:
        statement = statement.where(one_of(d.message_id, message_ids))
    return connection.execute(statement.values(state="pending", done_at=None, reason=None)).rowcount
